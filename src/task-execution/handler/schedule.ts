import { isExecutionArn, describeExecution, taskOf } from './datasync/executions';
import type { Services } from './datasync/services';
import { CLOCK_SKEW_MS } from './identity';
import type { Identity } from './identity';
import { TaskExecutionInvocation } from './invocation';
import { parseDates, parseScheduledStart } from './parse';
import type { ScheduledStart } from './parse';
import { hasDates, withDates } from './start/dates';
import { startOnce } from './start/start';
import { errorText, Failure } from '../../custom-resource/errors';
import { TimeUp } from '../../custom-resource/invocation';
import type { InvocationContext } from '../../custom-resource/invocation';
import { retrying, RetryPolicy } from '../../custom-resource/retry';
import { tagValue } from '../../custom-resource/tag-value';

/** Without a scheduled time: the scheduler keeps a delivery for 24 hours at most, then Lambda for six. */
const OLDEST_DELIVERY_MS = 30 * 60 * 60_000;

/** So often the parameter is written: once, and again if another function has written an earlier execution meanwhile. */
const PARAMETER_WRITES = 3;

export interface ScheduledStartResult {
  readonly TaskExecutionArn: string;
}

/** One delivery of a scheduled start: starts the task unless another delivery of the same scheduled time has. */
export async function handleSchedule(payload: unknown, context: InvocationContext, services: Services): Promise<ScheduledStartResult> {
  const run = new TaskExecutionInvocation(services, context);
  try {
    return await run.onTime(() => startScheduled(run, payload));
  } catch (error) {
    const failure = toFailure(run, error);
    run.log.error('failed', { reason: failure.message });
    throw failure;
  }
}

async function startScheduled(run: TaskExecutionInvocation, payload: unknown): Promise<ScheduledStartResult> {
  const request = parseScheduledStart(dated(run, payload));
  run.log.info('scheduled start', { schedule: request.scheduleArn, scheduledTime: request.scheduledTime, task: request.taskArn });
  const arn = await startOnce(run, request, identify(run, request));
  if (request.parameterName) await keepLatest(run, request.parameterName, arn);
  return { TaskExecutionArn: arn };
}

/** The payload with the dates of its scheduled time, never of now: a start that comes late or is tried again does what was scheduled. */
function dated(run: TaskExecutionInvocation, payload: unknown): unknown {
  if (!hasDates(payload)) return payload;
  const { scheduledTime, timeZone = 'UTC' } = parseDates(payload);
  // Schedulers that do not fill it in are local ones.
  if (scheduledTime === undefined && !process.env.AWS_ENDPOINT_URL_DATASYNC) {
    throw new Failure(
      'Nothing was started: the filters have a date of the scheduled time, which the scheduler did not fill in',
      'Invoke the function with a ScheduledTime such as 2026-01-31T12:00:00Z',
    );
  }
  return withDates(payload, scheduledTime === undefined ? run.services.now() : Date.parse(scheduledTime), timeZone);
}

/**
 * Writes the ARN to the parameter unless it holds that of a later execution already. Two functions may write at once: after a write the
 * parameter is read again, and what had been written since the look before it, so that the later execution comes back when it was replaced.
 */
async function keepLatest(run: TaskExecutionInvocation, parameter: string, arn: string): Promise<void> {
  const policy = new RetryPolicy(run, 'ssm:PutParameter', parameter);
  const read = (name: string) => retrying(run, 'ssm:GetParameter', name, signal => run.services.getParameter(name, signal));
  let latest = arn;
  let compared: number | undefined; // the versions up to this one
  for (let writes = 0; writes < PARAMETER_WRITES;) {
    run.step = `keeping ${latest} in the parameter ${parameter}`;
    const { value: kept, version = 0 } = await read(parameter) ?? {};
    const others = [];
    for (let replaced = (compared ?? version) + 1; replaced < version; replaced++) others.push((await read(`${parameter}:${replaced}`))?.value);
    for (const other of [...others, kept]) if (other !== latest && await isLater(run, other, latest)) latest = other!;
    compared = version;
    if (kept === latest) return;
    try {
      await run.attempt(signal => run.services.putParameter(parameter, latest, signal));
      writes++;
    } catch (error) {
      await policy.wait(error); // then the parameter is read again: another function may have written to it meanwhile
    }
  }
}

/** Only executions of one task are compared: those of another can neither be read nor come after a change of the task. */
async function isLater(run: TaskExecutionInvocation, kept: string | undefined, arn: string): Promise<boolean> {
  if (kept === undefined || !isExecutionArn(kept) || taskOf(kept) !== taskOf(arn)) return false;
  const [theirs, ours] = await Promise.all([describeExecution(run, kept), describeExecution(run, arn)]);
  if (!ours) return true; // the task has been deleted in the meantime: there is nothing to tell of it
  return theirs?.startTime !== undefined && ours.startTime !== undefined && theirs.startTime > ours.startTime;
}

/**
 * The schedule and its scheduled time name one start. Schedulers that do not fill them in, as local ones, leave Lambda's request id,
 * which is the same when Lambda tries again.
 */
function identify(run: TaskExecutionInvocation, { scheduleArn, scheduledTime }: ScheduledStart): Identity {
  const { awsRequestId, invokedFunctionArn } = run.context;
  const owner = scheduleArn ?? invokedFunctionArn;
  return {
    owner: tagValue(owner),
    request: tagValue(`${owner}@${scheduledTime ?? awsRequestId}`),
    notBefore: scheduledTime ? Date.parse(scheduledTime) - CLOCK_SKEW_MS : run.services.now() - OLDEST_DELIVERY_MS,
  };
}

function toFailure(run: TaskExecutionInvocation, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof TimeUp) return new Failure(`Time is up: ${error.message}`, 'Put right what it waited for; the next scheduled time tries again');
  run.log.error('unexpected', { step: run.step, trace: (error as Error)?.stack });
  return new Failure(`An unexpected error while ${run.step}: ${errorText(error)}`, 'Please report it with the log');
}
