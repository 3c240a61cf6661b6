import { CancelTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { ErrorKind, errorKindOf, errorText } from '../../../custom-resource/errors';
import { retrying } from '../../../custom-resource/retry';
import { TAG_VALUES } from '../../contract';
import { describeExecution, isPending, setTag } from '../datasync/executions';
import type { ListedExecution } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';

/** Kept free of a wait, so that what comes after it is not cut off. */
const AFTER_WAIT_MS = 5_000;

/** Takes the place of the values of an execution that was cancelled with the change that it was started for. */
const CANCELLED = 'cancelled';

/**
 * Cancels executions, all of them at once, then waits for their ends, so long and no longer.
 *
 * @returns those that have not ended
 */
export async function cancelAll(
  run: TaskExecutionInvocation, executions: readonly ListedExecution[], milliseconds = Number.POSITIVE_INFINITY,
): Promise<ListedExecution[]> {
  const cancelled = await Promise.allSettled(executions.filter(({ status }) => status !== 'CANCELLING').map(({ arn }) => cancel(run, arn)));
  for (const outcome of cancelled) if (outcome.status === 'rejected') throw outcome.reason;
  return waitForEnds(run, executions, milliseconds);
}

/**
 * Cancels what a request started whose settings are taken back, so that it no longer counts as an execution with them: a later
 * deployment that asks for them again has to start.
 *
 * @returns those that have not ended
 */
export async function cancelForGood(
  run: TaskExecutionInvocation, executions: readonly ListedExecution[], milliseconds: number,
): Promise<ListedExecution[]> {
  await Promise.all(executions.map(({ arn }) => setTag(run, arn, TAG_VALUES, CANCELLED, true).catch(error => {
    run.log.warn('the tag of the values could not be changed', { execution: arn, reason: errorText(error) });
  })));
  return cancelAll(run, executions, milliseconds);
}

/**
 * Waits until executions have come to their end, by themselves or by a cancellation.
 *
 * @returns those that have not
 */
export async function waitForEnds(
  run: TaskExecutionInvocation, executions: readonly ListedExecution[], milliseconds: number,
): Promise<ListedExecution[]> {
  const until = run.services.now() + Math.min(milliseconds, run.workTimeLeft - AFTER_WAIT_MS);
  let left = executions.filter(isPending);
  for (let attempt = 0; left.length > 0; attempt++) {
    const looked = await Promise.all(left.map(({ arn }) => describeExecution(run, arn)));
    left = looked.filter(execution => execution !== undefined).filter(isPending);
    if (left.length === 0) break;
    run.step = `waiting for the end of ${left.map(({ arn, status }) => `${arn}, which is ${status}`).join('; ')}`;
    const pause = Math.min(run.backoff(attempt, 500, 10_000), until - run.services.now());
    if (pause <= 0) break;
    await run.sleep(pause);
  }
  return left;
}

async function cancel(run: TaskExecutionInvocation, arn: string): Promise<void> {
  run.step = `cancelling ${arn}`;
  await retrying(run, 'datasync:CancelTaskExecution', arn, async abortSignal => {
    try {
      await run.services.datasync.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }), { abortSignal });
      run.log.info('cancelled', { execution: arn });
    } catch (error) {
      const kind = errorKindOf(error);
      if (kind === ErrorKind.NOT_FOUND) return;
      if (kind !== ErrorKind.REFUSED) throw error;
      // It may have come to its end, or somebody else cancelled it, since it was looked at.
      const execution = await describeExecution(run, arn);
      if (execution && isPending(execution) && execution.status !== 'CANCELLING') throw error;
    }
  });
}
