import { Token, Tokenization } from 'aws-cdk-lib';
import { Filter } from '../filter';
import { Options } from '../options';
import { ITask } from '../task';
import { WireFilterRule, WireStartRequest, WireTag } from '../task-execution/contract';
import { IfRunning, TaskStartOptions } from '../task-execution/start-options';

/** Renders what the functions are told. */
export function startRequest(task: ITask, start: TaskStartOptions): WireStartRequest {
  return {
    TaskArn: task.taskArn,
    OverrideOptions: overrideOptions(start.overrideOptions),
    Includes: filterRules(start.includes),
    Excludes: filterRules(start.excludes),
    Tags: tagList(start.tags),
    IfRunning: start.ifRunning ?? IfRunning.QUEUE,
  };
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
