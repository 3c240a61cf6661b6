import type { CreateTaskCommandInput, DataSyncClient, TaskFilter, UpdateTaskCommandInput } from '@aws-sdk/client-datasync';
import {
  CreateTaskCommand, DeleteTaskCommand, DescribeTaskCommand, ListTasksCommand,
  StartTaskExecutionCommand, UpdateTaskCommand,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createEfsLocation, createNfsLocation, createNfsToEfsTask } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator(); });
afterEach(() => emulator.close());

const rule = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];
const describeTask = (TaskArn: string) => emulator.client.send(new DescribeTaskCommand({ TaskArn }));

test('a task with nothing but its locations gets the defaults', async () => {
  const { task, source, destination } = await createNfsToEfsTask(emulator);
  const described = await describeTask(task);
  expect(described).toMatchObject({
    TaskArn: task,
    Status: 'AVAILABLE',
    SourceLocationArn: source,
    DestinationLocationArn: destination,
    TaskMode: 'BASIC',
    Includes: [],
    Excludes: [],
    CreationTime: expect.any(Date),
  });
  expect(described.Options).toMatchObject({ VerifyMode: 'POINT_IN_TIME_CONSISTENT', BytesPerSecond: -1, Uid: 'INT_VALUE' });
  expect(Object.keys(described.Options!)).toHaveLength(15);
  expect(described.CurrentTaskExecutionArn).toBeUndefined();
});

test('everything given comes back', async () => {
  const input = {
    Name: 'Nightly',
    TaskMode: 'ENHANCED' as const,
    CloudWatchLogGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/datasync:*',
    Options: { OverwriteMode: 'NEVER' as const, BytesPerSecond: 1_048_576 },
    Includes: rule('/a|/b*'),
    Excludes: rule('*.tmp'),
  };
  const { task } = await createNfsToEfsTask(emulator, input);
  expect(await describeTask(task)).toMatchObject(input);
});

test.each<[string, Partial<CreateTaskCommandInput>, string]>([
  ['a broken rule of options', { Options: { TransferMode: 'ALL', PreserveDeletedFiles: 'REMOVE' } },
    'Invalid SyncOption value. Option: TransferMode,PreserveDeletedFiles, Value: ALL,REMOVE.'],
  ['an include with an inner wildcard', { Includes: rule('*.txt') }, "'*' is allowed only as the last character of a pattern, got '*.txt'"],
  ['two rules', { Includes: [...rule('/a'), ...rule('/b')] }, "at 'Includes' failed to satisfy constraint: Member must have length less than or equal to 1"],
  ['an unknown mode', { TaskMode: 'FAST' as any }, 'Member must satisfy enum value set: [BASIC, ENHANCED]'],
  ['a report without a destination', { TaskReportConfig: { OutputType: 'STANDARD' } }, 'TaskReportConfig needs Destination.S3'],
  ['a source that does not exist', { SourceLocationArn: 'arn:aws:datasync:us-east-1:000000000000:location/loc-00000000000000000' },
    'Location arn:aws:datasync:us-east-1:000000000000:location/loc-00000000000000000 is not found.'],
  ["a source of somebody else's", { SourceLocationArn: 'arn:aws:datasync:us-east-1:111122223333:location/loc-00000000000000000' },
    'Invalid parameter: ARN account (111122223333) must match authenticated user.'],
])('%s is refused', async (_, input, message) => {
  await expect(createNfsToEfsTask(emulator, input)).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
  expect((await emulator.client.send(new ListTasksCommand())).Tasks).toEqual([]);
});

test('one side has to be an AWS storage service', async () => {
  const SourceLocationArn = await createNfsLocation(emulator.client);
  const DestinationLocationArn = await createNfsLocation(emulator.client);
  await expect(emulator.client.send(new CreateTaskCommand({ SourceLocationArn, DestinationLocationArn })))
    .rejects.toThrow('Invalid location pair: a task from NFS to NFS is not supported. One of them must be an AWS storage service.');
});

test.each([
  ['arn:aws:s3:::bucket', ''],
  ['arn:aws:datasync:us-east-1:111122223333:location/loc-0123456789abcdef0', '111122223333'],
  ['arn:aws:iam::111122223333:role/x', '111122223333'],
])('%s is nobody\'s location, says the service before it says that it is none', async (SourceLocationArn, account) => {
  await expect(emulator.client.send(new CreateTaskCommand({ SourceLocationArn, DestinationLocationArn: await createEfsLocation(emulator.client) })))
    .rejects.toMatchObject({ message: `Invalid parameter: ARN account (${account}) must match authenticated user.`, errorCode: 'InvalidParameter' });
});

test('in Enhanced mode the log group is the one of the service', async () => {
  const arnOf = (name: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
  const { task } = await createNfsToEfsTask(emulator, { TaskMode: 'ENHANCED', CloudWatchLogGroupArn: arnOf('/aws/datasync:*') });
  const update = (name: string) => emulator.client.send(new UpdateTaskCommand({ TaskArn: task, CloudWatchLogGroupArn: arnOf(name) }));
  const message = `CloudWatchLogGroupArn must name the log group /aws/datasync in task mode ENHANCED, got ${arnOf('mine')}.`;
  await expect(update('mine')).rejects.toThrow(message);
  await expect(createNfsToEfsTask(emulator, { TaskMode: 'ENHANCED', CloudWatchLogGroupArn: arnOf('mine') })).rejects.toThrow(message);
  await update('/aws/datasync');
  expect((await describeTask(task)).CloudWatchLogGroupArn).toBe(arnOf('/aws/datasync'));
});

test('EFS to EFS needs no agent', async () => {
  const input = { SourceLocationArn: await createEfsLocation(emulator.client), DestinationLocationArn: await createEfsLocation(emulator.client) };
  await expect(emulator.client.send(new CreateTaskCommand(input))).resolves.toHaveProperty('TaskArn');
});

describe('update', () => {
  const ORIGINAL = { Name: 'before', Options: { OverwriteMode: 'NEVER' as const }, Includes: rule('/a'), Excludes: rule('*.tmp') };

  test.each<[string, Omit<UpdateTaskCommandInput, 'TaskArn'>, object]>([
    ['nothing', {}, {}],
    ['the name', { Name: 'after' }, { Name: 'after' }],
    ['an option, the others stay', { Options: { VerifyMode: 'NONE' } }, { Options: { OverwriteMode: 'NEVER', VerifyMode: 'NONE' } }],
    ['an empty list clears a filter', { Includes: [] }, { Includes: [] }],
    ['removing what is not there', { Schedule: { ScheduleExpression: '' }, ManifestConfig: {}, TaskReportConfig: {} }, {}],
  ])('changes what it names, and nothing else: %s', async (_, input, expected) => {
    const { task } = await createNfsToEfsTask(emulator, ORIGINAL);
    await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, ...input }));
    expect(await describeTask(task)).toMatchObject({ ...ORIGINAL, ...expected });
  });

  test('one that is refused changes nothing', async () => {
    const { task } = await createNfsToEfsTask(emulator, ORIGINAL);
    const update = { TaskArn: task, Name: 'after', Options: { VerifyMode: 'NONE' as const }, Includes: rule('*x') };
    await expect(emulator.client.send(new UpdateTaskCommand(update))).rejects.toThrow('Invalid filter');
    await expect(emulator.client.send(new UpdateTaskCommand({ ...update, Includes: [], Options: { Atime: 'NONE' } }))).rejects.toThrow('Atime,Mtime');
    const described = await describeTask(task);
    expect(described).toMatchObject(ORIGINAL);
    expect(described.Options!.VerifyMode).toBe('POINT_IN_TIME_CONSISTENT');
  });
});

test('a task may have one location in another Region', async () => {
  const [here, there, elsewhere] = ['us-east-1', 'eu-west-1', 'ap-south-1'].map(region => emulator.clientOf({ region }));
  const [near, far] = [await createEfsLocation(here), await createEfsLocation(there, 'eu-west-1')];
  const create = (client: DataSyncClient) => client.send(new CreateTaskCommand({ SourceLocationArn: far, DestinationLocationArn: near }));
  const { TaskArn } = await create(here);
  expect(TaskArn).toContain(':us-east-1:');
  expect((await create(there)).TaskArn).toContain(':eu-west-1:');
  await expect(create(elsewhere)).rejects.toThrow('One of its locations must be in ap-south-1.');
});

test('a deleted task is not found, nor are its executions', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  await finished(emulator.client, TaskExecutionArn);
  await emulator.client.send(new DeleteTaskCommand({ TaskArn: task }));
  await expect(describeTask(task)).rejects.toThrow(`Sync task ${task} is not found.`);
  await expect(finished(emulator.client, TaskExecutionArn)).rejects.toThrow(`Sync task execution ${TaskExecutionArn} is not found.`);
});

test.each<[string, (task: { source: string }) => TaskFilter, boolean]>([
  ['its source', ({ source }) => ({ Name: 'LocationId', Operator: 'Equals', Values: [source] }), true],
  ['not its source', ({ source }) => ({ Name: 'LocationId', Operator: 'NotEquals', Values: [source] }), false],
  ['another location', () => ({ Name: 'LocationId', Operator: 'Equals', Values: ['arn:aws:x'] }), false],
  ['its age', () => ({ Name: 'CreationTime', Operator: 'LessThan', Values: ['2020-01-01 00:00:00'] }), false],
])('list by %s', async (_, filterOf, listed) => {
  const task = await createNfsToEfsTask(emulator, { Name: 'Nightly' });
  const { Tasks } = await emulator.client.send(new ListTasksCommand({ Filters: [filterOf(task)] }));
  expect(Tasks).toEqual(listed ? [{ TaskArn: task.task, Status: 'AVAILABLE', Name: 'Nightly', TaskMode: 'BASIC' }] : []);
});

test('a task that is not ready says so and does not start', async () => {
  let ready = false;
  const emulated = await startTestEmulator({
    unavailabilityOf: () => ready ? undefined : { status: 'UNAVAILABLE', errorCode: 'AgentOffline', errorDetail: 'the agent is offline' },
  });
  const { task } = await createNfsToEfsTask(emulated);
  expect(await emulated.client.send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({
    Status: 'UNAVAILABLE', ErrorCode: 'AgentOffline', ErrorDetail: 'the agent is offline',
  });
  await expect(emulated.client.send(new StartTaskExecutionCommand({ TaskArn: task })))
    .rejects.toThrow(`Sync task ${task} cannot be started in its current status: UNAVAILABLE`);
  ready = true;
  const { TaskExecutionArn } = await emulated.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  expect((await finished(emulated.client, TaskExecutionArn)).Status).toBe('SUCCESS');
  await emulated.close();
});
