import { mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsCli } from './aws-cli';
import { boto3Client } from './boto3';
import type { Client } from './client';
import { SCOPE } from './client';
import { sdkClient } from './sdk';
import { ensureVenv } from '../../../emulator/local-stack/venv';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, EFS_CONFIG, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';


let python: string;
let home: string;
beforeAll(async () => {
  python = await ensureVenv({ requirements: join(__dirname, 'requirements.txt') });
  home = mkdtempSync(join(tmpdir(), 'datasync-clients-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const NFS = { ServerHostname: 'fileserver', Subdirectory: '/export', OnPremConfig: { AgentArns: [AGENT_ARN] } };
const EFS = {
  EfsFilesystemArn: 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-01234567', Subdirectory: '/backup', Ec2Config: EFS_CONFIG,
};

describe.each<[string, (url: string) => Client]>([
  ['the AWS SDK for JavaScript', url => sdkClient(url)],
  ['boto3', url => boto3Client(python, url, home)],
  ['the AWS CLI', url => awsCli(python, url, home)],
])('%s', (_, open) => {
  let emulator: TestEmulator;
  let client: Client;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    client = open(emulator.url);
  });
  afterAll(async () => {
    client.close();
    await emulator.close();
  });

  test('copies files, from the locations to the result', async () => {
    emulator.write('nfs/fileserver/export/folder/greeting', 'hello');
    emulator.write('nfs/fileserver/export/draft.tmp', 'not this one');
    emulator.mkdir('efs/fs-01234567/backup');
    for (const top of ['nfs/fileserver/export', 'efs/fs-01234567/backup']) utimesSync(join(emulator.root, top), 1, 1); // so that they do not differ
    const { LocationArn: SourceLocationArn } = await client.call('CreateLocationNfs', NFS);
    const { LocationArn: DestinationLocationArn } = await client.call('CreateLocationEfs', EFS);
    const { TaskArn } = await client.call('CreateTask', {
      SourceLocationArn, DestinationLocationArn, Name: 'Nightly', Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED', BytesPerSecond: 1_048_576 },
    });
    const before = Math.floor(Date.now() / 1000) * 1000; // some clients tell whole seconds
    const { TaskExecutionArn } = await client.call('StartTaskExecution', {
      TaskArn, Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp' }], Tags: [{ Key: 'why', Value: 'to see it' }],
    });
    const execution = await eventually(async () => {
      const described = await client.call('DescribeTaskExecution', { TaskExecutionArn });
      return ['SUCCESS', 'ERROR'].includes(described.Status) && described;
    });
    expect(execution).toMatchObject({
      Status: 'SUCCESS',
      FilesTransferred: 2, // and the folder
      BytesTransferred: 5,
      Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED', BytesPerSecond: 1_048_576 },
      Result: { TransferStatus: 'SUCCESS', VerifyStatus: 'SUCCESS', TotalDuration: expect.any(Number) },
    });
    expect(Date.parse(execution.StartTime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(execution.StartTime)).toBeLessThanOrEqual(Date.now());
    expect(readFileSync(join(emulator.root, 'efs/fs-01234567/backup/folder/greeting'), 'utf8')).toBe('hello');
    expect(await client.call('DescribeTask', { TaskArn })).toMatchObject({ Name: 'Nightly', Status: 'AVAILABLE', SourceLocationArn });
  });

  test('goes through a list page by page', async () => {
    const made: string[] = [];
    for (const folder of ['/a', '/b', '/c']) made.push((await client.call('CreateLocationNfs', { ...NFS, Subdirectory: folder })).LocationArn);
    const listed = await client.listAll('ListLocations', 'Locations', 2);
    expect(listed.map(({ LocationArn }) => LocationArn).slice(-3)).toEqual(made);
    expect(listed.at(-1).LocationUri).toBe('nfs://fileserver/c/');
    const Filters = [{ Name: 'LocationUri', Operator: 'Contains', Values: ['fileserver/b'] }];
    expect((await client.call('ListLocations', { Filters })).Locations).toEqual([expect.objectContaining({ LocationArn: made[1] })]);
  });

  test('adds tags and takes them away', async () => {
    const { LocationArn: ResourceArn } = await client.call('CreateLocationNfs', { ...NFS, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }] });
    expect(await client.call('TagResource', { ResourceArn, Tags: [{ Key: 'c', Value: '3' }] })).toEqual({});
    expect(await client.call('UntagResource', { ResourceArn, Keys: ['a'] })).toEqual({});
    expect(await client.call('ListTagsForResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'b' }, { Key: 'c', Value: '3' }] });
  });

  test('understands errors', async () => {
    const TaskArn = 'arn:aws:datasync:us-east-1:000000000000:task/task-00000000000000000';
    await expect(client.call('DescribeTask', { TaskArn })).rejects.toMatchObject({
      type: 'InvalidRequestException', message: `Sync task ${TaskArn} is not found.`,
    });
    await expect(client.call('CreateLocationNfs', { ...NFS, ServerHostname: 'not a host' })).rejects.toMatchObject({
      type: 'InvalidRequestException', message: expect.stringContaining("at 'ServerHostname' failed to satisfy constraint"),
    });
  });

  test('works in several accounts and Regions at once, which do not see each other', async () => {
    const scopes = [
      { account: '111111111111', region: 'us-east-1' },
      { account: '222222222222', region: 'us-east-1' },
      { account: '111111111111', region: 'cn-north-1' },
    ];
    const made = await Promise.all(scopes.map(async scope => (await client.call('CreateLocationEfs', EFS, scope)).LocationArn));
    expect(made.map(arn => arn.split('/')[0])).toEqual([
      'arn:aws:datasync:us-east-1:111111111111:location',
      'arn:aws:datasync:us-east-1:222222222222:location',
      'arn:aws-cn:datasync:cn-north-1:111111111111:location',
    ]);
    const lists = await Promise.all(scopes.map(scope => client.call('ListLocations', {}, scope)));
    expect(lists.map(({ Locations }) => Locations.map(({ LocationArn }: any) => LocationArn))).toEqual(made.map(arn => [arn]));
    await expect(client.call('DescribeLocationEfs', { LocationArn: made[0] }, SCOPE)).rejects.toMatchObject({
      type: 'InvalidRequestException', message: 'Invalid parameter: ARN account (111111111111) must match authenticated user.',
    });
    await expect(client.call('DescribeLocationEfs', { LocationArn: made[0] }, scopes[2])).rejects.toMatchObject({
      type: 'InvalidRequestException', message: `Location ${made[0]} is not found.`,
    });
  });
});
