import type { LocationFilter } from '@aws-sdk/client-datasync';
import {
  CreateLocationEfsCommand, CreateLocationNfsCommand, DeleteLocationCommand, DescribeLocationEfsCommand, DescribeLocationNfsCommand,
  ListLocationsCommand, paginateListLocations,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, EFS_CONFIG, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask } from '../../support/tasks';

let emulator: TestEmulator;
let nfs: string | undefined;
let efs: string | undefined;

beforeEach(async () => {
  emulator = await startTestEmulator();
  ({ LocationArn: nfs } = await emulator.client.send(new CreateLocationNfsCommand({
    ServerHostname: 'fileserver', Subdirectory: '/a', OnPremConfig: { AgentArns: [AGENT_ARN] },
  })));
  ({ LocationArn: efs } = await emulator.client.send(new CreateLocationEfsCommand({
    EfsFilesystemArn: 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-01234567', Ec2Config: EFS_CONFIG,
  })));
});
afterEach(() => emulator.close());

test('a location is described by the operation of its type only', async () => {
  await expect(emulator.client.send(new DescribeLocationEfsCommand({ LocationArn: nfs })))
    .rejects.toThrow(`Invalid Location type: ${nfs} is of type NFS, not EFS.`);
});

test('a deleted location is not found', async () => {
  await emulator.client.send(new DeleteLocationCommand({ LocationArn: nfs }));
  for (const command of [new DescribeLocationNfsCommand({ LocationArn: nfs }), new DeleteLocationCommand({ LocationArn: nfs })]) {
    await expect(emulator.client.send(command as DeleteLocationCommand)).rejects.toMatchObject({
      name: 'InvalidRequestException', message: `Location ${nfs} is not found.`,
    });
  }
});

test('a location that a task uses cannot be deleted', async () => {
  const { task, source } = await createNfsToEfsTask(emulator);
  await expect(emulator.client.send(new DeleteLocationCommand({ LocationArn: source })))
    .rejects.toThrow(`Location ${source} is in use by task ${task}. Delete the task first.`);
});

test('nothing is seen from another account or Region', async () => {
  const elsewhere = emulator.clientOf({ region: 'eu-west-1' });
  const otherAccount = emulator.clientOf({ account: '111122223333' });
  await expect(elsewhere.send(new DescribeLocationNfsCommand({ LocationArn: nfs }))).rejects.toThrow('is not found.');
  await expect(otherAccount.send(new DescribeLocationNfsCommand({ LocationArn: nfs })))
    .rejects.toThrow('Invalid parameter: ARN account (000000000000) must match authenticated user.');
  expect((await elsewhere.send(new ListLocationsCommand())).Locations).toEqual([]);
});

test.each<[LocationFilter[], string]>([
  [[], 'nfs efs'],
  [[{ Name: 'LocationType', Operator: 'Equals', Values: ['NFS'] }], 'nfs'],
  [[{ Name: 'LocationType', Operator: 'NotEquals', Values: ['NFS'] }], 'efs'],
  [[{ Name: 'LocationUri', Operator: 'BeginsWith', Values: ['efs:'] }], 'efs'],
  [[{ Name: 'CreationTime', Operator: 'GreaterThan', Values: ['2020-01-01 00:00:00'] }], 'nfs efs'],
  [[{ Name: 'CreationTime', Operator: 'LessThan', Values: ['2020-01-01 00:00:00'] }], ''],
  [[{ Name: 'LocationUri', Operator: 'Contains', Values: ['fs'] }, { Name: 'LocationType', Operator: 'Equals', Values: ['EFS'] }], 'efs'],
])('list with %j', async (Filters, expected) => {
  const { Locations } = await emulator.client.send(new ListLocationsCommand({ Filters }));
  expect(Locations!.map(({ LocationArn }) => LocationArn === nfs ? 'nfs' : 'efs').join(' ')).toBe(expected);
});

test('a wrong filter is refused whatever the list holds, also behind one that nothing passes', async () => {
  const nothing: LocationFilter = { Name: 'LocationType', Operator: 'Equals', Values: ['SMB'] };
  await expect(emulator.client.send(new ListLocationsCommand({ Filters: [nothing, { Name: 'LocationUri', Operator: 'GreaterThan', Values: ['a'] }] })))
    .rejects.toThrow('Invalid parameter: operator GreaterThan is for times, not for texts.');
  const elsewhere = emulator.clientOf({ region: 'eu-west-1' });
  await expect(elsewhere.send(new ListLocationsCommand({ Filters: [{ Name: 'CreationTime', Operator: 'Equals', Values: ['2020'] }] })))
    .rejects.toThrow("Invalid parameter: '2020' is not a time like 2019-12-15 17:15:20.");
});

test('the paginator of the SDK sees every location once', async () => {
  const seen: string[] = [];
  for await (const { Locations } of paginateListLocations({ client: emulator.client, pageSize: 1 }, {})) {
    seen.push(...Locations!.map(({ LocationArn }) => LocationArn!));
  }
  expect(seen).toEqual([nfs, efs]);
});
