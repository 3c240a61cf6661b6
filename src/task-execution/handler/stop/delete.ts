import type { CloudFormationCustomResourceDeleteEvent } from 'aws-lambda';
import { cancelOwned, findNewestOwned, findPendingOwned, tasksOf } from './owned';
import { Failure } from '../../../custom-resource/errors';
import { requestDate } from '../../../custom-resource/request-date';
import { LIST_LAG_MS } from '../../../custom-resource/retry';
import type { StackState } from '../../../custom-resource/services';
import { isBeingRemoved, isRollingBack, readStack } from '../../../custom-resource/stack';
import { tagValue } from '../../../custom-resource/tag-value';
import { NOT_STARTED_PREFIX } from '../../contract';
import { valuesTag } from '../compared-values';
import type { Execution } from '../datasync/executions';
import { describeExecution, isExecutionArn, isPending, tagsOf } from '../datasync/executions';
import type { PendingExecution } from '../datasync/find';
import type { TaskExecutionInvocation } from '../invocation';
import { isExecutionRetained } from '../parse';
import { hasMoved, startedInOperation, TOLERANCE_MS } from '../stack';
import { isDuplicate } from '../start/duplicates';

/** CloudFormation waits for every Delete of a cleanup, one after the other, and tries it three times only. */
const CLEANUP_WAIT_MS = 60_000;
/** The Deletes of a cleanup are sent when it begins, with a date to the second. */
const MOVED_MS = 1_000;

/**
 * Cancels what a Delete is about, waits for its end, and leaves everything else alone:
 * - an execution's ARN: that execution, if this resource has started it; once an update has come to a good end, also what is older, and what
 *   another delivery of its request has started beside it;
 * - `not-started:<RequestId>`: what that request has started after all;
 * - an id that CloudFormation made up, because it never got an answer: if an update goes back, what started in this operation or has the
 *   values of what is deleted; otherwise what started before this operation, because the resource may have started something again since;
 * - whatever the id, everything that the resource has started if the stack is deleted, or its creation goes back.
 *
 * With a removal policy that retains, what started before this operation runs on, unless it is what the id names.
 *
 * Nothing but the ARN of the task, the removal policy and the values is read of the properties, and they may be wrong.
 */
export async function remove(run: TaskExecutionInvocation, event: CloudFormationCustomResourceDeleteEvent, owner: string): Promise<void> {
  const { PhysicalResourceId: id, StackId, ResourceProperties, ResponseURL } = event;
  const execution = isExecutionArn(id) ? await describe(run, id) : undefined;
  const known = execution && await isOwned(run, execution, owner) ? [execution] : [];
  await cancelOwned(run, known, 0); // whatever becomes of the rest

  const state = await readStack(run, StackId).catch(error => {
    // Only an id that CloudFormation made up cannot be judged without.
    if (!isExecutionArn(id) && !id.startsWith(NOT_STARTED_PREFIX)) throw error;
    run.log.warn('the stack cannot be read', { reason: (error as Error).message });
    return { status: 'unknown' };
  });
  const retained = isExecutionRetained(ResourceProperties);
  const select = execution && isCleanup(state) && !retained
    ? await olderOrDuplicateOf(run, execution)
    : selectionOf(id, state, requestDate(ResponseURL), retained, valuesTag(ResourceProperties));
  const tasks = tasksOf(id, ResourceProperties);
  const found = select ? await findSelected(run, tasks, owner, select, !execution).catch(async error => {
    // Nobody may ask again: CloudFormation gives a Delete up that has failed. What can be known without the list is cancelled.
    if (error instanceof Failure) await cancelOwned(run, select(await findNewestOwned(run, tasks, owner)), 0);
    throw error;
  }) : [];
  const all = [...known, ...found.filter(({ arn }) => arn !== id)];
  await cancelOwned(run, all, state?.status.includes('CLEANUP') ? CLEANUP_WAIT_MS : undefined);
}

/** An update has come to a good end. */
function isCleanup(state: StackState | undefined): boolean {
  return state?.status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
}

type Selection = (owned: PendingExecution[]) => PendingExecution[];

/** What is older belongs to no deployment any more, and what another delivery of the same request has started never did. */
async function olderOrDuplicateOf(run: TaskExecutionInvocation, { arn, startTime = 0 }: Execution): Promise<Selection> {
  const { request } = await tagsOf(run, arn, startTime);
  return owned => owned.filter(other => other.startTime! < startTime || other.request === request || isDuplicate(other));
}

function selectionOf(
  id: string, state: StackState | undefined, date: number | undefined, retained: boolean, values: string,
): Selection | undefined {
  if (isBeingRemoved(state) && !retained) return owned => owned;
  if (id.startsWith(NOT_STARTED_PREFIX)) {
    const request = tagValue(id.slice(NOT_STARTED_PREFIX.length));
    return owned => owned.filter(({ request: its }) => its === request);
  }
  if (state === undefined || isExecutionArn(id)) return undefined;
  // A late delivery of a Delete of an operation that is over: what there was to cancel was cancelled then.
  if (!state.status.includes('IN_PROGRESS') && isRollingBack(state)) return undefined;
  if (date !== undefined && state.lastUpdatedTime !== undefined && state.lastUpdatedTime > date + TOLERANCE_MS) return undefined;
  if (isRollingBack(state)) {
    // A create that failed in an earlier operation may be deleted only now, when the current execution is that of the retry.
    return owned => owned.filter(({ startTime, values: its }) => startedInOperation(startTime, state) || (its === values && !retained));
  }
  if (state.lastUpdatedTime === undefined || retained) return undefined;
  // In a cleanup this time may be that of the cleanup, and does not tell any more when the operation began.
  const candidates: Selection = state.status.includes('CLEANUP') || hasMoved(state, date, MOVED_MS) ? withoutNewest : owned => owned;
  return owned => candidates(owned).filter(({ startTime }) => !startedInOperation(startTime, state));
}

/** The newest may be what the resource has started since. */
function withoutNewest(owned: PendingExecution[]): PendingExecution[] {
  const newest = Math.max(...owned.map(({ startTime = 0 }) => startTime));
  return owned.filter(({ startTime = 0 }) => startTime < newest);
}

/** What has started a moment ago may not be listed yet: with `again`, a look that finds nothing is repeated. */
async function findSelected(
  run: TaskExecutionInvocation, tasks: string[], owner: string, select: Selection, again: boolean,
): Promise<PendingExecution[]> {
  if (tasks.length === 0) return [];
  const found = select(await findPendingOwned(run, tasks, owner));
  if (found.length > 0 || !again) return found;
  await run.sleep(LIST_LAG_MS);
  return select(await findPendingOwned(run, tasks, owner));
}

function describe(run: TaskExecutionInvocation, arn: string): Promise<Execution | undefined> {
  run.step = `looking whether ${arn} still runs`;
  return describeExecution(run, arn);
}

async function isOwned(run: TaskExecutionInvocation, execution: Execution, owner: string): Promise<boolean> {
  if (!isPending(execution)) return false;
  if ((await tagsOf(run, execution.arn, execution.startTime)).owner === owner) return true;
  run.log.info('left alone: somebody else started it', { execution: execution.arn, status: execution.status });
  return false;
}
