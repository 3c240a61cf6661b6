import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelTaskExecutionCommand, CreateAgentCommand, StartTaskExecutionCommand, UpdateTaskCommand } from '@aws-sdk/client-datasync';
import { ManualClock } from '../../../emulator';
import type { Status } from '../../../emulator/console/status';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
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
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';.* connect-src 'self';.* trusted-types 'none'; frame-ancestors 'none'$/);
  expect(body.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/ (?:src|href)=(?!"data:|"#)|https?:|innerHTML| on[a-z]+=/);
  expect((await ask('/', 'HEAD')).body).toBe('');
});

test('an emulator without anything has empty lists', async () => {
  expect(await status()).toEqual({
    time: expect.any(Number), tasks: [], executions: [], agents: [], schedules: [], omitted: { tasks: 0, executions: 0, agents: 0, schedules: 0 },
  });
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

test('what waits is listed in the order in which it will run, with what it waits for', async () => {
  const { task } = await createNfsToEfsTask(emulator, { Options: { BytesPerSecond: 10 } });
  const { task: other } = await createNfsToEfsTask(emulator); // of the same agent
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(100_000));
  const start = async (TaskArn: string, Value: string) => (await emulator.client.send(new StartTaskExecutionCommand({
    TaskArn, Includes: [{ FilterType: 'SIMPLE_PATTERN', Value }],
  }))).TaskExecutionArn!;
  const running = await start(task, '/large');
  const [second, third, fourth] = [await start(task, '/b'), await start(other, '/c'), await start(task, '/d')];
  expect((await status()).executions.map(({ arn, queue }) => ({ arn, queue }))).toEqual([
    { arn: running },
    { arn: second, queue: { position: 1, behind: [running] } },
    { arn: third, queue: { position: 2, behind: [second] } },
    { arn: fourth, queue: { position: 3, behind: [second, third] } },
  ]);
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: second }));
  expect((await status()).executions.map(({ queue }) => queue)).toEqual([
    undefined, { position: 1, behind: [running] }, { position: 2, behind: [running, third] }, undefined,
  ]);
});

test.each(['BASIC', 'ENHANCED'] as const)('in %s mode the items that failed are told with their reasons, the first twenty of them', async TaskMode => {
  emulator.faults.replace({ faults: [{ kind: 'itemFailure', paths: '/bad*', at: 'WRITE', message: 'out of order' }] });
  const { task: TaskArn } = await createNfsToEfsTask(emulator, { TaskMode, Options: { VerifyMode: 'NONE' } });
  for (let index = 0; index < 30; index++) emulator.write(`${SOURCE_FOLDER}/bad-${String(index).padStart(2, '0')}`, 'x');
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn }));
  await finished(emulator.client, TaskExecutionArn);
  const [{ itemsFailed, failedItems }] = (await status()).executions;
  expect(itemsFailed).toBe(30);
  expect(failedItems).toHaveLength(20);
  expect(failedItems).toContainEqual({ phase: 'TRANSFERRING', step: 'Transfer', path: '/bad-00', message: 'out of order' });
});

test('the next emulator with the same state folder tells how many items failed, not which', async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'datasync-state-'));
  const options = { stateFolder, faults: { faults: [{ kind: 'itemFailure', paths: '/bad', at: 'WRITE' }] } } as const;
  try {
    const failedOf = async (stateful: TestEmulator) => {
      const [{ itemsFailed, failedItems }] = (JSON.parse((await plainRequest(`${stateful.url}/_emulator/status`)).body) as Status).executions;
      return { itemsFailed, paths: failedItems.map(({ path }) => path) };
    };
    const first = await startTestEmulator(options);
    const { task: TaskArn } = await createNfsToEfsTask(first, { Options: { VerifyMode: 'NONE' } });
    first.write(`${SOURCE_FOLDER}/bad`, 'x');
    await finished(first.client, (await first.client.send(new StartTaskExecutionCommand({ TaskArn }))).TaskExecutionArn);
    expect(await failedOf(first)).toEqual({ itemsFailed: 1, paths: ['/bad'] });
    await first.close();
    const second = await startTestEmulator(options);
    expect(await failedOf(second)).toEqual({ itemsFailed: 1, paths: [] });
    await second.close();
  } finally {
    rmSync(stateFolder, { recursive: true, force: true });
  }
});

test('agents are told with their status, whether they were created or are only named', async () => {
  const { AgentArn } = await emulator.client.send(new CreateAgentCommand({ ActivationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', AgentName: 'Basement' }));
  const { task } = await createNfsToEfsTask(emulator);
  emulator.setAgentStatus(AGENT_ARN, 'OFFLINE');
  const { agents, tasks } = await status();
  expect(agents).toEqual([{ arn: AgentArn, name: 'Basement', status: 'ONLINE', tasks: 0 }, { arn: AGENT_ARN, status: 'OFFLINE', tasks: 1 }]);
  expect(tasks).toMatchObject([{ arn: task, status: 'UNAVAILABLE', errorDetail: 'Agent agent-0123456789abcdef0 of the task is offline.' }]);
});

test('schedules are told with the time at which they fire next, the next one first', async () => {
  const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
  const timed = await startTestEmulator({ clock });
  try {
    const make = async (Name: string, ScheduleExpression: string) => {
      const { task } = await createNfsToEfsTask(timed, { Name, Schedule: { ScheduleExpression } });
      return task;
    };
    const past = await make('Past', 'cron(0 0 1 1 ? 2029)');
    const weekly = await make('Weekly', 'cron(0 12 ? * WED *)');
    const often = await make('Often', 'rate(2 hours)');
    const off = await make('Off', 'rate(1 hour)');
    await timed.client.send(new UpdateTaskCommand({ TaskArn: off, Schedule: { ScheduleExpression: 'rate(1 hour)', Status: 'DISABLED' } }));
    const told: Status = JSON.parse((await plainRequest(`${timed.url}/_emulator/status`)).body);
    expect(told.time).toBe(Date.parse('2030-01-01T00:00:00Z'));
    expect(told.schedules).toEqual([
      { taskArn: often, taskName: 'Often', expression: 'rate(2 hours)', status: 'ENABLED', nextTime: Date.parse('2030-01-01T02:00:00Z') },
      { taskArn: weekly, taskName: 'Weekly', expression: 'cron(0 12 ? * WED *)', status: 'ENABLED', nextTime: Date.parse('2030-01-02T12:00:00Z') },
      { taskArn: off, taskName: 'Off', expression: 'rate(1 hour)', status: 'DISABLED', disabledReason: 'Manually disabled by user.' },
      { taskArn: past, taskName: 'Past', expression: 'cron(0 0 1 1 ? 2029)', status: 'ENABLED' },
    ]);
  } finally {
    await timed.close();
  }
});

test.each([
  ['GET', '/_emulator/nothing', 404], ['GET', '/_emulator/', 404], ['POST', '/_emulator/status', 405], ['GET', '/_emulator/%ff', 404],
])('%s %s is %d', async (method, path, code) => {
  const answer = await ask(path, method);
  expect({ code: answer.status, type: JSON.parse(answer.body).__type }).toEqual({ code, type: code === 404 ? 'NotFound' : 'MethodNotAllowed' });
});
