import { TAG_REQUEST } from '../contract';
import { describeExecution, isPending, listExecutions, tagOf } from './executions';
import type { ListedExecution, Task } from './executions';
import type { Identity } from './identity';
import type { Run } from './run';

const CHUNK = 8; // so many ListTagsForResource at once

/**
 * The execution that this very request has started before, if any.
 *
 * What it costs, for a task with n executions in its history (30 days, so easily thousands):
 * - nothing runs and the newest execution is older than the request: DescribeTaskExecution, once. The usual case.
 * - the newest execution is the one: two calls.
 * - otherwise all pages of ListTaskExecutions (n / 100), the tags of what is pending (51 at most) and the tags of what
 *   started after `notBefore`.
 * - the same, and the service's order cannot be recognised: the tags of all n. Slow, but never wrong.
 */
export async function findStarted(run: Run, task: Task, { request, notBefore }: Identity): Promise<string | undefined> {
  const isOurs = async (arn: string) => await tagOf(run, arn, TAG_REQUEST) === request;

  const newest = task.CurrentTaskExecutionArn;
  if (newest) {
    const execution = await describeExecution(run, newest);
    // Only if nothing runs or queues: the newest may be one that has run for days, with ours in the queue behind it.
    const idle = task.Status === 'AVAILABLE' && execution && !isPending(execution);
    if (idle && execution.startTime !== undefined && execution.startTime < notBefore) return undefined;
    if (await isOurs(newest)) return newest;
  }

  const listed = await listExecutions(run, task.TaskArn);
  const pending = listed.filter(execution => isPending(execution) && execution.arn !== newest);
  const ours = await firstMatch(pending, isOurs);
  return ours ?? findFinished(run, listed, newest, notBefore, isOurs);
}

async function findFinished(
  run: Run, listed: ListedExecution[], newest: string | undefined, notBefore: number, isOurs: (arn: string) => Promise<boolean>,
): Promise<string | undefined> {
  const order = recogniseOrder(listed, newest);
  const finished = listed.filter(execution => !isPending(execution));
  if (order === 'oldest first') finished.reverse();

  let ordered = order !== 'unknown';
  let lastStart = Number.POSITIVE_INFINITY;
  for (let start = 0; start < finished.length; start += CHUNK) {
    const chunk = finished.slice(start, start + CHUNK);
    if (ordered) {
      const startTime = (await describeExecution(run, chunk[0].arn))?.startTime;
      // The order is an observation, not a promise: one step back and nothing more is concluded from it.
      if (startTime === undefined || startTime > lastStart) ordered = false;
      else if (startTime < notBefore) return undefined;
      else lastStart = startTime;
    }
    const ours = await firstMatch(chunk.filter(execution => execution.arn !== newest), isOurs);
    if (ours) return ours;
  }
  return undefined;
}

/** The newest execution stands at one end of the list, or only what is queued stands beyond it. */
function recogniseOrder(listed: ListedExecution[], newest: string | undefined): 'newest first' | 'oldest first' | 'unknown' {
  const position = listed.findIndex(execution => execution.arn === newest);
  if (position < 0) return 'unknown';
  if (listed.slice(0, position).every(isPending)) return 'newest first';
  if (listed.slice(position + 1).every(isPending)) return 'oldest first';
  return 'unknown';
}

async function firstMatch(executions: ListedExecution[], matches: (arn: string) => Promise<boolean>): Promise<string | undefined> {
  for (let start = 0; start < executions.length; start += CHUNK) {
    const chunk = executions.slice(start, start + CHUNK);
    const hits = await Promise.all(chunk.map(execution => matches(execution.arn)));
    const hit = hits.indexOf(true);
    if (hit >= 0) return chunk[hit].arn;
  }
  return undefined;
}

/** The execution of a task that is in progress, or the first in its queue. */
export async function findPending(run: Run, task: Task): Promise<ListedExecution | undefined> {
  const newest = task.CurrentTaskExecutionArn && await describeExecution(run, task.CurrentTaskExecutionArn);
  if (newest && isPending(newest) && newest.status !== 'QUEUED') return newest;
  const pending = (await listExecutions(run, task.TaskArn)).filter(isPending);
  return pending.find(execution => execution.status !== 'QUEUED') ?? pending[0];
}
