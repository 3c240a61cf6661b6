import type { StartTaskExecutionRequest } from '@aws-sdk/client-datasync';
import type { ExecutionHost } from './execution';
import { MutableExecution } from './execution';
import type { ExecutionQueue } from './queue';
import { InvalidRequestError } from '../errors';
import type { S3Access } from '../local-services/s3-access';
import { newExecutionArn } from '../model/arns';
import { runSettings } from '../model/run-settings';
import type { Store } from '../model/store';
import { newResource } from '../model/store';
import type { Task } from '../model/task';
import type { TaskUnavailability } from '../model/task-availability';

/** What starts need of the emulator that they take place in. */
export interface StartHost extends ExecutionHost {
  readonly s3?: S3Access;
  readonly queue: Pick<ExecutionQueue, 'submit'>;
  readonly executions: Store<MutableExecution>;
  unavailabilityOf(task: Task): TaskUnavailability | undefined;
}

/**
 * Starts a task, or queues it, with its own settings except for those given.
 *
 * @throws InvalidRequestError when the task cannot be started now, or not with these settings
 */
export function startExecution(host: StartHost, task: Task, overrides: Omit<StartTaskExecutionRequest, 'TaskArn'> = {}): MutableExecution {
  const unavailability = host.unavailabilityOf(task);
  if (unavailability) throw new InvalidRequestError(`Sync task ${task.arn} cannot be started in its current status: ${unavailability.status}`);
  const { options, filters, configs } = runSettings(task, overrides, host.s3 !== undefined);
  const { arn, tags } = newResource(host, newExecutionArn(task.arn), overrides.Tags);
  const execution = new MutableExecution({ arn, task, tags, options, filters, configs }, host);
  host.queue.submit(execution);
  return host.executions.add(execution);
}
