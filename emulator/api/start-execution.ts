import type { StartTaskExecutionRequest } from '@aws-sdk/client-datasync';
import { newResource, State } from './context';
import { InvalidRequestError } from '../errors';
import { Execution } from '../lifecycle/execution';
import { completeFilters } from '../lifecycle/filters';
import { CompleteOptions, completeOptions } from '../lifecycle/options';
import { Task } from '../lifecycle/task';
import { newExecutionArn } from '../model/arns';

/**
 * Starts a task, or queues it, with its own settings except for those given.
 *
 * @throws InvalidRequestError when the task cannot be started now, or not with these settings
 */
export function startExecution(state: State, task: Task, overrides: Omit<StartTaskExecutionRequest, 'TaskArn'> = {}): Execution {
  const impediment = state.impedimentOf(task);
  if (impediment) throw new InvalidRequestError(`Sync task ${task.arn} cannot be started in its current status: ${impediment.status}`);
  const { arn, tags } = newResource(newExecutionArn(task.arn), overrides.Tags);
  const execution = new Execution(
    arn,
    task,
    overlay(task, task.options, overrides.OverrideOptions),
    completeFilters(overrides.Includes ?? task.filters.includes, overrides.Excludes ?? task.filters.excludes),
    tags,
    state,
  );
  state.queue.submit(execution);
  return state.executions.add(execution);
}

/** The options in force for the task's pair of locations. */
export function overlay({ mode, source, destination }: Task, ...layers: Parameters<typeof completeOptions>[1][]): CompleteOptions {
  return completeOptions({ mode, source: source.type, destination: destination.type, storageClass: destination.storageClass }, ...layers);
}
