/** An agent on an instance, deployed to the local stack: the instance is a machine of the emulator, CloudFormation, Lambda and Step Functions are MiniStack's. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSyncClient, DescribeAgentCommand, ListAgentsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-datasync';
import { App, CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Completion, Ec2Agent, NfsLocation, S3Location, Task, TaskExecution } from '../../src';
import { TestLocalStack } from '../support/local-stack';

let local: TestLocalStack;
let datasync: DataSyncClient;
beforeAll(async () => {
  local = await TestLocalStack.start();
  datasync = new DataSyncClient(local.datasync);
});
afterAll(async () => {
  datasync?.destroy();
  await local?.close();
});

/** A copy from a file server that an agent of the stack's own reaches. */
function assembly(name: string, { agentName, team, instance = 'Agent' }: { agentName: string; team: string; instance?: string }): string {
  const app = new App({ outdir: join(local.folder, name) });
  const stack = new Stack(app, 'Reader');
  const agent = new Ec2Agent(stack, instance, { vpc: new Vpc(stack, 'Vpc', { natGateways: 1 }), agentName });
  Tags.of(stack).add('team', team);
  const task = new Task(stack, 'Task', {
    source: new NfsLocation(stack, 'Share', { serverHostname: 'fileserver.example.com', subdirectory: '/export', agents: [agent] }),
    destination: new S3Location(stack, 'Copies', { bucket: new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }) }),
  });
  const seed = new TaskExecution(stack, 'Seed', { task, completion: Completion.succeeded() });
  const outputs = { AgentArn: agent.agentArn, Status: seed.status, Bytes: seed.bytesTransferred };
  for (const [id, value] of Object.entries(outputs)) new CfnOutput(stack, id, { value });
  return app.synth().directory;
}

const agents = async () => (await datasync.send(new ListAgentsCommand())).Agents!.map(({ AgentArn }) => AgentArn);
const tagsOf = async (ResourceArn: string) =>
  Object.fromEntries((await datasync.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags!.map(({ Key, Value }) => [Key, Value]));

test('an agent is launched, activated and online in one deployment, copies, stays in updates, goes with its instance and with its stack', async () => {
  const folder = join(local.root, 'nfs', 'fileserver.example.com', 'export');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'one.txt'), 'first');

  const { Reader: created } = await local.deploy(assembly('one', { agentName: 'First', team: 'storage' }));
  expect(created).toMatchObject({ AgentArn: expect.stringMatching(/:agent\/agent-/), Status: 'SUCCESS', Bytes: '5' });
  expect(await datasync.send(new DescribeAgentCommand({ AgentArn: created.AgentArn }))).toMatchObject({ Name: 'First', Status: 'ONLINE', EndpointType: 'PUBLIC' });
  expect(await tagsOf(created.AgentArn)).toMatchObject({ 'team': 'storage', 'cdk-datasync:instance-id': expect.stringMatching(/^i-[0-9a-f]{17}$/) });

  const { Reader: updated } = await local.deploy(assembly('two', { agentName: 'Second', team: 'research' }));
  expect(updated.AgentArn).toBe(created.AgentArn);
  expect((await datasync.send(new DescribeAgentCommand({ AgentArn: updated.AgentArn }))).Name).toBe('Second');
  expect(await tagsOf(updated.AgentArn)).toMatchObject({ team: 'research' });

  const { Reader: replaced } = await local.deploy(assembly('three', { agentName: 'Second', team: 'research', instance: 'Other' }));
  expect(replaced.AgentArn).not.toBe(created.AgentArn);
  expect(await agents()).toEqual([replaced.AgentArn]);

  await local.destroy(join(local.folder, 'three'));
  expect(await agents()).toEqual([]);
});
