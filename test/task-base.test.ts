import * as path from 'node:path';
import { Task } from '../src';
import { newStack, TASK_ARN, TASKS } from './support/stacks';

describe.each(TASKS)('a task that is %s', (_, taskIn, arn, id) => {
  test('has an ARN and an id', () => {
    const stack = newStack();
    const task = taskIn(stack);
    expect(stack.resolve(task.taskArn)).toEqual(arn);
    expect(stack.resolve(task.taskId)).toEqual(id);
  });

  test('has metrics', () => {
    const stack = newStack();
    const task = taskIn(stack);
    const metrics = [
      task.metricFilesTransferred(), task.metricBytesTransferred(), task.metricBytesWritten({ statistic: 'Maximum' }), task.metric('FilesDeleted'),
    ];
    expect(metrics.map(({ namespace, metricName, statistic }) => [namespace, metricName, statistic])).toEqual([
      ['AWS/DataSync', 'FilesTransferred', 'Sum'],
      ['AWS/DataSync', 'BytesTransferred', 'Sum'],
      ['AWS/DataSync', 'BytesWritten', 'Maximum'],
      ['AWS/DataSync', 'FilesDeleted', 'Sum'],
    ]);
    expect(stack.resolve(metrics[0].dimensions)).toEqual({ TaskId: id });
  });
});

test('metrics have the names that CDK knows', () => {
  const { DataSyncMetrics } = jest.requireActual(
    path.join(path.dirname(require.resolve('aws-cdk-lib')), 'aws-datasync/lib/datasync-canned-metrics.generated.js'));
  const task = Task.fromTaskArn(newStack(), 'Task', TASK_ARN);
  for (const name of ['FilesTransferred', 'BytesTransferred', 'BytesWritten'] as const) {
    const { namespace, metricName, statistic } = DataSyncMetrics[`${name[0].toLowerCase()}${name.slice(1)}Sum`]({ TaskId: task.taskId });
    expect(task[`metric${name}`]()).toMatchObject({ namespace, metricName, statistic });
  }
});
