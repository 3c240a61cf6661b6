import type { CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import { NOT_STARTED_PREFIX } from '../contract';
import { OnTimeout } from '../on-timeout';
import { cancelAll } from './cancel';
import { describeExecution, isExecutionArn, isPending, tagsOf } from './executions';
import type { Execution } from './executions';
import { attributesOf, failureOf, progressOf } from './outcome';
import type { Run } from './run';
import { isGoing, isRollingBack, readStack } from './stack';
import { errorText, Failure } from '../../custom-resource/errors';
import { stopWait, stopWaits } from '../../custom-resource/state-machine';
import type { Look } from '../../custom-resource/step';

/** What a wait for the end of an execution is about: the `Subject` of its machine. */
export interface WaitedExecution {
  readonly TaskExecutionArn: string;
  /** The owner tag of what this resource starts: only that is ever cancelled. */
  readonly Owner: string;
  /** Seconds from the start of the execution. */
  readonly Timeout: number;
  readonly OnTimeout: OnTimeout;
}

type EndingEvent = CloudFormationCustomResourceUpdateEvent | CloudFormationCustomResourceDeleteEvent;

const SHORTEST_PAUSE = 2; // seconds; a small transfer is over soon
const LONGEST_PAUSE = 30;

const REMEDY = 'Put right what it names, then deploy again';

/** Looks whether an execution has ended, or its time is up. */
export const lookAtExecution: Look<Run> = async (run, subject, { steps, last }) => {
  const waited = subject as WaitedExecution;
  const { TaskExecutionArn: arn } = waited;
  run.step = `looking whether ${arn} has ended`;
  const execution = await describeExecution(run, arn);
  if (!execution) throw new Failure(`${arn} is gone: its task was deleted while its end was waited for`, 'Deploy again');
  if (execution.status === 'SUCCESS') return { data: await attributesOf(run, arn, execution) };
  if (!isPending(execution)) throw new Failure(failureOf(execution), `See its log or report. ${REMEDY}`);

  run.step = `waiting for the end of ${arn}, which is ${execution.status}`;
  const elapsed = (run.services.now() - (execution.startTime ?? run.services.now())) / 1000;
  const left = waited.Timeout - elapsed;
  if (left > 0 && !last) return Math.min(SHORTEST_PAUSE * 1.3 ** steps, LONGEST_PAUSE, left);
  return endOfTime(run, execution, waited, elapsed);
};

async function endOfTime(run: Run, execution: Execution, { Owner, OnTimeout: onTimeout }: WaitedExecution, elapsed: number) {
  const { arn, status, described, startTime } = execution;
  if (onTimeout === OnTimeout.CONTINUE) {
    run.log.warn('not waited for any longer: it goes on running', { execution: arn, status });
    return { data: await attributesOf(run, arn, execution) };
  }
  const isOurs = (await tagsOf(run, arn, startTime)).owner === Owner;
  if (isOurs) await cancelAll(run, [execution], 0);
  const minutes = Math.max(1, Math.round(elapsed / 60));
  throw new Failure(
    `${arn} was still ${status} after ${minutes} minute${minutes === 1 ? '' : 's'}: ${progressOf(described)}. `
    + (isOurs ? 'It was cancelled' : 'It goes on running, as somebody else started it'),
    'Allow more time with Completion.succeeded(), which may be up to 45 minutes, or use Completion.started(); then deploy again',
  );
}

/** The machine in the properties of an event; undefined if its end is not waited for. */
export function waiterIn(properties: unknown): string | undefined {
  const { Waiter } = Object(properties) as { readonly Waiter?: unknown };
  return typeof Waiter === 'string' && /^arn:[^:]+:states:/.test(Waiter) ? Waiter : undefined;
}

/**
 * Stops the waits that an event ends, before anything is looked for that they may have to do with. On the way back all of the resource; of a
 * Delete those of the request that its id names, or, if CloudFormation has made the id up, those that began before this operation. The Delete
 * of an execution stops none: the one that replaces it may be waited for.
 *
 * What cannot be stopped comes to nothing by itself: nobody hears its answer.
 */
export async function stopWaitsOf(run: Run, event: EndingEvent): Promise<void> {
  const sets = event.RequestType === 'Update' ? [event.ResourceProperties, event.OldResourceProperties] : [event.ResourceProperties];
  for (const machine of new Set(sets.map(waiterIn))) {
    if (machine === undefined) continue;
    try {
      await stopIn(run, machine, event);
    } catch (error) {
      run.log.warn('the waits could not be stopped', { machine, reason: errorText(error) });
    }
  }
}

async function stopIn(run: Run, machine: string, event: EndingEvent): Promise<void> {
  const { PhysicalResourceId: id, LogicalResourceId, StackId } = event;
  if (event.RequestType === 'Update') return stopWaits(run, machine, LogicalResourceId);
  if (isExecutionArn(id)) return;
  if (id.startsWith(NOT_STARTED_PREFIX)) return stopWait(run, machine, { LogicalResourceId, RequestId: id.slice(NOT_STARTED_PREFIX.length) });
  const state = await readStack(run, StackId);
  if (isGoing(state) || isRollingBack(state)) return stopWaits(run, machine, LogicalResourceId);
  if (state?.lastUpdatedTime !== undefined) return stopWaits(run, machine, LogicalResourceId, state.lastUpdatedTime);
}
