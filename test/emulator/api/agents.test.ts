import type { CreateAgentCommandInput } from '@aws-sdk/client-datasync';
import {
  CreateAgentCommand, CreateLocationNfsCommand, CreateTaskCommand, DeleteAgentCommand, DeleteLocationCommand,
  DescribeAgentCommand, DescribeTaskCommand, ListAgentsCommand, ListTagsForResourceCommand, paginateListAgents, StartTaskExecutionCommand,
  TagResourceCommand, UpdateAgentCommand,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { createEfsLocation, createNfsToEfsTask } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator(); });
afterEach(() => emulator.close());

const ActivationKey = 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH';
const VPC = {
  VpcEndpointId: 'vpce-0123456789abcdef0',
  SubnetArns: ['arn:aws:ec2:us-east-1:000000000000:subnet/subnet-0123456789abcdef0'],
  SecurityGroupArns: ['arn:aws:ec2:us-east-1:000000000000:security-group/sg-0123456789abcdef0'],
};

async function create(input: Partial<CreateAgentCommandInput> = {}): Promise<string> {
  return (await emulator.client.send(new CreateAgentCommand({ ActivationKey, ...input }))).AgentArn!;
}

const describeAgent = (AgentArn: string) => emulator.client.send(new DescribeAgentCommand({ AgentArn }));

test('an agent is online from the start', async () => {
  const before = Date.now();
  const arn = await create({ AgentName: 'Basement', Tags: [{ Key: 'floor', Value: '-1' }] });
  expect(arn).toMatch(/^arn:aws:datasync:us-east-1:000000000000:agent\/agent-[0-9a-f]{17}$/);
  const agent = await describeAgent(arn);
  expect(agent).toMatchObject({ AgentArn: arn, Name: 'Basement', Status: 'ONLINE', EndpointType: 'PUBLIC', CreationTime: expect.any(Date) });
  expect(agent.PrivateLinkConfig).toBeUndefined();
  expect(agent.LastConnectionTime!.getTime()).toBeGreaterThanOrEqual(before);
  expect((await emulator.client.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toEqual([{ Key: 'floor', Value: '-1' }]);
});

test('one that is reached through a VPC endpoint says so', async () => {
  expect(await describeAgent(await create(VPC))).toMatchObject({ EndpointType: 'PRIVATE_LINK', PrivateLinkConfig: VPC });
});

test.each<[string, Partial<CreateAgentCommandInput>, string]>([
  ['a key of another form', { ActivationKey: 'F0EFT-7FPPR' }, "Value 'F0EFT-7FPPR' at 'ActivationKey' failed to satisfy constraint: Member must satisfy regular"],
  ['no key', { ActivationKey: undefined }, "Value null at 'ActivationKey'"],
  ['half a VPC', { VpcEndpointId: VPC.VpcEndpointId }, 'VpcEndpointId, SubnetArns, SecurityGroupArns go together, SubnetArns and SecurityGroupArns is missing.'],
  ['two subnets', { ...VPC, SubnetArns: [...VPC.SubnetArns, ...VPC.SubnetArns] }, "at 'SubnetArns' failed to satisfy constraint: Member must have length less"],
])('%s is refused', async (_, input, message) => {
  await expect(create(input)).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
  expect((await emulator.client.send(new ListAgentsCommand())).Agents).toEqual([]);
});

test('only the name can be changed', async () => {
  const arn = await create({ AgentName: 'before' });
  await emulator.client.send(new UpdateAgentCommand({ AgentArn: arn }));
  expect((await describeAgent(arn)).Name).toBe('before');
  await emulator.client.send(new UpdateAgentCommand({ AgentArn: arn, Name: 'after' }));
  expect((await describeAgent(arn)).Name).toBe('after');
});

test('the list is ordered by ARN, page by page, and ends at the Region', async () => {
  const arns = [await create({ AgentName: 'a' }), await create(), await create()];
  const seen: unknown[] = [];
  for await (const { Agents } of paginateListAgents({ client: emulator.client, pageSize: 2 }, {})) seen.push(...Agents!);
  expect(seen).toEqual(arns.sort().map((AgentArn, index) => ({ AgentArn, Status: 'ONLINE', ...(index === 0 && { Name: 'a' }) })));
  expect((await emulator.clientOf({ region: 'eu-west-1' }).send(new ListAgentsCommand())).Agents).toEqual([]);
});

test('an agent that a location uses cannot be deleted', async () => {
  const arn = await create();
  const { LocationArn } = await emulator.client.send(new CreateLocationNfsCommand({
    ServerHostname: 'fileserver', Subdirectory: '/a', OnPremConfig: { AgentArns: [AGENT_ARN, arn] },
  }));
  await expect(emulator.client.send(new DeleteAgentCommand({ AgentArn: arn })))
    .rejects.toThrow(`Agent ${arn} is in-use by these location(s): ${LocationArn}. Delete the locations first.`);
  await emulator.client.send(new DeleteLocationCommand({ LocationArn }));
  await emulator.client.send(new DeleteAgentCommand({ AgentArn: arn }));
  for (const Command of [DescribeAgentCommand, DeleteAgentCommand, UpdateAgentCommand]) {
    await expect(emulator.client.send(new Command({ AgentArn: arn }) as DeleteAgentCommand)).rejects.toThrow(`Agent ${arn} does not exist.`);
  }
  await expect(emulator.client.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'a', Value: 'b' }] }))).rejects.toThrow('does not exist.');
});

test.each<[string, () => Promise<string>]>([
  ['that was created', () => create()], ['that only the location names', async () => AGENT_ARN],
])('a task waits for an agent %s to come online again', async (_, agentOf) => {
  const agent = await agentOf();
  const { task } = await createNfsToEfsTask(emulator, {}, [agent]);
  const { TaskArn: other } = await emulator.client.send(new CreateTaskCommand({
    SourceLocationArn: await createEfsLocation(emulator.client), DestinationLocationArn: await createEfsLocation(emulator.client),
  }));
  emulator.events.length = 0;
  emulator.setAgentStatus(agent, 'OFFLINE');
  emulator.setAgentStatus(agent, 'OFFLINE');
  expect(await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({
    Status: 'UNAVAILABLE', ErrorCode: 'AgentOffline', ErrorDetail: `Agent ${agent.split('/')[1]} of the task is offline.`,
  });
  expect((await emulator.client.send(new DescribeTaskCommand({ TaskArn: other }))).Status).toBe('AVAILABLE');
  await expect(emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task })))
    .rejects.toThrow(`Sync task ${task} cannot be started in its current status: UNAVAILABLE`);

  emulator.setAgentStatus(agent, 'ONLINE');
  expect(emulator.events.map(({ 'detail-type': type, 'resources': [arn], detail }) => [type, arn, detail.State])).toEqual([
    ['DataSync Agent State Change', agent, 'OFFLINE'],
    ['DataSync Task State Change', task, 'UNAVAILABLE'],
    ['DataSync Agent State Change', agent, 'ONLINE'],
    ['DataSync Task State Change', task, 'AVAILABLE'],
  ]);
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  expect((await finished(emulator.client, TaskExecutionArn)).Status).toBe('SUCCESS');
});

test('an agent that is offline was seen when it went', async () => {
  const arn = await create();
  emulator.setAgentStatus(arn, 'OFFLINE');
  const { Status, LastConnectionTime } = await describeAgent(arn);
  expect(Status).toBe('OFFLINE');
  expect((await describeAgent(arn)).LastConnectionTime).toEqual(LastConnectionTime);
  expect((await emulator.client.send(new ListAgentsCommand())).Agents).toEqual([{ AgentArn: arn, Status: 'OFFLINE' }]);
});
