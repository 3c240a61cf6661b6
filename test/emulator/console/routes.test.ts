import { CancelTaskExecutionCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { Status } from '../../../emulator/console/status';
import { eventually, finished, startTestEmulator, TestEmulator } from '../../support/emulator';
import { plainRequest } from '../../support/plain-request';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator(); });
afterEach(() => emulator.close());

const ask = (path: string, method = 'GET') => plainRequest(`${emulator.url}${path}`, { method });

async function status(): Promise<Status> {
  return JSON.parse((await ask('/_emulator/status')).body);
}

test('the page is one document that asks for nothing from elsewhere and lets nothing else run', async () => {
  const { status: code, headers, body } = await ask('/');
  expect(code).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';.* connect-src 'self';.* frame-ancestors 'none'$/);
  expect(body).not.toMatch(/\b(?:src|href)=(?!"data:)|https?:|innerHTML|\bon[a-z]+=/);
  expect((await ask('/', 'HEAD')).body).toBe('');
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
    arn: task, name: 'Nightly', status: 'RUNNING', mode: 'BASIC', source: 'nfs://fileserver/export/', destination: 'efs://us-east-1.fs-01234567/backup/', executions: 1,
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

test.each([
  ['GET', '/_emulator/nothing', 404], ['GET', '/_emulator/', 404], ['POST', '/_emulator/status', 405], ['GET', '/_emulator/%ff', 404],
])('%s %s is %d', async (method, path, code) => {
  const answer = await ask(path, method);
  expect({ code: answer.status, type: JSON.parse(answer.body).__type }).toEqual({ code, type: code === 404 ? 'NotFound' : 'MethodNotAllowed' });
});
