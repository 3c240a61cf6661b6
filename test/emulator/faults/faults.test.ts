import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelTaskExecutionCommand, CreateLocationS3Command, DataSyncClient, DescribeTaskCommand, DescribeTaskExecutionCommand,
  ListTaskExecutionsCommand, ListTasksCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { startEmulator } from '../../../emulator';
import { Faults } from '../../../emulator/faults/faults';
import type { Fault } from '../../../emulator/faults/plan';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import { rawRequest } from '../../support/raw-request';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
/** Takes any error; the test emulator's own client wants those of the API model. */
let client: DataSyncClient;
beforeEach(async () => {
  emulator = await startTestEmulator();
  client = new DataSyncClient({
    endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await emulator.close();
});

const plan = (...faults: Fault[]) => emulator.faults.replace({ faults });
const list = () => client.send(new ListTasksCommand());
const start = async (TaskArn: string) => (await client.send(new StartTaskExecutionCommand({ TaskArn }))).TaskExecutionArn!;
const describeExecution = (TaskExecutionArn: string) => emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
const ended = (arn: string) => finished(emulator.client, arn);

/** One letter per call: did it fail? */
async function outcomes(calls: number, call: () => Promise<unknown>): Promise<string> {
  let text = '';
  for (let i = 0; i < calls; i++) text += await call().then(() => '.', () => 'x');
  return text;
}

describe('operations', () => {
  test('the next calls are throttled, as the SDK knows it', async () => {
    plan({ kind: 'apiError', operations: ['ListTasks'], times: 2 });
    await expect(list()).rejects.toMatchObject({
      name: 'ThrottlingException', message: 'This error is part of the fault plan', $metadata: { httpStatusCode: 400 },
    });
    expect(await outcomes(3, list)).toBe('x..');
    expect(emulator.faults.injected).toEqual([2]);
  });

  test.each([[0.25, '...x...x'], [0.5, '.x.x.x.x'], [1, 'xxxxxxxx'], [0.1, '.........x']])('a share of %d fails, evenly spread', async (share, expected) => {
    plan({ kind: 'apiError', share });
    expect(await outcomes(expected.length, list)).toBe(expected);
  });

  test('other operations go on', async () => {
    plan({ kind: 'apiError', operations: ['Describe*'], error: 'InternalException', message: 'out of order' });
    const { task } = await createNfsToEfsTask(emulator);
    await expect(emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).rejects.toMatchObject({
      name: 'InternalException', message: 'out of order', $fault: 'server', $metadata: { httpStatusCode: 500 },
    });
  });

  test('an operation can take place although its answer is an error', async () => {
    const { task } = await createNfsToEfsTask(emulator);
    plan({ kind: 'apiError', operations: ['StartTaskExecution'], error: 'ServiceUnavailableException', performed: true, times: 1 });
    await expect(start(task)).rejects.toMatchObject({ name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } });
    expect((await emulator.client.send(new ListTaskExecutionsCommand({ TaskArn: task }))).TaskExecutions).toHaveLength(1);
  });

  test('a slow answer takes its time, and the operation has taken place long before', async () => {
    const { task } = await createNfsToEfsTask(emulator);
    plan({ kind: 'slowAnswer', operations: ['StartTaskExecution'], delayMs: 600_000, times: 1 });
    const impatient = new AbortController();
    const answer = emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }), { abortSignal: impatient.signal });
    const executions = async () => (await emulator.client.send(new ListTaskExecutionsCommand({ TaskArn: task }))).TaskExecutions!;
    await eventually(async () => (await executions()).length === 1);
    impatient.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a role is denied for some time, as after its creation', async () => {
    plan({ kind: 'roleDenied', roles: ['arn:aws:iam::000000000000:role/fresh*'], times: 1 });
    const create = (role: string) => emulator.client.send(new CreateLocationS3Command({
      S3BucketArn: 'arn:aws:s3:::bucket', S3Config: { BucketAccessRoleArn: `arn:aws:iam::000000000000:role/${role}` },
    }));
    await expect(create('old')).rejects.toThrow('The emulator was started without an S3 endpoint');
    await expect(create('fresh-1')).rejects.toMatchObject({
      name: 'InvalidRequestException', message: 'Unable to assume role. Reason: Access denied when calling sts:AssumeRole',
    });
    await expect(create('fresh-1')).rejects.toThrow('The emulator was started without an S3 endpoint');
  });
});

describe('tasks and executions', () => {
  test('a task is not to be started for as long as the plan says', async () => {
    const { task } = await createNfsToEfsTask(emulator, { Name: 'Nightly' });
    plan({ kind: 'taskUnavailable', tasks: ['Night*'], errorCode: 'EniNotFound', errorDetail: 'the interface is gone' });
    expect(await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({
      Status: 'UNAVAILABLE', ErrorCode: 'EniNotFound', ErrorDetail: 'the interface is gone',
    });
    await expect(start(task)).rejects.toThrow('UNAVAILABLE');
    plan();
    expect(emulator.events.filter(({ resources }) => resources[0] === task).map(({ detail }) => detail.State)).toEqual(['AVAILABLE', 'UNAVAILABLE', 'AVAILABLE']);
    expect((await ended(await start(task))).Status).toBe('SUCCESS');
  });

  test('an execution is stuck until the plan changes', async () => {
    const { task } = await createNfsToEfsTask(emulator);
    plan({ kind: 'stuckLaunching', tasks: [task], times: 1 });
    const stuck = await start(task);
    await expect(start(task)).rejects.toThrow('LAUNCHING');
    expect((await describeExecution(stuck)).Status).toBe('LAUNCHING');
    plan();
    expect((await ended(stuck)).Status).toBe('SUCCESS');
  });

  test('an execution that is stuck can be cancelled, and closing does not wait for it', async () => {
    const { task } = await createNfsToEfsTask(emulator);
    plan({ kind: 'stuckLaunching' });
    const first = await start(task);
    await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: first }));
    expect((await ended(first)).Result!.ErrorCode).toBe('Cancelled');
    await start(task);
  });

  test.each([
    ['LAUNCHING', ['LAUNCHING', 'ERROR'], { PrepareStatus: 'PENDING' }],
    ['PREPARING', ['LAUNCHING', 'PREPARING', 'ERROR'], { PrepareStatus: 'ERROR', TransferStatus: 'PENDING' }],
    ['TRANSFERRING', ['LAUNCHING', 'PREPARING', 'TRANSFERRING', 'ERROR'], { PrepareStatus: 'SUCCESS', TransferStatus: 'ERROR' }],
    ['VERIFYING', ['LAUNCHING', 'PREPARING', 'TRANSFERRING', 'VERIFYING', 'ERROR'], { TransferStatus: 'SUCCESS', VerifyStatus: 'ERROR' }],
  ] as const)('an execution fails as it enters %s', async (phase, states, result) => {
    const { task } = await createNfsToEfsTask(emulator);
    emulator.write(`${SOURCE_FOLDER}/file`, 'content');
    plan({ kind: 'executionError', phase, errorCode: 'NoMem', errorDetail: 'out of memory', times: 1 });
    const failed = await start(task);
    expect(await ended(failed)).toMatchObject({ Status: 'ERROR', Result: { ...result, ErrorCode: 'NoMem', ErrorDetail: 'out of memory' } });
    expect(emulator.events.filter(({ resources }) => resources[0] === failed).map(({ detail }) => detail.State)).toEqual(states);
    expect((await ended(await start(task))).Status).toBe('SUCCESS');
  });

  test.each([
    ['READ', undefined, 'FilesSkipped', false],
    ['WRITE', 'the disk is full', 'FilesSkipped', false],
    ['VERIFY', undefined, 'VerificationFailed', true],
    ['VERIFY', 'unreadable', 'VerificationFailed', true],
  ] as const)('chosen items fail at %s (%s), the others do not', async (at, message, errorCode, isCopied) => {
    const { task } = await createNfsToEfsTask(emulator, { Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    for (const name of ['good', 'bad.tmp', 'folder/bad.tmp', 'folder/good']) emulator.write(`${SOURCE_FOLDER}/${name}`, name);
    plan({ kind: 'itemFailure', paths: '*.tmp', at, message });
    expect(await ended(await start(task))).toMatchObject({ Status: 'ERROR', FilesTransferred: isCopied ? 6 : 4, Result: { ErrorCode: errorCode } });
    expect(emulator.faults.injected).toEqual([2]);
    const copy = (name: string) => join(emulator.root, DESTINATION_FOLDER, name);
    expect(readFileSync(copy('folder/good'), 'utf8')).toBe('folder/good');
    expect(existsSync(copy('bad.tmp'))).toBe(isCopied);
    plan();
    expect((await ended(await start(task))).Status).toBe('SUCCESS');
    expect(readFileSync(copy('folder/bad.tmp'), 'utf8')).toBe('folder/bad.tmp');
  });

  test('an event is lost, the state is reached all the same', async () => {
    const { task } = await createNfsToEfsTask(emulator);
    plan({ kind: 'lostEvent', states: ['SUCCESS', 'AVAILABLE'], detailTypes: ['DataSync Task Execution State Change'] });
    const execution = await start(task);
    await ended(execution);
    const states = (arn: string) => emulator.events.filter(({ resources }) => resources[0] === arn).map(({ detail }) => detail.State);
    expect(states(execution).at(-1)).toBe('VERIFYING');
    expect(states(task).at(-1)).toBe('AVAILABLE');
  });
});

describe('the plan', () => {
  const url = () => `${emulator.url}/_emulator/faults`;

  test('is read, replaced and taken away over HTTP', async () => {
    const faults = [{ kind: 'apiError', operations: ['ListTasks'], times: 5 }];
    expect(await rawRequest(url(), JSON.stringify({ faults }), {}, 'PUT')).toEqual({ status: 200, body: { faults } });
    expect(await outcomes(1, list)).toBe('x');
    expect(await rawRequest(url(), '', {}, 'GET')).toEqual({ status: 200, body: { faults, injected: [1] } });
    expect(await rawRequest(url(), '', {}, 'DELETE')).toEqual({ status: 200, body: { faults: [] } });
    expect(await outcomes(1, list)).toBe('.');
  });

  test('is refused when it is wrong, and the old one stays', async () => {
    plan({ kind: 'stuckLaunching' });
    const answer = await rawRequest(url(), '{"faults": [{"kind": "stuckLaunch"}]}', {}, 'PUT');
    expect(answer).toMatchObject({ status: 400, body: { __type: 'InvalidRequestException', errorCode: 'InvalidFaultPlan' } });
    expect(answer.body.message).toContain('faults[0].kind must be one of apiError,');
    expect((await rawRequest(url(), 'no json', {}, 'PUT')).status).toBe(400);
    expect(emulator.faults.plan).toEqual({ faults: [{ kind: 'stuckLaunching' }] });
  });

  test.each([
    ['a list in lists', (deep: string) => `{"faults": ${deep}}`, 'faults[0] must be a structure, got [[["..."]]]'],
    ['a member in lists', (deep: string) => `{"faults": [{"kind": "apiError", "message": ${deep}}]}`, 'faults[0].message must be a text that is not empty, got [[["..."]]]'],
  ])('is refused with %s, however deep they are', async (_, planWith, problem) => {
    plan({ kind: 'stuckLaunching' });
    const { status, body } = await rawRequest(url(), planWith(`${'['.repeat(300_000)}${']'.repeat(300_000)}`), {}, 'PUT');
    expect({ status, message: body.message }).toEqual({ status: 400, message: expect.stringContaining(problem) });
    expect(emulator.faults.plan).toEqual({ faults: [{ kind: 'stuckLaunching' }] });
  });

  test('is a copy of what was given', () => {
    const given = { faults: [{ kind: 'stuckLaunching' as const, tasks: ['a'] }] };
    const faults = new Faults();
    faults.replace(given);
    given.faults[0].tasks[0] = 'b';
    expect(faults.plan).toEqual({ faults: [{ kind: 'stuckLaunching', tasks: ['a'] }] });
  });

  test('can be there from the start, unless it is wrong', async () => {
    const own = await startTestEmulator({ faults: { faults: [{ kind: 'apiError', times: 1 }] } });
    await expect(own.client.send(new ListTasksCommand())).rejects.toThrow('part of the fault plan');
    await own.close();
    await expect(startEmulator({ port: 0, root: '.', faults: { faults: [{ kind: 'oops' }] } as never })).rejects.toThrow('Invalid fault plan: faults[0].kind');
  });
});
