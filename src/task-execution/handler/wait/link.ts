import type {
  CloudFormationCustomResourceCreateEvent, CloudFormationCustomResourceEvent, CloudFormationCustomResourceUpdateEvent,
} from 'aws-lambda';
import { executionAttributesOf } from './outcome';
import { pollExecution } from './poll-execution';
import type { WaitedExecution } from './poll-execution';
import { stopWaitsOf } from './stop-waits';
import { Failure } from '../../../custom-resource/errors';
import type { Answer } from '../../../custom-resource/respond';
import type { StackState } from '../../../custom-resource/services';
import { isRollingBack, readStack } from '../../../custom-resource/stack';
import { beginWait, isHandedOver } from '../../../custom-resource/state-machine';
import { tagValue } from '../../../custom-resource/tag-value';
import { canonical } from '../../normal-form';
import { answerTo, staysAfterFailure } from '../answer';
import type { Done } from '../answer';
import { describeExecution } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';
import { parseLink } from '../parse';

type ForwardEvent = CloudFormationCustomResourceCreateEvent | CloudFormationCustomResourceUpdateEvent;

/**
 * One event of a link of a long wait: waits for the end of the execution that its properties name, as long as one link does. It starts nothing
 * and, but for an execution whose time is up, cancels nothing.
 *
 * @returns the answer; undefined if it is for the machine to answer
 */
export function answerLink(
  run: TaskExecutionInvocation, event: CloudFormationCustomResourceEvent, waiter: string | undefined,
): Promise<Answer | undefined> {
  // There is nothing behind a link, so that its id never changes.
  const id = event.RequestType === 'Create' ? event.LogicalResourceId : event.PhysicalResourceId;
  let state: StackState | undefined;
  const act = async (): Promise<Done> => {
    if (event.RequestType === 'Delete') {
      await stopWaitsOf(run, event);
      return { id };
    }
    state = await readStack(run, event.StackId);
    if (event.RequestType === 'Update' && isRollingBack(state)) {
      await stopWaitsOf(run, event);
      return { id, data: await executionAttributesOf(run, String(event.ResourceProperties.TaskExecutionArn)) };
    }
    return { id, data: await waitOrTell(run, event, waiter, id, staysAfterFailure(event.RequestType, state)) };
  };
  return answerTo(run, event, act, () => ({ id, logStays: staysAfterFailure(event.RequestType, state) }));
}

/**
 * Whether only how long to wait has changed. If nothing has, CloudFormation repeats an Update that failed or was given up, and that after
 * `--no-rollback` it may compare with itself.
 */
function isOnlyHowLong({ ResourceProperties: now, OldResourceProperties: before }: CloudFormationCustomResourceUpdateEvent): boolean {
  return now.TaskExecutionArn === before.TaskExecutionArn && canonical(now) !== canonical(before);
}

/** The attributes, if there is nothing to wait for. */
async function waitOrTell(
  run: TaskExecutionInvocation, event: ForwardEvent, waiter: string | undefined, id: string, stackStays: boolean,
): Promise<Done['data']> {
  const { taskExecutionArn: arn, start, completion, hasNext } = parseLink(event.ResourceProperties);
  if (!waiter) throw new Failure('The property Waiter must be the ARN of a state machine', 'Correct what overrides it');
  if (await isHandedOver(run, waiter, event)) {
    run.isHandedOver = true;
    return undefined;
  }
  // Of what the service has forgotten, nothing can be waited for.
  const isKnown = event.RequestType === 'Update' && isOnlyHowLong(event);
  if (isKnown || !await describeExecution(run, arn)) return executionAttributesOf(run, arn);

  const subject: WaitedExecution = { TaskExecutionArn: arn, Owner: tagValue(`${event.StackId}/${start}`), ...completion, Link: { HasNext: hasNext } };
  const seen = await pollExecution(run, subject, { steps: 0, last: false, waited: 0, stackStays });
  if (typeof seen === 'object') return seen.data;
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  await beginWait(run, waiter, {
    RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId: id, LogStays: stackStays, Subject: subject,
  });
  run.isHandedOver = true;
  return undefined;
}
