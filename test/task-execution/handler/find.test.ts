import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { executionArn, FakeExecution, fakeHistory, TASK_ARN } from './fake-history';
import { lambdaContext, quickServices } from './harness';
import type { Task } from '../../../src/task-execution/handler/executions';
import { findPending, findStarted } from '../../../src/task-execution/handler/find';
import { Run } from '../../../src/task-execution/handler/run';

const HOUR = 60 * 60_000;
const NOW = Date.now();
const IDENTITY = { owner: 'owner', request: 'ours', notBefore: NOW - 24 * HOUR };

/** A fake history, oldest first: one execution every hour, all of them finished, the newest an hour old. */
function history(count: number): FakeExecution[] {
  return Array.from({ length: count }, (_, n) => ({ arn: executionArn(n), status: 'SUCCESS', startTime: NOW - (count - n) * HOUR }));
}

async function find(listed: FakeExecution[], newest: FakeExecution | undefined, status = 'AVAILABLE') {
  const { datasync, calls } = fakeHistory(listed);
  const task = { TaskArn: TASK_ARN, Status: status, CurrentTaskExecutionArn: newest?.arn } as Task;
  const run = new Run(quickServices(datasync), lambdaContext());
  return { found: await findStarted(run, task, IDENTITY), calls, run, task };
}

describe('what looking costs (fake service)', () => {
  test('a task that has never run: one list', async () => {
    const { found, calls } = await find([], undefined);
    expect(found).toBeUndefined();
    expect(calls).toEqual({ ListTaskExecutionsCommand: 1 });
  });

  test('nothing runs and the newest is older than the request: one call, however long the history', async () => {
    const old = history(3000).map(execution => ({ ...execution, startTime: execution.startTime - 24 * HOUR }));
    const { found, calls } = await find(old, old.at(-1));
    expect(found).toBeUndefined();
    expect(calls).toEqual({ DescribeTaskExecutionCommand: 1 });
  });

  test('the newest is ours: two calls', async () => {
    const executions = history(3000);
    const newest = { ...executions.at(-1)!, request: 'ours' };
    const { found, calls } = await find([...executions.slice(0, -1), newest], newest);
    expect(found).toBe(newest.arn);
    expect(calls).toEqual({ DescribeTaskExecutionCommand: 1, ListTagsForResourceCommand: 1 });
  });

  test.each(['oldest first', 'newest first'])('others started since, listed %s: the pages, and the tags of about a day', async order => {
    const executions = history(3000);
    const { found, calls } = await find(order === 'oldest first' ? executions : [...executions].reverse(), executions.at(-1));
    expect(found).toBeUndefined();
    expect(calls.ListTaskExecutionsCommand).toBe(30);
    expect(calls.ListTagsForResourceCommand).toBeLessThanOrEqual(32);
    expect(calls.DescribeTaskExecutionCommand).toBeLessThanOrEqual(1 + 8 + 5);
  });

  test('the order cannot be recognised: the tags of all', async () => {
    const executions = history(301);
    const shuffled = [...executions.slice(150), ...executions.slice(0, 150)]; // as after a change of the order on the way
    const { found, calls } = await find(shuffled, executions.at(-1));
    expect(found).toBeUndefined();
    expect(calls.ListTagsForResourceCommand).toBe(301 + 1); // the newest was looked at first
  });
});

describe('what is found (fake service)', () => {
  test('an execution in the queue behind one that has run for days', async () => {
    const running = { arn: executionArn(1), status: 'TRANSFERRING', startTime: NOW - 72 * HOUR };
    const queued = { arn: executionArn(2), status: 'QUEUED', startTime: NOW - 1000, request: 'ours' };
    const { found } = await find([...history(0), running, queued], running, 'RUNNING');
    expect(found).toBe(queued.arn);
  });

  test('an execution that the list does not show yet', async () => {
    const executions = history(3);
    const newest = { arn: executionArn(99), status: 'LAUNCHING', startTime: NOW, request: 'ours' };
    const { datasync } = fakeHistory([...executions, newest]);
    const late = fakeHistory(executions).datasync;
    const send = (command: never) => (command as object).constructor.name === 'ListTaskExecutionsCommand' ? late.send(command) : datasync.send(command);
    const run = new Run(quickServices({ send } as never), lambdaContext());
    const task = { TaskArn: TASK_ARN, Status: 'RUNNING', CurrentTaskExecutionArn: newest.arn } as Task;
    expect(await findStarted(run, task, IDENTITY)).toBe(newest.arn);
  });

  test('ours wherever it stands and however the list is ordered, and never one that is not ours', async () => {
    const execution = fc.record({
      age: fc.integer({ min: 1, max: 40 * 24 }),
      status: fc.constantFrom('SUCCESS', 'ERROR', 'SUCCESS', 'SUCCESS', 'QUEUED', 'TRANSFERRING'),
    });
    await fc.assert(fc.asyncProperty(
      fc.oneof(fc.array(execution, { maxLength: 60 }), fc.array(execution, { minLength: 60, maxLength: 250 })),
      fc.option(fc.record({ age: fc.integer({ min: 0, max: 23 }), status: fc.constantFrom('SUCCESS', 'ERROR', 'QUEUED', 'VERIFYING') })),
      fc.constantFrom('oldest first', 'newest first', 'by ARN'),
      async (others, ours, order) => {
        const requests = [...others.map(other => ({ ...other, request: 'theirs' })), ...(ours ? [{ ...ours, request: 'ours' }] : [])];
        const all: FakeExecution[] = requests.map(({ age, status, request }, n) => ({
          arn: `${TASK_ARN}/execution/exec-${createHash('md5').update(String(n)).digest('hex').slice(0, 17)}`, status, request, startTime: NOW - age * HOUR + n,
        }));
        const byAge = [...all].sort((a, b) => a.startTime - b.startTime);
        const listed = order === 'oldest first' ? byAge : order === 'newest first' ? [...byAge].reverse() : [...all].sort((a, b) => a.arn < b.arn ? -1 : 1);
        const newest = byAge.find(({ status }) => ['TRANSFERRING', 'VERIFYING'].includes(status)) ?? byAge.at(-1);
        const busy = all.some(({ status }) => !['SUCCESS', 'ERROR'].includes(status));
        const { found } = await find(listed, newest, busy ? 'RUNNING' : 'AVAILABLE');
        expect(found).toBe(all.find(({ request }) => request === 'ours')?.arn);
      },
    ), { numRuns: 300, seed: 20260131 });
  });
});

describe('what is pending (fake service)', () => {
  test.each([
    [['SUCCESS', 'QUEUED', 'TRANSFERRING'], 2],
    [['SUCCESS', 'QUEUED', 'QUEUED'], 1],
    [['SUCCESS', 'ERROR'], undefined],
  ])('of %j it is number %s', async (statuses, expected) => {
    const listed = statuses.map((status, n) => ({ arn: executionArn(n), status, startTime: NOW + n }));
    const { run, task } = await find(listed, listed.at(-1));
    expect((await findPending(run, task))?.arn).toBe(expected === undefined ? undefined : executionArn(expected));
  });
});
