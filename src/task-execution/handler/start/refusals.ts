import { callFailed, errorText, Failure, sentence } from '../../../custom-resource/errors';
import { QUEUE_MAX } from '../../contract';
import type { PendingExecution } from '../datasync/find';

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

/** A start that the service refuses while something of the task is pending, which may be the reason or not. */
export function refusedBeside(taskArn: string, error: unknown, pending: readonly PendingExecution[], retained: boolean): Failure {
  const first = firstToEnd(pending);
  const what = `${refused(taskArn, error)} Its ${retained ? 'previous ' : ''}execution ${nameOf(pending)}`;
  if (retained) return new Failure(what, `If that is in the way, the removal policy retains it: wait until it has ended, or cancel it (${cancelCommand(first)}); then deploy again`);
  return new Failure(what, `If that is in the way, wait until it has ended or cancel it (${cancelCommand(first)}), choose ifRunning ATTACH or WAIT, `
    + 'or use IfRunning.QUEUE with other filters; then start again');
}

/** A start with `IfRunning.FAIL` that is refused though nothing of the task is pending any more. */
export function refusedWithoutQueueing(taskArn: string, error: unknown): Failure {
  return new Failure(
    `${refused(taskArn, error)} Either another execution was in progress, which ifRunning FAIL does not allow, or the text above names what is wrong`,
    'Wait until nothing runs, or correct what the text names; then start again',
  );
}

/** A start with `IfRunning.FAIL` while something of somebody else is pending. */
export function alreadyRunning(taskArn: string, { arn, status }: PendingExecution): Failure {
  return new Failure(
    `${taskArn} was not started because its execution ${arn} is ${status} and ifRunning is FAIL`,
    'Wait until that execution has ended or cancel it, or choose ifRunning QUEUE, ATTACH or WAIT, then start again',
  );
}

/** A start with `IfRunning.WAIT` whose time is up. */
export function stillRunning(taskArn: string, others: readonly PendingExecution[], seconds: number): Failure {
  return new Failure(
    `${taskArn} was not started because after ${Math.round(seconds)} s of waiting, which is all that ifRunning WAIT does, its execution ${nameOf(others)}`,
    `Wait until it has ended or cancel it (${cancelCommand(firstToEnd(others))}), or choose ifRunning QUEUE or ATTACH; then start again`,
  );
}

function refused(taskArn: string, error: unknown): string {
  return `datasync:StartTaskExecution was refused for ${taskArn}: ${sentence(errorText(error))}`;
}

/** `<ARN> is TRANSFERRING, and 50 more wait in the queue, which takes 50`. */
function nameOf(pending: readonly PendingExecution[]): string {
  const { arn, status } = firstToEnd(pending);
  const more = pending.length - 1;
  if (more === 0) return `${arn} is ${status}`;
  const full = more >= QUEUE_MAX ? `, which takes ${QUEUE_MAX}` : '';
  return `${arn} is ${status}, and ${more} more ${more === 1 ? 'waits' : 'wait'} in the queue${full}`;
}

/** What has left the queue. */
function firstToEnd(pending: readonly PendingExecution[]): PendingExecution {
  return pending.find(({ status }) => status !== 'QUEUED') ?? pending[0];
}

function cancelCommand({ arn }: PendingExecution): string {
  return `aws datasync cancel-task-execution --task-execution-arn ${arn}`;
}
