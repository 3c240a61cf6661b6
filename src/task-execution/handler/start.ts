import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { TAG_OWNER, TAG_REQUEST } from '../contract';
import { isStartable, waitUntilStartable } from './availability';
import { waitForEnd } from './cancel';
import { callFailed, errorText, Failure, Trouble, troubleOf } from './errors';
import { describeTask, tagOf } from './executions';
import type { Task } from './executions';
import { findPending, findStarted } from './find';
import type { Identity } from './identity';
import type { StartRequest } from './parse';
import { Patience } from './retry';
import { CALL_TIMEOUT_MS } from './run';
import type { Run } from './run';

/** So often a start is refused before the refusal is believed: what another delivery has just started can take a moment to show up. */
const REFUSALS_BELIEVED = { withPending: 3, alone: 2 };

/**
 * Starts one execution for a request, however often it is asked to.
 *
 * Every attempt begins with a look for what an earlier one may have started: an earlier delivery of the request, or a call
 * whose answer got lost. The service has no client token, so the request is a tag on the execution. Two deliveries
 * at the same instant both find nothing; the service then refuses the second start as identical to a pending one, and the
 * next look finds the first.
 *
 * @returns the ARN of the execution
 */
export async function startOnce(run: Run, request: StartRequest, identity: Identity): Promise<string> {
  const patience = new Patience(run, 'datasync:StartTaskExecution', request.taskArn);
  for (let refusals = 0; ;) {
    run.step = `looking whether ${request.taskArn} has been started for this request before`;
    const task = await describeTask(run, request.taskArn);
    const started = await findStarted(run, task, identity);
    if (started) {
      run.log.info('adopted: an earlier delivery has started it', { execution: started });
      return started;
    }
    if (!isStartable(task)) {
      await waitUntilStartable(run, task);
      continue;
    }
    const joined = await meetRunning(run, task, request, identity);
    if (joined) return joined;
    try {
      return await start(run, request, identity);
    } catch (error) {
      if (troubleOf(error) !== Trouble.REFUSED) {
        await patience.wait(error);
      } else {
        await understandRefusal(run, request, error, ++refusals);
      }
    }
  }
}

/** What `IfRunning` says about an execution that is in progress or queued: its ARN to join it, nothing to start. */
async function meetRunning(run: Run, task: Task, { ifRunning }: StartRequest, identity: Identity): Promise<string | undefined> {
  if (ifRunning === 'QUEUE') return undefined;
  for (;;) {
    const pending = await findPending(run, task);
    if (!pending) return undefined;
    if (ifRunning === 'FAIL') {
      // Another delivery of this request may have started it since it was looked for.
      if (await tagOf(run, pending.arn, TAG_REQUEST) === identity.request) return pending.arn;
      throw new Failure(
        `${task.TaskArn} was not started because its execution ${pending.arn} is ${pending.status} and ifRunning is FAIL`,
        'Wait until that execution has ended or cancel it, or choose ifRunning QUEUE or ATTACH, then deploy again',
      );
    }
    if (pending.status !== 'CANCELLING') {
      run.log.info('attached to an execution in progress', { execution: pending.arn, status: pending.status });
      return pending.arn;
    }
    await waitForEnd(run, pending.arn); // there is nothing to join in one that is about to end
  }
}

async function start(run: Run, request: StartRequest, identity: Identity): Promise<string> {
  run.step = `starting ${request.taskArn}`;
  run.requireTime(CALL_TIMEOUT_MS); // a start that the end of the function's time cuts off could go on unseen
  const command = new StartTaskExecutionCommand({
    TaskArn: request.taskArn,
    OverrideOptions: request.overrideOptions,
    Includes: request.includes,
    Excludes: request.excludes,
    Tags: [...request.tags, { Key: TAG_REQUEST, Value: identity.request }, { Key: TAG_OWNER, Value: identity.owner }],
  });
  const { TaskExecutionArn } = await run.attempt(abortSignal => run.services.datasync.send(command, { abortSignal }));
  run.log.info('started', { execution: TaskExecutionArn });
  return TaskExecutionArn!;
}

/**
 * The service said no. Either the request is wrong, or something pending is in its way, which may be what another delivery of
 * this request has started a moment ago.
 */
async function understandRefusal(run: Run, request: StartRequest, error: unknown, refusals: number): Promise<void> {
  const task = await describeTask(run, request.taskArn);
  if (!isStartable(task)) return waitUntilStartable(run, task);
  const pending = await findPending(run, task);
  if (refusals < (pending ? REFUSALS_BELIEVED.withPending : REFUSALS_BELIEVED.alone)) {
    await run.sleep(run.backoff(refusals, 500, 4_000));
    return;
  }
  if (!pending) throw callFailed('datasync:StartTaskExecution', request.taskArn, error);
  throw new Failure(
    `datasync:StartTaskExecution was refused for ${request.taskArn}: ${errorText(error)} Its execution ${pending.arn} is ${pending.status}`,
    `If that is in the way, wait until it has ended or cancel it (aws datasync cancel-task-execution --task-execution-arn ${pending.arn}), `
    + 'use other filters, or choose ifRunning ATTACH; then deploy again',
  );
}
