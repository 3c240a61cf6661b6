import { Lazy, Token, Tokenization } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { compact } from './compared-values';
import type { Filter } from '../filter';
import type { Options } from '../options';
import type { WireFilterRule, WireStartRequest, WireTag } from './contract';
import { IfRunning } from './if-running';
import type { OverrideConfigs } from './override-configs';
import type { StartPolicyOptions } from './start-policy-options';
import type { StartTaskExecutionOptions } from './start-task-execution-options';
import { isIntrinsic } from '../private/l1-fields';

/** All that the two ways of starting have in common. */
export type StartOptions = StartTaskExecutionOptions & StartPolicyOptions;

/**
 * Renders what the functions are told.
 *
 * @param taskAvailabilityTimeout seconds, unless the start says otherwise
 */
export function startRequest(
  task: aws_datasync.ITaskRef, start: StartOptions, configs: OverrideConfigs, taskAvailabilityTimeout: number,
): WireStartRequest {
  return {
    TaskArn: task.taskRef.taskArn,
    OverrideOptions: overrideOptions(start.overrideOptions),
    Includes: filterRules(start.includes),
    Excludes: filterRules(start.excludes),
    ...configs.wire,
    Tags: tagList(start.tags),
    IfRunning: start.ifRunning ?? IfRunning.QUEUE,
    TaskAvailabilityTimeout: text(Math.ceil(start.taskAvailabilityTimeout?.toSeconds({ integral: false }) ?? taskAvailabilityTimeout)),
  };
}

/** Values of any kind, as text that fits into an event. A name without a value is left out. */
export function triggerValues(triggers: { [name: string]: any } = {}): { [name: string]: unknown } | undefined {
  const given = Object.entries(triggers).filter(([, value]) => value !== undefined && value !== null);
  return given.length > 0 ? Object.fromEntries(given.map(([name, value]) => [name, triggerValue(value)])) : undefined;
}

/** CloudFormation takes no null. */
function triggerValue(value: unknown): unknown {
  if (Token.isUnresolved(value)) {
    if (typeof value === 'number') return text(value);
    // What a token stands for may hold what CloudFormation does not take, too.
    return typeof value === 'object' && !Array.isArray(value) ? Lazy.uncachedAny({ produce: context => triggerValue(context.resolve(value) ?? undefined) }) : value;
  }
  if (value === undefined || isIntrinsic(value)) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(triggerValue);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, triggerValue(member)]));
  }
  return typeof value === 'string' ? compact(value) : String(value);
}

function overrideOptions(options: Options = {}): { [option: string]: string } | undefined {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name[0].toUpperCase() + name.slice(1), text(value)]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function text(value: string | number): string {
  if (typeof value === 'string') return value;
  return Token.isUnresolved(value) ? Tokenization.stringifyNumber(value) : String(value);
}

function filterRules(filter: Filter | undefined): WireFilterRule[] | undefined {
  return filter && [{ FilterType: filter.filterType, Value: filter.value }];
}

function tagList(tags: { [key: string]: string } = {}): WireTag[] | undefined {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return list.length > 0 ? list : undefined;
}
