import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from './harness';
import { lambdaContext, SECRET, startHarness } from './harness';
import { bundleLikeTheHandler, HANDLER_ENTRY } from '../../../bench/handler/bundle';

const REMAINING = 5 * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'handler-bundle-'));
const bundle = join(folder, 'index.js');

let h: Harness;
beforeAll(async () => {
  await bundleLikeTheHandler(HANDLER_ENTRY, bundle);
  h = await startHarness();
});
afterAll(async () => {
  await h.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => h.reset());

/** Calls an entry point of the bundle in a process of its own, with nothing but Lambda's environment. */
function invoke(entry: 'onEvent' | 'onSchedule', payload: unknown): { child: ChildProcess; end: Promise<{ code: number | null; output: string }> } {
  const script = `
    const [bundle, entry, payload, context] = process.argv.slice(1);
    require(bundle)[entry](JSON.parse(payload), { ...JSON.parse(context), getRemainingTimeInMillis: () => ${REMAINING} }).then(
      result => { console.log(JSON.stringify({ result })); process.exit(0); },
      error => { console.log(String(error.stack ?? error.message)); process.exit(1); },
    );`;
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_DATASYNC, AWS_ENDPOINT_URL_CLOUDFORMATION } = process.env;
  const child = spawn(process.execPath, ['-e', script, bundle, entry, JSON.stringify(payload), JSON.stringify(lambdaContext())], {
    cwd: folder,
    env: { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_DATASYNC, AWS_ENDPOINT_URL_CLOUDFORMATION },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout!.on('data', chunk => output += chunk);
  child.stderr!.on('data', chunk => output += chunk);
  return { child, end: new Promise(resolve => child.on('close', code => resolve({ code, output }))) };
}

test('the bundle starts an execution and answers, with the endpoint from its environment', async () => {
  const taskArn = await h.makeTask();
  const { code, output } = await invoke('onEvent', h.event('Create', { ResourceProperties: h.properties(taskArn) })).end;
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(await h.executions(taskArn)).toEqual([h.receiver.last().PhysicalResourceId]);
  expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS' });
  expect(output).not.toContain(SECRET);
});

test('the bundle asks CloudFormation on Update', async () => {
  const taskArn = await h.makeTask();
  h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const physicalId = `${taskArn}/execution/exec-0123456789abcdef0`;
  const { code } = await invoke('onEvent', h.event('Update', {
    PhysicalResourceId: physicalId, ResourceProperties: h.properties(taskArn), OldResourceProperties: h.properties(taskArn, { Tags: [] }),
  })).end;
  expect(code).toBe(0);
  expect(h.stack.calls).toBe(1);
  expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
  expect(await h.executions(taskArn)).toEqual([]);
});

test.each([true, false])('a function that is killed between the start and the answer leaves one execution (task slow: %s)', async slow => {
  const taskArn = await h.makeTask({ slow });
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
  h.receiver.failures.push('hang'); // it has started the task and waits for its answer to be taken
  const { child, end } = invoke('onEvent', event);
  while (h.receiver.failures.length > 0 && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 10));
  child.kill('SIGKILL');
  await end;
  const started = await h.executions(taskArn);
  expect(started).toHaveLength(1);
  expect(h.receiver.answers).toEqual([]);

  expect((await invoke('onEvent', event).end).code).toBe(0);
  expect(await h.executions(taskArn)).toEqual(started);
  expect(h.receiver.answers).toHaveLength(1);
  expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: started[0] });
});

test("the bundle's scheduled start gives the execution's ARN, and a bad payload one clear line", async () => {
  const taskArn = await h.makeTask();
  const payload = { TaskArn: taskArn, IfRunning: 'QUEUE', ScheduleArn: 'arn:aws:scheduler:us-east-1:0:schedule/a/b', ScheduledTime: '2026-01-31T12:00:00Z' };
  const { code, output } = await invoke('onSchedule', payload).end;
  const [arn] = await h.executions(taskArn);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain(JSON.stringify({ result: { TaskExecutionArn: arn } }));

  const bad = await invoke('onSchedule', { ...payload, IfRunning: 'HOPE' }).end;
  expect(bad.code).toBe(1);
  expect(bad.output).toContain('IfRunning must be one of QUEUE, ATTACH, WAIT, FAIL, got');
  expect(bad.output).not.toMatch(/\n\s+at /);
});
