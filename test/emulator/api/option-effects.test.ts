import { chmodSync, existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { FilterRule, Options } from '@aws-sdk/client-datasync';
import { CreateLocationS3Command, CreateTaskCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { CreateBucketCommand, GetObjectTaggingCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { startMiniStack } from '../../support/ministack';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
  emulator.write(`${SOURCE_FOLDER}/kept`, 'kept');
  emulator.write(`${SOURCE_FOLDER}/changed`, 'new content');
  emulator.write(`${DESTINATION_FOLDER}/changed`, 'old');
  emulator.write(`${DESTINATION_FOLDER}/extra`, 'extra');
  const time = new Date('2020-02-02T02:02:02Z');
  for (const folder of [SOURCE_FOLDER, DESTINATION_FOLDER]) utimesSync(join(emulator.root, folder, 'changed'), time, time);
  chmodSync(join(emulator.root, SOURCE_FOLDER, 'changed'), 0o640);
});
afterEach(() => emulator.close());

const atDestination = (name: string) => join(emulator.root, DESTINATION_FOLDER, name);

/** Runs a new task from end to end, as often as asked, and tells about the last run. */
async function execute(options: Options, { runs = 1, Excludes = [] as FilterRule[] } = {}) {
  const { task } = await createNfsToEfsTask(emulator, { Options: options, Excludes });
  let execution;
  for (let run = 0; run < runs; run += 1) {
    const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
    execution = await finished(emulator.client, TaskExecutionArn);
  }
  return execution!;
}

test('by default what changed is overwritten with its metadata, and nothing is deleted', async () => {
  expect(await execute({})).toMatchObject({ Status: 'SUCCESS', BytesWritten: 15, FilesDeleted: 0 });
  expect(readFileSync(atDestination('changed'), 'utf8')).toBe('new content');
  const { mtime, mode } = statSync(atDestination('changed'));
  expect([mtime.toISOString(), mode % 0o1000]).toEqual(['2020-02-02T02:02:02.000Z', 0o640]);
  expect(existsSync(atDestination('extra'))).toBe(true);
});

test('OverwriteMode NEVER keeps what is there', async () => {
  expect(await execute({ OverwriteMode: 'NEVER', VerifyMode: 'ONLY_FILES_TRANSFERRED' })).toMatchObject({ Status: 'SUCCESS', BytesWritten: 4 });
  expect(readFileSync(atDestination('changed'), 'utf8')).toBe('old');
});

test.each([
  ['CHANGED', 0], ['ALL', 15],
] as const)('TransferMode %s writes %d bytes the second time', async (TransferMode, bytes) => {
  expect(await execute({ TransferMode }, { runs: 2 })).toMatchObject({ Status: 'SUCCESS', BytesWritten: bytes });
});

test('PreserveDeletedFiles REMOVE deletes what the source lacks, but nothing that the filters leave out', async () => {
  emulator.write(`${DESTINATION_FOLDER}/left.out`, 'x');
  const execution = await execute({ PreserveDeletedFiles: 'REMOVE' }, { Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.out' }] });
  expect(execution).toMatchObject({ Status: 'SUCCESS', EstimatedFilesToDelete: 1, FilesDeleted: 1 });
  expect(['extra', 'left.out', 'kept'].map(name => existsSync(atDestination(name)))).toEqual([false, true, true]);
});

test.each([
  ['POINT_IN_TIME_CONSISTENT', 'ERROR', 'ERROR'],
  ['ONLY_FILES_TRANSFERRED', 'SUCCESS', 'SUCCESS'],
  ['NONE', 'SUCCESS', 'PENDING'],
] as const)('VerifyMode %s', async (VerifyMode, status, verifyStatus) => {
  // Size and time are the same, so nothing is transferred; only checksums of everything tell the difference.
  emulator.write(`${DESTINATION_FOLDER}/changed`, 'old content');
  const time = new Date('2020-02-02T02:02:02Z');
  chmodSync(atDestination('changed'), 0o640);
  utimesSync(atDestination('changed'), time, time);
  const { Status, Result, FilesVerified } = await execute({ VerifyMode });
  expect([Status, Result!.VerifyStatus, FilesVerified! > 0]).toEqual([status, verifyStatus, VerifyMode !== 'NONE']);
  expect(Result!.ErrorDetail ?? '').toContain(status === 'ERROR' ? 'Verification detected mismatches.' : '');
});

test('Mtime and Atime NONE leave the time of the copy', async () => {
  await execute({ Mtime: 'NONE', Atime: 'NONE' });
  expect(statSync(atDestination('changed')).mtime.getFullYear()).toBeGreaterThan(2020);
});

test('Atime BEST_EFFORT brings the time of access along', async () => {
  const { atimeMs } = statSync(join(emulator.root, SOURCE_FOLDER, 'changed'));
  await execute({ VerifyMode: 'NONE' });
  expect(statSync(atDestination('changed')).atimeMs).toBe(atimeMs);
});

test('PosixPermissions NONE leaves the mode of the source behind', async () => {
  await execute({ PosixPermissions: 'NONE' });
  expect(statSync(atDestination('changed')).mode % 0o1000).not.toBe(0o640);
});

test.each([
  ['PRESERVE', [{ Key: 'colour', Value: 'red' }]], ['NONE', []],
] as const)('ObjectTags %s', async (ObjectTags, expected) => {
  const stack = await startMiniStack();
  const s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const withBuckets = await startTestEmulator({ s3Endpoint: stack.url });
  try {
    const [SourceLocationArn, DestinationLocationArn] = await Promise.all(['source', 'target'].map(async bucket => {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      const { LocationArn } = await withBuckets.client.send(new CreateLocationS3Command({
        S3BucketArn: `arn:aws:s3:::${bucket}`, S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' },
      }));
      return LocationArn;
    }));
    await s3.send(new PutObjectCommand({ Bucket: 'source', Key: 'a', Body: 'a', Tagging: 'colour=red' }));
    const { TaskArn } = await withBuckets.client.send(new CreateTaskCommand({ SourceLocationArn, DestinationLocationArn, Options: { ObjectTags } }));
    const { TaskExecutionArn } = await withBuckets.client.send(new StartTaskExecutionCommand({ TaskArn }));
    expect((await finished(withBuckets.client, TaskExecutionArn)).Status).toBe('SUCCESS');
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket: 'target', Key: 'a' }))).TagSet).toEqual(expected);
  } finally {
    s3.destroy();
    await withBuckets.close();
    await stack.close();
  }
});
