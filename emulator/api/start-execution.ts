import type { StartTaskExecutionRequest } from '@aws-sdk/client-datasync';
import { newResource, State } from './context';
import { InvalidRequestError } from '../errors';
import { Execution } from '../lifecycle/execution';
import { newExecutionArn } from '../model/arns';
import { completeFilters } from '../model/filters';
import { checkPair } from '../model/location-pair';
import { CompleteOptions, completeOptions } from '../model/options';
import { changedConfigs, checkManifest } from '../model/run-configs';
import { Task } from '../model/task';

/**
 * Starts a task, or queues it, with its own settings except for those given.
 *
 * @throws InvalidRequestError when the task cannot be started now, or not with these settings
 */
export function startExecution(state: State, task: Task, overrides: Omit<StartTaskExecutionRequest, 'TaskArn'> = {}): Execution {
  const impediment = state.impedimentOf(task);
  if (impediment) throw new InvalidRequestError(`Sync task ${task.arn} cannot be started in its current status: ${impediment.status}`);
  checkPair(task.source, task.destination, task.mode); // what a location is good for, an update may have changed
  const options = overlay(task, task.options, overrides.OverrideOptions);
  const filters = completeFilters(overrides.Includes ?? task.filters.includes, overrides.Excludes ?? task.filters.excludes);
  const configs = changedConfigs(task.configs, overrides, state.s3);
  checkManifest(configs, filters, options);
  const { arn, tags } = newResource(state, newExecutionArn(task.arn), overrides.Tags);
  const execution = new Execution(arn, task, options, filters, configs, tags, state);
  state.queue.submit(execution);
  return state.executions.add(execution);
}

/** The options in force for the task's pair of locations. */
export function overlay({ mode, source, destination }: Task, ...layers: Parameters<typeof completeOptions>[1][]): CompleteOptions {
  return completeOptions({ mode, source: source.type, destination: destination.type, storageClass: destination.storageClass }, ...layers);
}
