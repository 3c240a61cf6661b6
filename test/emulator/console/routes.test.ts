import { get, request } from 'node:http';
import { CancelTaskExecutionCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { Status } from '../../../emulator/console/status';
import { eventually, finished, startTestEmulator, TestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator(); });
afterEach(() => emulator.close());

interface Answer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Unlike fetch it sends whatever headers it is told to. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((answered, failed) => {
    request(`${emulator.url}${path}`, { headers, method }, response => {
      let body = '';
      response.on('data', chunk => { body += chunk; });
      response.on('end', () => answered({ status: response.statusCode, headers: response.headers, body }));
    }).on('error', failed).end();
  });
}

async function status(): Promise<Status> {
  return JSON.parse((await ask('/_emulator/status')).body);
}

test('the page is one document that asks for nothing from elsewhere and lets nothing else run', async () => {
  const { status: code, headers, body } = await ask('/');
  expect(code).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';.* connect-src 'self';.* frame-ancestors 'none'$/);
  expect(body).not.toMatch(/\b(?:src|href)=(?!"data:)|https?:|innerHTML|\bon[a-z]+=/);
  expect((await ask('/', {}, 'HEAD')).body).toBe('');
});

test('an emulator without anything has empty lists', async () => {
  expect(await status()).toEqual({ tasks: [], executions: [], omitted: { tasks: 0, executions: 0 } });
});

test('a task, and an execution from its start to its end', async () => {
  const { task } = await createNfsToEfsTask(emulator, { Name: 'Nightly', Options: { BytesPerSecond: 20_000 } });
  emulator.write(`${SOURCE_FOLDER}/first`, 'x');
  emulator.write(`${SOURCE_FOLDER}/second`, Buffer.alloc(1_000_000));
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));

  const running = await eventually(async () => {
    const { executions: [execution] } = await status();
    return execution.progress.bytesWritten > 1 && execution;
  });
  expect(running).toMatchObject({
    arn: TaskExecutionArn,
    taskArn: task,
    taskName: 'Nightly',
    status: 'TRANSFERRING',
    mode: 'BASIC',
    progress: { itemsPlanned: 3, bytesPlanned: 1_000_001 },
  });
  expect(running.progress.fraction).toBeGreaterThan(0);
  expect(running.progress.fraction).toBeLessThan(1);
  expect(running.bytesPerSecond).toBeGreaterThan(0);
  expect(running.phases.map(phase => phase.status)).toEqual(['SUCCESS', 'PENDING', 'PENDING']);
  expect((await status()).tasks).toEqual([{
    arn: task, name: 'Nightly', status: 'RUNNING', mode: 'BASIC', source: 'nfs://fileserver/export', destination: 'efs://us-east-1.fs-01234567/backup', executions: 1,
  }]);

  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  await finished(emulator.client, TaskExecutionArn);
  const [ended] = (await status()).executions;
  expect(ended).toMatchObject({ status: 'ERROR', errorCode: 'Cancelled', endTime: expect.any(Number) });
});

test('what runs and waits comes first, whatever was started when', async () => {
  const { task } = await createNfsToEfsTask(emulator, { Options: { BytesPerSecond: 10 } });
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(100_000));
  const start = async (pattern?: string) => (await emulator.client.send(new StartTaskExecutionCommand({
    TaskArn: task, ...(pattern && { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: pattern }] }),
  }))).TaskExecutionArn!;
  const ended = await start('/nothing');
  await finished(emulator.client, ended);
  const running = await start();
  const waiting = await start('/other');
  const cancelled = await start('/more');
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: cancelled }));
  expect((await status()).executions.map(({ arn }) => arn)).toEqual([running, waiting, cancelled, ended]);
});

test.each<[string, Record<string, string>, string]>([
  ['a page of another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' }, 'another site'],
  ['a page on another port', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }, 'another site'],
  ['another origin', { Origin: 'https://evil.example.com' }, 'another origin'],
  ['no origin at all', { Origin: 'null' }, 'another origin'],
  ['a name that was made to lead here', { Host: 'evil.example.com' }, "'evil.example.com' is not this machine"],
])('%s gets nothing', async (_, headers, why) => {
  for (const path of ['/', '/_emulator/status', '/_emulator/nothing']) {
    const { status: code, headers: answered, body } = await ask(path, headers);
    expect({ code, type: JSON.parse(body).__type }).toEqual({ code: 403, type: 'Forbidden' });
    expect(JSON.parse(body).message).toContain(why);
    expect(answered['access-control-allow-origin']).toBeUndefined();
  }
});

test('a link on another page may lead to the page, a frame may not show it', async () => {
  const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  expect((await ask('/', link)).status).toBe(200);
  expect((await ask('/', { ...link, 'Sec-Fetch-Dest': 'iframe' })).status).toBe(403);
});

test.each([
  ['GET', '/_emulator/nothing', 404], ['GET', '/_emulator/', 404], ['POST', '/_emulator/status', 405], ['GET', '/_emulator/%ff', 404],
])('%s %s is %d', async (method, path, code) => {
  const answer = await ask(path, {}, method);
  expect({ code: answer.status, type: JSON.parse(answer.body).__type }).toEqual({ code, type: code === 404 ? 'NotFound' : 'MethodNotAllowed' });
});

test('localhost is this machine too', async () => {
  const answer = await new Promise<number | undefined>(done => get(`${emulator.url}/`, { headers: { Host: `localhost:${emulator.port}` } }, ({ statusCode }) => done(statusCode)));
  expect(answer).toBe(200);
});
