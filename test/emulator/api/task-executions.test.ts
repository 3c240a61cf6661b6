import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateTaskCommandInput, StartTaskExecutionCommandInput } from '@aws-sdk/client-datasync';
import {
  CancelTaskExecutionCommand, CreateLocationHdfsCommand, CreateTaskCommand, DeleteTaskCommand, DescribeTaskCommand,
  DescribeTaskExecutionCommand, ListTagsForResourceCommand, ListTaskExecutionsCommand, StartTaskExecutionCommand,
  UpdateLocationHdfsCommand, UpdateTaskCommand, UpdateTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import { createEfsLocation, createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
  emulator.write(`${SOURCE_FOLDER}/a/one.txt`, 'one');
  emulator.write(`${SOURCE_FOLDER}/b/two.txt`, 'two-2');
});
afterEach(() => emulator.close());

const rule = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];
/** Far too slow for the large file: the test decides when the run ends. */
const SLOW = { BytesPerSecond: 1 };
const writeLargeFile = () => emulator.write(`${SOURCE_FOLDER}/a/large`, Buffer.alloc(4 * 1024 * 1024));

async function newTask(input: Partial<CreateTaskCommandInput> = {}, agents?: string[]): Promise<string> {
  return (await createNfsToEfsTask(emulator, input, agents)).task;
}

async function start(TaskArn: string, input: Omit<StartTaskExecutionCommandInput, 'TaskArn'> = {}): Promise<string> {
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn, ...input }));
  return TaskExecutionArn!;
}

const describeExecution = (TaskExecutionArn: string) => emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
const cancel = (TaskExecutionArn: string) => emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
const statusOf = async (TaskExecutionArn: string) => (await describeExecution(TaskExecutionArn)).Status;
const reaches = (TaskExecutionArn: string, status: string) => eventually(async () => await statusOf(TaskExecutionArn) === status);
const statesOf = (arn: string) => emulator.events.filter(({ resources }) => resources[0] === arn).map(({ detail }) => detail.State);

test('a pair that an update of a location has spoilt does not start', async () => {
  const NameNodes = [1, 2].map(number => ({ Hostname: `name${number}`, Port: 8020 }));
  const { LocationArn } = await emulator.client.send(new CreateLocationHdfsCommand({
    NameNodes: NameNodes.slice(0, 1), AuthenticationType: 'SIMPLE', SimpleUser: 'hdfs', AgentArns: [AGENT_ARN],
  }));
  const DestinationLocationArn = await createEfsLocation(emulator.client);
  const { TaskArn } = await emulator.client.send(new CreateTaskCommand({ SourceLocationArn: LocationArn, DestinationLocationArn }));
  await emulator.client.send(new UpdateLocationHdfsCommand({ LocationArn, NameNodes }));
  await expect(start(TaskArn!)).rejects.toThrow(`TaskMode BASIC is not for HDFS location ${LocationArn}: it has 2 NameNodes. please use ENHANCED.`);
});

test('a location inside the other one, through a mount too, ends in ERROR before anything is lost', async () => {
  emulator.write(`${DESTINATION_FOLDER}/folder/file`, 'x');
  const mounted = await startTestEmulator({ root: emulator.root, mounts: { 'nfs://fileserver/export': join(emulator.root, DESTINATION_FOLDER, 'folder') } });
  try {
    const { task, source, destination } = await createNfsToEfsTask(mounted, { Options: { PreserveDeletedFiles: 'REMOVE' } });
    const { TaskExecutionArn } = await mounted.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
    const { Status, Result } = await finished(mounted.client, TaskExecutionArn);
    expect({ Status, Result }).toMatchObject({ Status: 'ERROR', Result: { ErrorCode: 'LocationsOverlap', PrepareStatus: 'ERROR', TransferStatus: 'PENDING' } });
    expect(Result!.ErrorDetail).toMatch(new RegExp(`^${source.split('/')[1]} \\(.*/folder/\\) and ${destination.split('/')[1]} \\(.*/backup/\\) are the same, or `));
    expect(readFileSync(join(emulator.root, DESTINATION_FOLDER, 'folder/file'), 'utf8')).toBe('x');
  } finally {
    await mounted.close();
  }
});

test('an execution copies, and tells all about it', async () => {
  const task = await newTask({ Options: { LogLevel: 'TRANSFER' } });
  const arn = await start(task);
  expect(arn.startsWith(`${task}/execution/exec-`)).toBe(true);
  const execution = await finished(emulator.client, arn);
  expect(execution).toMatchObject({
    TaskExecutionArn: arn,
    Status: 'SUCCESS',
    TaskMode: 'BASIC',
    Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT', LogLevel: 'TRANSFER' },
    Includes: [],
    Excludes: [],
    EstimatedBytesToTransfer: 8,
    BytesTransferred: 8,
    BytesWritten: 8,
    FilesDeleted: 0,
    Result: { PrepareStatus: 'SUCCESS', TransferStatus: 'SUCCESS', VerifyStatus: 'SUCCESS' },
  });
  expect(execution.Result!.ErrorCode).toBeUndefined();
  expect(execution.FilesPrepared).toBeUndefined();
  expect(execution.LaunchTime).toEqual(execution.StartTime);
  expect(execution.EndTime!.getTime()).toBeGreaterThanOrEqual(execution.LaunchTime!.getTime());
  expect(readFileSync(join(emulator.root, DESTINATION_FOLDER, 'b/two.txt'), 'utf8')).toBe('two-2');
  expect(await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({ Status: 'AVAILABLE', CurrentTaskExecutionArn: arn });
});

test('a subscriber sees every state of the execution and of its task', async () => {
  const task = await newTask();
  const arn = await start(task);
  await finished(emulator.client, arn);
  expect(statesOf(arn)).toEqual(['LAUNCHING', 'PREPARING', 'TRANSFERRING', 'VERIFYING', 'SUCCESS']);
  expect(statesOf(task)).toEqual(['AVAILABLE', 'RUNNING', 'AVAILABLE']);
  expect(emulator.events.at(-2)).toEqual({
    'version': '0',
    'id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'DataSync Task Execution State Change',
    'source': 'aws.datasync',
    'account': '000000000000',
    'time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    'region': 'us-east-1',
    'resources': [arn],
    'detail': { State: 'SUCCESS' },
  });
});

test('without verification there is no VERIFYING', async () => {
  const arn = await start(await newTask({ Options: { VerifyMode: 'NONE' } }));
  expect((await finished(emulator.client, arn)).Result).toMatchObject({ VerifyStatus: 'PENDING', VerifyDuration: 0 });
  expect(statesOf(arn)).not.toContain('VERIFYING');
});

test('Enhanced mode counts folders apart and has no durations of phases', async () => {
  const execution = await finished(emulator.client, await start(await newTask({ TaskMode: 'ENHANCED' })));
  expect(execution).toMatchObject({
    Status: 'SUCCESS',
    TaskMode: 'ENHANCED',
    Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' },
    FilesTransferred: 2,
    FilesListed: { AtSource: 2, AtDestinationForDelete: 0 },
    FilesFailed: { Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 },
    FoldersFailed: { List: 0, Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 },
    Result: { PrepareDuration: 0, TransferDuration: 0, VerifyDuration: 0 },
  });
  expect(execution.FoldersListed!.AtSource).toBeGreaterThanOrEqual(2);
});

test('a running execution shows how far it is', async () => {
  writeLargeFile();
  const arn = await start(await newTask({ Options: SLOW }));
  await reaches(arn, 'TRANSFERRING');
  const execution = await describeExecution(arn);
  expect(execution).toMatchObject({
    Status: 'TRANSFERRING',
    EstimatedBytesToTransfer: 4 * 1024 * 1024 + 8,
    Result: { PrepareStatus: 'SUCCESS', TransferStatus: 'PENDING', VerifyStatus: 'PENDING', VerifyDuration: 0 },
  });
  expect(execution.BytesWritten).toBeLessThan(execution.EstimatedBytesToTransfer!);
  expect(execution.EndTime).toBeUndefined();
});

test('overrides are for one run', async () => {
  const task = await newTask({ Options: { OverwriteMode: 'NEVER' }, Includes: rule('/a'), Excludes: rule('*.tmp') });
  const overridden = await finished(emulator.client, await start(task, { OverrideOptions: { VerifyMode: 'NONE' }, Includes: rule('/b'), Excludes: [] }));
  expect(overridden).toMatchObject({ Options: { OverwriteMode: 'NEVER', VerifyMode: 'NONE' }, Includes: rule('/b'), Excludes: [], BytesWritten: 5 });
  const plain = await finished(emulator.client, await start(task));
  expect(plain).toMatchObject({
    Options: { OverwriteMode: 'NEVER', VerifyMode: 'POINT_IN_TIME_CONSISTENT' }, Includes: rule('/a'), Excludes: rule('*.tmp'), BytesWritten: 3,
  });
});

test('an update of the task does not reach a run that has started', async () => {
  writeLargeFile();
  const task = await newTask({ Options: SLOW });
  const arn = await start(task);
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, Excludes: rule('*.tmp'), Options: { VerifyMode: 'NONE' } }));
  expect(await describeExecution(arn)).toMatchObject({ Excludes: [], Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
});

test.each<[string, Omit<StartTaskExecutionCommandInput, 'TaskArn'>, string]>([
  ['options that do not go together', { OverrideOptions: { TransferMode: 'ALL' } },
    'Invalid SyncOption value. Option: TransferMode,PreserveDeletedFiles, Value: ALL,REMOVE.'],
  ['a wrong filter', { Includes: rule('a*b') }, "'*' is allowed only as the last character of a pattern, got 'a*b'"],
  ['a report without a destination', { TaskReportConfig: { OutputType: 'STANDARD' } }, 'TaskReportConfig needs Destination.S3'],
])('%s: nothing starts', async (_, input, message) => {
  const task = await newTask({ Options: { PreserveDeletedFiles: 'REMOVE' } });
  await expect(start(task, input)).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
  expect((await emulator.client.send(new ListTaskExecutionsCommand({ TaskArn: task }))).TaskExecutions).toEqual([]);
});

test('a folder that is not there ends the execution, and the error says which', async () => {
  const { task, source } = await createNfsToEfsTask(emulator);
  rmSync(join(emulator.root, SOURCE_FOLDER), { recursive: true });
  const { Status, Result } = await finished(emulator.client, await start(task));
  expect(Status).toBe('ERROR');
  expect(Result!.ErrorDetail).toContain(`Task failed to access location ${source.split('/')[1]}: `);
  expect(Result!.ErrorDetail).toContain(join(emulator.root, SOURCE_FOLDER));
  expect(Result).toMatchObject({ PrepareStatus: 'ERROR', TransferStatus: 'PENDING', VerifyStatus: 'PENDING' });
});

describe('cancel', () => {
  beforeEach(writeLargeFile);

  test('a running execution ends in ERROR', async () => {
    const task = await newTask({ Options: SLOW });
    const arn = await start(task);
    await reaches(arn, 'TRANSFERRING');
    await cancel(arn);
    const { Status, Result, EndTime } = await finished(emulator.client, arn);
    expect({ Status, ...Result }).toMatchObject({ Status: 'ERROR', ErrorCode: 'Cancelled', ErrorDetail: 'The task execution was cancelled.' });
    expect(EndTime).toBeInstanceOf(Date);
    expect(statesOf(arn).slice(-2)).toEqual(['CANCELLING', 'ERROR']);
    expect(statesOf(task).at(-1)).toBe('AVAILABLE');
  });

  test('right after the start', async () => {
    const arn = await start(await newTask({ Options: SLOW }));
    await cancel(arn);
    expect((await finished(emulator.client, arn)).Status).toBe('ERROR');
    expect(statesOf(arn)).not.toContain('SUCCESS');
  });

  test('a queued execution ends at once, and never runs', async () => {
    const task = await newTask({ Options: SLOW });
    const running = await start(task);
    const queued = await start(task, { Includes: rule('/a') });
    await cancel(queued);
    expect(await describeExecution(queued)).toMatchObject({ Status: 'ERROR', Result: { ErrorCode: 'Cancelled', TotalDuration: 0 } });
    await cancel(running);
    await finished(emulator.client, running);
    expect(statesOf(queued)).toEqual(['QUEUED', 'CANCELLING', 'ERROR']);
  });

  test('twice is as good as once', async () => {
    const arn = await start(await newTask({ Options: SLOW }));
    await Promise.allSettled([cancel(arn), cancel(arn)]);
    await finished(emulator.client, arn);
    expect(statesOf(arn).filter(state => state === 'CANCELLING')).toHaveLength(1);
  });

  test('not after the end', async () => {
    const arn = await start(await newTask());
    await finished(emulator.client, arn);
    await expect(cancel(arn)).rejects.toThrow('Sync task cannot be cancelled in its current status: SUCCESS');
  });
});

describe('update', () => {
  beforeEach(writeLargeFile);

  test('a new limit lets a slow run finish', async () => {
    const arn = await start(await newTask({ Options: SLOW }));
    await reaches(arn, 'TRANSFERRING');
    await emulator.client.send(new UpdateTaskExecutionCommand({ TaskExecutionArn: arn, Options: { BytesPerSecond: -1 } }));
    expect(await finished(emulator.client, arn)).toMatchObject({ Status: 'SUCCESS', Options: { BytesPerSecond: -1 } });
  });

  test('only the limit can be changed', async () => {
    const arn = await start(await newTask({ Options: SLOW }));
    for (const Options of [{ VerifyMode: 'NONE' as const }, { BytesPerSecond: -1, VerifyMode: 'NONE' as const }, {}]) {
      await expect(emulator.client.send(new UpdateTaskExecutionCommand({ TaskExecutionArn: arn, Options })))
        .rejects.toThrow('Only BytesPerSecond of an execution can be updated.');
    }
    expect((await describeExecution(arn)).Options).toMatchObject({ ...SLOW, VerifyMode: 'POINT_IN_TIME_CONSISTENT' });
  });

  test('not after the end', async () => {
    const arn = await start(await newTask());
    await finished(emulator.client, arn);
    await expect(emulator.client.send(new UpdateTaskExecutionCommand({ TaskExecutionArn: arn, Options: SLOW })))
      .rejects.toThrow('Sync task execution cannot be updated in its current status: SUCCESS');
  });
});

test('a task with an execution in progress cannot be deleted', async () => {
  writeLargeFile();
  const task = await newTask({ Options: SLOW });
  const arn = await start(task);
  await expect(emulator.client.send(new DeleteTaskCommand({ TaskArn: task }))).rejects.toThrow(`Sync task ${task} cannot be deleted: execution ${arn} is`);
  await cancel(arn);
  await finished(emulator.client, arn);
  await emulator.client.send(new DeleteTaskCommand({ TaskArn: task }));
});

test('lists are in the order of the starts, of one task or of all', async () => {
  const tasks = [await newTask(), await newTask({}, ['arn:aws:datasync:us-east-1:000000000000:agent/agent-0000000000000000b'])];
  const arns = [await start(tasks[0]), await start(tasks[1])];
  await Promise.all(arns.map(arn => finished(emulator.client, arn)));
  arns.splice(1, 0, await start(tasks[0]));
  await finished(emulator.client, arns[1]);
  const list = async (TaskArn?: string) =>
    (await emulator.client.send(new ListTaskExecutionsCommand({ TaskArn }))).TaskExecutions!.map(({ TaskExecutionArn }) => TaskExecutionArn);
  expect(await list(tasks[0])).toEqual(arns.slice(0, 2));
  expect(await list()).toEqual(arns);
  expect((await emulator.client.send(new ListTaskExecutionsCommand({ TaskArn: tasks[1] }))).TaskExecutions)
    .toEqual([{ TaskExecutionArn: arns[2], Status: 'SUCCESS', TaskMode: 'BASIC' }]);
});

test('an execution has tags of its own', async () => {
  const arn = await start(await newTask({ Tags: [{ Key: 'of', Value: 'task' }] }), { Tags: [{ Key: 'of', Value: 'execution' }] });
  expect((await emulator.client.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toEqual([{ Key: 'of', Value: 'execution' }]);
});
