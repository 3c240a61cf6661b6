import type { CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import { OnTimeout } from '../../on-timeout';
import { RunOn } from '../../run-on';
import { haveChanged, valuesTag } from '../compared-values';
import { describeExecution, isExecutionArn, isPending, tagsOf, taskOf } from '../datasync/executions';
import type { Execution } from '../datasync/executions';
import { findExecutions } from '../datasync/find';
import type { Identity } from '../identity';
import type { TaskExecutionInvocation } from '../invocation';

/** Why an Update starts something, and why it does not. */
export interface Decision {
  readonly start: boolean;
  readonly reason: string;
}

/**
 * Whether an Update that goes forward asks for another execution than the one that came in.
 *
 * @param isWaitedFor whether a deployment is to succeed only if its execution does
 */
export async function decide(
  run: TaskExecutionInvocation, event: CloudFormationCustomResourceUpdateEvent, runOn: RunOn, identity: Identity, isWaitedFor: boolean,
): Promise<Decision> {
  const { PhysicalResourceId: id, ResourceProperties: now, OldResourceProperties: before } = event;
  if (!isExecutionArn(id)) return { start: true, reason: 'nothing has been started for this resource yet' };
  const last = await describeExecution(run, id);
  const changed = runOn === RunOn.EVERY_DEPLOYMENT || (runOn === RunOn.CHANGE && haveChanged(now, before));
  if (changed && !await hasValues(run, last, valuesTag(now))) return { start: true, reason: 'what is to be transferred has changed' };
  // After a deployment that failed for it, CloudFormation may hold its id, and has to be told no success of it.
  if (changed && isWaitedFor && hasFailed(last)) return { start: true, reason: 'the last execution with these values has failed' };
  if (isWaitedFor && wasWaitedForToItsEnd(before) && hasFailed(last) && await hasValues(run, last, valuesTag(now))) {
    return { start: true, reason: 'the last execution has failed, and with it the deployment that CloudFormation repeats' };
  }
  if (taskOf(id) !== now.TaskArn) {
    if (last && isPending(last)) return { start: true, reason: 'the task was replaced while its execution is in progress' };
    // It may have been in progress when an earlier delivery looked.
    if ((await findExecutions(run, now.TaskArn, identity)).started) return { start: true, reason: 'an earlier delivery has started the new task' };
  }
  return { start: false, reason: changed ? 'the last execution was started with these values' : 'nothing that runOn listens to has changed' };
}

/**
 * Whether CloudFormation was told no success of an execution unless it has succeeded. After `--no-rollback` it may compare with what it asked for
 * in vain, and so with the same properties.
 */
function wasWaitedForToItsEnd(before: { readonly [name: string]: unknown }): boolean {
  return before.Waiter !== undefined && before.OnTimeout === OnTimeout.CANCEL;
}

function hasFailed(execution: Execution | undefined): boolean {
  return execution?.status === 'ERROR' || execution?.status === 'CANCELLING';
}

/** Whether an execution transfers, or has transferred, exactly these values. What CloudFormation remembers may be something else. */
async function hasValues(run: TaskExecutionInvocation, execution: Execution | undefined, values: string): Promise<boolean> {
  return execution !== undefined && (await tagsOf(run, execution.arn, execution.startTime)).values === values;
}
