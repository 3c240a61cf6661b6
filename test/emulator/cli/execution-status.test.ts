import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelTaskExecutionCommand, DescribeTaskExecutionCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { Ended } from '../../support/command-line';
import { commandLine } from '../../support/command-line';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

const NOWHERE = 'arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0';

let emulator: TestEmulator;
let home: string;
let task: string;
beforeAll(async () => {
  emulator = await startTestEmulator();
  home = mkdtempSync(join(tmpdir(), 'home-'));
  ({ task } = await createNfsToEfsTask(emulator, { Name: 'Nightly', Options: { TransferMode: 'ALL' } }));
  emulator.write(`${SOURCE_FOLDER}/file`, Buffer.alloc(3_000_000));
});
afterAll(async () => {
  await emulator.close();
  rmSync(home, { recursive: true });
});
beforeEach(() => emulator.faults.replace({ faults: [] }));

/** Without the local stack of whoever runs the tests. */
function status(args: string[], env: NodeJS.ProcessEnv = {}, onStart?: Parameters<typeof commandLine>[1]): Promise<Ended> {
  return commandLine(['status', ...args], onStart, { HOME: home, CDK_DATASYNC_STACK: home, ...env });
}

async function start(bytesPerSecond = -1): Promise<string> {
  const OverrideOptions = { BytesPerSecond: bytesPerSecond };
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, OverrideOptions }));
  return TaskExecutionArn!;
}

async function startAndFinish(): Promise<string> {
  const arn = await start();
  await finished(emulator.client, arn);
  return arn;
}

async function cancel(TaskExecutionArn: string): Promise<void> {
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  await finished(emulator.client, TaskExecutionArn);
}

/** Does something once when a text has been printed. */
function whenPrinted(text: string, action: (kill: (signal: NodeJS.Signals) => void) => unknown): Parameters<typeof commandLine>[1] {
  let printed = '';
  let isDone = false;
  return child => child.stdout!.on('data', async data => {
    printed += data;
    if (isDone || !printed.includes(text)) return;
    isDone = true;
    await action(signal => child.kill(signal));
  });
}

test('an execution is shown with where it is in the first line', async () => {
  const arn = await startAndFinish();
  const { code, stdout, stderr } = await status([arn, '--endpoint', emulator.url]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n')).toEqual([
    `where      ${emulator.url}`,
    `execution  ${arn}`,
    'status     SUCCESS',
    expect.stringMatching(/^items      \d transferred, 0 skipped, 0 deleted, \d verified$/),
    expect.stringMatching(/^bytes      2\.9 MiB, \S+ \S+\/s on average$/),
    expect.stringMatching(/^phases     prepare SUCCESS.*, transfer SUCCESS.*, verify SUCCESS/),
    expect.stringMatching(/^started    \d{4}-/),
    expect.stringMatching(/^time       .* s$/),
    '',
  ]);
});

test('where the environment leads the SDK to a server, its URL stands in the first line in place of AWS', async () => {
  const arn = await startAndFinish();
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  const { code, stdout } = await status([arn, '--watch'], { AWS_ENDPOINT_URL_DATASYNC: emulator.url, ...credentials });
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^where      ${emulator.url}, as the AWS SDK is configured\nexecution  ${arn}\nstatus     SUCCESS\n`));
});

test('a task is shown with the execution that was started last, and with those before it', async () => {
  const { task: other } = await createNfsToEfsTask(emulator, { Name: 'Two' });
  const none = await status([other, '--endpoint', emulator.url]);
  expect(none.stdout).toMatch(
    /^where .*\ntask       \S+ Two\nstatus     AVAILABLE, BASIC\nfrom       arn:.*\nto         arn:.*\n\nexecution  none.*\nhistory    no executions\n$/);

  const [before, last] = [await startAndFinish(), await startAndFinish()];
  const { stdout } = await status([task, '--endpoint', emulator.url]);
  expect(stdout).toContain(`execution  ${last}\nstatus     SUCCESS\n`);
  expect(stdout).toMatch(/\nhistory    \d+ SUCCESS\n\nEXECUTION/);
  const ids = stdout.slice(stdout.indexOf('EXECUTION')).split('\n').slice(1, 3).map(line => line.split(' ')[0]);
  expect(ids).toEqual([last, before].map(arn => arn.split('/').pop()));
});

test('a watch follows a task to the end of its execution, and succeeds with it', async () => {
  const arn = await start(1_000_000);
  const { code, stdout, stderr } = await status([task, '--watch', '--endpoint', emulator.url]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^where .*\nexecution  ${arn}\n[^]*status     SUCCESS\n`));
});

test('a watch ends with 1 when the execution fails, and says why', async () => {
  emulator.faults.replace({ faults: [{ kind: 'executionError', errorCode: 'Oops', errorDetail: 'on purpose\u001b[2J' }] });
  const { code, stdout } = await status([await start(), '--watch', '--endpoint', emulator.url]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/status     ERROR\n[^]*error      Oops: on purpose\\u\{1b\}\[2J\n$/);
});

test('a watch ends with 2 when the execution is cancelled, and has told of each phase in a line where there is no terminal', async () => {
  const arn = await start(1);
  const { code, stdout } = await status([arn, '--watch', '--endpoint', emulator.url], {}, whenPrinted('TRANSFERRING', () => cancel(arn)));
  expect(code).toBe(2);
  expect(stdout).toMatch(/\nexec-\w+: TRANSFERRING, \d of 2 items, .* of 2\.9 MiB\n[^]*status     ERROR, cancelled\n/);
});

test('Ctrl-C ends the watch with 130, says so, and leaves the execution alone', async () => {
  const arn = await start(1);
  const { code, stderr } = await status([arn, '--watch', '--endpoint', emulator.url], {}, whenPrinted('TRANSFERRING', kill => kill('SIGINT')));
  expect([code, stderr]).toEqual([
    130, 'Stopped watching; the execution goes on. To end it: '
      + `aws datasync cancel-task-execution --task-execution-arn ${arn} --endpoint-url ${emulator.url}\n`,
  ]);
  expect(await emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }))).toMatchObject({ Status: 'TRANSFERRING' });
  await cancel(arn);
});

test.each([NOWHERE, `${NOWHERE}/execution/exec-0123456789abcdef0`])('Ctrl-C ends the watch of %s where nobody has answered yet', async arn => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code } = await status([arn, '--watch', '--endpoint', endpoint], {}, child => server.once('connection', socket => {
    socket.on('error', () => undefined).resume();
    child.kill('SIGINT');
  }));
  expect(code).toBe(130);
  await new Promise(closed => server.close(closed));
});

test('--json prints one document, and with --watch one in a line for each change, the end included', async () => {
  const arn = await startAndFinish();
  const document = JSON.parse((await status([arn, '--json', '--endpoint', emulator.url])).stdout);
  expect(document).toMatchObject({
    where: emulator.url, endpoint: emulator.url, outcome: 'SUCCESS', progress: { itemsTransferred: 2 }, execution: { TaskExecutionArn: arn, Status: 'SUCCESS' },
  });
  const ofTask = JSON.parse((await status([task, '--json', '--endpoint', emulator.url])).stdout);
  expect(ofTask).toMatchObject({ task: { TaskArn: task, Name: 'Nightly' }, execution: { TaskExecutionArn: arn }, lastExecutions: expect.any(Array) });

  const slow = await start(1_000_000);
  const { code, stdout } = await status([slow, '--json', '--watch', '--endpoint', emulator.url]);
  const lines = stdout.trim().split('\n').map(line => JSON.parse(line));
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatchObject({ outcome: 'SUCCESS', execution: { TaskExecutionArn: slow, Status: 'SUCCESS' } });
  expect(lines.slice(0, -1).every(({ outcome }) => outcome === undefined)).toBe(true);
});

test('what a server has is named by its id as well, which is what the table of tasks and executions shows', async () => {
  const arn = await startAndFinish();
  const [taskId, , executionId] = arn.split(':').at(-1)!.split('/').slice(1);
  const table = await status(['--endpoint', emulator.url]);
  for (const [id, shown] of [[taskId, task], [executionId, arn]]) {
    expect(table.stdout).toContain(`\n${id} `);
    expect(await status([id, '--endpoint', emulator.url])).toEqual(await status([shown, '--endpoint', emulator.url]));
    const { code, stdout } = await status([id, '--watch'], { AWS_ENDPOINT_URL_DATASYNC: emulator.url });
    expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^where +${emulator.url}\n[^]*${arn}\n`))]);
  }
});

test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
  ['is no ARN', ['Nightly'], {}, /^error: 'Nightly' must be the ARN of a task or of an execution, such as .*\n$/],
  ['is an id that the server does not have', ['task-0123456789abcdef0', '--endpoint', 'URL'], {},
    /^error: http:\S+ has no 'task-0123456789abcdef0'; "npx cdk-datasync status" shows what it has. Of what is in AWS give the ARN\n$/],
  ['is an id where nobody answers', ['exec-0123456789abcdef0'], { AWS_ENDPOINT_URL_DATASYNC: 'http://127.0.0.1:1' },
    /^error: 'exec-0123456789abcdef0' is an id, which only a server on this machine knows, and nothing answers at http:\/\/127.0.0.1:1 .*; of what is in AWS give the ARN\n$/],
  ['is an id in AWS', ['task-0123456789abcdef0', '--profile', 'ops'], {}, /^error: 'task-0123456789abcdef0' does not tell the Region, which --profile needs; give the ARN\n$/],
  ['is nowhere', [`${NOWHERE}/execution/exec-0123456789abcdef0`, '--endpoint', 'URL'], {}, /^error: arn:\S+ is not in http:\S+: DataSync forgets an execution after 30 days, and with its task\n$/],
  ['is in AWS, without credentials', [NOWHERE.replace('000000000000', '111122223333')], {}, /^error: no credentials for AWS \(us-east-1, account 111122223333\) \(.*\); sign in, such as .*\n$/],
  ['was in a local stack that is gone', [NOWHERE], {}, /^error: no local stack is running, and AWS has no account 000000000000: .*; deploy again, or .*\n$/],
  ['is behind an endpoint where nobody answers', [NOWHERE, '--watch', '--endpoint', 'http://127.0.0.1:1'], {}, /^error: http:\/\/127.0.0.1:1 does not answer \(.*\n$/],
  ['is of another account than the credentials', [NOWHERE.replace('000000000000', '111122223333')],
    { AWS_ENDPOINT_URL: 'URL', AWS_ACCESS_KEY_ID: '000000000000', AWS_SECRET_ACCESS_KEY: 'secret' },
    /^error: arn:\S+ is of account 111122223333, and the credentials are of another \(.*\n$/],
])('what %s is one line of error and 3', async (_, args, env, message) => {
  const filled = (text: string | undefined) => text === 'URL' ? emulator.url : text;
  const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
  const { code, stderr } = await status(args.map(arg => filled(arg)!), variables);
  expect(stderr).toMatch(message);
  expect(code).toBe(3);
});

test('a task that was never started has nothing to watch', async () => {
  const { task: other } = await createNfsToEfsTask(emulator);
  const { code, stderr } = await status([other, '--watch', '--endpoint', emulator.url]);
  expect([code, stderr]).toEqual([3, `error: ${other} has never been started, so there is nothing to watch\n`]);
});

test('a permission that lacks is named', async () => {
  emulator.faults.replace({ faults: [{ kind: 'apiError', operations: ['ListTaskExecutions'], error: 'AccessDeniedException' }] });
  const { code, stderr } = await status([task, '--endpoint', emulator.url]);
  expect(code).toBe(3);
  expect(stderr).toContain('allow datasync:ListTaskExecutions on *, or');
});

test.each([
  [['--profile', 'ops'], /--profile is for an ARN in AWS; give the ARN/],
  [[NOWHERE, '--profile', 'ops', '--endpoint', 'http://127.0.0.1:1'], /--profile is for an ARN in AWS, and --endpoint is a server; give one of them/],
])('a profile without anything of AWS to look at is refused', async (args, message) => {
  const { code, stderr } = await status(args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});
