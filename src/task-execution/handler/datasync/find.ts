import { describeExecution, describeTask, describeTaskIfAny, isPending, listExecutions, tagsOf, taskOf } from './executions';
import type { Execution, ListedExecution, OwnTags, Task } from './executions';
import { Failure } from '../../../custom-resource/errors';
import type { Identity } from '../identity';
import type { TaskExecutionInvocation } from '../invocation';

const CHUNK = 8; // so many calls at once
/** A list up to this long is looked through as it is. */
const SHORT = 48;

/** An execution that runs or waits in the queue. */
export type PendingExecution = Execution & OwnTags;

/** What there is to know of a task before it is started. */
export interface FoundExecutions {
  readonly task: Task;
  /** The execution that this very request has started before, if any. */
  readonly started?: Execution;
  /** Everything that runs or waits, whoever started it; not complete once `started` is found. */
  readonly pending: PendingExecution[];
}

/**
 * Looks whether a request has started something, and what else is pending.
 *
 * What it costs, for a task with n executions in its history (30 days, so easily thousands), DescribeTask included:
 * - nothing is pending and the newest execution is older than the request: two calls. The usual case.
 * - the newest execution is the one: three.
 * - otherwise one more for each page of ListTaskExecutions (n / 100), two for each that is pending (51 at most) and
 *   - two for each of a short list,
 *   - of a long list 8 to see whether it is in order, then two for each that started after `notBefore`,
 *   - of a long list without order one for all n: slow, but never wrong.
 */
export async function findExecutions(run: TaskExecutionInvocation, taskArn: string, { request, notBefore }: Identity): Promise<FoundExecutions> {
  const task = await describeTask(run, taskArn);
  const isOurs = isOf(run, request);

  const newest = task.CurrentTaskExecutionArn ? await describeExecution(run, task.CurrentTaskExecutionArn) : undefined;
  const ended = newest && !isPending(newest);
  if (ended) {
    // Only if nothing runs or waits: the newest may be one that has run for days, with ours in the queue behind it.
    const idle = task.Status === 'AVAILABLE';
    const older = newest.startTime !== undefined && newest.startTime < notBefore;
    if (idle && older) return { task, pending: [] };
    if (!older && await isOurs(newest)) return { task, started: newest, pending: [] };
  }

  const listed = await listExecutions(run, taskArn);
  const pending = await describePending(run, newest, listed);
  const started = pending.find(execution => execution.request === request)
    // The list may still show one as pending that has ended.
    ?? await findEnded(run, listed.filter(({ arn }) => arn !== newest?.arn && !pending.some(execution => execution.arn === arn)), notBefore, isOurs);
  return { task, started, pending };
}

/** What a request has started beside one that is known. That is over: what is pending, a look for it has shown. */
export async function findOther(
  run: TaskExecutionInvocation, { arn: known }: Execution, { request, notBefore }: Identity,
): Promise<Execution | undefined> {
  const listed = await listExecutions(run, taskOf(known)!);
  return findEnded(run, listed.filter(({ arn }) => arn !== known), notBefore, isOf(run, request));
}

function isOf(run: TaskExecutionInvocation, request: string): (execution: Execution) => Promise<boolean> {
  return async ({ arn, startTime }) => (await tagsOf(run, arn, startTime)).request === request;
}

/** Everything of a task that runs or waits; nothing if the task is gone. */
export async function findPending(run: TaskExecutionInvocation, taskArn: string): Promise<PendingExecution[]> {
  return describePending(run, await findNewest(run, taskArn), await listExecutions(run, taskArn));
}

/** The newest of a task, if it runs or waits: what is known where the service does not list. */
export async function findNewestPending(run: TaskExecutionInvocation, taskArn: string): Promise<PendingExecution[]> {
  return describePending(run, await findNewest(run, taskArn), []);
}

/** The list may not show yet what has just started. Where the task does not tell either, the list is all there is, and better than nothing. */
async function findNewest(run: TaskExecutionInvocation, taskArn: string): Promise<Execution | undefined> {
  try {
    const task = await describeTaskIfAny(run, taskArn);
    return task?.CurrentTaskExecutionArn ? await describeExecution(run, task.CurrentTaskExecutionArn) : undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.log.warn('not known which execution is the newest', { task: taskArn, reason: error.message });
    return undefined;
  }
}

async function describePending(run: TaskExecutionInvocation, newest: Execution | undefined, listed: ListedExecution[]): Promise<PendingExecution[]> {
  const others = listed.filter(execution => isPending(execution) && execution.arn !== newest?.arn);
  const described = newest ? [newest] : [];
  for (const chunk of chunks(others)) {
    for (const execution of await Promise.all(chunk.map(({ arn }) => describeExecution(run, arn)))) if (execution) described.push(execution);
  }
  const pending: PendingExecution[] = [];
  for (const chunk of chunks(described.filter(isPending))) {
    pending.push(...await Promise.all(chunk.map(async execution => ({ ...execution, ...await tagsOf(run, execution.arn, execution.startTime) }))));
  }
  return pending;
}

async function findEnded(
  run: TaskExecutionInvocation, ended: ListedExecution[], notBefore: number, isOurs: (execution: Execution) => Promise<boolean>,
): Promise<Execution | undefined> {
  let ordered = ended.length > SHORT && await putNewestFirst(run, ended);
  let lastStart = Number.POSITIVE_INFINITY;
  for (const chunk of chunks(ended)) {
    if (ordered) {
      const startTime = (await describeExecution(run, chunk[0].arn))?.startTime ?? Number.NaN;
      // The order is an observation, not a promise: one step back and nothing more is concluded from it.
      if (startTime > lastStart) ordered = false;
      else if (startTime < notBefore) return undefined;
      lastStart = startTime;
    }
    const executions = await Promise.all(chunk.map(({ arn }) => describeExecution(run, arn)));
    const young = executions.filter(execution => execution !== undefined && !(execution.startTime! < notBefore));
    const hits = await Promise.all(young.map(execution => isOurs(execution!)));
    const hit = hits.indexOf(true);
    if (hit >= 0) return young[hit];
  }
  return undefined;
}

/** Looks at samples to see in which order the service lists, which is not documented, and turns the list if need be. */
async function putNewestFirst(run: TaskExecutionInvocation, executions: ListedExecution[]): Promise<boolean> {
  const last = executions.length - 1;
  const samples = Array.from({ length: CHUNK }, (_, n) => executions[Math.round(n * last / (CHUNK - 1))]);
  // Not a number for what is gone, which compares as false with everything.
  const times = await Promise.all(samples.map(async ({ arn }) => (await describeExecution(run, arn))?.startTime ?? Number.NaN));
  const steps = times.slice(1).map((time, n) => Math.sign(time - times[n]));
  if (steps.every(step => step > 0)) executions.reverse();
  return steps.every(step => step > 0) || steps.every(step => step < 0);
}

function chunks<T>(list: T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, n) => list.slice(n * CHUNK, (n + 1) * CHUNK));
}
