import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateTaskCommandInput } from '@aws-sdk/client-datasync';
import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { FakeEndpoint } from './fake-endpoint';
import { startFakeEndpoint } from './fake-endpoint';
import type { LogStream } from '../../../emulator/observe/log-sinks';
import { CloudWatchSink, FileSink } from '../../../emulator/observe/log-sinks';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

const GROUP_ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/my/group:*';
const STREAM: LogStream = { scope: { account: '111122223333', region: 'eu-west-1' }, group: '/my/group', stream: 'task-1-exec-1', createsGroup: false };

const TIME = new Date('2030-01-01T00:00:00Z');

let folder: string;
let emulator: TestEmulator | undefined;
let endpoint: FakeEndpoint | undefined;
let log: jest.SpyInstance;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-logs-'));
  log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  await emulator?.close();
  await endpoint?.close();
  [emulator, endpoint] = [undefined, undefined];
  log.mockRestore();
  rmSync(folder, { recursive: true });
});

/** Runs a task over `folder/good` and `bad`, of which the latter cannot be written; gives the names of group and stream. */
async function runTask(options: object, task: Partial<CreateTaskCommandInput>): Promise<string> {
  emulator = await startTestEmulator({ ...options, faults: { faults: [{ kind: 'itemFailure', paths: '/bad', at: 'WRITE', message: 'the disk is full' }] } });
  emulator.write(`${SOURCE_FOLDER}/folder/good`, 'content');
  emulator.write(`${SOURCE_FOLDER}/bad`, 'content');
  const { task: TaskArn } = await createNfsToEfsTask(emulator, {
    ...task, Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED', ...task.Options },
  });
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn }));
  await finished(emulator.client, TaskExecutionArn);
  return TaskExecutionArn!.split(':')[5].replace('task/', '').replace('/execution/', '-');
}

/** The lines of a log file, without their times. */
function linesOf(path: string): string[] {
  return readFileSync(join(folder, path), 'utf8').trimEnd().split('\n').map(line => {
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
    return line.slice(25);
  });
}

describe('the log of an execution', () => {
  test('to a file, in Basic mode: every item with TRANSFER', async () => {
    const stream = await runTask({ logFolder: folder }, { CloudWatchLogGroupArn: GROUP_ARN, Options: { LogLevel: 'TRANSFER' } });
    const execution = stream.slice(stream.indexOf('exec-'));
    const lines = linesOf(`my/group/${stream}.log`);
    expect(lines[0]).toBe(`[INFO] Execution ${execution} started.`);
    expect(lines.slice(1, -1).filter(line => !line.endsWith(' directory /')).sort()).toEqual([
      '[ERROR] Transfer of file /bad failed: the disk is full', '[INFO] Created directory /folder', '[INFO] Transferred file /folder/good, 7 bytes',
      '[INFO] Verified directory /folder', '[INFO] Verified file /folder/good, 7 bytes',
    ]);
    expect(lines.at(-1)).toMatch(new RegExp(`^\\[ERROR\\] Execution ${execution} failed: Transfer and verification completed\\. Selected files`));
  });

  test('with BASIC: only what goes wrong', async () => {
    const stream = await runTask({ logFolder: folder }, { CloudWatchLogGroupArn: GROUP_ARN.replace(/:\*$/, ''), Options: { LogLevel: 'BASIC' } });
    const lines = linesOf(`my/group/${stream}.log`);
    expect(lines.slice(1, -1)).toEqual(['[ERROR] Transfer of file /bad failed: the disk is full']);
  });

  test('in Enhanced mode: JSON, in the group of the service', async () => {
    const stream = await runTask({ logFolder: folder }, { TaskMode: 'ENHANCED', Options: { LogLevel: 'BASIC', VerifyMode: 'NONE' } });
    expect(linesOf(`aws/datasync/${stream}.log`).map(line => JSON.parse(line))).toEqual([expect.objectContaining({
      Action: 'TRANSFER',
      Source: expect.objectContaining({ LocationId: expect.stringMatching(/^loc-/), RelativePath: 'bad' }),
      ErrorCode: 'TransferFailed',
      ErrorDetail: 'the disk is full',
    })]);
  });

  test.each<[string, Partial<CreateTaskCommandInput>]>([
    ['with LogLevel OFF', { CloudWatchLogGroupArn: GROUP_ARN }],
    ['in Basic mode without a group', { Options: { LogLevel: 'TRANSFER' } }],
  ])('%s there is none', async (_when, task) => {
    await runTask({ logFolder: folder }, task);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('to CloudWatch Logs: a stream in the group of the task, in its account and Region', async () => {
    endpoint = await startFakeEndpoint();
    const stream = await runTask({ logsEndpoint: endpoint.url, logFolder: folder }, { CloudWatchLogGroupArn: GROUP_ARN, Options: { LogLevel: 'BASIC' } });
    await emulator!.close();
    emulator = undefined;
    expect(endpoint.calls.map(({ target }) => target)).toEqual(['Logs_20140328.CreateLogStream', 'Logs_20140328.PutLogEvents']);
    expect(endpoint.calls[0].headers.authorization).toMatch(/Credential=111122223333\/\d{8}\/eu-west-1\/logs\/aws4_request/);
    expect(endpoint.calls[0].input).toEqual({ logGroupName: '/my/group', logStreamName: stream });
    expect(endpoint.calls[1].input).toEqual({
      logGroupName: '/my/group',
      logStreamName: stream,
      logEvents: Array.from({ length: 3 }, () => ({ timestamp: expect.any(Number), message: expect.any(String) })),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('to CloudWatch Logs in Enhanced mode: the group is made if it is not there', async () => {
    endpoint = await startFakeEndpoint(({ target }) => target.endsWith('CreateLogGroup') ? { status: 400, body: { __type: 'ResourceAlreadyExistsException' } } : {});
    await runTask({ logsEndpoint: endpoint.url }, { TaskMode: 'ENHANCED', Options: { LogLevel: 'TRANSFER' } });
    await emulator!.close();
    emulator = undefined;
    expect(endpoint.inputs('Logs_20140328.CreateLogGroup')).toEqual([{ logGroupName: '/aws/datasync' }]);
    const lines = endpoint.inputs('Logs_20140328.PutLogEvents').flatMap(({ logEvents }) => logEvents).map(({ message }) => JSON.parse(message));
    expect(lines.filter(({ Source: { RelativePath } }) => RelativePath !== '').map(({ Action }) => Action).sort())
      .toEqual(['TRANSFER', 'TRANSFER', 'TRANSFER', 'VERIFY', 'VERIFY']);
    expect(log).not.toHaveBeenCalled();
  });

  test.each<[string, Parameters<typeof startFakeEndpoint>[0], RegExp]>([
    ['has no such group', () => ({ status: 400, body: { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist' } }),
      /does not take it: ResourceNotFoundException: The specified log group does not exist$/],
    ['is broken', () => ({ status: 500, body: {} }), /does not take it: HTTP 500: \{\}$/],
  ])('an endpoint that %s harms nothing', async (_how, answer, message) => {
    endpoint = await startFakeEndpoint(answer);
    await runTask({ logsEndpoint: endpoint.url }, { CloudWatchLogGroupArn: GROUP_ARN, Options: { LogLevel: 'TRANSFER' } });
    await emulator!.close();
    emulator = undefined;
    expect(log.mock.calls).toEqual([[expect.stringMatching(message)]]);
  });
});

test.each<[string, Partial<CreateTaskCommandInput>, string, string]>([
  ['Basic', {}, '/my/group', '[INFO] Transferred file /\\u{1b}[2J\\n\\u{9b}, 1 bytes'],
  ['Enhanced', { TaskMode: 'ENHANCED' }, '/aws/datasync', '"RelativePath":"\\u001b[2J\\n\\u009b"'],
])('in %s mode a name cannot steer the terminal of who reads the log', async (_, mode, group, expected) => {
  emulator = await startTestEmulator({ logFolder: folder });
  const CloudWatchLogGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;
  const { task } = await createNfsToEfsTask(emulator, { CloudWatchLogGroupArn, Options: { LogLevel: 'TRANSFER' }, ...mode });
  emulator.write(`${SOURCE_FOLDER}/\x1b[2J\n\u009b`, 'x');
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  expect(await finished(emulator.client, TaskExecutionArn)).toMatchObject({ Status: 'SUCCESS', FilesTransferred: expect.any(Number) });
  expect(existsSync(join(emulator.root, DESTINATION_FOLDER, '\x1b[2J\n\u009b'))).toBe(true);
  const [file] = readdirSync(join(folder, group));
  const text = readFileSync(join(folder, group, file), 'utf8');
  expect(text).toContain(expected);
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
});

describe('a log to a file', () => {
  test.each([
    ['/my/group', 'my/group'],
    ['../../etc/./passwd', '_/_/etc/_/passwd'],
    ['a//b/\0', 'a/b/_'],
  ])('the group %j is the folder %s', async (group, path) => {
    const sink = new FileSink(folder, { ...STREAM, group });
    sink.write(TIME, 'a line');
    await sink.close();
    expect(linesOf(`${path}/task-1-exec-1.log`)).toEqual(['a line']);
  });

  test('is for its owner alone, as are the folders on the way', async () => {
    const sink = new FileSink(folder, STREAM);
    sink.write(TIME, 'a line');
    await sink.close();
    const modeOf = (path: string) => (statSync(join(folder, path)).mode % 0o1000).toString(8);
    expect(['my', 'my/group', 'my/group/task-1-exec-1.log'].map(modeOf)).toEqual(['700', '700', '600']);
  });

  test('large logs are written as they come', async () => {
    const sink = new FileSink(folder, STREAM);
    for (let number = 0; number < 1_000; number++) sink.write(TIME, 'x'.repeat(100));
    expect(existsSync(join(folder, 'my/group/task-1-exec-1.log'))).toBe(true);
    await sink.close();
    expect(linesOf('my/group/task-1-exec-1.log')).toHaveLength(1_000);
  });

  test('that cannot be written: one line tells of it', async () => {
    writeFileSync(join(folder, 'my'), '');
    const sink = new FileSink(folder, STREAM);
    for (let number = 0; number < 2_000; number++) sink.write(TIME, 'x'.repeat(100));
    await sink.close();
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^The log .*task-1-exec-1\.log cannot be written: /)]]);
  });
});

describe('a log to CloudWatch Logs', () => {
  const sizes = () => endpoint!.inputs('Logs_20140328.PutLogEvents').map(({ logEvents }) => logEvents.length);

  test('no call has more than the service takes', async () => {
    endpoint = await startFakeEndpoint();
    const sink = new CloudWatchSink(endpoint.url, STREAM);
    for (let number = 0; number < 12_000; number++) sink.write(TIME, String(number));
    await sink.close();
    for (let number = 0; number < 30; number++) sink.write(TIME, 'ä'.repeat(50_000));
    await sink.close();
    const calls = endpoint.inputs('Logs_20140328.PutLogEvents').map(({ logEvents }) => logEvents as Array<{ message: string }>);
    expect(calls.flat().slice(0, 12_000).map(({ message }) => Number(message))).toEqual([...Array(12_000).keys()]);
    expect(calls.flat()).toHaveLength(12_030);
    expect(Math.max(...sizes())).toBeLessThanOrEqual(10_000);
    const bytes = calls.map(call => call.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(1024 * 1024);
  });

  test('more than a slow endpoint can take is lost, and counted', async () => {
    endpoint = await startFakeEndpoint();
    const sink = new CloudWatchSink(endpoint.url, STREAM);
    for (let number = 0; number < 100_007; number++) sink.write(TIME, 'x');
    await sink.close();
    expect(sizes().reduce((sum, size) => sum + size, 0)).toBe(100_000);
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^7 lines of the log \/my\/group\/task-1-exec-1 are lost, .* was too slow for them$/)]]);
  });
});
