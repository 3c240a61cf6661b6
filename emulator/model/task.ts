import type { TaskMode, TaskStatus } from '@aws-sdk/client-datasync';
import type { Execution } from './execution';
import type { Filters } from './filters';
import type { Location } from './location';
import type { CompleteOptions, Options } from './options';
import { completeOptions } from './options';
import type { RunConfigs } from './run-configs';
import type { Resource } from './store';
import type { TaskSchedule } from '../schedule/task-schedule';

/** A task and the executions it ever had. */
export interface Task extends Resource {
  readonly source: Location;
  readonly destination: Location;
  readonly mode: TaskMode;
  /** In the order of their start. */
  readonly executions: Execution[];
  name?: string;
  logGroupArn?: string;
  options: CompleteOptions;
  filters: Filters;
  configs: RunConfigs;
  schedule?: TaskSchedule;
}

/** What keeps the task, or an agent of it, busy decides its status. */
export function taskStatus({ executions }: Task, isAgentBusy: boolean): TaskStatus {
  if (executions.some(({ isRunning }) => isRunning)) return 'RUNNING';
  return isAgentBusy || executions.some(({ isPending }) => isPending) ? 'QUEUED' : 'AVAILABLE';
}

/** The most recent execution: the one that runs, or else the last one that was started. */
export function currentExecution({ executions }: Task): Execution | undefined {
  return executions.find(({ isRunning }) => isRunning) ?? executions.at(-1);
}

/** The agents that an execution of the task keeps busy. */
export function agentsOf({ source, destination }: Task): string[] {
  return [...source.agentArns, ...destination.agentArns];
}

/**
 * The options in force for the task's pair of locations, each layer over those before it.
 *
 * @throws InvalidRequestError when the result breaks a rule between options
 */
export function effectiveOptions(
  { mode, source, destination }: Pick<Task, 'mode'> & { readonly source: Pick<Location, 'type'>; readonly destination: Pick<Location, 'type' | 'storageClass'> },
  ...layers: Array<Options | undefined>
): CompleteOptions {
  return completeOptions({ mode, source: source.type, destination: destination.type, storageClass: destination.storageClass }, ...layers);
}

/** The service's text about a missing task. */
export function taskNotFound(arn: string): string {
  return `Sync task ${arn} is not found.`;
}
