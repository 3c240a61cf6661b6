import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelTaskExecutionCommand, CreateLocationS3Command, CreateTaskCommand, DescribeTaskCommand, DescribeTaskExecutionCommand,
  ListTasksCommand, StartTaskExecutionCommand, UpdateTaskCommand,
} from '@aws-sdk/client-datasync';
import type { CreateTaskCommandInput, StartTaskExecutionCommandInput, ManifestConfig } from '@aws-sdk/client-datasync';
import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import type { MiniStack } from '../../support/ministack';
import { startMiniStack } from '../../support/ministack';
import { createEfsLocation, createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

const BucketAccessRoleArn = 'arn:aws:iam::000000000000:role/access';
let stack: MiniStack;
let s3: S3Client;
let emulator: TestEmulator;
let manifests = 0;

beforeAll(async () => {
  stack = await startMiniStack();
  s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await s3.send(new CreateBucketCommand({ Bucket: 'manifests' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'objects' }));
  for (const Bucket of ['manifests', 'objects']) {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
});
afterAll(async () => {
  s3?.destroy();
  await stack?.close();
});
beforeEach(async () => { emulator = await startTestEmulator({ s3Endpoint: stack.url }); });
afterEach(() => emulator.close());

async function put(Bucket: string, Key: string, Body: string): Promise<string> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId!;
}

/** Puts a manifest where the result says. */
async function manifestOf(...lines: string[]): Promise<ManifestConfig> {
  const key = `manifest-${++manifests}.csv`;
  await put('manifests', key, lines.join('\n'));
  return manifestAt(key);
}

function manifestAt(ManifestObjectPath: string, ManifestObjectVersionId?: string): ManifestConfig {
  return {
    Action: 'TRANSFER',
    Format: 'CSV',
    Source: { S3: { S3BucketArn: 'arn:aws:s3:::manifests', ManifestObjectPath, ManifestObjectVersionId, BucketAccessRoleArn } },
  };
}

async function run(TaskArn: string, input: Omit<StartTaskExecutionCommandInput, 'TaskArn'> = {}) {
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn, ...input }));
  return finished(emulator.client, TaskExecutionArn);
}

const at = (path: string) => join(emulator.root, DESTINATION_FOLDER, path);
const createTask = async (input: Partial<CreateTaskCommandInput>) => (await createNfsToEfsTask(emulator, input)).task;

test('only what the manifest lists is transferred, with the folders above it, and nothing else is looked at', async () => {
  for (const path of ['listed', 'not-listed', 'a/b/listed, with "quotes"', 'a/b/not-listed', 'c/not-listed']) {
    emulator.write(`${SOURCE_FOLDER}/${path}`, path);
  }
  emulator.write(`${DESTINATION_FOLDER}/extra`, 'stays');
  emulator.write(`${DESTINATION_FOLDER}/not-listed`, 'different');
  const ManifestConfig = await manifestOf('listed', '"a/b/listed, with ""quotes"""');
  const task = await createTask({ ManifestConfig, TaskMode: 'ENHANCED' });
  expect((await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).ManifestConfig).toEqual(ManifestConfig);
  const execution = await run(task);
  expect(execution).toMatchObject({
    Status: 'SUCCESS',
    FilesListed: { AtSource: 2, AtDestinationForDelete: 0 },
    FilesTransferred: 2,
    FilesVerified: 2,
    FoldersTransferred: 2,
  });
  expect(execution.ManifestConfig).toEqual(ManifestConfig);
  expect(readFileSync(at('listed'), 'utf8')).toBe('listed');
  expect(readFileSync(at('a/b/listed, with "quotes"'), 'utf8')).toBe('a/b/listed, with "quotes"');
  expect(readFileSync(at('not-listed'), 'utf8')).toBe('different');
  expect(['extra', 'a/b/not-listed', 'c'].map(path => existsSync(at(path)))).toEqual([true, false, false]);
  expect(statSync(at('a/b')).mtime).toEqual(statSync(join(emulator.root, SOURCE_FOLDER, 'a/b')).mtime);

  expect(await run(task)).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0, FilesSkipped: 2 });
});

test('entries that cannot be transferred fail alone, and nothing outside the location is touched', async () => {
  emulator.write(`${SOURCE_FOLDER}/good`, 'good');
  emulator.write(`${SOURCE_FOLDER}/twice`, 'twice');
  emulator.write(`${SOURCE_FOLDER}/folder/file`, 'file');
  emulator.write('nfs/fileserver/secret', 'secret');
  mkdirSync(join(emulator.root, 'outside'));
  symlinkSync(join(emulator.root, 'outside'), join(emulator.root, SOURCE_FOLDER, 'link'));
  emulator.write('outside/file', 'secret');
  const ManifestConfig = await manifestOf(
    'good', 'missing', '/etc/hostname', '../secret', 'folder', 'folder/', 'twice', 'twice', 'good/x', 'link/file', 'old,v1',
  );
  const execution = await run(await createTask({ TaskMode: 'ENHANCED' }), { ManifestConfig });
  expect(execution).toMatchObject({
    Status: 'ERROR',
    Result: { ErrorCode: 'FilesSkipped', PrepareStatus: 'ERROR', TransferStatus: 'SUCCESS', VerifyStatus: 'SUCCESS' },
    FilesTransferred: 1,
    FilesFailed: { Prepare: 9, Transfer: 0, Verify: 0, Delete: 0 },
  });
  expect(readFileSync(at('good'), 'utf8')).toBe('good');
  expect(['twice', 'folder', 'secret', 'link', 'missing'].map(path => existsSync(at(path)))).toEqual([false, false, false, false, false]);
});

test('with a full verification a missing entry is still no mismatch', async () => {
  emulator.write(`${SOURCE_FOLDER}/good`, 'good');
  emulator.write(`${SOURCE_FOLDER}/other`, 'other');
  const task = await createTask({ Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
  const execution = await run(task, { ManifestConfig: await manifestOf('good', 'gone') });
  expect(execution).toMatchObject({ Status: 'ERROR', Result: { ErrorCode: 'FilesSkipped', VerifyStatus: 'SUCCESS' }, FilesTransferred: 1, FilesVerified: 1 });
});

test('TransferMode ALL transfers what is listed although it has not changed', async () => {
  emulator.write(`${SOURCE_FOLDER}/a/listed`, 'listed');
  const task = await createTask({ Options: { TransferMode: 'ALL' } });
  const ManifestConfig = await manifestOf('a/listed');
  for (let time = 0; time < 2; time++) expect(await run(task, { ManifestConfig })).toMatchObject({ Status: 'SUCCESS', BytesWritten: 6 });
});

describe('versions', () => {
  async function locationOf(bucket: string, Subdirectory: string) {
    const { LocationArn } = await emulator.client.send(new CreateLocationS3Command({
      S3BucketArn: `arn:aws:s3:::${bucket}`, Subdirectory, S3Config: { BucketAccessRoleArn },
    }));
    return LocationArn!;
  }
  const read = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket: 'objects', Key }))).Body!.transformToString();

  test('of an object are taken as the manifest says, to a bucket as to a folder', async () => {
    const first = await put('objects', 'in/a', 'version 1');
    await put('objects', 'in/a', 'version 2');
    await put('objects', 'in/b', 'latest b');
    const ManifestConfig = await manifestOf(`a,${first}`, 'b', 'b2,no-such-version', `gone,${first}`);
    const SourceLocationArn = await locationOf('objects', 'in');
    emulator.mkdir(DESTINATION_FOLDER);
    for (const DestinationLocationArn of [await locationOf('objects', 'out'), await createEfsLocation(emulator.client)]) {
      const { TaskArn } = await emulator.client.send(new CreateTaskCommand({ SourceLocationArn, DestinationLocationArn, TaskMode: 'ENHANCED' }));
      expect(await run(TaskArn!, { ManifestConfig })).toMatchObject({
        Status: 'ERROR', FilesTransferred: 2, FilesVerified: 2, FilesFailed: { Prepare: 2, Transfer: 0, Verify: 0 },
      });
    }
    expect([await read('out/a'), await read('out/b')]).toEqual(['version 1', 'latest b']);
    expect([readFileSync(at('a'), 'utf8'), readFileSync(at('b'), 'utf8')]).toEqual(['version 1', 'latest b']);
  });

  test('of the manifest itself', async () => {
    for (const name of ['one', 'two']) emulator.write(`${SOURCE_FOLDER}/${name}`, name);
    const version = await put('manifests', 'versioned.csv', 'one');
    await put('manifests', 'versioned.csv', 'two');
    const task = await createTask({});
    await run(task, { ManifestConfig: manifestAt('versioned.csv', version) });
    expect([existsSync(at('one')), existsSync(at('two'))]).toEqual([true, false]);
    await run(task, { ManifestConfig: manifestAt('versioned.csv') });
    expect(existsSync(at('two'))).toBe(true);
  });
});

test.each([
  ['is not there', undefined, /^Task failed to read manifest s3:\/\/manifests\/\S+: NoSuchKey: /],
  ['has a quote that is not closed', '"a', /^Manifest s3:\/\/manifests\/\S+ is not valid: line 1 has a quote that is not closed/],
  ['has three fields', 'a\na,b,c', /is not valid: line 2 has 3 fields/],
])('a manifest that %s ends the execution before anything moves', async (_, content, detail) => {
  emulator.write(`${SOURCE_FOLDER}/a`, 'a');
  const ManifestConfig = content === undefined ? manifestAt('no-such-manifest.csv') : await manifestOf(content);
  const { Status, Result } = await run(await createTask({}), { ManifestConfig });
  expect([Status, Result!.PrepareStatus, Result!.TransferStatus]).toEqual(['ERROR', 'ERROR', 'PENDING']);
  expect(Result!.ErrorDetail).toMatch(detail);
  expect(existsSync(at('a'))).toBe(false);
});

test('an empty manifest transfers nothing', async () => {
  emulator.write(`${SOURCE_FOLDER}/a`, 'a');
  expect(await run(await createTask({}), { ManifestConfig: await manifestOf('', '') })).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0 });
});

const FILTER = [{ FilterType: 'SIMPLE_PATTERN' as const, Value: '/a' }];
const ANY = manifestAt('any.csv');

test.each<[string, Partial<CreateTaskCommandInput>, string, string]>([
  ['includes', { ManifestConfig: ANY, Includes: FILTER }, 'InvalidRequestException', 'ManifestConfig cannot be combined with Includes or Excludes'],
  ['excludes', { ManifestConfig: ANY, Excludes: FILTER }, 'InvalidRequestException', 'ManifestConfig cannot be combined with Includes or Excludes'],
  ['deletion', { ManifestConfig: ANY, Options: { PreserveDeletedFiles: 'REMOVE' } },
    'InvalidRequestException', 'cannot be combined with PreserveDeletedFiles REMOVE'],
  ['no source', { ManifestConfig: { Action: 'TRANSFER' } }, 'ValidationException', 'ManifestConfig needs Source.S3 with the BucketAccessRoleArn of an IAM role'],
  ['no path', { ManifestConfig: manifestAt('') }, 'InvalidRequestException', "ManifestObjectPath must be the key of an object, got ''"],
  ['a folder for a path', { ManifestConfig: manifestAt('a/') }, 'InvalidRequestException', "ManifestObjectPath must be the key of an object, got 'a/'"],
  ['an access point', {
    ManifestConfig: { Source: { S3: { ...ANY.Source!.S3!, S3BucketArn: 'arn:aws:s3:us-east-1:000000000000:accesspoint/ap' } } },
  }, 'InvalidRequestException', 'An S3 access point as ManifestConfig.Source.S3.S3BucketArn is not emulated yet'],
])('a manifest with %s is refused, on create, update and start', async (_, input, name, message) => {
  const refusal = { name, message: expect.stringContaining(message) };
  await expect(createTask(input)).rejects.toMatchObject(refusal);
  expect((await emulator.client.send(new ListTasksCommand())).Tasks).toEqual([]);
  const task = await createTask({});
  const { Options: OverrideOptions, ...others } = input;
  await expect(run(task, { OverrideOptions, ...others } as StartTaskExecutionCommandInput)).rejects.toMatchObject(refusal);
  await expect(emulator.client.send(new UpdateTaskCommand({ TaskArn: task, ...input }))).rejects.toMatchObject(refusal);
  expect(await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({ Includes: [], Options: { PreserveDeletedFiles: 'PRESERVE' } });
});

test('without an S3 endpoint there are no manifests', async () => {
  const without = await startTestEmulator({ s3Endpoint: '' });
  await expect(createNfsToEfsTask(without, { ManifestConfig: ANY })).rejects.toThrow('the emulator was started without an S3 endpoint');
  await without.close();
});

test('a start replaces or removes the manifest of the task for one run, an update for good', async () => {
  for (const name of ['one', 'two', 'three']) emulator.write(`${SOURCE_FOLDER}/${name}`, name);
  const [one, two] = [await manifestOf('one'), await manifestOf('two')];
  const task = await createTask({ ManifestConfig: one });
  await run(task, { ManifestConfig: two });
  expect(['one', 'two', 'three'].map(name => existsSync(at(name)))).toEqual([false, true, false]);
  await run(task);
  expect(['one', 'two', 'three'].map(name => existsSync(at(name)))).toEqual([true, true, false]);
  const whole = await run(task, { ManifestConfig: {} });
  expect([whole.ManifestConfig, existsSync(at('three'))]).toEqual([undefined, true]);
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, Name: 'renamed' }));
  expect((await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).ManifestConfig).toEqual(one);
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, ManifestConfig: {}, Includes: FILTER }));
  expect((await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).ManifestConfig).toBeUndefined();
});

test('executions with different manifests queue, one with the same is refused', async () => {
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(1_000_000));
  const task = await createTask({ Options: { BytesPerSecond: 1000 } });
  const [one, two] = [await manifestOf('large'), await manifestOf('large')];
  const start = (ManifestConfig: ManifestConfig) => emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, ManifestConfig }));
  const arns = [(await start(one)).TaskExecutionArn, (await start(two)).TaskExecutionArn];
  expect((await emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arns[1] }))).Status).toBe('QUEUED');
  await expect(start(two)).rejects.toThrow('already has an execution with the same filters and manifest');
  for (const TaskExecutionArn of arns.reverse()) await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
});
