import { failureOf, progressText, whereToLook } from './outcome';
import { Failure } from '../../../custom-resource/errors';
import type { Poll } from '../../../custom-resource/step';
import { OnDeleteFailure } from '../../on-delete-failure';
import { describeExecution, isPending } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';
import { cancelAll } from '../stop/cancel';

/** The run before the deletion of a stack: the `Subject` of its machine. */
export interface RunOnDelete {
  readonly TaskExecutionArn: string;
  /** Seconds from the request of CloudFormation. */
  readonly Timeout: number;
  readonly OnFailure: OnDeleteFailure;
}

const SHORTEST_PAUSE = 2; // seconds; a run that finds little to transfer is over soon
const LONGEST_PAUSE = 30;
/** A task whose execution has not ended cannot be deleted, perhaps. */
const CANCELLING_MS = 60_000;

const SKIP = 'to delete it without the run, keep this resource with --retain-resources of `aws cloudformation delete-stack`';

export function isRunOnDelete(subject: unknown): subject is RunOnDelete {
  return typeof subject === 'object' && subject !== null && 'OnFailure' in subject;
}

/** Looks whether the run has ended, or its time is up. */
export const pollRunOnDelete: Poll<TaskExecutionInvocation> = async (run, subject, { steps, last, waited }) => {
  const { TaskExecutionArn: arn, Timeout, OnFailure } = subject as RunOnDelete;
  run.step = `looking whether ${arn} has ended, the run before the deletion`;
  const execution = await describeExecution(run, arn);
  if (!execution) throw new Failure(`${arn}, the run before the deletion, is gone with its task`, `There is nothing left to run; ${SKIP}`);
  const { status, described } = execution;
  if (status === 'SUCCESS') return {};
  if (!isPending(execution)) {
    throw new Failure(`The run before the deletion did not succeed: ${failureOf(execution)}. ${await whereToLook(run, arn)}`,
      `Put right what it names and delete the stack again, which starts another run; ${SKIP}`);
  }

  run.step = `waiting for the end of ${arn}, the run before the deletion, which is ${status}`;
  const left = Timeout - waited;
  if (left > 0 && !last) return Math.min(SHORTEST_PAUSE * 1.3 ** steps, LONGEST_PAUSE, left);
  const minutes = Math.max(1, Math.round(waited / 60));
  const still = `${arn}, the run before the deletion, was still ${status} after ${minutes} minute${minutes === 1 ? '' : 's'}: ${progressText(described)}`;
  if (OnFailure === OnDeleteFailure.BLOCK) throw new Failure(`${still}. It goes on running`, `Delete the stack again to go on waiting for it; ${SKIP}`);
  await cancelAll(run, [execution], CANCELLING_MS);
  throw new Failure(`${still}. It was cancelled`, 'The deletion goes on');
};
