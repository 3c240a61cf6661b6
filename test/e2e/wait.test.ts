/** A custom resource of the tests that waits, deployed to the local stack: CloudFormation, Lambda and Step Functions are MiniStack's. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { bundleLikeTheHandler } from '../../bench/handler/bundle';
import { callAws } from '../../emulator/local-services/aws-call';
import { Agent, Completion, NfsLocation, S3Location, Task, TaskExecution } from '../../src';
import { Waiter } from '../../src/custom-resource/waiter/waiter';
import { TestLocalStack } from '../support/local-stack';

const MINUTE = 60_000;
const AGENT_ARN = 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0';
const code = mkdtempSync(join(tmpdir(), 'slow-function-'));
let local: TestLocalStack;

beforeAll(async () => {
  await bundleLikeTheHandler('test/custom-resource/waiter/slow-function.ts', join(code, 'index.js'));
  local = await TestLocalStack.start();
}, 5 * MINUTE);
afterAll(async () => {
  await local?.close();
  rmSync(code, { recursive: true, force: true });
}, MINUTE);

function assembly(name: string, properties: object): string {
  const app = new App({ outdir: join(local.folder, name) });
  const stack = new Stack(app, 'Slow');
  const lambdaFunction = new Function(stack, 'Function', { runtime: Runtime.NODEJS_22_X, handler: 'index.onEvent', code: Code.fromAsset(code) });
  const waiter = new Waiter(stack, 'Waiter', { lambdaFunction, role: lambdaFunction.role!, description: 'Waits for the tests' });
  const resource = new CfnResource(stack, 'Slow', {
    type: 'Custom::Slow', properties: { ServiceToken: lambdaFunction.functionArn, Waiter: waiter.stateMachineArn, ...properties },
  });
  waiter.precede(resource);
  new CfnOutput(stack, 'Steps', { value: resource.getAtt('Steps').toString() });
  new CfnOutput(stack, 'Machine', { value: waiter.stateMachineArn });
  return app.synth().directory;
}

/** A task that copies a folder of a file server, started once, whose end is waited for. */
function copying(name: string, subdirectory: string, timeout?: Duration): string {
  const app = new App({ outdir: join(local.folder, name) });
  const stack = new Stack(app, name);
  const task = new Task(stack, 'Task', {
    source: new NfsLocation(stack, 'Share', {
      serverHostname: 'fileserver.example.com', subdirectory, agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)],
    }),
    destination: new S3Location(stack, 'Copies', { bucket: new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }) }),
  });
  const seed = new TaskExecution(stack, 'Seed', { task, completion: Completion.succeeded({ timeout }) });
  for (const attribute of ['status', 'filesTransferred', 'bytesTransferred', 'taskExecutionArn'] as const) {
    new CfnOutput(stack, `Value${attribute}`, { value: seed[attribute] });
  }
  return app.synth().directory;
}

/** The states of all waits that there were. */
async function waits(stateMachineArn: string): Promise<string[]> {
  const operation = { service: 'states', target: 'AWSStepFunctions.ListExecutions' };
  const { executions } = await callAws(local.aws.endpoint, operation, { account: '000000000000', region: local.aws.region }, { stateMachineArn });
  return executions.map(({ status }: { status: string }) => status);
}

test('a deployment waits for the steps, gets their attribute, and fails with their reason', async () => {
  const created = await local.deploy(assembly('one', { Polls: '3' }));
  expect(created.Slow.Steps).toBe('3');
  expect(await waits(created.Slow.Machine)).toEqual(['SUCCEEDED']);

  const updated = await local.deploy(assembly('two', { Polls: '4' }));
  expect(updated.Slow.Steps).toBe('4');

  await expect(local.deploy(assembly('three', { Polls: '1', Failure: 'It went wrong.' }))).rejects.toThrow();
  expect(local.output).toContain('It went wrong.');
  await local.destroy(join(local.folder, 'one'));
});

test.each([['in one request', 'Succeeding', Duration.minutes(45)], ['in links', 'Long', Duration.hours(2)]])('a deployment waits %s for an execution that is to succeed, and has its attributes', async (_, name, timeout) => {
  const folder = join(local.root, 'nfs', 'fileserver.example.com', 'export');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'one.txt'), 'first');
  const { [name]: outputs } = await local.deploy(copying(name, '/export', timeout));
  expect(outputs).toMatchObject({ Valuestatus: 'SUCCESS', ValuebytesTransferred: '5', ValuetaskExecutionArn: expect.stringMatching(/exec-[0-9a-f]{17}$/) });
  expect(Number(outputs.ValuefilesTransferred)).toBeGreaterThan(0);
});

test('a deployment fails when an execution that is to succeed fails', async () => {
  await expect(local.deploy(copying('Failing', '/nothing-here'))).rejects.toThrow();
  expect(local.output).toMatch(/exec-[0-9a-f]{17} failed/);
});
