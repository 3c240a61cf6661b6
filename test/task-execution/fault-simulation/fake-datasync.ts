import type { Execution, History, Starter } from './history';
import { short, statusAt } from './history';
import type { Scenario } from './scenario';
import { chance } from '../../custom-resource/fault-simulation/chance';
import type { VirtualClock } from '../../custom-resource/fault-simulation/clock';
import { serviceError } from '../../custom-resource/fault-simulation/service-error';

const ACCOUNT = 'arn:aws:datasync:us-east-1:000000000000:task';

interface Rule { readonly FilterType?: string; readonly Value?: string }

interface StartInput {
  readonly TaskArn?: string;
  readonly OverrideOptions?: { readonly [option: string]: unknown };
  readonly Includes?: readonly Rule[];
  readonly Excludes?: readonly Rule[];
  readonly Tags?: ReadonlyArray<{ readonly Key?: string; readonly Value?: string }>;
}

interface Task {
  readonly arn: string;
  readonly createdAt: number;
  readonly availableAt: number;
  readonly unavailable: Array<{ readonly from: number; readonly to: number }>;
  deletedAt?: number;
  readonly executions: StoredExecution[];
}

/** An execution and what the service alone knows about it. */
interface StoredExecution extends Execution {
  readonly input: StartInput;
  readonly visibleAt: { readonly list: number; readonly tags: number };
  readonly taggedAt: Map<string, number>;
  timer?: () => void;
}

// What a Basic task that copies between file systems reports when nothing is set (facts, section 2).
const DEFAULTS = {
  VerifyMode: 'POINT_IN_TIME_CONSISTENT',
  OverwriteMode: 'ALWAYS',
  Atime: 'BEST_EFFORT',
  Mtime: 'PRESERVE',
  Uid: 'INT_VALUE',
  Gid: 'INT_VALUE',
  PreserveDeletedFiles: 'PRESERVE',
  PreserveDevices: 'NONE',
  PosixPermissions: 'PRESERVE',
  BytesPerSecond: -1,
  TaskQueueing: 'ENABLED',
  LogLevel: 'OFF',
  TransferMode: 'CHANGED',
  SecurityDescriptorCopyFlags: 'NONE',
  ObjectTags: 'PRESERVE',
};
const QUEUE_LIMIT = 50; // facts, section 11

/** An error as the SDK throws it. */
const refused = (message: string) => serviceError('InvalidRequestException', message);

/** DataSync, as far as starts, looks and cancellations go: facts, sections 1 and 15.6. */
export class FakeDataSync {
  private readonly tasks = new Map<string, Task>();

  constructor(private readonly clock: VirtualClock, private readonly history: History, private readonly scenario: Scenario) {}

  public createTask(creatingSeconds: number): string {
    const arn = `${ACCOUNT}/task-${(this.tasks.size + 1).toString(16).padStart(17, '0')}`;
    const task: Task = { arn, createdAt: this.clock.now, availableAt: this.clock.now + creatingSeconds * 1000, unavailable: [], executions: [] };
    this.tasks.set(arn, task);
    this.history.say(`DataSync: ${short(arn)} is created${creatingSeconds ? `, and CREATING for ${creatingSeconds} s` : ''}`);
    for (let n = 0; n < this.scenario.service.history; n++) {
      const at = this.clock.now - (this.scenario.service.history - n) * 3_600_000;
      this.add(task, { TaskArn: arn }, 'others', at, at).statuses.push({ at: at + 1, status: 'LAUNCHING' }, { at: at + 60_000, status: 'SUCCESS' });
    }
    return arn;
  }

  public makeUnavailable(arn: string, seconds: number): void {
    this.tasks.get(arn)?.unavailable.push({ from: this.clock.now, to: this.clock.now + seconds * 1000 });
    this.history.say(`DataSync: ${short(arn)} is UNAVAILABLE for ${seconds} s`);
  }

  /** DeleteTask, as CloudFormation sends it. Whether it is refused while something runs is not known: random. */
  public deleteTask(arn: string): boolean {
    const task = this.tasks.get(arn);
    if (!task || task.deletedAt !== undefined) return true;
    if (this.pending(task).length > 0 && !this.scenario.service.deletesBusyTask) {
      this.history.say(`DataSync: the deletion of ${short(arn)} is refused, because it has executions`);
      return false;
    }
    task.deletedAt = this.clock.now;
    for (const execution of task.executions) {
      execution.goneAt = this.clock.now;
      execution.timer?.();
    }
    this.history.say(`DataSync: ${short(arn)} is deleted`);
    return true;
  }

  /** One command, as it is when it reaches the service. */
  public send(name: string, input: any, by: Starter, sentAt: number): unknown {
    switch (name) {
      case 'DescribeTask': return this.describeTask(input.TaskArn);
      case 'StartTaskExecution': return { TaskExecutionArn: this.start(input, by, sentAt).arn };
      case 'ListTaskExecutions': return this.list(input);
      case 'DescribeTaskExecution': return this.describe(input.TaskExecutionArn);
      case 'ListTagsForResource': return this.listTags(input.ResourceArn);
      case 'TagResource': return this.tag(input.ResourceArn, input.Tags);
      case 'CancelTaskExecution': return this.cancel(input.TaskExecutionArn, by);
      default: throw new Error(`the fake service does not know ${name}`);
    }
  }

  /** The newest execution that goes on, for others to cancel. */
  public anyPending(taskArn: string): string | undefined {
    const task = this.tasks.get(taskArn);
    return task && this.pending(task).at(-1)?.arn;
  }

  private taskOf(arn: string): Task {
    const task = this.tasks.get(arn);
    if (!task || task.deletedAt !== undefined) throw refused(`Task ${arn} is not found.`);
    return task;
  }

  private find(arn: string): StoredExecution {
    const task = this.taskOf(arn.split('/execution/')[0]);
    const found = task.executions.find(execution => execution.arn === arn);
    if (!found) throw refused(`Task execution ${arn} is not found.`);
    return found;
  }

  private statusOf(task: Task, time: number): string {
    if (time < task.availableAt) return 'CREATING';
    if (task.unavailable.some(({ from, to }) => from <= time && time < to)) return 'UNAVAILABLE';
    const statuses = task.executions.filter(execution => execution.createdAt <= time).map(execution => statusAt(execution, time));
    if (statuses.some(status => status !== 'SUCCESS' && status !== 'ERROR' && status !== 'QUEUED')) return 'RUNNING';
    return statuses.includes('QUEUED') ? 'QUEUED' : 'AVAILABLE';
  }

  private describeTask(arn: string) {
    const task = this.taskOf(arn);
    const time = Math.max(task.createdAt, this.clock.now - this.scenario.service.taskLag * 1000);
    const newest = task.executions.filter(execution => execution.createdAt <= time).at(-1);
    const Status = this.statusOf(task, time);
    return {
      TaskArn: arn,
      Status,
      CurrentTaskExecutionArn: newest?.arn,
      Options: DEFAULTS,
      TaskMode: 'BASIC',
      ...(Status === 'UNAVAILABLE' ? { ErrorCode: 'AgentOffline', ErrorDetail: 'the agent is offline' } : {}),
    };
  }

  /** Those that go on, CANCELLING included: it still holds the task. */
  private pending(task: Task): StoredExecution[] {
    return task.executions.filter(execution => !['SUCCESS', 'ERROR'].includes(statusAt(execution, this.clock.now)!));
  }

  private start(input: StartInput, by: Starter, sentAt: number): StoredExecution {
    const task = this.taskOf(input.TaskArn!);
    const refuse = (why: string) => {
      this.history.refusedStarts.push({ at: this.clock.now, taskArn: task.arn, by });
      this.history.say(`DataSync: a start of ${short(task.arn)} by ${who(by)} is refused: ${why}`);
      return refused(why);
    };
    const status = this.statusOf(task, this.clock.now);
    if (status === 'CREATING' || status === 'UNAVAILABLE') throw refuse(`Task ${task.arn} is in status ${status} and cannot be started.`);
    const pending = this.pending(task);
    const filters = filtersOf(input);
    const inTheWay = pending.find(execution => filtersOf(execution.input) === filters
      && (this.scenario.service.refusesEqualTo === 'pending' || statusAt(execution, this.clock.now) === 'QUEUED'));
    if (inTheWay) throw refuse(`An execution with the same filters is already pending: ${inTheWay.arn}`);
    if (pending.length > 0 && input.OverrideOptions?.TaskQueueing === 'DISABLED') throw refuse('The task is busy and TaskQueueing is DISABLED.');
    if (pending.length > QUEUE_LIMIT) throw refuse('The queue is full.');
    const execution = this.add(task, input, by, sentAt, this.clock.now);
    this.set(execution, 'QUEUED');
    this.history.say(`DataSync: ${who(by)} starts ${short(execution.arn)} of ${short(task.arn)}: ${execution.shape}`);
    this.launchNext(task);
    return execution;
  }

  private add(task: Task, input: StartInput, starter: Starter, sentAt: number, createdAt: number): StoredExecution {
    const n = this.history.executions.length + 1;
    const { listLag, tagLag } = this.scenario.service;
    const execution: StoredExecution = {
      n,
      arn: `${task.arn}/execution/exec-${n.toString(16).padStart(17, '0')}`,
      taskArn: task.arn,
      starter,
      sentAt,
      createdAt,
      tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      shape: shapeOf(input),
      statuses: [],
      input,
      visibleAt: { list: createdAt + listLag * 1000, tags: createdAt + tagLag * 1000 },
      taggedAt: new Map(),
    };
    task.executions.push(execution);
    this.history.executions.push(execution);
    return execution;
  }

  private set(execution: StoredExecution, status: string): void {
    execution.statuses.push({ at: this.clock.now, status });
  }

  /** FIFO, one at a time (facts 1.5). */
  private launchNext(task: Task): void {
    const pending = this.pending(task);
    if (pending.some(execution => statusAt(execution, this.clock.now) !== 'QUEUED')) return;
    const next = pending[0];
    if (!next || task.deletedAt !== undefined) return;
    this.set(next, 'LAUNCHING');
    const { executions } = this.scenario;
    const seconds = executions[next.n % executions.length];
    next.timer = this.clock.after(Math.abs(seconds) * 200, () => {
      this.set(next, 'TRANSFERRING');
      next.timer = this.clock.after(Math.abs(seconds) * 800, () => this.end(task, next, seconds < 0 ? 'ERROR' : 'SUCCESS'));
    });
  }

  private end(task: Task, execution: StoredExecution, status: string): void {
    this.set(execution, status);
    this.history.say(`DataSync: ${short(execution.arn)} ends with ${status}`);
    this.launchNext(task);
  }

  private list({ TaskArn, MaxResults = 100, NextToken }: { TaskArn: string; MaxResults?: number; NextToken?: string }) {
    const task = this.taskOf(TaskArn);
    const now = this.clock.now;
    const then = now - this.scenario.service.listLag * 1000;
    const visible = task.executions.filter(execution => execution.visibleAt.list <= now);
    if (this.scenario.service.order === 'newest first') visible.reverse();
    if (this.scenario.service.order === 'none') visible.sort((a, b) => chance(this.scenario.seed, 'order', a.n) - chance(this.scenario.seed, 'order', b.n));
    const from = Number(NextToken ?? 0);
    const to = from + MaxResults;
    return {
      TaskExecutions: visible.slice(from, to).map(execution => ({
        TaskExecutionArn: execution.arn, Status: statusAt(execution, then) ?? execution.statuses[0].status, TaskMode: 'BASIC',
      })),
      NextToken: to < visible.length ? String(to) : undefined,
    };
  }

  private describe(arn: string) {
    const execution = this.find(arn);
    const { input } = execution;
    return {
      TaskExecutionArn: arn,
      Status: statusAt(execution, this.clock.now),
      Options: { ...DEFAULTS, ...input.OverrideOptions },
      Includes: input.Includes ?? [],
      Excludes: input.Excludes ?? [],
      StartTime: new Date(Math.floor(execution.createdAt / 1000) * 1000),
      TaskMode: 'BASIC',
      Result: {},
    };
  }

  private listTags(arn: string) {
    const execution = this.find(arn);
    const since = (key: string) => execution.taggedAt.get(key) ?? execution.visibleAt.tags;
    const visible = Object.entries(execution.tags).filter(([Key]) => since(Key) <= this.clock.now);
    return { Tags: visible.map(([Key, Value]) => ({ Key, Value })) };
  }

  private tag(arn: string, tags: Array<{ Key: string; Value: string }>): object {
    const execution = this.find(arn);
    for (const { Key, Value } of tags) {
      execution.taggedAt.set(Key, this.clock.now + this.scenario.service.tagLag * 1000);
      execution.tags[Key] = Value;
    }
    this.history.say(`DataSync: ${short(arn)} gets the tags ${tags.map(({ Key, Value }) => `${Key}=${Value}`).join()}`);
    return {};
  }

  /** Returns before the execution has ended (facts 1.6). */
  private cancel(arn: string, by: Starter): object {
    let execution: StoredExecution | undefined;
    try {
      execution = this.find(arn);
    } finally {
      this.history.cancellations.push({ at: this.clock.now, arn, by, execution });
    }
    const status = statusAt(execution, this.clock.now)!;
    if (['SUCCESS', 'ERROR', 'CANCELLING'].includes(status)) throw refused(`Task execution ${arn} is in status ${status} and cannot be cancelled.`);
    this.history.say(`DataSync: ${who(by)} cancels ${short(arn)}, which is ${status}`);
    execution.timer?.();
    execution.cancelledBy = by;
    execution.cancelledAt = this.clock.now;
    this.set(execution, 'CANCELLING');
    const { cancelling } = this.scenario;
    const seconds = status === 'QUEUED' ? 1 : cancelling[execution.n % cancelling.length];
    const task = this.taskOf(execution.taskArn);
    execution.timer = this.clock.after(seconds * 1000, () => this.end(task, execution, 'ERROR'));
    return {};
  }
}

export function who(by: Starter): string {
  return by === 'others' ? 'somebody else' : `invocation ${by.n}`;
}

function filtersOf({ Includes = [], Excludes = [] }: StartInput): string {
  const texts = (rules: readonly Rule[]) => rules.flatMap(({ Value }) => Value?.split('|') ?? []).sort().join('|');
  return `${texts(Includes)} without ${texts(Excludes)}`;
}

/** What of a start decides which bytes go where. */
export function shapeOf(input: StartInput): string {
  const { TaskQueueing, LogLevel, BytesPerSecond, ...options } = { ...DEFAULTS, ...input.OverrideOptions };
  return `${filtersOf(input)}, VerifyMode ${options.VerifyMode}`;
}
