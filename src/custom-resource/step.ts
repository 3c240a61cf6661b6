import { explain, whereTheLogIs } from './explain';
import { TimeUp } from './invocation';
import type { Invocation } from './invocation';
import { requestDate } from './request-date';
import { deliver, fitReason } from './respond';
import type { Answer } from './respond';
import { DECIDE_AFTER, LONGEST_PAUSE, STEP_TIMEOUT, WAITED_SERVICE_TIMEOUT } from './waiter/contract';
import type { WaitProgress, WaitStep } from './waiter/contract';

/** What one step may take of its function, in milliseconds: the machine's own limit, but for what Lambda needs to begin. */
export const STEP_TIME_MS = (STEP_TIMEOUT - 15) * 1000;

/** So many steps in a row may come to no result: about ten minutes. Then what is in the way has to be said. */
const FAILURES_MAX = 5;

/** What came of a wait. */
export interface WaitOutcome {
  /** That of the request, unless there is a better one. */
  readonly physicalId?: string;
  /** Why it failed, if it did. */
  readonly failure?: string;
  /** Attributes of the resource. */
  readonly data?: { readonly [attribute: string]: string };
}

/** What a poll is told of the wait. */
export interface PollState {
  /** Polls before this one. */
  readonly steps: number;
  /** Whether there is no other poll: it has to decide. */
  readonly last: boolean;
  /** Seconds since CloudFormation made its request. */
  readonly waited: number;
  /** Whether what the stack has made is still there for who reads that it failed. */
  readonly stackStays: boolean;
}

/**
 * Polls once whether what is waited for has come. It must be idempotent: polls may be repeated, and two may run at once.
 *
 * @returns what CloudFormation is told, or after how many seconds to poll again
 */
export type Poll<R extends Invocation> = (run: R, subject: unknown, state: PollState) => Promise<WaitOutcome | number>;

/** Whether a function was called by a waiter's machine and not by CloudFormation. */
export function isWaitStep(event: unknown): event is WaitStep {
  return typeof event === 'object' && event !== null && 'Wait' in event;
}

/**
 * Takes one step of a wait: polls, and answers CloudFormation when there is something to say, or when its hour is nearly over.
 *
 * @param run must end after `STEP_TIME_MS`
 * @returns how far it came, for the machine
 * @throws Error if the answer could not be delivered: the machine then takes the step again
 */
export async function takeStep<R extends Invocation>(
  run: R, { Wait: { Request: request, Progress: progress, StartedAt, Broken } }: WaitStep, poll: Poll<R>,
): Promise<WaitProgress> {
  const { services } = run;
  const asked = requestDate(request.ResponseURL) ?? Date.parse(StartedAt);
  const { LogicalResourceId: logicalId, RequestId } = request;
  const answered: WaitProgress = { ...progress, Answered: true, Pause: 0, Steps: progress.Steps + 1 };
  run.log.info('step', { request: RequestId, stack: request.StackId, logicalId, steps: progress.Steps });
  if (services.now() - asked > WAITED_SERVICE_TIMEOUT * 1000) {
    run.log.warn('nothing is done: CloudFormation has given up this request, and nobody waits for its answer', { request: RequestId });
    return answered;
  }

  const waited = (services.now() - asked) / 1000;
  const state: PollState = { steps: progress.Steps, last: waited >= DECIDE_AFTER, waited, stackStays: request.LogStays };
  const seen = Broken ? { failure: brokenOff(Broken) } : await pollOnce(run, request.Subject, state, progress.Failures, poll);
  if (typeof seen !== 'object' || 'failures' in seen) {
    const { pause, failures } = typeof seen === 'object' ? seen : { pause: seen, failures: 0 };
    const left = Math.ceil((asked - services.now()) / 1000) + DECIDE_AFTER;
    return { Answered: false, Pause: Math.max(1, Math.min(Math.ceil(pause), LONGEST_PAUSE, left)), Steps: progress.Steps + 1, Failures: failures };
  }

  const failure = request.IsFailureIgnored ? undefined : seen.failure;
  if (failure !== seen.failure) run.log.warn('ignored, as onFailure says', { reason: seen.failure });
  const answer: Answer = {
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    Reason: failure === undefined ? undefined : fitReason(failure, request.LogStays ? whereTheLogIs(run.context) : undefined),
    StackId: request.StackId,
    RequestId,
    LogicalResourceId: logicalId,
    PhysicalResourceId: seen.physicalId ?? request.PhysicalResourceId,
    Data: failure === undefined ? seen.data : undefined,
  };
  run.log.info('answer', { status: answer.Status, physicalId: answer.PhysicalResourceId, reason: answer.Reason });
  await deliver(run, request.ResponseURL, answer);
  return answered;
}

/** What a poll says; or, if it failed in a way that may pass, when to try again and how often it has failed so. */
async function pollOnce<R extends Invocation>(
  run: R, subject: unknown, state: PollState, failures: number, poll: Poll<R>,
): Promise<WaitOutcome | number | { readonly pause: number; readonly failures: number }> {
  try {
    const seen = await run.onTime(() => poll(run, subject, state));
    if (typeof seen === 'number' && state.last) return { failure: `It had not ended when CloudFormation's time was nearly up: ${run.step}.` };
    return seen;
  } catch (error) {
    if (error instanceof TimeUp && !state.last && failures + 1 < FAILURES_MAX) {
      run.log.warn('the step came to no result and is taken again', { reason: error.message, failures: failures + 1 });
      return { pause: LONGEST_PAUSE / 2, failures: failures + 1 };
    }
    return { failure: explain(run, error) };
  }
}

/** A step that failed whenever it was taken, in the words of Step Functions. */
function brokenOff({ Error: name = 'an error without a name', Cause: cause }: NonNullable<WaitStep['Wait']['Broken']>): string {
  return `The wait was broken off, because its function failed again and again: ${[name, causeText(cause)].filter(Boolean).join(': ')}. `
    + 'Look into the log of the function, then deploy again.';
}

/** Lambda gives an error of a function as JSON; a timeout has no cause, and others have a text. */
function causeText(cause: string | undefined): string | undefined {
  try {
    return JSON.parse(cause!).errorMessage ?? cause;
  } catch {
    return cause;
  }
}
