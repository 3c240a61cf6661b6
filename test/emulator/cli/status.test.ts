import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { commandLine } from '../../support/command-line';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());

test('tasks and executions in two tables; --watch appends what changes', async () => {
  expect(await commandLine(['status', '--endpoint', emulator.url])).toEqual({ code: 0, stdout: 'no tasks\n\nno executions\n', stderr: '' });

  const { task } = await createNfsToEfsTask(emulator, { Name: 'Nightly' });
  emulator.write(`${SOURCE_FOLDER}/file`, Buffer.alloc(2048));
  let printed = '';
  const watching = commandLine(['status', '--watch', '--endpoint', emulator.url], child => {
    let started = false;
    child.stdout!.on('data', async data => {
      printed += data;
      if (printed.includes('SUCCESS')) {child.kill('SIGINT');} else if (!started) {
        started = true;
        await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
      }
    });
  });
  await watching;
  expect(printed).toMatch(/AVAILABLE  BASIC  Nightly  nfs:\/\/fileserver\/export\/ -> efs:[^]*no executions\n\n[^]*SUCCESS  -     2      2\.0 KiB/);
  const { stdout } = await commandLine(['status', '--endpoint', emulator.url]);
  expect(stdout.split('\n').map(line => line.split(/\s{2,}/)[0])).toEqual([
    'TASK', task.split('/').pop(), '', 'EXECUTION', expect.stringMatching(/^exec-/), '',
  ]);
});

test('--json prints what the page shows as one document, and with --watch a line when something has changed', async () => {
  const document = JSON.parse((await commandLine(['status', '--json', '--endpoint', emulator.url])).stdout);
  expect(document).toMatchObject({ endpoint: emulator.url, tasks: [{ name: 'Nightly' }], executions: [{ status: 'SUCCESS' }], omitted: { tasks: 0 } });

  let printed = '';
  await commandLine(['status', '--json', '--watch', '--endpoint', emulator.url], child => {
    child.stdout!.on('data', async data => {
      const isFirst = printed === '';
      printed += data;
      if (printed.split('\n').length > 2) child.kill('SIGINT');
      else if (isFirst) await createNfsToEfsTask(emulator, { Name: 'Hourly' });
    });
  });
  const [first, second] = printed.split('\n').slice(0, 2).map(line => JSON.parse(line));
  expect([first.tasks.length, second.tasks.length]).toEqual([1, 2]);
});

test('the first items that failed are named, each with its reason, behind the reason of the error', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  for (let i = 0; i < 7; i++) emulator.write(`${SOURCE_FOLDER}/broken${i}`, 'x');
  emulator.faults.replace({ faults: [{ kind: 'itemFailure', paths: '/broken*', at: 'WRITE', message: 'No space' }] });
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, OverrideOptions: { VerifyMode: 'NONE' } }));
  await finished(emulator.client, TaskExecutionArn);
  emulator.faults.replace({ faults: [] });
  const { stdout } = await commandLine(['status', '--endpoint', emulator.url]);
  const lines = stdout.split('\n');
  const reason = lines.findIndex(line => line.startsWith(`${TaskExecutionArn!.split('/').pop()}: FilesSkipped: `));
  expect(lines.slice(reason + 1)).toEqual([
    ...Array(5).fill(expect.stringMatching(/^ {2}failed: \/broken\d: No space$/)), '  and 2 more; the log and the task report have all of them', '',
  ]);
});

test('the reason of an error is told', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({
    TaskArn: task, OverrideOptions: { VerifyMode: 'NONE' }, Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/file' }],
  }));
  await finished(emulator.client, TaskExecutionArn);
  emulator.faults.replace({ faults: [{ kind: 'executionError', errorCode: 'Oops', errorDetail: 'on purpose\u001b[2J' }] });
  const { TaskExecutionArn: failed } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  await finished(emulator.client, failed);
  const { stdout } = await commandLine(['status', '--endpoint', emulator.url]);
  expect(stdout).toContain(`${failed!.split('/').pop()}: Oops: on purpose\\u{1b}[2J\n`);
});

test('nothing there, or something else there, is one clear line', async () => {
  const server = createServer((_, response) => response.writeHead(200).end('<h1>hello</h1>')).listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await commandLine(['status', '--endpoint', url])).toEqual({
    code: 1, stdout: '', stderr: `error: what answers at ${url} is not this emulator: HTTP 200 <h1>hello</h1>\n`,
  });
  server.closeAllConnections();
  await new Promise(closed => server.close(closed));
  expect(await commandLine(['status', '--endpoint', url])).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: nothing answers at ${url} (ECONNREFUSED); start it with "npx cdk-datasync up" or "npx cdk-datasync serve", or give its --endpoint\n`,
  });
});
