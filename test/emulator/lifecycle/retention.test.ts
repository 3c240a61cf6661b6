import { forgetOld } from '../../../emulator/lifecycle/retention';
import type { Execution } from '../../../emulator/model/execution';
import { executionNotFound } from '../../../emulator/model/execution';
import { Store } from '../../../emulator/model/store';

const START = new Date('2026-01-31T12:00:00Z');
const DAYS_30 = 30 * 86_400_000;

/** Fake executions of one task, which began all at once. */
function executionsOf(...pending: boolean[]) {
  const task: { executions: Execution[] } = { executions: [] };
  const executions = new Store<Execution>(executionNotFound);
  pending.forEach((isPending, number) => {
    const arn = `arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0/execution/exec-${String(number).padStart(17, '0')}`;
    const execution = { arn, creationTime: START, tags: new Map(), isPending, task } as unknown as Execution;
    task.executions.push(executions.add(execution));
  });
  return { task, executions };
}

test('an execution that has ended is forgotten after 30 days, by its task too', () => {
  const { task, executions } = executionsOf(false, true, false);
  const all = [...executions];
  expect(forgetOld(executions, new Date(START.getTime() + DAYS_30))).toEqual([]);
  expect(forgetOld(executions, new Date(START.getTime() + DAYS_30 + 1))).toEqual([all[0], all[2]]);
  expect([[...executions], task.executions]).toEqual([[all[1]], [all[1]]]);
});
