import type {
  CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceEvent, CloudFormationCustomResourceUpdateEvent,
} from 'aws-lambda';
import { agentAttributesOf, pollActivation } from './activate';
import type { Activation } from './activate';
import { deleteAgent, findAgents, isAgentArn, renameAgent, tagAgent, untagAgent } from './agents';
import type { OwnAgent } from './agents';
import { ActivationInvocation } from './services';
import type { Services } from './services';
import { errorText, Failure } from '../../../custom-resource/errors';
import { explain, whereTheLogIs } from '../../../custom-resource/explain';
import type { InvocationContext } from '../../../custom-resource/invocation';
import { requestDate } from '../../../custom-resource/request-date';
import { deliver, fitReason } from '../../../custom-resource/respond';
import { LIST_LAG_MS } from '../../../custom-resource/retry';
import { isBeingRemoved, isRollingBack, readStack } from '../../../custom-resource/stack';
import { beginWait, isHandedOver, stopWait, stopWaits } from '../../../custom-resource/state-machine';
import { STEP_TIME_MS, takeStep } from '../../../custom-resource/step';
import type { WaitOutcome } from '../../../custom-resource/step';
import { tagValue } from '../../../custom-resource/tag-value';
import { STEP_TIMEOUT, WAITED_SERVICE_TIMEOUT } from '../../../custom-resource/waiter/contract';
import type { WaitProgress, WaitStep } from '../../../custom-resource/waiter/contract';
import { NOT_ACTIVATED_PREFIX } from '../contract';
import type { WireAgentProperties } from '../contract';

/** It is for the machine to answer. */
const HANDED_OVER = 'handed over';

/** What can be changed of an agent only by making another one, which takes another instance. */
const CREATE_ONLY = ['EndpointType', 'VpcEndpointId', 'SubnetArn', 'SecurityGroupArn'] as const;

/** One event of the custom resource: does what it asks for and answers CloudFormation, once and in time, or leaves both to the machine. */
export async function handleEvent(event: CloudFormationCustomResourceEvent, context: InvocationContext, services: Services): Promise<void> {
  const date = requestDate(event.ResponseURL);
  const run = new ActivationInvocation(services, context, date === undefined ? undefined : date + WAITED_SERVICE_TIMEOUT * 1000);
  const { RequestType, RequestId, StackId, LogicalResourceId } = event;
  run.log.info('event', { type: RequestType, request: RequestId, stack: StackId, logicalId: LogicalResourceId, physicalId: idOf(event) });
  if (run.timeLeft <= 0) {
    run.log.warn('nothing is done: CloudFormation has given up this request, and nobody waits for its answer', { request: RequestId });
    return;
  }
  const outcome = await run.onTime(() => act(run, event)).catch((error: unknown): WaitOutcome => ({ failure: explain(run, error) }));
  if (outcome === HANDED_OVER) {
    run.log.info('no answer yet: the agent is waited for', { request: RequestId });
    return;
  }
  const { failure, data, physicalId } = outcome;
  const answer = {
    Status: failure === undefined ? 'SUCCESS' as const : 'FAILED' as const,
    Reason: failure === undefined ? undefined : fitReason(failure, RequestType === 'Create' ? undefined : whereTheLogIs(context)),
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId: physicalId ?? failedId(run, event),
    Data: failure === undefined ? data : undefined,
  };
  run.log.info('answer', { status: answer.Status, physicalId: answer.PhysicalResourceId, reason: answer.Reason });
  await deliver(run, event.ResponseURL, answer);
}

/** One step of the wait for an agent. */
export async function handleStep(step: WaitStep, context: InvocationContext, services: Services): Promise<WaitProgress> {
  return takeStep(new ActivationInvocation(services, context, services.now() + STEP_TIME_MS), step, pollActivation);
}

async function act(run: ActivationInvocation, event: CloudFormationCustomResourceEvent): Promise<WaitOutcome | typeof HANDED_OVER> {
  const properties = propertiesOf(event);
  switch (event.RequestType) {
    case 'Delete':
      await remove(run, event);
      return { physicalId: event.PhysicalResourceId };
    case 'Update': {
      run.isRollback = isRollingBack(await readStack(run, event.StackId));
      if (run.isRollback) return rollBack(run, event);
      const before = oldPropertiesOf(event);
      if (properties.InstanceId !== before.InstanceId || !isAgentArn(event.PhysicalResourceId)) break;
      const changed = CREATE_ONLY.filter(name => properties[name] !== before[name]);
      if (changed.length > 0) {
        throw new Failure(`${changed.join(', ')} cannot be changed: an agent keeps the endpoint that its instance was activated for`,
          'Replace the instance, for example by another id of the Ec2Agent');
      }
      return change(run, event.PhysicalResourceId, before, properties);
    }
  }
  if (!await isHandedOver(run, properties.Waiter, event)) await begin(run, event, properties);
  return HANDED_OVER;
}

async function begin(run: ActivationInvocation, event: CloudFormationCustomResourceEvent, properties: WireAgentProperties): Promise<void> {
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  const subject: Activation = {
    Properties: properties, Owner: ownerOf(event), Request: tagValue(RequestId), RequestType, StackId, Region: StackId.split(':')[3],
  };
  await beginWait(run, properties.Waiter, {
    RequestType,
    ResponseURL,
    StackId,
    RequestId,
    LogicalResourceId,
    PhysicalResourceId: notActivated(event),
    LogStays: RequestType === 'Update',
    Subject: subject,
  });
}

/** Name and tags are changed in place. */
async function change(run: ActivationInvocation, arn: string, before: WireAgentProperties, after: WireAgentProperties): Promise<WaitOutcome> {
  if (after.AgentName && after.AgentName !== before.AgentName) await renameAgent(run, arn, after.AgentName);
  const { Tags: old = [] } = before;
  const { Tags: tags = [] } = after;
  const removed = old.map(({ Key }) => Key).filter(key => !tags.some(({ Key }) => Key === key));
  const set = tags.filter(({ Key, Value }) => !old.some(other => other.Key === Key && other.Value === Value));
  if (removed.length > 0) await untagAgent(run, arn, removed);
  if (set.length > 0) await tagAgent(run, arn, set);
  return { physicalId: arn, data: agentAttributesOf(arn) };
}

/**
 * Goes back: makes nothing, and gives the agent of the instance that was there before. What the update has made and nobody was told of goes; what
 * CloudFormation knows, it deletes itself, after its locations have gone back.
 */
async function rollBack(run: ActivationInvocation, event: CloudFormationCustomResourceUpdateEvent): Promise<WaitOutcome> {
  const { PhysicalResourceId: id } = event;
  const [undone, restored] = [oldPropertiesOf(event), propertiesOf(event)];
  await stopAllWaits(run, event, [undone.Waiter, restored.Waiter]);
  const owner = ownerOf(event);
  if (undone.InstanceId === restored.InstanceId) {
    if (!isAgentArn(id)) return { physicalId: id };
    return change(run, id, undone, restored).catch((error: unknown): WaitOutcome => {
      run.log.warn('not everything could be put back', { agent: id, reason: errorText(error) });
      return { physicalId: id, data: agentAttributesOf(id) };
    });
  }
  for (const { arn } of await lookTwice(run, () => findAgents(run, owner, undone.InstanceId))) {
    if (arn !== id) await deleteAgent(run, arn);
  }
  const [agent] = await findAgents(run, owner, restored.InstanceId);
  const physicalId = agent?.arn ?? id;
  return { physicalId, data: isAgentArn(physicalId) ? agentAttributesOf(physicalId) : undefined };
}

/**
 * Deletes what a Delete is about:
 * - an agent's ARN: that agent;
 * - `not-activated:<RequestId>`: what that request has made after all; everything of the instance if the stack goes;
 * - an id that CloudFormation made up, because it never got an answer: everything of the instance if the stack goes or goes back. Otherwise a later
 *   request has taken over what there is.
 */
async function remove(run: ActivationInvocation, event: CloudFormationCustomResourceDeleteEvent): Promise<void> {
  const { PhysicalResourceId: id, LogicalResourceId, StackId } = event;
  if (isAgentArn(id)) return deleteAgent(run, id);
  const { InstanceId, Waiter } = propertiesOf(event);
  const state = await readStack(run, StackId);
  const isOver = isBeingRemoved(state) || isRollingBack(state);
  const RequestId = id.startsWith(NOT_ACTIVATED_PREFIX) ? id.slice(NOT_ACTIVATED_PREFIX.length) : undefined;
  if (isOver) await stopAllWaits(run, event, [Waiter]);
  else if (RequestId !== undefined) await stopWait(run, Waiter, { LogicalResourceId, RequestId });
  else return;

  const found = await lookTwice(run, async () => (await findAgents(run, ownerOf(event), InstanceId))
    .filter(({ request }) => RequestId === undefined || isBeingRemoved(state) || request === tagValue(RequestId)));
  for (const { arn } of found) await deleteAgent(run, arn);
}

/** What was made a moment ago may not be in the first list yet. */
async function lookTwice(run: ActivationInvocation, look: () => Promise<OwnAgent[]>): Promise<OwnAgent[]> {
  const found = await look();
  if (found.length > 0) return found;
  await run.sleep(LIST_LAG_MS);
  return look();
}

/** Stops all waits of the resource. A step that is under way goes on to its end, and may make an agent: it is waited for. */
async function stopAllWaits(run: ActivationInvocation, { LogicalResourceId }: CloudFormationCustomResourceEvent, machines: string[]): Promise<void> {
  let stopped = 0;
  for (const machine of new Set(machines)) stopped += await stopWaits(run, machine, LogicalResourceId);
  run.step = 'waiting for a step that was under way';
  if (stopped > 0) await run.sleep(STEP_TIMEOUT * 1000);
}

/** A failed request has an id of its own, for which CloudFormation sends a Delete; an agent that is there keeps its own. */
function failedId({ isRollback }: ActivationInvocation, event: CloudFormationCustomResourceEvent): string {
  if (event.RequestType === 'Delete' || (event.RequestType === 'Update' && isRollback)) return event.PhysicalResourceId;
  const isKept = event.RequestType === 'Update' && isAgentArn(event.PhysicalResourceId)
    && propertiesOf(event).InstanceId === oldPropertiesOf(event).InstanceId;
  return isKept ? event.PhysicalResourceId : notActivated(event);
}

function notActivated({ RequestId }: CloudFormationCustomResourceEvent): string {
  return `${NOT_ACTIVATED_PREFIX}${RequestId}`;
}

function ownerOf({ StackId, LogicalResourceId }: CloudFormationCustomResourceEvent): string {
  return tagValue(`${StackId}/${LogicalResourceId}`);
}

function propertiesOf({ ResourceProperties }: CloudFormationCustomResourceEvent): WireAgentProperties {
  return ResourceProperties as unknown as WireAgentProperties;
}

function oldPropertiesOf({ OldResourceProperties }: CloudFormationCustomResourceUpdateEvent): WireAgentProperties {
  return OldResourceProperties as unknown as WireAgentProperties;
}

function idOf(event: CloudFormationCustomResourceEvent): string | undefined {
  return 'PhysicalResourceId' in event ? event.PhysicalResourceId : undefined;
}
