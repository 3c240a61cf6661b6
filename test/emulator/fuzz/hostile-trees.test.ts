import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CreateLocationNfsCommandOutput, ManifestConfig, Options } from '@aws-sdk/client-datasync';
import {
  CreateLocationEfsCommand, CreateLocationFsxWindowsCommand, CreateLocationNfsCommand, CreateLocationS3Command,
  CreateLocationSmbCommand, CreateTaskCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { Canary } from './canary';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, EFS_CONFIG, finished, startTestEmulator } from '../../support/emulator';
import { createEfsLocation, createNfsLocation, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';
import { startBuckets } from '../backends/buckets';
import type { Buckets } from '../backends/buckets';

const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const EFS = 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-01234567';
const FSX = 'arn:aws:fsx:us-east-1:000000000000:file-system/fs-01234567';
const S3Config = { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' };

/** Folders outside of the root that stand in for file systems. As deep as those inside, so that the same links lead out of them. */
const MOUNTED = { source: 'mounted/a/nfs/export', destination: 'mounted/b/efs/backup' };

let store: Buckets;
let s3: S3Client;
let folder: string;
let canary: Canary;
let emulator: TestEmulator;
let made = 0;

beforeAll(async () => {
  store = await startBuckets();
  s3 = store.client;
});
afterAll(() => store?.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-hostile-'));
  for (const path of ['root', ...Object.values(MOUNTED)]) mkdirSync(join(folder, path), { recursive: true });
  canary = new Canary(join(folder, 'canary'));
  const mounts = { 'nfs://mounted/export': join(folder, MOUNTED.source), 'efs://us-east-1.fs-0badcafe/backup': join(folder, MOUNTED.destination) };
  emulator = await startTestEmulator({ root: join(folder, 'root'), s3Endpoint: store.url, mounts });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** Where links lead: out of the root by several ways, to themselves, to nothing. */
const TARGETS = ['CANARY', 'CANARY/folder', 'CANARY/file', 'CANARY/new', '../../../../canary', '../../../../canary/file', '../..', '/', '.', '..', 'a', 'nothing'];
const NAMES = ['a', 'b', 'file', 'folder', 'export', '...', '.aws-datasync', '..a', 'é'];
const entry = fc.oneof(
  fc.constant({ kind: 'file' as const }),
  fc.constant({ kind: 'folder' as const }),
  fc.constantFrom(...TARGETS).map(target => ({ kind: 'link' as const, target })),
);
type Entry = { kind: 'file' } | { kind: 'folder' } | { kind: 'link'; target: string };
/** Up to three levels; a name comes once, so one side may have a link where the other one has a folder. */
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map(names => names.join('/'));
const tree = fc.uniqueArray(fc.tuple(path, entry), { selector: ([name]) => name, maxLength: 12 });
const anyOptions: fc.Arbitrary<Options> = fc.record({
  OverwriteMode: fc.constantFrom('ALWAYS', 'NEVER'),
  VerifyMode: fc.constantFrom('POINT_IN_TIME_CONSISTENT', 'ONLY_FILES_TRANSFERRED', 'NONE'),
  PosixPermissions: fc.constantFrom('PRESERVE', 'NONE'),
  PreserveDeletedFiles: fc.constantFrom('REMOVE', 'PRESERVE'),
});

/** Plants what does not stand in the way of something planted before. Links are not followed: only planted folders have something in them. */
function plant(below: string, entries: ReadonlyArray<readonly [string, Entry]>): void {
  const kinds = new Map<string, string>([['.', 'folder']]);
  for (const [name, planted] of [...entries].sort(([one], [other]) => one.length - other.length)) {
    const place = join(folder, below, name);
    if (kinds.get(dirname(name)) !== 'folder') continue;
    kinds.set(name, planted.kind);
    if (planted.kind === 'folder') mkdirSync(place);
    else if (planted.kind === 'file') writeFileSync(place, name);
    else symlinkSync(planted.target.replace('CANARY', canary.folder), place);
  }
}

async function run(source: string, destination: string, input: { Options?: Options; ManifestConfig?: ManifestConfig; TaskMode?: 'ENHANCED' } = {}) {
  const { TaskArn } = await emulator.client.send(new CreateTaskCommand({ SourceLocationArn: source, DestinationLocationArn: destination, ...input }));
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn }));
  return finished(emulator.client, TaskExecutionArn);
}

function expectUntouched(): void {
  expect(canary.changes()).toEqual([]);
  expect([...canary.leaksInto(emulator.root), ...canary.leaksInto(join(folder, 'mounted'))]).toEqual([]);
}

/** Pairs of locations, where their content is, and how many pairs of trees they are tried with. */
const PAIRS: Array<[string, number, { source: string; destination: string }, () => Promise<[string, string]>]> = [
  ['below the root', 100, { source: `root/${SOURCE_FOLDER}`, destination: `root/${DESTINATION_FOLDER}` }, async () => [
    await createNfsLocation(emulator.client), await createEfsLocation(emulator.client),
  ]],
  ['in mounted folders', 40, MOUNTED, async () => [
    await created(new CreateLocationNfsCommand({ ServerHostname: 'mounted', Subdirectory: '/export', OnPremConfig: { AgentArns: [AGENT_ARN] } })),
    await created(new CreateLocationEfsCommand({ EfsFilesystemArn: EFS.replace('fs-01234567', 'fs-0badcafe'), Subdirectory: '/backup', Ec2Config: EFS_CONFIG })),
  ]],
  ['between locations that are reached through SMB, where links are followed', 60, { source: 'root/smb/server/share', destination: 'root/fsxw/fs-01234567/share' }, async () => [
    await created(new CreateLocationSmbCommand({ ServerHostname: 'server', Subdirectory: '/share', AgentArns: [AGENT_ARN], User: 'u', Password: 'p' })),
    await created(new CreateLocationFsxWindowsCommand({ FsxFilesystemArn: FSX, Subdirectory: '/share', SecurityGroupArns: EFS_CONFIG.SecurityGroupArns, User: 'u', Password: 'p' })),
  ]],
];

async function created(command: any): Promise<string> {
  return (await emulator.client.send<any, CreateLocationNfsCommandOutput>(command)).LocationArn!;
}

test.each(PAIRS)('%s: whatever links are in the trees, on both sides, nothing outside is read or written', async (_, numRuns, folders, open) => {
  const [source, destination] = await open();
  let succeeded = 0;
  await fc.assert(fc.asyncProperty(tree, tree, anyOptions, async (from, to, { PosixPermissions, ...options }) => {
    for (const below of Object.values(folders)) {
      rmSync(join(folder, below), { recursive: true, force: true });
      mkdirSync(join(folder, below), { recursive: true });
    }
    plant(folders.source, from);
    plant(folders.destination, to);
    const isPosix = !folders.source.includes('smb');
    if ((await run(source, destination, { Options: { ...options, ...(isPosix && { PosixPermissions }) } })).Status === 'SUCCESS') succeeded++;
    expectUntouched();
  }), { numRuns, seed: SEED });
  expect(succeeded).toBeGreaterThan(numRuns / 5);
});

test.each(['out', 'out/folder', 'inside'])('a link to %s below a mounted folder fails the execution if it leads out', async place => {
  mkdirSync(join(folder, MOUNTED.source, 'folder'), { recursive: true });
  writeFileSync(join(folder, MOUNTED.source, 'folder/file'), 'x');
  symlinkSync(canary.folder, join(folder, MOUNTED.source, 'out'));
  symlinkSync('folder', join(folder, MOUNTED.source, 'inside'));
  emulator.mkdir(DESTINATION_FOLDER);
  const nfs = await created(new CreateLocationNfsCommand({ ServerHostname: 'mounted', Subdirectory: `/export/${place}`, OnPremConfig: { AgentArns: [AGENT_ARN] } }));
  const efs = await createEfsLocation(emulator.client);
  for (const [source, destination] of [[nfs, efs], [efs, nfs]]) {
    expect(await run(source, destination)).toMatchObject(place === 'inside' ? { Status: 'SUCCESS' } : {
      Status: 'ERROR', FilesTransferred: 0, Result: { ErrorDetail: expect.stringContaining('leads out of the root folder') },
    });
  }
  expectUntouched();
});

test.each([
  ['the folder of the location', 'nfs/fileserver/export'],
  ['the folder of the host', 'nfs/fileserver'],
  ['the folder of all hosts', 'nfs'],
])('a link in the place of %s fails the execution', async (_, place) => {
  mkdirSync(dirname(join(emulator.root, place)), { recursive: true });
  symlinkSync(canary.folder, join(emulator.root, place));
  emulator.mkdir(DESTINATION_FOLDER);
  const [nfs, efs] = [await createNfsLocation(emulator.client), await createEfsLocation(emulator.client)];
  for (const [source, destination] of [[nfs, efs], [efs, nfs]]) {
    expect(await run(source, destination)).toMatchObject({
      Status: 'ERROR', FilesTransferred: 0, Result: { ErrorDetail: expect.stringContaining('leads out of the root folder') },
    });
  }
  expectUntouched();
});

/** A bucket with those keys, and a location of it. */
async function bucketWith(...keys: string[]): Promise<{ bucket: string; location: string }> {
  const bucket = `hostile-${++made}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'from the bucket' }));
  const { LocationArn } = await emulator.client.send(new CreateLocationS3Command({ S3BucketArn: `arn:aws:s3:::${bucket}`, S3Config }));
  return { bucket, location: LocationArn! };
}

const segment = fc.constantFrom('', '.', '..', 'a', 'b', 'canary', 'file', '\u0001', 'link', 'new', ' ', '...');

test('keys that no file can have, or that would lead out, are neither copied nor deleted', async () => {
  const keys = fc.uniqueArray(fc.array(segment, { minLength: 2, maxLength: 6 }).map(parts => parts.join('/')).filter(key => key !== ''), { maxLength: 12 });
  const destination = await createEfsLocation(emulator.client);
  await fc.assert(fc.asyncProperty(keys, async random => {
    rmSync(join(emulator.root, DESTINATION_FOLDER), { recursive: true, force: true });
    emulator.mkdir(DESTINATION_FOLDER);
    symlinkSync(canary.folder, join(emulator.root, DESTINATION_FOLDER, 'link'));
    const { location } = await bucketWith('../../../canary/new', 'a/../../../../canary/file', '/lead', 'a//b', 'link/new', 'link/file', 'good', ...random);
    const execution = await run(location, destination, { Options: { PreserveDeletedFiles: 'REMOVE' } });
    expect({ status: execution.Status, transferred: execution.FilesTransferred! > 0 }).toEqual({ status: 'ERROR', transferred: true });
    expectUntouched();
  }), { numRuns: 6, seed: SEED });
});

test('links go into a bucket as links, without what they lead to', async () => {
  emulator.mkdir(SOURCE_FOLDER);
  plant(`root/${SOURCE_FOLDER}`, TARGETS.map((target, index) => [`link-${index}`, { kind: 'link', target }]));
  const { bucket, location } = await bucketWith();
  await run(await createNfsLocation(emulator.client), location);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect(canary.leaksIntoText(await Body!.transformToString())).toBe(false);
  }
  expect(Contents.map(({ Key }) => Key)).toEqual(expect.arrayContaining(TARGETS.map((_, index) => `link-${index}`)));
  expectUntouched();
});

test('entries of a manifest do not lead out', async () => {
  emulator.write(`${SOURCE_FOLDER}/good`, 'good');
  plant(`root/${SOURCE_FOLDER}`, [['out', { kind: 'link', target: 'CANARY' }]]);
  emulator.mkdir(DESTINATION_FOLDER);
  const { bucket } = await bucketWith();
  const lines = ['good', '/etc/hostname', `${canary.folder}/file`, '../../../../canary/file', 'out/file', 'out/folder/file', 'a/../../canary', './good', 'a//b', '\u0000'];
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'manifest.csv', Body: lines.join('\n') }));
  const manifest: ManifestConfig = {
    Action: 'TRANSFER', Format: 'CSV', Source: { S3: { S3BucketArn: `arn:aws:s3:::${bucket}`, ManifestObjectPath: 'manifest.csv', ...S3Config } },
  };
  const execution = await run(await createNfsLocation(emulator.client), await createEfsLocation(emulator.client), { ManifestConfig: manifest, TaskMode: 'ENHANCED' });
  expect(execution).toMatchObject({ Status: 'ERROR', FilesTransferred: 1 });
  expectUntouched();
});
