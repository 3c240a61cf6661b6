import { getEventListeners } from 'node:events';
import { lambdaContext, quickServices } from './harness';
import { retrying } from '../../../src/custom-resource/retry';
import { TaskExecutionInvocation } from '../../../src/task-execution/handler/invocation';

test('twenty calls that are repeated at once all listen for the end of the work, and leave no listener behind', async () => {
  const run = new TaskExecutionInvocation(quickServices({ send: async () => ({}) } as never), lambdaContext());
  let most = 0;
  const throttledTwice = () => {
    let calls = 0;
    return async () => {
      most = Math.max(most, getEventListeners(run.signal, 'abort').length);
      if (calls++ < 2) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    };
  };
  await Promise.all(Array.from({ length: 20 }, () => retrying(run, 'datasync:DescribeTask', 'a task', throttledTwice())));
  expect(most).toBe(20);
  expect(getEventListeners(run.signal, 'abort')).toEqual([]);
});
