import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelTaskExecutionCommand, CreateLocationS3Command, CreateTaskCommand, DescribeTaskCommand, DescribeTaskExecutionCommand,
  StartTaskExecutionCommand, UpdateTaskCommand,
} from '@aws-sdk/client-datasync';
import type { CreateTaskCommandInput, StartTaskExecutionCommandInput, TaskReportConfig } from '@aws-sdk/client-datasync';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Status } from '../../../emulator/console/status';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import type { MiniStack } from '../../support/ministack';
import { startMiniStack } from '../../support/ministack';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

const BucketAccessRoleArn = 'arn:aws:iam::000000000000:role/access';
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
const SHA256 = /^[0-9a-f]{64}$/;
let stack: MiniStack;
let s3: S3Client;
let emulator: TestEmulator;
let reports = 0;

beforeAll(async () => {
  stack = await startMiniStack();
  s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  for (const Bucket of ['reports', 'objects']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'objects', VersioningConfiguration: { Status: 'Enabled' } }));
});
afterAll(async () => {
  s3?.destroy();
  await stack?.close();
});
beforeEach(async () => { emulator = await startTestEmulator({ s3Endpoint: stack.url }); });
afterEach(() => emulator.close());

function reportTo(bucket: string, more: Partial<TaskReportConfig> = {}): TaskReportConfig {
  return {
    Destination: { S3: { S3BucketArn: `arn:aws:s3:::${bucket}`, Subdirectory: `report-${++reports}/`, BucketAccessRoleArn } },
    OutputType: 'STANDARD',
    ReportLevel: 'SUCCESSES_AND_ERRORS',
    ...more,
  };
}

/** The files of a report by their key below the Subdirectory, and what is in them. */
async function filesOf({ Destination }: TaskReportConfig): Promise<Map<string, any>> {
  const { Subdirectory } = Destination!.S3!;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'reports', Prefix: Subdirectory }));
  return new Map(await Promise.all(Contents.map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'reports', Key }));
    return [Key!.slice(Subdirectory!.length), JSON.parse(await Body!.transformToString())] as const;
  })));
}

/** The entries of one list, by path. */
async function entriesOf(config: TaskReportConfig, list: string): Promise<Record<string, any>> {
  const files = [...await filesOf(config)].filter(([key]) => key.includes(`.files-${list.toLowerCase()}-v1-`)).map(([, content]) => content);
  return Object.fromEntries(files.flatMap(file => file[list]).map(entry => [entry.RelativePath, entry]));
}

async function run(TaskArn: string, input: Omit<StartTaskExecutionCommandInput, 'TaskArn'> = {}) {
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn, ...input }));
  return finished(emulator.client, TaskExecutionArn);
}

const createTask = async (input: Partial<CreateTaskCommandInput>) => (await createNfsToEfsTask(emulator, input)).task;

test('a standard report in Basic mode: names and members', async () => {
  emulator.write(`${SOURCE_FOLDER}/new`, 'content');
  emulator.write(`${SOURCE_FOLDER}/same`, 'same');
  emulator.write(`${DESTINATION_FOLDER}/extra`, 'extra');
  chmodSync(join(emulator.root, SOURCE_FOLDER, 'new'), 0o640);
  const TaskReportConfig = reportTo('reports');
  const task = await createTask({ TaskReportConfig, Options: { PreserveDeletedFiles: 'REMOVE' } });
  await run(task, { TaskReportConfig: {}, Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/same' }] });
  expect(await filesOf(TaskReportConfig)).toEqual(new Map());

  const execution = await run(task);
  expect(execution).toMatchObject({ Status: 'SUCCESS', TaskReportConfig, ReportResult: { Status: 'SUCCESS' } });
  const [, taskId, , executionId] = execution.TaskExecutionArn!.split('/');
  const files = await filesOf(TaskReportConfig);
  expect([...files.keys()].map(key => key.replace(/[0-9a-f]{17}\.json$/, '*'))).toEqual([
    ...['deleted', 'skipped', 'transferred', 'verified'].map(list => `Detailed-Reports/${taskId}/${executionId}/${executionId}.files-${list}-v1-00001-*`),
    `Summary-Reports/${taskId}/${executionId}/${executionId}.summary-v1-00001-*`,
  ]);
  for (const content of files.values()) expect(content.TaskExecutionId).toBe(executionId);
  expect((await entriesOf(TaskReportConfig, 'Transferred'))['/new']).toEqual({
    RelativePath: '/new',
    SrcMetadata: {
      Type: 'Regular',
      ContentSize: 7,
      Mtime: expect.stringMatching(TIMESTAMP),
      Atime: expect.stringMatching(TIMESTAMP),
      Uid: expect.any(Number),
      Gid: expect.any(Number),
      Mode: '0640',
    },
    Overwrite: 'False',
    TransferTimestamp: expect.stringMatching(TIMESTAMP),
    TransferType: 'CONTENT_AND_METADATA',
    TransferStatus: 'SUCCESS',
  });
  expect((await entriesOf(TaskReportConfig, 'Skipped'))['/same']).toMatchObject({
    SkipTimestamp: expect.stringMatching(TIMESTAMP), SkipReason: 'The item at the destination does not differ.', SkipStatus: 'SUCCESS',
  });
  expect(await entriesOf(TaskReportConfig, 'Deleted')).toEqual({
    '/extra': { RelativePath: '/extra', DeleteTimestamp: expect.stringMatching(TIMESTAMP), DeleteStatus: 'SUCCESS' },
  });
  const verified = await entriesOf(TaskReportConfig, 'Verified');
  expect(Object.keys(verified).sort()).toEqual(['/', '/new', '/same']);
  expect(verified['/new']).toMatchObject({
    SrcMetadata: { Type: 'Regular' },
    DstMetadata: { Type: 'Regular', ContentSize: 7, Mode: '0640' },
    SrcChecksum: expect.stringMatching(SHA256),
    DstChecksum: verified['/new'].SrcChecksum,
    VerifyTimestamp: expect.stringMatching(TIMESTAMP),
    VerifyStatus: 'SUCCESS',
  });
  expect(verified['/'].SrcMetadata).not.toHaveProperty('ContentSize');
});

test('the summary tells the outcome, the totals and the settings', async () => {
  emulator.write(`${SOURCE_FOLDER}/file`, 'content');
  const TaskReportConfig = reportTo('reports', { OutputType: 'SUMMARY_ONLY' });
  const { TaskExecutionArn, StartTime, EndTime, Result } = await run(await createTask({ Name: 'Nightly', TaskMode: 'ENHANCED' }), { TaskReportConfig, Excludes: [] });
  const [[key, summary], ...others] = await filesOf(TaskReportConfig);
  expect([key, others]).toEqual([expect.stringMatching(/^Summary-Reports\//), []]);
  expect(summary).toMatchObject({
    TaskExecutionId: TaskExecutionArn!.split('/').at(-1),
    AccountId: '000000000000',
    SourceLocation: { LocationUri: expect.stringMatching(/^nfs:/), LocationId: expect.stringMatching(/^loc-/) },
    DestinationLocation: { LocationUri: expect.stringMatching(/^efs:/) },
    Status: 'SUCCESS',
    Counters: { FilesTransferred: 1, FilesVerified: 1, FilesSkipped: 0, FilesDeleted: 0, FoldersTransferred: expect.any(Number) },
    LogicalBytes: 7,
    PhysicalBytes: 7,
    TaskMode: 'ENHANCED',
    Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' },
  });
  expect([summary.StartTime, summary.EndTime]).toEqual([expect.stringMatching(TIMESTAMP), expect.stringMatching(TIMESTAMP)]);
  expect(new Date(summary.StartTime)).toEqual(StartTime);
  expect(new Date(summary.EndTime).getTime()).toBeLessThanOrEqual(EndTime!.getTime());
  expect(summary.TotalTime).toBeLessThanOrEqual(Result!.TotalDuration!);
});

test('Enhanced mode has other members, objects their own metadata, and versions on demand', async () => {
  for (const [Key, Body] of [['in/a', 'one'], ['in/b', 'two']]) {
    await s3.send(new PutObjectCommand({ Bucket: 'objects', Key, Body, ContentType: 'text/plain', Metadata: { own: 'thing' } }));
  }
  const locationOf = async (Subdirectory: string) => (await emulator.client.send(new CreateLocationS3Command({
    S3BucketArn: 'arn:aws:s3:::objects', Subdirectory, S3Config: { BucketAccessRoleArn },
  }))).LocationArn!;
  const { TaskArn } = await emulator.client.send(new CreateTaskCommand({
    SourceLocationArn: await locationOf('in'), DestinationLocationArn: await locationOf('out'), TaskMode: 'ENHANCED',
  }));
  const TaskReportConfig = reportTo('reports', { ObjectVersionIds: 'INCLUDE' });
  expect(await run(TaskArn!, { TaskReportConfig })).toMatchObject({ Status: 'SUCCESS' });
  const { VersionId } = await s3.send(new GetObjectCommand({ Bucket: 'objects', Key: 'out/a' }));
  expect((await entriesOf(TaskReportConfig, 'Transferred')).a).toMatchObject({
    RelativePath: 'a',
    SourceMetadata: {
      Type: 'Object', ContentSize: 3, LastModified: expect.stringMatching(/:\d\dZ$/), SystemMetadata: { ETag: expect.stringMatching(/^"\w+"$/) },
    },
    Overwrite: 'False',
    DstS3VersionId: VersionId,
    TransferStatus: 'SUCCESS',
  });
  expect((await entriesOf(TaskReportConfig, 'Verified')).a).toMatchObject({
    SourceMetadata: { SystemMetadata: { ContentType: 'text/plain' }, UserMetadata: { own: 'thing' } },
    DestinationMetadata: { Type: 'Object' },
    SourceChecksum: expect.stringMatching(SHA256),
    VerifyStatus: 'SUCCESS',
  });

  await s3.send(new PutObjectCommand({ Bucket: 'objects', Key: 'in/a', Body: 'other' }));
  const again = reportTo('reports');
  await run(TaskArn!, { TaskReportConfig: again });
  const entries = await entriesOf(again, 'Transferred');
  expect(Object.keys(entries)).toEqual(['a']);
  expect(entries.a).toMatchObject({ Overwrite: 'True' });
  expect(entries.a).not.toHaveProperty('DstS3VersionId');
});

describe('errors', () => {
  /** A source with a file that goes well, one that does not, and one that the manifest of the faulty run misses. */
  async function runFaulty(mode: 'BASIC' | 'ENHANCED', config: TaskReportConfig) {
    emulator.write(`${SOURCE_FOLDER}/good`, 'good');
    emulator.write(`${SOURCE_FOLDER}/bad`, 'bad');
    emulator.write(`${DESTINATION_FOLDER}/bad/in-the-way`, 'x');
    await s3.send(new PutObjectCommand({ Bucket: 'reports', Key: 'manifest', Body: 'good\nbad\nmissing' }));
    const ManifestConfig = { Source: { S3: { S3BucketArn: 'arn:aws:s3:::reports', ManifestObjectPath: 'manifest', BucketAccessRoleArn } } };
    const execution = await run(await createTask({ TaskMode: mode }), { TaskReportConfig: config, ManifestConfig });
    expect(execution).toMatchObject({ Status: 'ERROR', ReportResult: { Status: 'SUCCESS' } });
    const [transferred, skipped, verified] = await Promise.all(['Transferred', 'Skipped', 'Verified'].map(list => entriesOf(config, list)));
    return { transferred, skipped, verified };
  }

  test('in Basic mode have a reason', async () => {
    const { transferred, skipped } = await runFaulty('BASIC', reportTo('reports', { ReportLevel: 'ERRORS_ONLY' }));
    expect(Object.keys(transferred)).toEqual(['/bad']);
    expect(transferred['/bad']).toMatchObject({ TransferStatus: 'FAILED', Overwrite: 'True', FailureReason: expect.any(String) });
    expect(skipped).toEqual({ '/missing': expect.objectContaining({ SkipStatus: 'FAILED', FailureReason: expect.stringContaining('does not exist') }) });
  });

  test('in Enhanced mode have a code and a detail', async () => {
    const { transferred, skipped } = await runFaulty('ENHANCED', reportTo('reports', { ReportLevel: 'ERRORS_ONLY' }));
    expect(transferred.bad).toMatchObject({ TransferStatus: 'FAILED', ErrorCode: expect.stringMatching(/^E[A-Z]+$/), ErrorDetail: expect.any(String) });
    expect(skipped.missing).toMatchObject({ SkipStatus: 'FAILED', ErrorCode: 'ManifestFileDoesNotExist' });
  });

  test('levels can differ by list', async () => {
    const config = reportTo('reports', { ReportLevel: 'ERRORS_ONLY', Overrides: { Transferred: { ReportLevel: 'SUCCESSES_AND_ERRORS' } } });
    const { transferred, verified } = await runFaulty('BASIC', config);
    expect([Object.keys(transferred), Object.keys(verified)]).toEqual([['/bad', '/good'], ['/bad']]);
  });
});

test('a report that cannot be uploaded is an error of the report alone', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(await run(await createTask({}), { TaskReportConfig: reportTo('no-such-bucket') })).toMatchObject({
    Status: 'SUCCESS',
    ReportResult: {
      Status: 'ERROR', ErrorCode: 'UploadFailed', ErrorDetail: 'Failed to upload Task Report(s) to S3 due to an invalid bucket or IAM role',
    },
  });
  expect(log).toHaveBeenCalledWith(expect.stringContaining('NoSuchBucket'));
  const { executions } = await (await fetch(`${emulator.url}/_emulator/status`)).json() as Status;
  expect(executions.map(({ reportError }) => reportError)).toEqual(['UploadFailed: Failed to upload Task Report(s) to S3 due to an invalid bucket or IAM role']);
  log.mockRestore();
});

test('an execution that fails before anything is done has no report', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  rmSync(join(emulator.root, SOURCE_FOLDER), { recursive: true });
  const TaskReportConfig = reportTo('reports');
  expect(await run(task, { TaskReportConfig })).toMatchObject({
    Status: 'ERROR', ReportResult: { Status: 'ERROR', ErrorCode: 'NoReport', ErrorDetail: 'Execution error occurred prior to generating any Task Reports' },
  });
  expect(await filesOf(TaskReportConfig)).toEqual(new Map());
});

test('a cancelled execution has a report of what it did, and it is pending until then', async () => {
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(1_000_000));
  mkdirSync(join(emulator.root, SOURCE_FOLDER, 'folder'));
  const TaskReportConfig = reportTo('reports');
  const task = await createTask({ Options: { BytesPerSecond: 1000 } });
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, TaskReportConfig }));
  const running = await eventually(async () => {
    const execution = await emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
    return execution.Status === 'TRANSFERRING' && execution;
  });
  expect(running.ReportResult).toEqual({ Status: 'PENDING' });
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  expect(await finished(emulator.client, TaskExecutionArn)).toMatchObject({ Status: 'ERROR', ReportResult: { Status: 'SUCCESS' } });
  const summary = [...await filesOf(TaskReportConfig)].find(([key]) => key.startsWith('Summary-Reports/'))![1];
  expect(summary).toMatchObject({ Status: 'CANCELLED' });
});

test('what is left out has defaults; an update replaces or removes the report', async () => {
  const { Destination } = reportTo('reports');
  const task = await createTask({ TaskReportConfig: { Destination } });
  const describeTask = async () => (await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).TaskReportConfig;
  expect(await describeTask()).toEqual({ Destination, OutputType: 'SUMMARY_ONLY', ReportLevel: 'ERRORS_ONLY', ObjectVersionIds: 'NONE' });
  const Overrides = { Deleted: { ReportLevel: 'ERRORS_ONLY' }, Skipped: { ReportLevel: 'SUCCESSES_AND_ERRORS' } } as const;
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, TaskReportConfig: { Destination, Overrides } }));
  expect((await describeTask())!.Overrides).toEqual({ Skipped: Overrides.Skipped }); // the other one changes nothing
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, Name: 'renamed' }));
  expect(await describeTask()).toMatchObject({ OutputType: 'SUMMARY_ONLY' });
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, TaskReportConfig: {} }));
  expect([await describeTask(), (await run(task)).ReportResult]).toEqual([undefined, undefined]);
});

test.each([
  ['a destination', { OutputType: 'STANDARD' }, 'TaskReportConfig needs Destination.S3, the bucket that reports are written to'],
  ['a bucket', { Destination: { S3: { S3BucketArn: 'arn:aws:s3:us-east-1:000000000000:accesspoint/ap', BucketAccessRoleArn } } },
    'is not emulated yet'],
] as Array<[string, TaskReportConfig, string]>)('a report without %s is refused', async (_, TaskReportConfig, message) => {
  await expect(createTask({ TaskReportConfig })).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
});
