import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelTaskExecutionCommand, CreateAgentCommand, CreateLocationSmbCommand, DataSyncClient, DeleteLocationCommand, DeleteTaskCommand,
  DescribeAgentCommand, DescribeLocationEfsCommand, DescribeLocationNfsCommand, DescribeLocationSmbCommand, DescribeTaskCommand,
  DescribeTaskExecutionCommand, ListLocationsCommand, ListTagsForResourceCommand, ListTaskExecutionsCommand, ListTasksCommand,
  StartTaskExecutionCommand, TagResourceCommand, UntagResourceCommand, UpdateLocationSmbCommand, UpdateTaskCommand,
} from '@aws-sdk/client-datasync';
import { ManualClock, startEmulator } from '../../../emulator';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import { createEfsLocation, createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';
import { testMounted, whileMounted } from '../backends/mounted';

const DAY = 24 * 60 * 60 * 1000;

let folder: string;
let root: string;
let emulator: TestEmulator;
const startKeeping = async (clock?: ManualClock) => { emulator = await startTestEmulator({ root, stateFolder: folder, clock }); };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-state-'));
  root = mkdtempSync(join(tmpdir(), 'datasync-emulator-root-'));
  await startKeeping();
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
  rmSync(root, { recursive: true });
});

async function restart(clock?: ManualClock): Promise<void> {
  await emulator.close();
  await startKeeping(clock);
}

const rule = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];
const send: DataSyncClient['send'] = (...args: any[]) => (emulator.client.send as any)(...args);
const start = async (TaskArn: string, input = {}) => (await send(new StartTaskExecutionCommand({ TaskArn, ...input }))).TaskExecutionArn!;
const tagsOf = async (ResourceArn: string) => (await send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;

/** Answers without what is of the request alone. */
async function answers(...commands: any[]): Promise<object[]> {
  return Promise.all(commands.map(async command => {
    const { $metadata, ...answer } = await send(command) as any;
    return answer;
  }));
}

test('everything comes back as it was', async () => {
  const { AgentArn } = await send(new CreateAgentCommand({ ActivationKey: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE', AgentName: 'mine', Tags: [{ Key: 'a' }] }));
  const { task, source, destination } = await createNfsToEfsTask(emulator, {
    Name: 'Nightly',
    Excludes: rule('*.tmp'),
    Tags: [{ Key: 'team', Value: 'blue' }],
    Schedule: { ScheduleExpression: 'rate(12 hours)', Status: 'DISABLED' },
  }, [AgentArn!]);
  emulator.write(`${SOURCE_FOLDER}/file`, 'content');
  await send(new UpdateTaskCommand({ TaskArn: task, Options: { LogLevel: 'TRANSFER' } }));
  const execution = await start(task, { Tags: [{ Key: 'run', Value: '1' }, { Key: 'gone' }], Includes: rule('/file') });
  await finished(emulator.client, execution);
  await send(new TagResourceCommand({ ResourceArn: destination, Tags: [{ Key: 'late', Value: 'tag' }] }));
  await send(new UntagResourceCommand({ ResourceArn: execution, Keys: ['gone'] }));
  const all = () => answers(
    new ListLocationsCommand(), new ListTasksCommand(), new ListTaskExecutionsCommand(),
    new DescribeLocationNfsCommand({ LocationArn: source }), new DescribeLocationEfsCommand({ LocationArn: destination }),
    new DescribeTaskCommand({ TaskArn: task }), new DescribeTaskExecutionCommand({ TaskExecutionArn: execution }),
    ...[AgentArn, task, source, destination, execution].map(ResourceArn => new ListTagsForResourceCommand({ ResourceArn })),
  );
  const before = await all();
  await restart();
  expect(await all()).toEqual(before);
  expect(await answers(new DescribeAgentCommand({ AgentArn }))).toEqual([expect.objectContaining({ AgentArn, Name: 'mine', Status: 'ONLINE' })]);
  expect((await finished(emulator.client, await start(task))).Status).toBe('SUCCESS');
});

test('updates are kept too, with the secrets', async () => {
  const { LocationArn } = await send(new CreateLocationSmbCommand({
    ServerHostname: 'old', Subdirectory: '/share', AgentArns: [AGENT_ARN], User: 'user', Password: 'secret',
  }));
  await send(new UpdateLocationSmbCommand({ LocationArn, ServerHostname: 'new', Password: 'secret2' }));
  const before = await answers(new DescribeLocationSmbCommand({ LocationArn }));
  expect(before).toEqual([expect.objectContaining({ LocationUri: 'smb://new/share/' })]);
  expect(readFileSync(join(folder, 'journal.ndjson'), 'utf8').split('\n').at(-2)).toContain('secret2'); // behind it is room that is reserved
  await restart();
  expect(await answers(new DescribeLocationSmbCommand({ LocationArn }))).toEqual(before);
  await send(new UpdateLocationSmbCommand({ LocationArn, Subdirectory: '/other' })); // on top of what was kept
  expect(await answers(new DescribeLocationSmbCommand({ LocationArn }))).toEqual([expect.objectContaining({ LocationUri: 'smb://new/other/', User: 'user' })]);
});

test('a schedule goes on', async () => {
  const clock = new ManualClock(new Date('2030-01-01T00:30:00Z'));
  await restart(clock);
  const { task } = await createNfsToEfsTask(emulator, { Schedule: { ScheduleExpression: 'cron(0 12 * * ? *)' } });
  await restart(clock);
  clock.moveTo(new Date('2030-01-01T12:00:00Z'));
  const { TaskExecutions: [execution] = [] } = await send(new ListTaskExecutionsCommand({ TaskArn: task }));
  expect((await finished(emulator.client, execution.TaskExecutionArn)).Status).toBe('SUCCESS');
});

test('what was deleted stays away, and executions go with their task', async () => {
  const { task, source } = await createNfsToEfsTask(emulator);
  const execution = await start(task);
  await finished(emulator.client, execution);
  await send(new DeleteTaskCommand({ TaskArn: task }));
  await send(new DeleteLocationCommand({ LocationArn: source }));
  await restart();
  expect((await send(new ListTasksCommand())).Tasks).toEqual([]);
  expect((await send(new ListLocationsCommand())).Locations).toHaveLength(1);
  await expect(send(new DescribeTaskExecutionCommand({ TaskExecutionArn: execution }))).rejects.toThrow('is not found');
});

test('an agent that was switched off is still off', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  emulator.setAgentStatus(AGENT_ARN, 'OFFLINE');
  await restart();
  expect((await send(new DescribeTaskCommand({ TaskArn: task }))).Status).toBe('UNAVAILABLE');
  emulator.setAgentStatus(AGENT_ARN, 'ONLINE');
  await restart();
  expect((await send(new DescribeTaskCommand({ TaskArn: task }))).Status).toBe('AVAILABLE');
});

test('the ids of a successor are behind those that were there, so that lists keep their order', async () => {
  const first = await createEfsLocation(emulator.client);
  await restart();
  const second = await createEfsLocation(emulator.client);
  expect((await send(new ListLocationsCommand())).Locations!.map(({ LocationArn }) => LocationArn)).toEqual([first, second]);
});

test('closing cancels what runs, and that is what is kept', async () => {
  const { task } = await createNfsToEfsTask(emulator, { Options: { BytesPerSecond: 1 } });
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(4 * 1024 * 1024));
  const execution = await start(task);
  await restart();
  expect((await send(new DescribeTaskExecutionCommand({ TaskExecutionArn: execution }))).Result!.ErrorCode).toBe('Cancelled');
});

test('executions are forgotten 30 days after their start, by the clock of the emulator', async () => {
  const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
  await restart(clock);
  const { task } = await createNfsToEfsTask(emulator);
  const execution = await start(task, { Tags: [{ Key: 'a', Value: 'b' }] });
  await finished(emulator.client, execution);
  const list = async () => (await send(new ListTaskExecutionsCommand({ TaskArn: task }))).TaskExecutions!.length;
  clock.advance(29 * DAY);
  await restart(clock);
  expect(await list()).toBe(1);
  clock.advance(2 * DAY);
  expect(await list()).toBe(0);
  await expect(tagsOf(execution)).rejects.toThrow('is not found');
  await restart(clock);
  expect(await list()).toBe(0);
});

test('a folder that cannot be used is an error, and the port is free again', async () => {
  const options = { port: 0, root, stateFolder: folder };
  await expect(startEmulator(options)).rejects.toThrow(`the state folder ${folder} is in use by process ${process.pid}`);
  await expect(startEmulator({ ...options, stateFolder: join(folder, 'journal.ndjson') })).rejects.toThrow('stateFolder must be a folder');
});

test('a port that is taken leaves the folder free', async () => {
  const free = join(folder, 'another');
  await expect(startEmulator({ port: emulator.port, root, stateFolder: free })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(readdirSync(free).filter(name => name.startsWith('lock'))).toEqual([]);
});

testMounted('on a full disk requests that change something are refused, and taken again when there is room; nothing that was answered is lost', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'datasync-emulator-disk-'));
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  await whileMounted([['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]], async () => {
    await emulator.close();
    emulator = await startTestEmulator({ root, stateFolder: join(disk, 'state') });
    const { task } = await createNfsToEfsTask(emulator);
    emulator.write(`${SOURCE_FOLDER}/file`, 'content');
    fillDisk(disk);
    // each takes its share of the room that was reserved before the disk was full
    let answered = 0;
    const refused = await eventually(async () => {
      try {
        await send(new UpdateTaskCommand({ TaskArn: task, Excludes: rule(`/${answered + 1}/${'x'.repeat(100_000)}`) }));
        answered += 1;
        return undefined;
      } catch (error) {
        return error as Error;
      }
    });
    expect(refused).toMatchObject({ name: 'InternalException', message: expect.stringMatching(/ENOSPC.*\. Nothing was changed\. Make room on its disk, then try again\.$/) });
    const excludes = async () => (await send(new DescribeTaskCommand({ TaskArn: task }))).Excludes![0].Value!.slice(0, 4);
    expect(await excludes()).toBe(`/${answered}/xx`.slice(0, 4));
    await expect(start(task)).rejects.toMatchObject({ name: 'InternalException', $metadata: { httpStatusCode: 500 } });
    expect((await send(new ListTaskExecutionsCommand({ TaskArn: task }))).TaskExecutions).toEqual([]);
    await expect(startEmulator({ port: 0, root, stateFolder: join(disk, 'state') })).rejects.toThrow('is in use by process');

    rmSync(join(disk, 'filling'));
    const execution = await start(task);
    expect((await finished(emulator.client, execution)).Status).toBe('SUCCESS');
    await emulator.close();
    emulator = await startTestEmulator({ root, stateFolder: join(disk, 'state') });
    expect(await excludes()).toBe(`/${answered}/xx`.slice(0, 4));
    expect((await finished(emulator.client, execution)).Status).toBe('SUCCESS');
    expect(log.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('cannot be written'), expect.stringContaining('can be written again')]);
    await emulator.close();
  });
  log.mockRestore();
  rmSync(disk, { recursive: true });
  await startKeeping();
});

/** Takes all the room that is left on a disk. */
function fillDisk(disk: string): void {
  const file = openSync(join(disk, 'filling'), 'w');
  try {
    for (let size = 64 * 1024; size > 0; size = Math.floor(size / 2)) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

describe('after a kill', () => {
  /** Starts the program on the same folders, in place of the emulator of this process. */
  async function startProgram(): Promise<{ client: DataSyncClient; kill(): Promise<void> }> {
    await emulator.close();
    const program = spawn(process.execPath, ['--import', 'tsx', join(__dirname, '../../../emulator/cli.ts'), 'serve', '--port', '0', '--root', root, '--state', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await new Promise<string[]>(printed => program.stdout.once('data', data => printed([String(data)])));
    const client = new DataSyncClient({
      endpoint: /http\S+/.exec(line)![0], region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1,
    });
    return {
      client,
      kill: async () => {
        client.destroy();
        const ended = new Promise(done => program.once('exit', done));
        program.kill('SIGKILL');
        await ended;
      },
    };
  }

  test('what ran and what waited is ERROR, what was cancelled is cancelled, and the next execution repairs the destination', async () => {
    const slow = { Options: { BytesPerSecond: 1 } };
    const [running, cancelling] = [await createNfsToEfsTask(emulator, slow), await createNfsToEfsTask(emulator, { ...slow, Name: 'other' }, [`${AGENT_ARN.slice(0, -1)}1`])];
    for (let number = 0; number < 20; number++) emulator.write(`${SOURCE_FOLDER}/small-${number}`, `${number}`.repeat(number));
    emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(4 * 1024 * 1024, 'x'));
    const { client, kill } = await startProgram();
    const begin = async (TaskArn: string, input = {}) => (await client.send(new StartTaskExecutionCommand({ TaskArn, ...input }))).TaskExecutionArn!;
    const statusOf = async (TaskExecutionArn: string) => (await client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }))).Status;
    const interrupted = await begin(running.task, { Tags: [{ Key: 'a', Value: 'b' }] });
    const queued = await begin(running.task, { Includes: rule('/small-1') });
    await eventually(async () => await statusOf(interrupted) === 'TRANSFERRING');
    const cancelled = await begin(cancelling.task);
    await client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: cancelled }));
    expect(await statusOf(queued)).toBe('QUEUED');
    await kill();

    await startKeeping();
    expect(emulator.events.map(({ resources: [arn], detail }) => [arn, detail.State])).toContainEqual([interrupted, 'ERROR']);
    const describeExecution = (TaskExecutionArn: string) => send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
    expect(await describeExecution(interrupted)).toMatchObject({
      Status: 'ERROR',
      EndTime: expect.any(Date),
      Result: {
        PrepareStatus: 'SUCCESS',
        TransferStatus: 'ERROR',
        VerifyStatus: 'PENDING',
        ErrorCode: 'Interrupted',
        ErrorDetail: 'The emulator stopped while the execution was running. What had been copied is there; the next execution completes it.',
      },
    });
    expect(await tagsOf(interrupted)).toEqual([{ Key: 'a', Value: 'b' }]);
    expect(await describeExecution(queued)).toMatchObject({
      Status: 'ERROR', Result: { ErrorCode: 'Interrupted', ErrorDetail: 'The emulator stopped while the execution was queued. Nothing has been copied.' },
    });
    expect(await describeExecution(cancelled)).toMatchObject({ Status: 'ERROR', Result: { ErrorCode: 'Cancelled' } });
    expect((await send(new DescribeTaskCommand({ TaskArn: running.task }))).Status).toBe('AVAILABLE');

    const repair = await start(running.task, { OverrideOptions: { BytesPerSecond: -1 } });
    expect((await finished(emulator.client, repair)).Status).toBe('SUCCESS');
    expect(readFileSync(join(root, DESTINATION_FOLDER, 'large'))).toEqual(Buffer.alloc(4 * 1024 * 1024, 'x'));
    expect(readFileSync(join(root, DESTINATION_FOLDER, 'small-3'), 'utf8')).toBe('333');
    expect(existsSync(join(root, DESTINATION_FOLDER, '.aws-datasync'))).toBe(false);
  });
});
