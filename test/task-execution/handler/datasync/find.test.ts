import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { findExecutions } from '../../../../src/task-execution/handler/datasync/find';
import { TaskExecutionInvocation } from '../../../../src/task-execution/handler/invocation';
import type { FakeExecution } from '../fake-history';
import { executionArn, fakeHistory, TASK_ARN } from '../fake-history';
import { lambdaContext, quickServices } from '../harness';

const HOUR = 60 * 60_000;
const NOW = Date.now();
const IDENTITY = { owner: 'owner', request: 'ours', notBefore: NOW - 24 * HOUR };

/** A fake history, oldest first: one execution every hour, all of them finished, the newest an hour old. */
function history(count: number): FakeExecution[] {
  return Array.from({ length: count }, (_, n) => ({ arn: executionArn(n), status: 'SUCCESS', startTime: NOW - (count - n) * HOUR }));
}

async function find(listed: FakeExecution[], newest: FakeExecution | undefined, status = 'AVAILABLE') {
  const { datasync, calls } = fakeHistory(listed, { Status: status, CurrentTaskExecutionArn: newest?.arn });
  const { started, pending } = await findExecutions(new TaskExecutionInvocation(quickServices(datasync), lambdaContext()), TASK_ARN, IDENTITY);
  return { found: started?.arn, pending: pending.map(({ arn }) => arn), calls };
}

describe('what looking costs (fake service)', () => {
  test('a task that has never run: two calls', async () => {
    const { found, calls } = await find([], undefined);
    expect(found).toBeUndefined();
    expect(calls).toEqual({ DescribeTaskCommand: 1, ListTaskExecutionsCommand: 1 });
  });

  test('nothing is pending and the newest is older than the request: two calls, however long the history', async () => {
    const old = history(43_200).map(execution => ({ ...execution, startTime: execution.startTime - 24 * HOUR }));
    const { found, pending, calls } = await find(old, old.at(-1));
    expect({ found, pending }).toEqual({ found: undefined, pending: [] });
    expect(calls).toEqual({ DescribeTaskCommand: 1, DescribeTaskExecutionCommand: 1 });
  });

  test('the newest is ours: three calls', async () => {
    const executions = history(3000);
    const newest = { ...executions.at(-1)!, request: 'ours' };
    const { found, calls } = await find([...executions.slice(0, -1), newest], newest);
    expect(found).toBe(newest.arn);
    expect(calls).toEqual({ DescribeTaskCommand: 1, DescribeTaskExecutionCommand: 1, ListTagsForResourceCommand: 1 });
  });

  test.each(['oldest first', 'newest first'])('something runs, listed %s: one more for each page, and a few', async order => {
    const executions = history(43_200).map(execution => ({ ...execution, startTime: execution.startTime - 24 * HOUR }));
    const running = { arn: executionArn(50_000), status: 'TRANSFERRING', startTime: NOW - HOUR, request: 'theirs' };
    const all = [...executions, running];
    const { found, calls } = await find(order === 'oldest first' ? all : [...all].reverse(), running, 'RUNNING');
    expect(found).toBeUndefined();
    expect(calls.ListTaskExecutionsCommand).toBe(433);
    expect(Object.values(calls).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(433 + 2 + 8 + 8);
  });

  test.each(['oldest first', 'newest first'])('others started since, listed %s: the pages, and two for each of about a day', async order => {
    const executions = history(3000);
    const { found, calls } = await find(order === 'oldest first' ? executions : [...executions].reverse(), executions.at(-1));
    expect(found).toBeUndefined();
    expect(calls.ListTaskExecutionsCommand).toBe(30);
    expect(calls.ListTagsForResourceCommand).toBeLessThanOrEqual(32);
    expect(calls.DescribeTaskExecutionCommand).toBeLessThanOrEqual(1 + 8 + 32 + 5);
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
    const { datasync } = fakeHistory([...executions, newest], { Status: 'RUNNING', CurrentTaskExecutionArn: newest.arn });
    const late = fakeHistory(executions).datasync;
    const send = (command: never) => (command as object).constructor.name === 'ListTaskExecutionsCommand' ? late.send(command) : datasync.send(command);
    const { started } = await findExecutions(new TaskExecutionInvocation(quickServices({ send } as never), lambdaContext()), TASK_ARN, IDENTITY);
    expect(started?.arn).toBe(newest.arn);
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

test.each([
  [['SUCCESS', 'QUEUED', 'TRANSFERRING'], [2, 1]],
  [['SUCCESS', 'QUEUED', 'QUEUED'], [2, 1]],
  [['SUCCESS', 'ERROR'], []],
])('of %j these are pending: %j', async (statuses, expected) => {
  const listed = statuses.map((status, n) => ({ arn: executionArn(n), status, startTime: NOW + n, request: 'theirs' }));
  const { pending } = await find(listed, listed.at(-1), expected.length > 0 ? 'RUNNING' : 'AVAILABLE');
  expect(pending).toEqual(expected.map(executionArn));
});
