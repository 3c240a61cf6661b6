import type { StartTaskExecutionRequest } from '@aws-sdk/client-datasync';
import { newResource, State } from './context';
import { InvalidRequestError } from '../errors';
import { MutableExecution } from '../lifecycle/execution';
import { newExecutionArn } from '../model/arns';
import { runSettings } from '../model/run-settings';
import { Task } from '../model/task';

/**
 * Starts a task, or queues it, with its own settings except for those given.
 *
 * @throws InvalidRequestError when the task cannot be started now, or not with these settings
 */
export function startExecution(state: State, task: Task, overrides: Omit<StartTaskExecutionRequest, 'TaskArn'> = {}): MutableExecution {
  const impediment = state.impedimentOf(task);
  if (impediment) throw new InvalidRequestError(`Sync task ${task.arn} cannot be started in its current status: ${impediment.status}`);
  const { options, filters, configs } = runSettings(task, overrides, state.s3 !== undefined);
  const { arn, tags } = newResource(state, newExecutionArn(task.arn), overrides.Tags);
  const execution = new MutableExecution({ arn, task, tags, options, filters, configs }, state);
  state.queue.submit(execution);
  return state.executions.add(execution);
}
