import { CreateAgentCommand } from '@aws-sdk/client-datasync';
import type { CreateAgentCommandOutput } from '@aws-sdk/client-datasync';
import { deleteAgent, findAgents, agentStatus, tagAgent } from './agents';
import type { ActivationInvocation } from './services';
import { callFailed, ErrorKind, errorKindOf, errorText, Failure } from '../../../custom-resource/errors';
import { retrying, RetryPolicy } from '../../../custom-resource/retry';
import { isBeingRemoved, isRollingBack, readStack, WAITS_IN } from '../../../custom-resource/stack';
import type { Poll } from '../../../custom-resource/step';
import { TAG_OWNER, TAG_REQUEST } from '../../../task-execution/contract';
import { ATTRIBUTE_AGENT_ARN, TAG_INSTANCE } from '../contract';
import type { WireAgentProperties } from '../contract';

/** What is waited for: an agent of an instance. It stands in the data of the machine, and the key never does. */
export interface Activation {
  readonly Properties: WireAgentProperties;
  readonly Owner: string;
  readonly Request: string;
  readonly RequestType: string;
  readonly StackId: string;
  readonly Region: string;
}

const PAUSE = 10; // seconds; an instance boots for minutes
/** Kept free between the key, which there is once, and the end of the step. */
const CREATE_TIME_MS = 60_000;

const REPLACE = 'An instance gives its key once: if it has given one before, replace the instance, for example by another id of the Ec2Agent. Otherwise see '
  + 'whether it runs, and whether its security group lets in that of the fetcher on port 80; then deploy again';

/** Makes the agent as soon as the instance gives its key, once, and looks whether it is online. */
export const pollActivation: Poll<ActivationInvocation> = async (run, subject, { last, waited }) => {
  const activation = subject as Activation;
  const { InstanceId, Address, ActivationTimeout } = activation.Properties;
  const timeIsUp = last || waited >= Number(ActivationTimeout);
  const minutes = Math.round(Number(ActivationTimeout) / 60);

  const found = await adopted(run, activation);
  const made = found ?? await activate(run, activation);
  if (typeof made !== 'string') {
    if (!timeIsUp) return PAUSE;
    throw new Failure(`${InstanceId} gave no activation key at http://${Address} within ${minutes} minutes (last: ${made.problem})`, REPLACE);
  }
  const status = await agentStatus(run, made);
  run.step = `waiting for ${made}, which is ${status ?? 'gone'}`;
  if (status === 'ONLINE') return { physicalId: made, data: agentAttributesOf(made) };
  if (!timeIsUp) return PAUSE;
  const { message } = new Failure(
    `${made} was activated and is not online after ${minutes} minutes: it is ${status ?? 'gone'}`,
    'See whether its instance reaches the endpoints of DataSync, which docs/agents.md lists; then deploy again',
  );
  return { physicalId: made, failure: message };
};

export function agentAttributesOf(arn: string): { [attribute: string]: string } {
  return { [ATTRIBUTE_AGENT_ARN]: arn };
}

/** The agent that this resource has made of the instance before, be it for an earlier request. Two of one machine cannot both work: one goes. */
async function adopted(run: ActivationInvocation, { Owner, Request, Properties }: Activation): Promise<string | undefined> {
  const [agent, ...more] = await findAgents(run, Owner, Properties.InstanceId);
  for (const { arn } of more) await deleteAgent(run, arn);
  if (agent && agent.request !== Request) await tagAgent(run, agent.arn, [{ Key: TAG_REQUEST, Value: Request }]);
  return agent?.arn;
}

/** From here on to the agent the key exists in this process only. */
async function activate(run: ActivationInvocation, activation: Activation): Promise<string | { readonly problem: string }> {
  const { Properties: properties, RequestType, StackId } = activation;
  const before = await readStack(run, StackId);
  if (!before || !WAITS_IN[RequestType]?.includes(before.status)) {
    throw new Failure(`No agent was made: the stack is ${before?.status ?? 'gone'}`, 'Look in the events of the stack for the resource that failed first; then deploy again');
  }
  const Url = await urlOf(run, activation);
  run.requireTime(CREATE_TIME_MS);
  run.step = `asking ${properties.InstanceId} for its activation key`;
  const { Key, Problem = 'no answer' } = await retrying(run, 'lambda:InvokeFunction', properties.Fetcher, signal =>
    run.services.fetchKey(properties.Fetcher, { Url }, signal));
  if (Key === undefined) {
    run.log.info('no key yet', { instance: properties.InstanceId, problem: Problem });
    return { problem: Problem };
  }
  const arn = await createAgent(run, activation, Key);
  if (typeof arn !== 'string') return arn;
  run.log.info('the agent was made', { agent: arn, instance: properties.InstanceId });
  const after = await readStack(run, StackId);
  if (isBeingRemoved(after) || isRollingBack(after)) {
    await deleteAgent(run, arn);
    throw new Failure(`The agent was deleted again: the stack is ${after?.status ?? 'gone'}`, 'Look in the events of the stack for the resource that failed first; then deploy again');
  }
  return arn;
}

async function createAgent(run: ActivationInvocation, activation: Activation, ActivationKey: string): Promise<string | { readonly problem: string }> {
  const { Properties: { InstanceId, AgentName, Tags = [], VpcEndpointId, SubnetArn, SecurityGroupArn }, Owner, Request } = activation;
  const command = new CreateAgentCommand({
    ActivationKey,
    AgentName,
    Tags: [...Tags, { Key: TAG_OWNER, Value: Owner }, { Key: TAG_REQUEST, Value: Request }, { Key: TAG_INSTANCE, Value: InstanceId }],
    VpcEndpointId,
    SubnetArns: SubnetArn ? [SubnetArn] : undefined,
    SecurityGroupArns: SecurityGroupArn ? [SecurityGroupArn] : undefined,
  });
  const policy = new RetryPolicy(run, 'datasync:CreateAgent', InstanceId);
  let mayBeThere = false;
  for (;;) {
    run.step = `making an agent of ${InstanceId}`;
    try {
      const { AgentArn }: CreateAgentCommandOutput = await run.attempt(abortSignal => run.services.datasync.send(command, { abortSignal }));
      return AgentArn!;
    } catch (error) {
      mayBeThere ||= errorKindOf(error) === ErrorKind.UNCLEAR;
      const refused = errorKindOf(error) === ErrorKind.REFUSED;
      if (refused && !mayBeThere) throw callFailed('datasync:CreateAgent', InstanceId, error, 'Its key is used up: correct what the text names, and replace the instance');
      if (refused) return { problem: errorText(error) }; // an earlier attempt may have used the key: the next steps look for its agent
      await policy.wait(error);
      const existing = mayBeThere ? await adopted(run, activation) : undefined;
      if (existing) return existing;
    }
  }
}

/** Port 80 of the instance, with what the key shall say. */
async function urlOf(
  run: ActivationInvocation, { Properties: { Address, EndpointType, VpcEndpointId, InstanceSubnetId }, Region }: Activation,
): Promise<string> {
  const query = new URLSearchParams({ gatewayType: 'SYNC', activationRegion: Region });
  if (EndpointType !== 'PUBLIC') query.set('endpointType', EndpointType);
  if (VpcEndpointId) {
    run.step = `looking for the address of ${VpcEndpointId}`;
    const interfaces = await retrying(run, 'ec2:DescribeVpcEndpoints', VpcEndpointId, signal => run.services.endpointInterfaces(VpcEndpointId, signal));
    const { address } = interfaces.find(({ subnetId }) => subnetId === InstanceSubnetId) ?? interfaces[0] ?? {};
    if (!address) throw new Failure(`${VpcEndpointId} has no network interface with an address`, 'See whether it is available; then deploy again');
    query.set('privateLinkEndpoint', address);
  }
  return `http://${Address}/?${query}&no_redirect`;
}
