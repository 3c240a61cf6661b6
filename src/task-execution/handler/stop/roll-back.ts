import type { CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import { cancelForGood } from './cancel';
import { findPendingOwned, tasksOf } from './owned';
import { requestDate } from '../../../custom-resource/request-date';
import { LIST_LAG_MS } from '../../../custom-resource/retry';
import type { StackState } from '../../../custom-resource/services';
import { valuesTag } from '../compared-values';
import { describeExecution, listExecutions, tagsOf, taskOf } from '../datasync/executions';
import type { PendingExecution } from '../datasync/find';
import type { TaskExecutionInvocation } from '../invocation';
import { hasMoved, startedInOperation } from '../stack';

/** A rollback goes on without the end of what it cancels. */
const ROLLBACK_WAIT_MS = 60_000;
/**
 * The Updates of a rollback are sent soon after it begins, but one after the other where a start comes after another: each may take what it waits
 * for the end of what it cancels, and more while calls fail.
 */
const MOVED_MS = 10 * 60_000;
/** A request that is older was delivered late. */
const PROMPT_MS = 10_000;

/**
 * An Update in the rollback of a stack: starts nothing, and fails for no wrong property. What the Update that it undoes has started, answered
 * or not, is cancelled.
 *
 * @returns the physical id: the one that came in; or, if that was cancelled or is none of this task, the execution in progress that the stack
 * goes back to, if there is one
 */
export async function rollBack(
  run: TaskExecutionInvocation, event: CloudFormationCustomResourceUpdateEvent, owner: string, request: string, state: StackState,
): Promise<string> {
  const { PhysicalResourceId: id, ResourceProperties: back, OldResourceProperties: undone } = event;
  const tasks = tasksOf(id, back, undone);
  const [values, undoneValues] = [valuesTag(back), valuesTag(undone)];
  // Only in this status is an Update one of the rollback. In any other it is a late delivery of one that went forward.
  const isRollback = state.status === 'UPDATE_ROLLBACK_IN_PROGRESS';
  // If this time has moved on with the rollback, it does not tell any more when the operation began.
  const date = requestDate(event.ResponseURL);
  const moved = hasMoved(state, date, MOVED_MS);
  const isPrompt = date !== undefined && run.services.now() - date < PROMPT_MS;
  // With RunOn.CREATE what the stack goes back to can have older values: those that changed have started nothing.
  const isCurrent = ({ arn, status, values: its }: PendingExecution) =>
    (its === values || back.RunOn === 'CREATE') && taskOf(arn) === back.TaskArn && status !== 'CANCELLING';
  let hasComeBack = false;
  const isTakenBack = (execution: PendingExecution, _: number, all: PendingExecution[]) => {
    // The execution that comes in may be the one to go back to, if this is a late delivery: then it is older than this operation.
    const isNew = startedInOperation(execution.startTime, state);
    if (execution.request === request) return isNew;
    const differs = execution.values !== values || taskOf(execution.arn) !== back.TaskArn;
    const isUndone = execution.values === undoneValues && taskOf(execution.arn) === undone?.TaskArn;
    // Of a late delivery of the Update that is undone, the execution that comes in is the older one, and stays.
    const isOlder = all.every(other => !isCurrent(other) || other.startTime! >= execution.startTime!);
    return isRollback && differs && (isNew || (moved && isUndone && !(execution.arn === id && isOlder && !hasComeBack)));
  };
  let pending = await findPendingOwned(run, tasks, owner);
  const incoming = pending.find(({ arn }) => arn === id);
  if (isRollback && moved && isPrompt && incoming && !pending.some(isTakenBack) && !pending.some(isCurrent)) {
    hasComeBack = await hasRunBefore(run, String(back.TaskArn), owner, values, incoming);
  }
  if (isRollback && !pending.some(isTakenBack)) {
    // What the request that was given up has started a moment ago is not in every list yet.
    await run.sleep(LIST_LAG_MS);
    pending = await findPendingOwned(run, tasks, owner);
  }
  const takenBack = pending.filter(isTakenBack);
  await cancelForGood(run, takenBack, ROLLBACK_WAIT_MS);

  if (!isRollback) return id;
  // What the stack goes back to may still be in progress. CloudFormation has to hold its id, or nobody would ever end it.
  const current = pending.find(execution => isCurrent(execution) && !takenBack.includes(execution));
  if (!current || current.arn === id) return id;
  const isGone = taskOf(id) !== back.TaskArn || takenBack.some(({ arn }) => arn === id);
  const hasEnded = !pending.some(({ arn }) => arn === id);
  return isGone || (hasEnded && (await tagsOf(run, id, 0)).values === undoneValues && undoneValues !== values) ? current.arn : id;
}

/**
 * Whether what the stack goes back to ran, and ended, before the execution that comes in: then that one belongs to the Update that is undone.
 * Otherwise it may be the one to go back to, and this a late delivery of that Update.
 */
async function hasRunBefore(
  run: TaskExecutionInvocation, taskArn: string, owner: string, values: string, incoming: PendingExecution,
): Promise<boolean> {
  run.step = `looking for what ran before ${incoming.arn}`;
  for (const { arn } of await listExecutions(run, taskArn)) {
    if (arn === incoming.arn) continue;
    const tags = await tagsOf(run, arn, 0);
    if (tags.owner !== owner || tags.values !== values) continue;
    const execution = await describeExecution(run, arn);
    if (execution && execution.startTime! < incoming.startTime!) return true;
  }
  return false;
}
