import { executionAttributesOf, failureOf, progressText, whereToLook } from './outcome';
import { Failure } from '../../../custom-resource/errors';
import type { Poll } from '../../../custom-resource/step';
import { COMPLETION_TIMEOUT } from '../../contract';
import { OnTimeout } from '../../on-timeout';
import type { Execution } from '../datasync/executions';
import { describeExecution, isPending, tagsOf } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';
import { cancelAll } from '../stop/cancel';

/** What a wait for the end of an execution is about: the `Subject` of its machine. */
export interface WaitedExecution {
  readonly TaskExecutionArn: string;
  /** The owner tag of what this resource starts: only that is ever cancelled. */
  readonly Owner: string;
  /** Seconds from the start of the execution. */
  readonly Timeout: number;
  readonly OnTimeout: OnTimeout;
  /** If this is a link of a long wait: whether another one goes on waiting when its time is over. */
  readonly Link?: { readonly HasNext: boolean };
}

const SHORTEST_PAUSE = 2; // seconds; a small transfer is over soon
const LONGEST_PAUSE = 30;

/** A link that failed and was kept is tried again by the next deployment, and nothing is started for it. */
const LINK_REMEDY = 'after --no-rollback change what is transferred or a trigger as well, because only then the task is started again';

/** Looks whether an execution has ended, or its time is up. */
export const pollExecution: Poll<TaskExecutionInvocation> = async (run, subject, { steps, last, waited: sinceRequest, stackStays }) => {
  const waited = subject as WaitedExecution;
  const { TaskExecutionArn: arn, Link } = waited;
  run.step = `looking whether ${arn} has ended`;
  const execution = await describeExecution(run, arn);
  if (!execution) throw new Failure(`${arn} is gone: its task was deleted while its end was waited for`, 'Deploy again');
  if (execution.status === 'SUCCESS') return { data: await executionAttributesOf(run, arn, execution) };
  if (!isPending(execution)) {
    const where = stackStays ? `. ${await whereToLook(run, arn)}` : '';
    throw new Failure(`${failureOf(execution)}${where}`, remedy('Put right what it names, then deploy again', Link));
  }

  run.step = `waiting for the end of ${arn}, which is ${execution.status}`;
  const elapsed = (run.services.now() - (execution.startTime ?? run.services.now())) / 1000;
  const left = waited.Timeout - elapsed;
  if (left <= 0 || (last && !Link?.HasNext)) return endOfTime(run, execution, waited, elapsed);
  if (!Link?.HasNext) return Math.min(SHORTEST_PAUSE * 1.3 ** steps, LONGEST_PAUSE, left);
  const leftOfLink = COMPLETION_TIMEOUT.link - sinceRequest;
  if (leftOfLink <= 0) return { data: await executionAttributesOf(run, arn, execution) };
  return Math.min(SHORTEST_PAUSE * 1.3 ** steps, LONGEST_PAUSE, left, leftOfLink);
};

async function endOfTime(
  run: TaskExecutionInvocation, execution: Execution, { Owner, OnTimeout: onTimeout, Link }: WaitedExecution, elapsed: number,
) {
  const { arn, status, described, startTime } = execution;
  if (onTimeout === OnTimeout.CONTINUE) {
    run.log.warn('not waited for any longer: it goes on running', { execution: arn, status });
    return { data: await executionAttributesOf(run, arn, execution) };
  }
  const isOurs = (await tagsOf(run, arn, startTime)).owner === Owner;
  if (isOurs) await cancelAll(run, [execution], 0);
  const minutes = Math.max(1, Math.round(elapsed / 60));
  throw new Failure(
    `${arn} was still ${status} after ${minutes} minute${minutes === 1 ? '' : 's'}: ${progressText(described)}. `
    + (isOurs ? 'It was cancelled' : 'It goes on running, as somebody else started it'),
    remedy('Allow more time with Completion.succeeded(), which may be up to 12 hours, or use Completion.started(); then deploy again', Link),
  );
}

function remedy(text: string, link: WaitedExecution['Link']): string {
  return link ? `${text}; ${LINK_REMEDY}` : text;
}
