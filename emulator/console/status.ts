import type { State } from '../api/context';
import { newCounters } from '../engine/counters';
import { Progress, progressOf } from '../engine/progress';
import type { Phase, PhaseResult } from '../engine/types';
import type { Execution } from '../lifecycle/execution';
import type { Task } from '../lifecycle/task';

/** More is nothing that a person would read. */
const SHOWN = 200;

const PHASES: readonly Phase[] = ['PREPARING', 'TRANSFERRING', 'VERIFYING'];

/** All that goes on, of every account and Region: what the page and `cdk-datasync status` show. */
export interface Status {
  readonly tasks: readonly TaskSummary[];
  /** Those that run, then those that wait, then those that ended; of each the last one first. */
  readonly executions: readonly ExecutionSummary[];
  /** What is left out of the lists above because there is too much of it. */
  readonly omitted: { readonly tasks: number; readonly executions: number };
}

export interface TaskSummary {
  readonly arn: string;
  readonly name?: string;
  readonly status: string;
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
  /** In both modes, whatever the API tells of it. */
  readonly itemsFailed: number;
  /** Written, on the average of the time of the transfer. */
  readonly bytesPerSecond: number;
  readonly itemsPerSecond: number;
  readonly errorCode?: string;
  readonly errorDetail?: string;
}

export function statusOf(state: State): Status {
  const tasks = [...state.tasks].reverse();
  const executions = [...state.executions].reverse().sort((a, b) => rank(a) - rank(b));
  return {
    tasks: tasks.slice(0, SHOWN).map(task => summaryOfTask(state, task)),
    executions: executions.slice(0, SHOWN).map(summaryOfExecution),
    omitted: { tasks: Math.max(0, tasks.length - SHOWN), executions: Math.max(0, executions.length - SHOWN) },
  };
}

function rank({ isPending, isRunning }: Execution): number {
  if (isRunning) return 0;
  return isPending ? 1 : 2;
}

function summaryOfTask(state: State, task: Task): TaskSummary {
  const { arn, name, mode, source, destination, executions } = task;
  return { arn, name, status: state.statusOf(task), mode, source: source.uri, destination: destination.uri, executions: executions.length };
}

function summaryOfExecution(execution: Execution): ExecutionSummary {
  const { task, transfer } = execution;
  const counters = transfer?.counters ?? newCounters();
  const progress = progressOf(counters, task.mode);
  const phases = PHASES.map(name => ({ name, ...execution.phase(name) }));
  // The service's own definition: over the time of the transfer alone, or of everything in the mode where phases overlap.
  const seconds = (task.mode === 'BASIC' ? phases[1].durationMs : execution.totalDurationMs) / 1000;
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
    itemsFailed: [counters.FilesFailed, counters.FoldersFailed].flatMap(steps => Object.values<number>(steps)).reduce((sum, count) => sum + count, 0),
    bytesPerSecond: seconds === 0 ? 0 : Math.round(progress.bytesWritten / seconds),
    itemsPerSecond: seconds === 0 ? 0 : Math.round(progress.itemsTransferred / seconds),
    errorCode: execution.errorCode,
    errorDetail: execution.errorDetail,
  };
}
