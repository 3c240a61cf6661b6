import { callFailed } from '../../../custom-resource/errors';
import type { Failure } from '../../../custom-resource/errors';

/** Whether a refusal names an option that the service does not take: what runs has nothing to do with it. */
export function isAboutOptions(error: unknown): boolean {
  const { message = '' } = error as { readonly message?: string };
  return /SyncOption/i.test(message) && !/TaskQueueing/i.test(message);
}

/** A start that the service refuses for good, whatever else runs. */
export function startRefused(taskArn: string, error: unknown): Failure {
  const remedy = isAboutOptions(error) ? "Correct the named option in overrideOptions or in the task's options, then deploy again" : undefined;
  return callFailed('datasync:StartTaskExecution', taskArn, error, remedy);
}
