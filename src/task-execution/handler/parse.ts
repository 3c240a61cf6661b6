import type { FilterRule, ManifestConfig, Options, TagListEntry, TaskReportConfig } from '@aws-sdk/client-datasync';
import { Failure } from '../../custom-resource/errors';
import { ARN_PATTERNS, COMPLETION_TIMEOUT, NO_CONFIG, OWN_TAGS, TAG_PREFIX, TAGS_MAX, TASK_AVAILABILITY_TIMEOUT, USER_TAGS_MAX } from '../contract';
import { IfRunning } from '../if-running';
import { OnDeleteFailure } from '../on-delete-failure';
import { OnTimeout } from '../on-timeout';
import { RunOn } from '../run-on';

/** A start request with the types that the service wants. */
export interface StartRequest {
  readonly taskArn: string;
  readonly overrideOptions?: Options;
  readonly includes?: FilterRule[];
  readonly excludes?: FilterRule[];
  /** An empty one for none, if the task has one. */
  readonly manifestConfig?: ManifestConfig;
  /** The same. */
  readonly taskReportConfig?: TaskReportConfig;
  readonly tags: TagListEntry[];
  readonly ifRunning: IfRunning;
  /** Seconds to wait until the task is available. */
  readonly taskAvailabilityTimeout: number;
}

export interface ScheduledStart extends StartRequest {
  /** Undefined if the scheduler did not fill it in. */
  readonly scheduleArn?: string;
  /** Undefined if the scheduler did not fill it in. */
  readonly scheduledTime?: string;
  readonly parameterName?: string;
}

/** The options that are numbers; CloudFormation sends them as strings. */
const NUMERIC_OPTIONS = new Set(['BytesPerSecond']);

export function isTaskArn(value: unknown): value is string {
  return typeof value === 'string' && ARN_PATTERNS.task.test(value);
}

/** @throws Failure that names every property that is wrong */
export function parseStart(input: unknown): StartRequest {
  return collect(input, reader => readStart(reader, TASK_AVAILABILITY_TIMEOUT.deploy));
}

/** @throws Failure that names every property that is wrong */
export function parseRunOn(input: unknown): RunOn {
  return collect(input, reader => reader.oneOf('RunOn', RunOn));
}

/** Whether an execution outlives its successor. Nothing needs to be right with the rest. */
export function isExecutionRetained(input: unknown): boolean {
  return isObject(input) && input.Retain === 'true';
}

/** Whether links wait for the end of what is started. Nothing needs to be right with the rest. */
export function isWaitedForByLinks(input: unknown): boolean {
  return isObject(input) && input.WaitsForEnd === 'true';
}

/** Whether the task is run once more before the stack is deleted. Nothing needs to be right with how. */
export function runsOnDelete(input: unknown): boolean {
  return isObject(input) && input.OnDelete !== undefined;
}

/** Whether what goes wrong with that is no reason to keep the stack. Nothing needs to be right with the rest. */
export function ignoresFailure(input: unknown): boolean {
  return isObject(input) && isObject(input.OnDelete) && input.OnDelete.OnFailure === OnDeleteFailure.IGNORE;
}

/** How the task is run once more before the stack is deleted. @throws Failure that names every property that is wrong */
export function parseRunOnDelete(input: unknown): { readonly waiter: string; readonly timeout: number; readonly onFailure: OnDeleteFailure } {
  return collect(isObject(input) ? input.OnDelete : undefined, reader => ({
    waiter: reader.machineArn('OnDelete.Waiter'),
    timeout: reader.seconds('Timeout', COMPLETION_TIMEOUT.oneRequest) ?? COMPLETION_TIMEOUT.oneRequest,
    onFailure: reader.oneOf('OnFailure', OnDeleteFailure),
  }));
}

/** How the end is waited for. @throws Failure that names every property that is wrong */
export function parseCompletion(input: unknown): ReturnType<typeof readCompletion> {
  return collect(input, readCompletion);
}

/** What a link of a long wait waits for. */
export interface LinkRequest {
  readonly taskExecutionArn: string;
  /** Logical id of the start. */
  readonly start: string;
  readonly completion: ReturnType<typeof readCompletion>;
  /** Whether another link goes on waiting when the time of this one is over. */
  readonly hasNext: boolean;
}

/** @throws Failure that names every property that is wrong */
export function parseLink(input: unknown): LinkRequest {
  return collect(input, reader => ({
    taskExecutionArn: reader.executionArn('TaskExecutionArn'),
    start: reader.optionalText('Start') ?? '',
    completion: readCompletion(reader),
    hasNext: reader.optionalText('HasNext') === 'true',
  }));
}

function readCompletion(reader: Reader): { readonly Timeout: number; readonly OnTimeout: OnTimeout } {
  return {
    Timeout: reader.seconds('CompletionTimeout', COMPLETION_TIMEOUT.max) ?? COMPLETION_TIMEOUT.default,
    OnTimeout: reader.oneOf('OnTimeout', OnTimeout),
  };
}

/** What the dates of a scheduled start go by. @throws Failure that names every property that is wrong */
export function parseDates(input: unknown): { readonly scheduledTime?: string; readonly timeZone?: string } {
  return collect(input, reader => ({ scheduledTime: reader.time('ScheduledTime'), timeZone: reader.timeZone('TimeZone') }));
}

/** @throws Failure that names every property that is wrong */
export function parseScheduledStart(input: unknown): ScheduledStart {
  return collect(input, reader => ({
    ...readStart(reader, TASK_AVAILABILITY_TIMEOUT.schedule),
    scheduleArn: reader.filledIn('ScheduleArn'),
    scheduledTime: reader.time('ScheduledTime'),
    parameterName: reader.optionalText('ParameterName'),
  }));
}

function readStart(reader: Reader, taskAvailabilityTimeout: number): StartRequest {
  return {
    taskArn: reader.taskArn('TaskArn'),
    overrideOptions: reader.options('OverrideOptions'),
    includes: reader.filters('Includes'),
    excludes: reader.filters('Excludes'),
    manifestConfig: reader.config<ManifestConfig>('ManifestConfig'),
    taskReportConfig: reader.config<TaskReportConfig>('TaskReportConfig'),
    tags: reader.tags('Tags'),
    ifRunning: reader.oneOf('IfRunning', IfRunning),
    taskAvailabilityTimeout: reader.seconds('TaskAvailabilityTimeout', TASK_AVAILABILITY_TIMEOUT.max) ?? taskAvailabilityTimeout,
  };
}

function collect<T>(input: unknown, read: (reader: Reader) => T): T {
  const reader = new Reader(input);
  const result = read(reader);
  if (reader.problems.length > 0) {
    throw new Failure(
      `Nothing was started because of its properties: ${reader.problems.join('; ')}`,
      'These properties are rendered by the cdk-datasync constructs; correct what sets or overrides them',
    );
  }
  return result;
}

/** Reads properties one by one and remembers everything that is wrong with them. */
class Reader {
  public readonly problems: string[] = [];
  private readonly properties: { readonly [name: string]: unknown };

  constructor(input: unknown) {
    this.properties = isObject(input) ? input : {};
    if (!isObject(input)) this.problem('the payload', input, 'must be an object');
  }

  public taskArn(name: string): string {
    const value = this.properties[name];
    if (isTaskArn(value)) return value;
    this.problem(name, value, 'must be the ARN of a DataSync task');
    return '';
  }

  public executionArn(name: string): string {
    const value = this.properties[name];
    if (typeof value === 'string' && ARN_PATTERNS.execution.test(value)) return value;
    this.problem(name, value, 'must be the ARN of an execution');
    return '';
  }

  public machineArn(name: string): string {
    const value = this.properties[name.split('.').pop()!];
    if (typeof value === 'string' && /^arn:[^:]+:states:/.test(value)) return value;
    this.problem(name, value, 'must be the ARN of a state machine');
    return '';
  }

  public oneOf<T extends string>(name: string, members: { readonly [name: string]: T }): T {
    const value = this.properties[name];
    const allowed = Object.values(members);
    if (allowed.includes(value as T)) return value as T;
    this.problem(name, value, `must be one of ${allowed.join(', ')}`);
    return allowed[0];
  }

  public optionalText(name: string): string | undefined {
    const value = this.properties[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    this.problem(name, value, 'must be a text that is not empty');
    return undefined;
  }

  /** Text that EventBridge Scheduler puts in place of `<aws.scheduler...>`; other schedulers leave that as it is. */
  public filledIn(name: string): string | undefined {
    const value = this.optionalText(name);
    return value?.startsWith('<aws.scheduler.') ? undefined : value;
  }

  public time(name: string): string | undefined {
    const value = this.filledIn(name);
    if (value === undefined || !Number.isNaN(Date.parse(value))) return value;
    this.problem(name, value, 'must be a date and time such as 2026-01-31T12:00:00Z');
    return undefined;
  }

  public timeZone(name: string): string | undefined {
    const value = this.optionalText(name);
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: value });
      return value;
    } catch {
      this.problem(name, value, 'must be a time zone such as Europe/Berlin');
      return undefined;
    }
  }

  public seconds(name: string, max: number): number | undefined {
    const value = this.properties[name];
    if (value === undefined) return undefined;
    const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (Number.isSafeInteger(seconds) && (seconds as number) >= 0 && (seconds as number) <= max) return seconds as number;
    this.problem(name, value, `must be a whole number of seconds, at most ${max}`);
    return undefined;
  }

  public options(name: string): Options | undefined {
    const value = this.properties[name];
    if (value === undefined) return undefined;
    if (!isObject(value)) {
      this.problem(name, value, 'must be an object');
      return undefined;
    }
    return Object.fromEntries(Object.entries(value).map(([option, setting]) => [option, this.option(`${name}.${option}`, option, setting)]));
  }

  public filters(name: string): FilterRule[] | undefined {
    return this.list(name, (rule, path) => {
      if (!isObject(rule) || typeof rule.FilterType !== 'string' || typeof rule.Value !== 'string' || rule.Value === '') {
        this.problem(path, rule, 'must have a FilterType and a Value that is not empty');
        return [];
      }
      return [{ FilterType: rule.FilterType as FilterRule['FilterType'], Value: rule.Value }];
    });
  }

  /** What the service takes as it is: it says itself what is wrong with it. */
  public config<T extends object>(name: string): T | undefined {
    const value = this.properties[name];
    if (value === undefined || isObject(value)) return value as T | undefined;
    if (value === NO_CONFIG) return {} as T;
    this.problem(name, value, `must be an object, or ${NO_CONFIG}`);
    return undefined;
  }

  public tags(name: string): TagListEntry[] {
    const tags = this.list(name, (tag, path) => {
      if (!isObject(tag) || typeof tag.Key !== 'string' || typeof tag.Value !== 'string') {
        this.problem(path, tag, 'must have a Key and a Value');
        return [];
      }
      if (tag.Key.startsWith(TAG_PREFIX)) this.problem(`${path}.Key`, tag.Key, `must not begin with ${TAG_PREFIX}, which marks what the constructs need`);
      return [{ Key: tag.Key, Value: tag.Value }];
    }) ?? [];
    if (tags.length > USER_TAGS_MAX) {
      this.problem(name, `${tags.length} tags`, `must be at most ${USER_TAGS_MAX}: the service allows ${TAGS_MAX} and the constructs need ${OWN_TAGS}`);
    }
    return tags;
  }

  private option(path: string, option: string, value: unknown): string | number | undefined {
    if (NUMERIC_OPTIONS.has(option)) {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      if (Number.isSafeInteger(number)) return number as number;
      this.problem(path, value, 'must be a whole number');
    } else if (typeof value === 'string') {
      return value;
    } else {
      this.problem(path, value, 'must be a text');
    }
    return undefined;
  }

  private list<T>(name: string, read: (entry: unknown, path: string) => T[]): T[] | undefined {
    const value = this.properties[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      this.problem(name, value, 'must be a list');
      return undefined;
    }
    return value.flatMap((entry, index) => read(entry, `${name}[${index}]`));
  }

  private problem(name: string, value: unknown, rule: string): void {
    const text = JSON.stringify(value) ?? 'nothing';
    this.problems.push(`${name} ${rule}, got ${text.length > 100 ? `${text.slice(0, 100)}...` : text}`);
  }
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
