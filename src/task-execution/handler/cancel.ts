import { CancelTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { TAG_OWNER } from '../contract';
import { Trouble, troubleOf } from './errors';
import { describeExecution, isPending, listExecutions, tagOf } from './executions';
import { retrying } from './retry';
import type { Run } from './run';

/** Cancels an execution if it is ours and still goes on, and waits for its end. One that is finished or gone is fine. */
export async function cancelIfOwned(run: Run, arn: string, owner: string): Promise<void> {
  run.step = `looking whether ${arn} still runs`;
  const execution = await describeExecution(run, arn);
  if (!execution || !isPending(execution)) return;
  if (await tagOf(run, arn, TAG_OWNER) !== owner) {
    run.log.info('left alone: somebody else started it', { execution: arn, status: execution.status });
    return;
  }
  if (execution.status !== 'CANCELLING') await cancel(run, arn);
  await waitForEnd(run, arn);
}

/** Cancels whatever the owner has started on a task and still goes on: after a create that never learned its execution's ARN. */
export async function cancelAllOwned(run: Run, taskArn: string, owner: string): Promise<void> {
  run.step = `looking for executions of ${taskArn} that a failed start left behind`;
  const pending = (await listExecutions(run, taskArn)).filter(isPending);
  for (const { arn } of pending) await cancelIfOwned(run, arn, owner);
}

/** Waits until an execution has come to its end, by itself or by a cancellation. */
export async function waitForEnd(run: Run, arn: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const execution = await describeExecution(run, arn);
    if (!execution || !isPending(execution)) return;
    run.step = `waiting for the end of ${arn} after its cancellation; it is ${execution.status}`;
    await run.sleep(run.backoff(attempt, 500, 10_000));
  }
}

async function cancel(run: Run, arn: string): Promise<void> {
  run.step = `cancelling ${arn}`;
  await retrying(run, 'datasync:CancelTaskExecution', arn, async abortSignal => {
    try {
      await run.services.datasync.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }), { abortSignal });
      run.log.info('cancelled', { execution: arn });
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === Trouble.NOT_FOUND) return;
      if (trouble !== Trouble.REFUSED) throw error;
      // It may have come to its end, or somebody else cancelled it, since it was looked at.
      const execution = await describeExecution(run, arn);
      if (execution && isPending(execution) && execution.status !== 'CANCELLING') throw error;
    }
  });
}
