import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateLocationNfsCommand, CreateTaskCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { mountOf, parseMounts } from '../../../emulator/model/mounts';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { createEfsLocation, DESTINATION_FOLDER } from '../../support/tasks';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-mount-'));
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'file'), 'hello');
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, string, string, string[] | undefined]>([
  ['itself', 'nfs://host/export', 'nfs://host/export', []],
  ['what is below', 'nfs://host/export', 'nfs://host/export/a/b', ['a', 'b']],
  ['a neighbour', 'nfs://host/export', 'nfs://host/export2', undefined],
  ['another host', 'nfs://host', 'nfs://host2/a', undefined],
  ['the root of a host', 'nfs://host/', 'nfs://host/', []],
  ['untidy slashes', 'nfs://host//export/', 'nfs://host/export/a', ['a']],
  ['another scheme', 'smb://host/export', 'nfs://host/export', undefined],
  ['a trailing slash of the location', 'azure-blob://host/container', 'azure-blob://host/container/a/', ['a']],
])('a mount goes by %s', (_, mounted, uri, below) => {
  expect(mountOf(uri, parseMounts({ [mounted]: folder }))).toEqual(below && { folder, below });
});

test('the longest beginning wins', () => {
  const mounts = parseMounts({ 'nfs://host': folder, 'nfs://host/a/b': join(folder, 'deep'), 'nfs://host/a': folder });
  expect(mountOf('nfs://host/a/b/c', mounts)).toEqual({ folder: join(folder, 'deep'), below: ['c'] });
  expect(mountOf('nfs://host/a/c', mounts)).toEqual({ folder, below: ['c'] });
});

test.each(['s3://bucket', 'object-storage://host/bucket', 'host/export', 'nfs://', 'nfs:///export', 'nfs://host/../etc', '', 'NFS://host'])('%j is no mount', uri => {
  expect(() => parseMounts({ [uri]: folder })).toThrow(`mount '${uri}' must begin like the LocationUri of a file system, such as nfs://host/export`);
});

test.each([
  ['efs://fs-0123456789abcdef0/a', 'efs://us-east-1.fs-0123456789abcdef0'],
  ['fsxl://us-east-1/a', 'fsxl://us-east-1.fs-0123456789abcdef0'],
  ['fsxz://us-east-1.fs-0123.svm-0123', 'fsxz://us-east-1.fs-0123456789abcdef0'],
  ['fsxw://share', 'fsxw://us-east-1.fs-0123456789abcdef0'],
  ['fsxn-nfs://us-east-1.fs-0123', 'fsxn-nfs://us-east-1.fs-0123456789abcdef0.svm-0123456789abcdef0'],
  ['fsxn-smb://us-east-1.svm-0123', 'fsxn-smb://us-east-1.fs-0123456789abcdef0.svm-0123456789abcdef0'],
  ['hdfs://namenode/user', 'hdfs://namenode.example.com:8020'],
])('%s can match no location', (uri, form) => {
  expect(() => parseMounts({ [uri]: folder })).toThrow(`mount '${uri}' is the beginning of no LocationUri: those begin like ${form}`);
  expect(parseMounts({ [form]: folder })).toEqual([{ uri: form, folder }]);
});

test('a location has one folder', () => {
  expect(() => parseMounts({ 'nfs://host/a': folder, 'nfs://host//a/': join(folder, 'deep') })).toThrow("mount 'nfs://host/a' is given twice");
});

test.each(['/no/such/folder', __filename])('%s is no folder', path => {
  expect(() => parseMounts({ 'nfs://host/a': path })).toThrow(`mount 'nfs://host/a' leads to '${path}', which is not an existing folder`);
});

describe('an execution', () => {
  let emulator: TestEmulator;
  beforeEach(async () => {
    emulator = await startTestEmulator({ mounts: { 'nfs://host/export': folder } });
    emulator.mkdir(DESTINATION_FOLDER);
  });
  afterEach(() => emulator.close());

  async function execute(Subdirectory: string) {
    const { LocationArn } = await emulator.client.send(new CreateLocationNfsCommand({
      ServerHostname: 'host', Subdirectory, OnPremConfig: { AgentArns: [AGENT_ARN] },
    }));
    const { TaskArn } = await emulator.client.send(new CreateTaskCommand({
      SourceLocationArn: LocationArn, DestinationLocationArn: await createEfsLocation(emulator.client),
    }));
    const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn }));
    return finished(emulator.client, TaskExecutionArn);
  }

  test('reads the mounted folder, which lies outside of the root', async () => {
    expect(await execute('/export')).toMatchObject({ Status: 'SUCCESS', BytesTransferred: 5 });
    expect(await execute('/export/deep')).toMatchObject({ Status: 'SUCCESS', BytesTransferred: 0 });
  });

  test('does not leave it through a link', async () => {
    symlinkSync(tmpdir(), join(folder, 'out'));
    const { Status, Result } = await execute('/export/out');
    expect(Status).toBe('ERROR');
    expect(Result!.ErrorDetail).toContain(`leads out of the root folder ${folder}, which is refused`);
  });

  test('looks below the root for what is not mounted', async () => {
    const { Result } = await execute('/elsewhere');
    expect(Result!.ErrorDetail).toContain(`the folder ${join(emulator.root, 'nfs/host/elsewhere')} does not exist; create it`);
  });
});

test('an emulator with a wrong mount does not start', async () => {
  await expect(startTestEmulator({ mounts: { 'nfs://host': '/no/such/folder' } })).rejects.toThrow('which is not an existing folder');
});
