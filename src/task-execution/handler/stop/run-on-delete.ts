import type { CloudFormationCustomResourceDeleteEvent } from 'aws-lambda';
import { cancelAll } from './cancel';
import { findPendingOwned, tasksOf } from './owned';
import { Failure } from '../../../custom-resource/errors';
import { requestDate } from '../../../custom-resource/request-date';
import { isBeingDeleted } from '../../../custom-resource/stack';
import { beginWait, isHandedOver } from '../../../custom-resource/state-machine';
import { tagValue } from '../../../custom-resource/tag-value';
import { PURPOSE_ON_DELETE } from '../../contract';
import { IfRunning } from '../../if-running';
import { OnDeleteFailure } from '../../on-delete-failure';
import { isExecutionArn } from '../datasync/executions';
import type { Execution } from '../datasync/executions';
import { findExecutions } from '../datasync/find';
import type { Identity } from '../identity';
import type { TaskExecutionInvocation } from '../invocation';
import { ignoresFailure, parseRunOnDelete, parseStart, runsOnDelete } from '../parse';
import type { StartRequest } from '../parse';
import { DeletionGuard } from '../stack';
import { startOnce } from '../start/start';
import type { RunOnDelete } from '../wait/poll-run-on-delete';

/** So long a run that has ended counts for a deletion that is tried again. One that has not ended always does. */
const COUNTS_MS = 7 * 24 * 3_600_000;

/**
 * Runs the task once more before a stack is deleted, if the properties ask for it, and hands the request over to the machine, which answers it at
 * the end of the run.
 *
 * CloudFormation deletes executions for many reasons, so this one has to be sure: the Delete is that of an execution's ARN, and the stack is being
 * deleted, not rolled back. A Delete that comes again finds the run of the one before by its tags.
 *
 * @returns whether there is such a run; otherwise the Delete is like any other
 */
export async function runOnDelete(run: TaskExecutionInvocation, event: CloudFormationCustomResourceDeleteEvent, owner: string): Promise<boolean> {
  const { PhysicalResourceId: id, ResourceProperties: properties, StackId } = event;
  if (!runsOnDelete(properties) || !isExecutionArn(id)) return false;
  if (!await isToBeDeleted(run, event)) {
    run.log.info('the task is not run: its stack is not being deleted');
    return false;
  }
  const { waiter, timeout, onFailure } = parseRunOnDelete(properties);
  if (await isHandedOver(run, waiter, event)) {
    run.isHandedOver = true;
    return true;
  }
  await cancelAll(run, await findPendingOwned(run, tasksOf(id, properties), owner), 0);
  run.isFailureIgnored = onFailure === OnDeleteFailure.IGNORE; // what is in progress is cancelled in any case
  try {
    const arn = await start(run, event, owner);
    const { RequestType, ResponseURL, RequestId, LogicalResourceId } = event;
    const subject: RunOnDelete = { TaskExecutionArn: arn, Timeout: timeout, OnFailure: onFailure };
    await beginWait(run, waiter, {
      RequestType,
      ResponseURL,
      StackId,
      RequestId,
      LogicalResourceId,
      PhysicalResourceId: id,
      Subject: subject,
      LogStays: true,
      IsFailureIgnored: onFailure === OnDeleteFailure.IGNORE,
    });
  } catch (error) {
    // The task is deleted next.
    if (run.isFailureIgnored && run.execution) await cancelAll(run, [{ arn: run.execution }], 0);
    throw error;
  }
  run.isHandedOver = true;
  return true;
}

/** Where the failure of a run does not matter, neither does that nobody knows whether there should be one. */
async function isToBeDeleted(
  run: TaskExecutionInvocation, { StackId, ResourceProperties }: CloudFormationCustomResourceDeleteEvent,
): Promise<boolean> {
  try {
    return await isBeingDeleted(run, StackId);
  } catch (error) {
    if (!(error instanceof Failure) || !ignoresFailure(ResourceProperties)) throw error;
    run.log.warn('ignored, as onFailure says', { reason: error.message });
    return false;
  }
}

/** Starts the run, or takes that of an earlier Delete, unless it has failed. */
async function start(run: TaskExecutionInvocation, event: CloudFormationCustomResourceDeleteEvent, owner: string): Promise<string> {
  const { StackId, LogicalResourceId, ResourceProperties, ResponseURL } = event;
  const given = parseStart(ResourceProperties);
  // What somebody else has begun before the deletion need not transfer all that there is by now.
  const request: StartRequest = { ...given, ifRunning: given.ifRunning === IfRunning.WAIT ? IfRunning.WAIT : IfRunning.QUEUE };
  const date = requestDate(ResponseURL);
  for (let attempt = 1; ; attempt++) {
    const identity: Identity = {
      owner,
      request: tagValue(`${StackId}/${LogicalResourceId}/${PURPOSE_ON_DELETE}/${attempt}`),
      notBefore: run.services.now() - COUNTS_MS,
      purpose: PURPOSE_ON_DELETE,
    };
    const { started } = await findExecutions(run, request.taskArn, identity);
    if (!started || !hasFailedBefore(started, date)) {
      return startOnce(run, request, identity, { guard: new DeletionGuard(run, StackId), date, retained: false });
    }
    run.log.info('the run of an earlier Delete has failed', { execution: started.arn, status: started.status });
  }
}

/** Whether a run came to nothing before this Delete was sent. */
function hasFailedBefore({ status, startTime = 0 }: Execution, date: number | undefined): boolean {
  return (status === 'ERROR' || status === 'CANCELLING') && !(date !== undefined && startTime >= date);
}
