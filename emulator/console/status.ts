import { newCounters } from '../engine/counters';
import type { Phase, PhaseResult } from '../engine/outcome';
import type { Progress } from '../engine/progress';
import { progressOf } from '../engine/progress';
import { knownAgents } from '../lifecycle/agent-status';
import type { FailedItem } from '../lifecycle/failed-items';
import type { QueuedExecution } from '../lifecycle/queue';
import type { Execution } from '../model/execution';
import type { Task } from '../model/task';
import { agentsOf, taskStatus } from '../model/task';
import type { State } from '../state';

/** Nobody reads more of a list. */
const SHOWN = 200;

/** Sorts after every time. */
const NEVER = Number.MAX_SAFE_INTEGER;

const PHASES: readonly Phase[] = ['PREPARING', 'TRANSFERRING', 'VERIFYING'];

/** All that goes on, of every account and Region: what the page and `cdk-datasync status` show. */
export interface Status {
  /** What the emulator's clock says, in epoch milliseconds. */
  readonly time: number;
  /** The last one first. */
  readonly tasks: readonly TaskSummary[];
  /** Those that run, the last one first; then those that wait, the next one first; then those that ended, the last one first. */
  readonly executions: readonly ExecutionSummary[];
  readonly agents: readonly AgentSummary[];
  /** The one that fires next first; those that do not fire any more last. */
  readonly schedules: readonly ScheduleSummary[];
  /** What is left out of the lists above because there is too much of it. */
  readonly omitted: { readonly [list in 'tasks' | 'executions' | 'agents' | 'schedules']: number };
}

export interface TaskSummary {
  readonly arn: string;
  readonly name?: string;
  readonly status: string;
  /** Why it cannot be started. */
  readonly errorDetail?: string;
  readonly mode: string;
  readonly source: string;
  readonly destination: string;
  /** How many there ever were. */
  readonly executions: number;
}

export interface ExecutionSummary {
  readonly arn: string;
  readonly taskArn: string;
  readonly taskName?: string;
  readonly status: string;
  readonly mode: string;
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly endTime?: number;
  readonly durationMs: number;
  readonly phases: ReadonlyArray<{ readonly name: Phase } & PhaseResult>;
  readonly progress: Progress;
  /** In both modes, whatever the API tells of it. An item counts once for each step that it failed at. */
  readonly itemsFailed: number;
  /** The first of them, and why, as long as they are in memory: not after a restart, nor when later executions had many failures. */
  readonly failedItems: readonly FailedItem[];
  /** Written, on the average of the time of the transfer. */
  readonly bytesPerSecond: number;
  readonly itemsPerSecond: number;
  /** What the bandwidth is limited to, in bytes per second. @default - it is not limited */
  readonly bytesPerSecondLimit?: number;
  /** Of one that waits for its turn. */
  readonly queue?: {
    /** From 1, of all that wait. */
    readonly position: number;
    /** ARNs of the executions right before it; none when it waits for the limit of Enhanced mode. */
    readonly behind: readonly string[];
  };
  readonly errorCode?: string;
  readonly errorDetail?: string;
  /** Why there is no task report, which changes nothing about the outcome. */
  readonly reportError?: string;
}

export interface AgentSummary {
  readonly arn: string;
  /** Of one that was created; others are only named by locations. */
  readonly name?: string;
  readonly status: 'ONLINE' | 'OFFLINE';
  /** How many use it. */
  readonly tasks: number;
}

export interface ScheduleSummary {
  readonly taskArn: string;
  readonly taskName?: string;
  readonly expression: string;
  readonly status: 'ENABLED' | 'DISABLED';
  /** Epoch milliseconds. Absent when it does not fire any more. */
  readonly nextTime?: number;
  readonly disabledReason?: string;
}

export function consoleStatus(state: State): Status {
  const tasks = [...state.tasks].reverse();
  const queued = new Map(state.queue.queued.map((entry, index) => [entry.execution, { ...entry, position: index + 1 }]));
  const position = (execution: Execution) => queued.get(execution)?.position ?? 0;
  const executions = [...state.executions].reverse().sort((a, b) => rank(a) - rank(b) || position(a) - position(b));
  const agents = knownAgents(state);
  const schedules = tasks.flatMap(task => scheduleOf(state, task) ?? []).sort((a, b) => (a.nextTime ?? NEVER) - (b.nextTime ?? NEVER));
  return {
    time: state.clock.now().getTime(),
    tasks: tasks.slice(0, SHOWN).map(task => summaryOfTask(state, task)),
    executions: executions.slice(0, SHOWN).map(execution => summaryOfExecution(state, execution, queued.get(execution))),
    agents: agents.slice(0, SHOWN).map(arn => summaryOfAgent(state, arn, tasks)),
    schedules: schedules.slice(0, SHOWN),
    omitted: { tasks: omitted(tasks), executions: omitted(executions), agents: omitted(agents), schedules: omitted(schedules) },
  };
}

function omitted({ length }: readonly unknown[]): number {
  return Math.max(0, length - SHOWN);
}

function rank({ isPending, isRunning }: Execution): number {
  if (isRunning) return 0;
  return isPending ? 1 : 2;
}

function summaryOfTask(state: State, task: Task): TaskSummary {
  const { arn, name, mode, source, destination, executions } = task;
  const unavailability = state.unavailabilityOf(task);
  const status = unavailability?.status ?? taskStatus(task, state.queue.isAgentBusy(task));
  return {
    arn,
    name,
    status,
    errorDetail: unavailability?.errorDetail,
    mode,
    source: source.uri,
    destination: destination.uri,
    executions: executions.length,
  };
}

function summaryOfExecution(state: State, execution: Execution, queued?: QueuedExecution & { readonly position: number }): ExecutionSummary {
  const { task, counters } = execution;
  const progress = progressOf(counters ?? newCounters(), task.mode);
  const phases = PHASES.map(name => ({ name, ...execution.phase(name) }));
  // The service's own definition: over the time of the transfer alone, or of everything in the mode where phases overlap.
  const seconds = (task.mode === 'BASIC' ? phases[1].durationMs : execution.totalDurationMs) / 1000;
  const { BytesPerSecond: limit } = execution.effectiveOptions;
  return {
    arn: execution.arn,
    taskArn: task.arn,
    taskName: task.name,
    status: execution.status,
    mode: task.mode,
    startTime: execution.creationTime.getTime(),
    endTime: execution.endTime?.getTime(),
    durationMs: execution.totalDurationMs,
    phases,
    progress,
    itemsFailed: execution.itemsFailed,
    failedItems: state.failedItems.of(execution.arn),
    bytesPerSecond: seconds === 0 ? 0 : Math.round(progress.bytesWritten / seconds),
    itemsPerSecond: seconds === 0 ? 0 : Math.round(progress.itemsTransferred / seconds),
    bytesPerSecondLimit: limit === -1 ? undefined : limit,
    queue: queued && { position: queued.position, behind: queued.behind.map(({ arn }) => arn) },
    errorCode: execution.errorCode,
    errorDetail: execution.errorDetail,
    reportError: reportErrorOf(execution),
  };
}

function reportErrorOf({ reportResult: result }: Execution): string | undefined {
  return result?.Status === 'ERROR' ? [result.ErrorCode, result.ErrorDetail].filter(Boolean).join(': ') : undefined;
}

function summaryOfAgent({ agents, offlineAgents }: State, arn: string, tasks: readonly Task[]): AgentSummary {
  return {
    arn,
    name: agents.find(arn)?.name,
    status: offlineAgents.has(arn) ? 'OFFLINE' : 'ONLINE',
    tasks: tasks.filter(task => agentsOf(task).includes(arn)).length,
  };
}

function scheduleOf({ scheduler }: State, task: Task): ScheduleSummary | undefined {
  if (!task.schedule) return undefined;
  const { expression, status, disabledReason } = task.schedule;
  return { taskArn: task.arn, taskName: task.name, expression, status, nextTime: scheduler.nextTime(task)?.getTime(), disabledReason };
}
