/**
 * Apps that the CDK CLI deploys to the local stack: CloudFormation runs the functions, and the emulator really copies.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTaskCommand, DataSyncClient, DescribeTaskCommand, DescribeTaskExecutionCommand, ListLocationsCommand, ListTaskExecutionsCommand,
  ListTasksCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { CfnResource } from 'aws-cdk-lib';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { callAws } from '../../emulator/local-services/aws-call';
import { LocalStackError } from '../../emulator/local-stack/error';
import type { Options } from '../../src';
import {
  Agent, Filter, NfsLocation, OverwriteMode, S3Location, Task, TaskExecution, TaskExecutionStatus, VerifyMode,
} from '../../src';
import { finished } from '../support/emulator';
import { eventually } from '../support/eventually';
import { TestLocalStack } from '../support/local-stack';

const MINUTE = 60_000;

interface Variation {
  readonly subdirectory?: string;
  readonly options?: Options;
  readonly overrideOptions?: Options;
  /** What the constructs would refuse. */
  readonly rawOverride?: Record<string, string>;
}

let local: TestLocalStack;
let datasync: DataSyncClient;
let s3: S3Client;

beforeAll(async () => {
  local = await TestLocalStack.start();
  datasync = new DataSyncClient(local.datasync);
  s3 = new S3Client({ ...local.aws, forcePathStyle: true });
}, 5 * MINUTE);

afterAll(async () => {
  datasync?.destroy();
  s3?.destroy();
  await local?.close();
}, MINUTE);

function app(name: string, outdir: string, variation: Variation = {}): { app: App; stack: Stack; task: Task } {
  const result = new App({ outdir });
  const stack = new Stack(result, name);
  const bucket = new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
  const task = new Task(stack, 'Task', {
    source: new NfsLocation(stack, 'Share', {
      serverHostname: 'fileserver.example.com',
      subdirectory: variation.subdirectory ?? '/export',
      agents: [Agent.fromAgentArn(stack, 'Agent', 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0')],
    }),
    destination: new S3Location(stack, 'Copies', { bucket, subdirectory: 'copies/' }),
    options: variation.options,
    excludes: Filter.simplePattern('*.tmp'),
  });
  const execution = new TaskExecution(stack, 'Execution', { task, overrideOptions: variation.overrideOptions });
  for (const [option, value] of Object.entries(variation.rawOverride ?? {})) {
    (execution.node.defaultChild as CfnResource).addPropertyOverride(`OverrideOptions.${option}`, value);
  }
  new CfnOutput(stack, 'Arn', { value: execution.taskExecutionArn });
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  new CfnOutput(stack, 'TaskArn', { value: task.taskArn });
  return { app: result, stack, task };
}

let assemblies = 0;

/** Synthesizes from scratch, localizes and deploys, as each `cdk deploy` of a user does. */
async function deploy(name: string, variation?: Variation, extend?: (task: Task) => void): Promise<Record<'Arn' | 'BucketName' | 'TaskArn', string>> {
  const outdir = join(local.folder, `assembly-${assemblies++}`);
  const { app: result, task } = app(name, outdir, variation);
  extend?.(task);
  result.synth();
  const outputs = await local.deploy(outdir);
  return outputs[name] as Record<'Arn' | 'BucketName' | 'TaskArn', string>;
}

async function executionsOf(TaskArn: string): Promise<string[]> {
  const { TaskExecutions } = await datasync.send(new ListTaskExecutionsCommand({ TaskArn }));
  return TaskExecutions!.map(({ TaskExecutionArn }) => TaskExecutionArn!);
}

function writeExport(folder: string, files: Record<string, string>): void {
  const path = join(local.root, 'nfs', 'fileserver.example.com', folder);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

async function objectsOf(bucket: string): Promise<Record<string, string>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const texts = Contents.filter(({ Key }) => !Key!.endsWith('/')).map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return [Key!, await Body!.transformToString()] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

describe('one app, deployed again and again', () => {
  const started: string[] = [];

  beforeAll(() => writeExport('export', { 'one.txt': 'first', 'zwei ü.txt': 'second', 'scratch.tmp': 'third' }));

  /** Deploys, and finds exactly the executions of before and perhaps one more. */
  async function deployAndCount(variation: Variation | undefined, more: 0 | 1) {
    const outputs = await deploy('Repeated', variation);
    await finished(datasync, outputs.Arn);
    if (more) {
      expect(started).not.toContain(outputs.Arn);
      started.push(outputs.Arn);
    }
    expect(outputs.Arn).toBe(started.at(-1));
    expect((await executionsOf(outputs.TaskArn)).sort()).toEqual([...started].sort());
    return outputs;
  }

  test('the first deployment copies, and its output is the ARN of the execution that did', async () => {
    const outputs = await deployAndCount(undefined, 1);
    expect(outputs.Arn).toMatch(/^arn:aws:datasync:us-east-1:000000000000:task\/task-[0-9a-f]{17}\/execution\/exec-[0-9a-f]{17}$/);
    expect(await datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: outputs.Arn }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await objectsOf(outputs.BucketName)).toEqual({ 'copies/one.txt': 'first', 'copies/zwei ü.txt': 'second' });
  }, 2 * MINUTE);

  test('the unchanged app starts nothing', async () => {
    await deployAndCount(undefined, 0);
  }, MINUTE);

  test('a changed override starts the task once more', async () => {
    const { Arn } = await deployAndCount({ overrideOptions: { verifyMode: VerifyMode.NONE } }, 1);
    expect(await datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: Arn }))).toMatchObject({ Options: { VerifyMode: 'NONE' } });
  }, MINUTE);

  test('a changed option of the task starts it once more, with the same task', async () => {
    const options = { overwriteMode: OverwriteMode.NEVER };
    const { Arn } = await deployAndCount({ overrideOptions: { verifyMode: VerifyMode.NONE }, options }, 1);
    expect(await datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: Arn }))).toMatchObject({ Options: { OverwriteMode: 'NEVER' } });
  }, MINUTE);

  test('another bandwidth starts nothing: it does not change what is transferred', async () => {
    const options = { overwriteMode: OverwriteMode.NEVER, bytesPerSecond: 2097152 };
    await deployAndCount({ overrideOptions: { verifyMode: VerifyMode.NONE }, options }, 0);
  }, MINUTE);

  test('a number survives the way through CloudFormation', async () => {
    const options = { overwriteMode: OverwriteMode.ALWAYS };
    const { Arn } = await deployAndCount({ overrideOptions: { verifyMode: VerifyMode.NONE, bytesPerSecond: 1048576 }, options }, 1);
    expect(await datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: Arn }))).toMatchObject({ Options: { BytesPerSecond: 1048576 } });
  }, MINUTE);
});

test('a start that the service refuses fails the deployment with its text', async () => {
  writeExport('refused', { file: 'text' });
  const failure = await deploy('Refused', { subdirectory: '/refused', rawOverride: { VerifyMode: 'SOMETIMES' } }).catch(error => error);
  expect(failure).toBeInstanceOf(LocalStackError);
  expect(local.output).toContain('SOMETIMES');
  expect(failure.message).toContain('VerifyMode');
}, 2 * MINUTE);

test('an execution that cannot read its source fails by itself, not the deployment', async () => {
  const { Arn } = await deploy('Missing', { subdirectory: '/missing' });
  expect(await finished(datasync, Arn)).toMatchObject({
    Status: 'ERROR',
    Result: { ErrorDetail: expect.stringContaining('nfs/fileserver.example.com/missing') },
  });
}, MINUTE);

test('a rule that waits for executions of the task to end hears of them, and of no others', async () => {
  writeExport('watched', { file: 'text' });
  const { Arn, TaskArn } = await deploy('Watched', { subdirectory: '/watched' }, task => {
    const target = new SqsQueue(new Queue(task, 'Ended', { queueName: 'ended' }));
    task.onExecutionStateChange('OnEnd', { states: [TaskExecutionStatus.SUCCESS, TaskExecutionStatus.ERROR], target });
  });
  const { SourceLocationArn, DestinationLocationArn } = await datasync.send(new DescribeTaskCommand({ TaskArn }));
  const { TaskArn: other } = await datasync.send(new CreateTaskCommand({ SourceLocationArn, DestinationLocationArn }));
  await finished(datasync, Arn);
  for (const each of [other, TaskArn]) {
    const { TaskExecutionArn } = await datasync.send(new StartTaskExecutionCommand({ TaskArn: each }));
    await finished(datasync, TaskExecutionArn);
  }

  const last = (await executionsOf(TaskArn)).at(-1);
  const sqs = (operation: string, input: object) => callAws(
    local.aws.endpoint, { service: 'sqs', target: `AmazonSQS.${operation}` }, { account: '000000000000', region: 'us-east-1' }, input,
  );
  const { QueueUrl } = await sqs('GetQueueUrl', { QueueName: 'ended' });
  const ended: any[] = [];
  await eventually(async () => {
    const { Messages = [] } = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    ended.push(...Messages.map(({ Body }: { Body: string }) => JSON.parse(Body)));
    return ended.some(({ resources: [arn] }) => arn === last);
  });
  // The execution that the deployment started may have ended before there was a rule.
  expect(ended.filter(({ resources: [arn] }) => arn !== Arn)).toEqual([expect.objectContaining({
    'source': 'local.datasync', 'detail-type': 'DataSync Task Execution State Change', 'resources': [last], 'detail': { State: 'SUCCESS' },
  })]);
}, 2 * MINUTE);

test('destroying the app takes the task and its locations away', async () => {
  writeExport('destroyed', { file: 'text' });
  const before = await everything();
  const { Arn } = await deploy('Destroyed', { subdirectory: '/destroyed' });
  await finished(datasync, Arn);
  expect(await everything()).not.toEqual(before);
  const outdir = join(local.folder, `assembly-${assemblies - 1}`);
  await local.destroy(outdir);
  expect(await everything()).toEqual(before);
}, 2 * MINUTE);

async function everything(): Promise<object> {
  const { Tasks } = await datasync.send(new ListTasksCommand({}));
  const { Locations } = await datasync.send(new ListLocationsCommand({}));
  return { Tasks, Locations };
}

test('the CDK has nothing to say against the app', () => {
  const { app: checked, stack } = app('Checked', join(local.folder, 'checked'));
  checked.synth();
  const annotations = Annotations.fromStack(stack);
  expect([...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())]).toEqual([]);
});
