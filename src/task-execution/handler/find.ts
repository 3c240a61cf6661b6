import { TAG_REQUEST } from '../contract';
import { describeExecution, isPending, listExecutions, tagOf } from './executions';
import type { ListedExecution, Task } from './executions';
import type { Identity } from './identity';
import type { Run } from './run';

const CHUNK = 8; // so many calls at once
/** A list up to this long is looked through as it is. */
const SHORT = 48;

/**
 * The execution that this very request has started before, if any.
 *
 * What it costs, for a task with n executions in its history (30 days, so easily thousands):
 * - nothing runs and the newest execution is older than the request: DescribeTaskExecution, once. The usual case.
 * - the newest execution is the one: two calls.
 * - otherwise all pages of ListTaskExecutions (n / 100), the tags of what is pending (51 at most) and
 *   - of a short list the tags of all,
 *   - of a long list 8 times DescribeTaskExecution to see whether it is in order, then the tags of what started after `notBefore`,
 *   - of a long list without order the tags of all n: slow, but never wrong.
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
  return ours ?? findFinished(run, listed.filter(execution => !isPending(execution)), notBefore, isOurs);
}

async function findFinished(
  run: Run, finished: ListedExecution[], notBefore: number, isOurs: (arn: string) => Promise<boolean>,
): Promise<string | undefined> {
  let ordered = finished.length > SHORT && await putNewestFirst(run, finished);
  let lastStart = Number.POSITIVE_INFINITY;
  for (let start = 0; start < finished.length; start += CHUNK) {
    const chunk = finished.slice(start, start + CHUNK);
    if (ordered) {
      const [startTime] = await startTimes(run, [chunk[0]]);
      // The order is an observation, not a promise: one step back and nothing more is concluded from it.
      if (startTime > lastStart) ordered = false;
      else if (startTime < notBefore) return undefined;
      lastStart = startTime;
    }
    const ours = await firstMatch(chunk, isOurs);
    if (ours) return ours;
  }
  return undefined;
}

/** Looks at samples to see in which order the service lists, which is not documented, and turns the list if need be. */
async function putNewestFirst(run: Run, executions: ListedExecution[]): Promise<boolean> {
  const last = executions.length - 1;
  const samples = Array.from({ length: CHUNK }, (_, n) => executions[Math.round(n * last / (CHUNK - 1))]);
  const times = await startTimes(run, samples);
  const steps = times.slice(1).map((time, n) => Math.sign(time - times[n]));
  if (steps.every(step => step > 0)) executions.reverse();
  return steps.every(step => step > 0) || steps.every(step => step < 0);
}

/** Not a number for what is gone, which compares as false with everything. */
function startTimes(run: Run, executions: ListedExecution[]): Promise<number[]> {
  return Promise.all(executions.map(async ({ arn }) => (await describeExecution(run, arn))?.startTime ?? Number.NaN));
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
  if (task.Status === 'AVAILABLE' && newest && !isPending(newest)) return undefined; // spares a long history's pages
  const pending = (await listExecutions(run, task.TaskArn)).filter(isPending);
  return pending.find(execution => execution.status !== 'QUEUED') ?? pending[0];
}
