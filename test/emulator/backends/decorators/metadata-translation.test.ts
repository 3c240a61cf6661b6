import { chmodSync, chownSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as sdk from '@aws-sdk/client-datasync';
import { CreateBucketCommand, GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { ownerNames } from '../../../../emulator/backends/owner-names';
import type { TestEmulator } from '../../../support/emulator';
import { AGENT_ARN, EFS_CONFIG, finished, startTestEmulator } from '../../../support/emulator';
import { rawOperation } from '../../../support/raw-request';
import { createEfsLocation, createNfsLocation, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../../support/tasks';
import { startBuckets } from '../buckets';
import type { Buckets } from '../buckets';

const FSX = 'arn:aws:fsx:us-east-1:000000000000';
const { SecurityGroupArns } = EFS_CONFIG;
const AgentArns = [AGENT_ARN];
const NTLM = { User: 'u', Password: 'p' };

let store: Buckets;
let s3: S3Client;
let emulator: TestEmulator;
let buckets = 0;

beforeAll(async () => {
  store = await startBuckets();
  s3 = store.client;
}, 120_000);
afterAll(() => store?.close());
beforeEach(async () => { emulator = await startTestEmulator({ s3Endpoint: store.url }); });
afterEach(() => emulator.close());

/** File systems: where their content is below the root, and how to make a location of it. */
const FILE_SYSTEMS = {
  NFS: [SOURCE_FOLDER, () => createNfsLocation(emulator.client)],
  EFS: [DESTINATION_FOLDER, () => createEfsLocation(emulator.client)],
  SMB: ['smb/server/share', () => created(new sdk.CreateLocationSmbCommand({ ServerHostname: 'server', Subdirectory: '/share', AgentArns, ...NTLM }))],
  HDFS: ['hdfs/namenode/user', () => created(new sdk.CreateLocationHdfsCommand({
    NameNodes: [{ Hostname: 'namenode', Port: 8020 }], Subdirectory: '/user', AgentArns, AuthenticationType: 'SIMPLE', SimpleUser: 'u',
  }))],
  FSxWindows: ['fsxw/fs-01/share', () => created(new sdk.CreateLocationFsxWindowsCommand({
    FsxFilesystemArn: `${FSX}:file-system/fs-01`, Subdirectory: '/share', SecurityGroupArns, ...NTLM,
  }))],
  OntapSMB: ['fsxn/fs-01/svm-0123456789abcdef0/share', () => created(new sdk.CreateLocationFsxOntapCommand({
    StorageVirtualMachineArn: `${FSX}:storage-virtual-machine/fs-01/svm-0123456789abcdef0`, Subdirectory: '/share', SecurityGroupArns, Protocol: { SMB: NTLM },
  }))],
} as const;
type FileSystem = keyof typeof FILE_SYSTEMS;

/** Owners can only be set by root: without it they are whose the process is. */
const IS_ROOT = process.geteuid?.() === 0;
const OWN = `${process.geteuid?.()}:${process.getegid?.()}`;
const NOBODY = IS_ROOT ? '65534:65534' : OWN;
const GIVEN = IS_ROOT ? '1234:4321' : OWN;

async function created(command: any): Promise<string> {
  return (await emulator.client.send<any, sdk.CreateLocationNfsCommandOutput>(command)).LocationArn!;
}

async function bucket(): Promise<{ Bucket: string; location: string }> {
  const Bucket = `others-${++buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const location = await created(new sdk.CreateLocationS3Command({
    S3BucketArn: `arn:aws:s3:::${Bucket}`, S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' },
  }));
  return { Bucket, location };
}

const folderOf = (name: FileSystem) => join(emulator.root, FILE_SYSTEMS[name][0]);

/** The location, and its folder. */
async function open(name: FileSystem): Promise<string> {
  mkdirSync(folderOf(name), { recursive: true });
  return FILE_SYSTEMS[name][1]();
}

/** A file and a folder with times, owners and modes of their own. */
function plant(name: FileSystem, owner: readonly [number, number] = [1234, 4321]): void {
  const folder = join(folderOf(name), 'folder');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'file'), 'content');
  for (const [path, mode] of [[join(folder, 'file'), 0o640], [folder, 0o770], [folderOf(name), 0o770]] as const) {
    if (IS_ROOT) chownSync(path, ...owner);
    chmodSync(path, mode);
    utimesSync(path, 1_600_000_000, 1_500_000_000);
  }
  utimesSync(folderOf(name), 1_600_000_000, 1_500_000_000); // so that it differs, too
}

type Run = () => Promise<sdk.DescribeTaskExecutionCommandOutput>;

async function task(source: string, destination: string, Options?: sdk.Options): Promise<Run> {
  const { TaskArn } = await emulator.client.send(new sdk.CreateTaskCommand({
    SourceLocationArn: source, DestinationLocationArn: destination, Options,
  }));
  return async () => {
    const { TaskExecutionArn } = await emulator.client.send(new sdk.StartTaskExecutionCommand({ TaskArn }));
    return finished(emulator.client, TaskExecutionArn);
  };
}

const UNCHANGED = { Status: 'SUCCESS', EstimatedFilesToTransfer: 0, FilesTransferred: 0, FilesSkipped: 3 };

function found(name: FileSystem, path: string): string {
  const { mode, uid, gid, mtimeMs } = lstatSync(join(folderOf(name), path));
  expect(mtimeMs).toBe(1_500_000_000_000);
  return `${(mode % 0o10000).toString(8)} ${uid}:${gid}`;
}

test.each<[FileSystem, FileSystem, string, string, string]>([
  ['NFS', 'EFS', '640', '770', GIVEN],
  ['SMB', 'EFS', '644', '755', NOBODY],
  ['FSxWindows', 'NFS', '644', '755', NOBODY],
  ['OntapSMB', 'NFS', '644', '755', NOBODY],
  ['HDFS', 'EFS', '644', '755', NOBODY],
  ['FSxWindows', 'HDFS', '644', '755', OWN],
  ['EFS', 'HDFS', '640', '770', OWN],
  ['EFS', 'SMB', '755', '755', OWN],
  ['HDFS', 'FSxWindows', '755', '755', OWN],
  ['SMB', 'FSxWindows', '755', '755', OWN],
])('from %s to %s a file gets the mode %s, a folder %s, both the owner %s; a second run changes nothing', async (from, to, file, folder, owner) => {
  const run = await task(await open(from), await open(to));
  plant(from);
  expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 3, FilesVerified: 3 });
  const both = () => [found(to, 'folder/file'), found(to, 'folder')];
  expect(both()).toEqual([`${file} ${owner}`, `${folder} ${owner}`]);
  expect(await run()).toMatchObject(UNCHANGED);
  expect(both()).toEqual([`${file} ${owner}`, `${folder} ${owner}`]);
});

test.each<[FileSystem, FileSystem, string]>([
  ['SMB', 'EFS', `644 ${NOBODY}`],
  ['EFS', 'SMB', `755 ${OWN}`],
  ['FSxWindows', 'SMB', `755 ${OWN}`],
])('from %s to %s there is nothing for options of POSIX metadata to keep: a file gets %s with them, too', async (from, to, expected) => {
  const run = await task(await open(from), await open(to), { PosixPermissions: 'PRESERVE', Uid: 'INT_VALUE', Gid: 'INT_VALUE' });
  plant(from);
  expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 3, FilesVerified: 3 });
  expect(found(to, 'folder/file')).toBe(expected);
  expect(await run()).toMatchObject(UNCHANGED);
});

test.each<[sdk.Options, string]>([
  [{ Uid: 'NONE' }, '0:4321'],
  [{ Gid: 'NONE' }, '1234:0'],
])('owner and group are kept apart: with %j a file gets %s', async (options, owner) => {
  if (!IS_ROOT) return expect(OWN).not.toBe('0:0'); // nobody else may set them
  const run = await task(await open('NFS'), await open('EFS'), options);
  plant('NFS');
  expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesVerified: 3 });
  expect(found('EFS', 'folder/file')).toBe(`640 ${owner}`);
  expect(await run()).toMatchObject(UNCHANGED);
});

test.each<[FileSystem, readonly [number, number], object, object]>([
  ['SMB', [1234, 4321], { 'file-owner': '65534', 'file-group': '65534', 'file-permissions': '100644' }, { 'file-permissions': '040755' }],
  ['HDFS', [0, 0], { 'file-owner': 'root', 'file-group': ownerNames().groups.get(0), 'file-permissions': '100640' }, { 'file-permissions': '040770' }],
  ['HDFS', [1234567, 7654321], { 'file-owner': '1234567', 'file-group': '7654321' }, {}],
])('from %s with owner %j, objects get %j and folders %j; a second run changes nothing, and a file system takes no names', async (from, owner, file, folder) => {
  if (!IS_ROOT && from === 'HDFS') return expect(OWN).not.toBe('0:0'); // whose the files are cannot be chosen
  const { Bucket, location } = await bucket();
  const run = await task(await open(from), location);
  plant(from, owner);
  expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesVerified: 3 });
  for (const [Key, expected] of [['folder/file', file], ['folder/', folder]] as const) {
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(Metadata).toMatchObject({ 'file-mtime': '1500000000/0', ...expected });
  }
  expect(await run()).toMatchObject(UNCHANGED);

  expect(await (await task(location, await open('EFS')))()).toMatchObject({ Status: 'SUCCESS' });
  const { uid } = lstatSync(join(folderOf('EFS'), 'folder/file'));
  expect(uid).toBe(from === 'HDFS' && owner[0] > 0 ? owner[0] : Number(NOBODY.split(':')[0]));
});

test('another owner at HDFS changes the metadata of the object alone', async () => {
  if (!IS_ROOT) return expect(OWN).not.toBe('0:0'); // whose the files are cannot be chosen
  const [other] = [...ownerNames().users].find(([id]) => id > 0)!;
  const { location } = await bucket();
  const run = await task(await open('HDFS'), location);
  plant('HDFS', [0, 0]);
  await run();
  chownSync(join(folderOf('HDFS'), 'folder/file'), other, 0);
  expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 1, BytesTransferred: 0 });
  expect(await run()).toMatchObject(UNCHANGED);
});

describe('ObjectMetadata', () => {
  const METADATA = { 'colour': 'red', 'file-mtime': '1500000000/0', 'file-permissions': '0120777' };

  /** A task between two buckets, and what the second one gets of an object with metadata. The option is newer than the SDK. */
  async function copied(ObjectMetadata?: string) {
    const [from, to] = [await bucket(), await bucket()];
    await s3.send(new PutObjectCommand({ Bucket: from.Bucket, Key: 'a/object', Body: 'content', Metadata: METADATA, ContentType: 'text/x', Tagging: 'k=v' }));
    const input = { SourceLocationArn: from.location, DestinationLocationArn: to.location, Options: { ObjectMetadata } };
    const { TaskArn } = (await rawOperation(emulator.url, 'CreateTask', JSON.stringify(input))).body;
    const run = async () => {
      const { TaskExecutionArn } = await emulator.client.send(new sdk.StartTaskExecutionCommand({ TaskArn }));
      return finished(emulator.client, TaskExecutionArn);
    };
    const described = (await rawOperation(emulator.url, 'DescribeTask', JSON.stringify({ TaskArn }))).body.Options.ObjectMetadata;
    const target = async () => {
      const name = { Bucket: to.Bucket, Key: 'a/object' };
      const { Metadata, ContentType, ContentLength } = await s3.send(new HeadObjectCommand(name));
      return { Metadata, ContentType, ContentLength, Tags: (await s3.send(new GetObjectTaggingCommand(name))).TagSet };
    };
    return { run, described, target, source: from.Bucket };
  }

  test.each([
    [undefined, 'PRESERVE', METADATA],
    ['PRESERVE', 'PRESERVE', METADATA],
    ['NONE', 'NONE', { 'file-mtime': '1500000000/0' }],
  ])('%s is %s and copies %j; content, type and tags come along, and a second run changes nothing', async (option, effective, Metadata) => {
    const { run, described, target } = await copied(option);
    expect(described).toBe(effective);
    expect(await run()).toMatchObject({ Status: 'SUCCESS', BytesWritten: 7 });
    expect(await target()).toEqual({ Metadata, ContentType: 'text/x', ContentLength: 7, Tags: [{ Key: 'k', Value: 'v' }] });
    expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0 });
  });

  test('NONE sees no change in what it does not copy', async () => {
    const { run, source } = await copied('NONE');
    await run();
    await s3.send(new PutObjectCommand({ Bucket: source, Key: 'a/object', Body: 'content', Metadata: { ...METADATA, colour: 'blue' } }));
    expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0 });
  });
});

describe('links', () => {
  const link = (name: FileSystem, path: string, target: string) => {
    mkdirSync(dirname(join(folderOf(name), path)), { recursive: true });
    symlinkSync(target, join(folderOf(name), path));
  };

  test.each<[FileSystem, FileSystem]>([['SMB', 'FSxWindows'], ['OntapSMB', 'SMB']])('from %s to %s the file that a link leads to is copied in its place', async (from, to) => {
    const run = await task(await open(from), await open(to));
    plant(from);
    writeFileSync(join(folderOf(from), 'folder/large'), 'x'.repeat(1_000_000));
    link(from, 'to-file', 'folder/file');
    link(from, 'links/up', '../folder/./large');
    link(from, 'links/twice', '../to-file');
    const first = await run();
    expect({ status: first.Status, why: first.Result?.ErrorDetail }).toEqual({ status: 'SUCCESS', why: undefined });
    const copies = ['to-file', 'links/up', 'links/twice'].map(path => join(folderOf(to), path));
    expect(copies.map(path => [lstatSync(path).isFile(), lstatSync(path).size])).toEqual([[true, 7], [true, 1_000_000], [true, 7]]);
    expect(lstatSync(copies[0]).mtimeMs).toBe(1_500_000_000_000);
    expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0 });

    writeFileSync(join(folderOf(from), 'folder/file'), 'changed');
    expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 3 });
    expect(readFileSync(copies[2], 'utf8')).toBe('changed');
  });

  test.each([
    ['out of the location', '../outside'], ['out of it and back', '../share/folder/file'], ['out of it, absolute', '/etc/passwd'], ['to nothing', 'gone'],
    ['to a folder', 'folder'], ['to itself', 'link'], ['through a link', 'to-folder/file'], ['to the location', '.'],
  ])('a link that leads %s is an item that fails, and nothing is read through it', async (_, target) => {
    const run = await task(await open('SMB'), await open('FSxWindows'));
    plant('SMB');
    writeFileSync(join(folderOf('SMB'), '../outside'), 'outside');
    link('SMB', 'to-folder', 'folder');
    link('SMB', 'link', target);
    expect(await run()).toMatchObject({ Status: 'ERROR', FilesTransferred: 3 });
    expect(readdirSync(folderOf('FSxWindows'))).toEqual(['folder']);
  });

  test('to HDFS links are left out, those in a bucket too', async () => {
    const hdfs = await open('HDFS');
    const fromEfs = await task(await open('EFS'), hdfs);
    plant('EFS');
    link('EFS', 'link', 'folder/file');
    expect(await fromEfs()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 3, FilesSkipped: 1 });
    expect(await fromEfs()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0 });

    const { Bucket, location } = await bucket();
    expect(await (await task(await open('EFS'), location))()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 3 });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'x' }));
    const fromBucket = await task(location, hdfs);
    expect(await fromBucket()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 1, FilesSkipped: 4 }); // the bucket itself, too
    expect(await fromBucket()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 0 });
    expect(readdirSync(folderOf('HDFS')).sort()).toEqual(['folder', 'plain']);
  });

  test('everywhere else links stay links', async () => {
    const run = await task(await open('SMB'), await open('EFS'));
    plant('SMB');
    link('SMB', 'link', 'folder/file');
    expect(await run()).toMatchObject({ Status: 'SUCCESS', FilesTransferred: 4 });
    expect(lstatSync(join(folderOf('EFS'), 'link')).isSymbolicLink()).toBe(true);
  });

  test.each<[FileSystem, FileSystem, object, number | undefined]>([
    ['NFS', 'EFS', { Status: 'SUCCESS', FilesTransferred: 4 }, 2],
    ['SMB', 'EFS', { Status: 'SUCCESS', FilesTransferred: 4 }, 1],
    ['SMB', 'FSxWindows', { Status: 'ERROR', FilesTransferred: 2 }, undefined],
    ['EFS', 'HDFS', { Status: 'SUCCESS', FilesTransferred: 2, FilesSkipped: 2 }, undefined],
  ])('from %s to %s a file with two names: %j, with %s names there', async (from, to, outcome, names) => {
    const run = await task(await open(from), await open(to));
    plant(from);
    linkSync(join(folderOf(from), 'folder/file'), join(folderOf(from), 'same'));
    utimesSync(folderOf(from), 1_600_000_000, 1_500_000_000);
    expect(await run()).toMatchObject(outcome);
    expect(lstatSync(join(folderOf(to), 'same'), { throwIfNoEntry: false })?.nlink).toBe(names);
  });
});
