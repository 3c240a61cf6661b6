import type { ReportResult, TaskExecutionStatus } from '@aws-sdk/client-datasync';
import type { Filters } from './filters';
import type { CompleteOptions } from './options';
import type { RunConfigs } from './run-configs';
import type { Resource } from './store';
import type { Task } from './task';
import type { Counters, Phase, PhaseResult } from '../engine/outcome';

/** One execution of a task, to look at: only `lifecycle` changes it. */
export interface Execution extends Resource {
  readonly task: Task;
  readonly filters: Filters;
  readonly configs: RunConfigs;
  /** In force for this run; the limit of the bandwidth may change while it runs. */
  readonly effectiveOptions: CompleteOptions;
  readonly status: TaskExecutionStatus;
  /** The agents that it keeps busy: as of its launch, since an update of a location may have changed those of its task. */
  readonly agents: readonly string[];
  /** Not at its end. */
  readonly isPending: boolean;
  /** Launched and not at its end. */
  readonly isRunning: boolean;
  /** Was asked to stop. */
  readonly isCancelled: boolean;
  readonly launchTime?: Date;
  readonly endTime?: Date;
  readonly errorCode?: string;
  readonly errorDetail?: string;
  /** Live; absent before both locations could be opened. */
  readonly counters?: Counters;
  /** Once for each step that an item failed at, in both modes: the counters of Basic mode do not tell. */
  readonly itemsFailed: number;
  /** Milliseconds from the launch to the end, or until now. */
  readonly totalDurationMs: number;
  /** How the task report of this run fares, if there is to be one. */
  readonly reportResult?: ReportResult;
  /** How far a phase got, while running as well as afterwards. */
  phase(phase: Phase): PhaseResult;
}

/** The service's text about a missing execution. */
export function executionNotFound(arn: string): string {
  return `Sync task execution ${arn} is not found.`;
}
