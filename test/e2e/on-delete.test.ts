/** A stack that is saved before it is destroyed: CloudFormation, Lambda and Step Functions are MiniStack's, and the emulator really copies. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Agent, NfsLocation, OnDelete, S3Location, Task, TaskExecution } from '../../src';
import { TestLocalStack } from '../support/local-stack';

const MINUTE = 60_000;
const AGENT_ARN = 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0';
let local: TestLocalStack;
let s3: S3Client;

beforeAll(async () => {
  local = await TestLocalStack.start();
  s3 = new S3Client({ ...local.aws, forcePathStyle: true });
}, 5 * MINUTE);
afterAll(async () => {
  s3?.destroy();
  await local?.close();
}, MINUTE);

/** Copies a folder of a file server into a bucket that stays, on create and before the deletion. */
function assembly(name: string): string {
  const app = new App({ outdir: join(local.folder, name) });
  const stack = new Stack(app, name);
  const task = new Task(stack, 'Task', {
    source: new NfsLocation(stack, 'Share', {
      serverHostname: 'fileserver.example.com', subdirectory: `/${name}`, agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)],
    }),
    destination: new S3Location(stack, 'Copies', { bucket: Bucket.fromBucketName(stack, 'Safe', bucketOf(name)) }),
  });
  new TaskExecution(stack, 'Seed', { task, onDelete: OnDelete.run() });
  return app.synth().directory;
}

const bucketOf = (name: string) => `safe-${name.toLowerCase()}`;

function folderOf(name: string): string {
  const path = join(local.root, 'nfs', 'fileserver.example.com', name);
  mkdirSync(path, { recursive: true });
  return path;
}

async function objectsIn(bucket: string): Promise<Record<string, string>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const files = Contents.map(({ Key }) => Key!).filter(key => !key.endsWith('/'));
  return Object.fromEntries(await Promise.all(files.map(async Key =>
    [Key, await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body!.transformToString()] as const)));
}

test('what has changed since the deployment is saved before the stack is destroyed, byte by byte', async () => {
  const [folder, bucket] = [folderOf('Saving'), bucketOf('Saving')];
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  writeFileSync(join(folder, 'one.txt'), 'first');
  await local.deploy(assembly('Saving'));
  writeFileSync(join(folder, 'one.txt'), 'changed since');
  writeFileSync(join(folder, 'two.txt'), 'new since');
  await local.destroy(join(local.folder, 'Saving'));
  expect(await objectsIn(bucket)).toEqual({ 'one.txt': 'changed since', 'two.txt': 'new since' });
}, 5 * MINUTE);

test('a stack that cannot be saved is not destroyed, and says why', async () => {
  const [folder, bucket] = [folderOf('Blocked'), bucketOf('Blocked')];
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  writeFileSync(join(folder, 'one.txt'), 'first');
  await local.deploy(assembly('Blocked'));
  rmSync(folder, { recursive: true });
  // MiniStack goes on to delete what the failed resource needs, so that it cannot be deleted again.
  await expect(local.destroy(join(local.folder, 'Blocked'))).rejects.toThrow(/DELETE_FAILED .*The run before the deletion did not succeed/);
}, 5 * MINUTE);
