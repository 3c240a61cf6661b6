import * as path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IAgent, ITask } from '../src';
import { Agent, Task } from '../src';
import { AGENT_ARN, newStack, TASK_ARN, TASKS } from './support/stacks';

/** Those of https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html. */
const METRICS = [
  'BytesCompressed', 'BytesPreparedDestination', 'BytesPreparedSource', 'BytesTransferred', 'BytesVerifiedDestination', 'BytesVerifiedSource', 'BytesWritten',
  'FilesDeleted', 'FilesListedSource', 'FilesPrepared', 'FilesPreparedDestination', 'FilesPreparedSource', 'FilesSkipped', 'FilesTransferred', 'FilesVerified',
  'FilesVerifiedDestination', 'FilesVerifiedSource',
];
const metricOf = (task: ITask, name: string): Metric => (task as any)[`metric${name}`]();

describe.each(TASKS)('a task that is %s', (_, taskIn, arn, id) => {
  test('has an ARN and an id', () => {
    const stack = newStack();
    const task = taskIn(stack);
    expect(stack.resolve(task.taskArn)).toEqual(arn);
    expect(stack.resolve(task.taskId)).toEqual(id);
  });

  test('has every metric of the service', () => {
    const stack = newStack();
    const task = taskIn(stack);
    for (const name of METRICS) {
      const { namespace, metricName, statistic, dimensions } = metricOf(task, name);
      expect({ namespace, metricName, statistic }).toEqual({ namespace: 'AWS/DataSync', metricName: name, statistic: 'Sum' });
      expect(stack.resolve(dimensions)).toEqual({ TaskId: id });
    }
    expect(task.metricBytesWritten({ statistic: 'Maximum' }).statistic).toBe('Maximum');
    expect(task.metric('FilesOfTomorrow').metricName).toBe('FilesOfTomorrow');
  });

  test.each<[string, (task: ITask, options?: MetricOptions) => Metric, string, string]>([
    ['executions that succeeded', (task, options) => task.metricExecutionsSucceeded(options), 'DataSync Task Execution State Change', 'SUCCESS'],
    ['executions that failed', (task, options) => task.metricExecutionsFailed(options), 'DataSync Task Execution State Change', 'ERROR'],
    ['how often it is unavailable', (task, options) => task.metricTaskUnavailable(options), 'DataSync Task State Change', 'UNAVAILABLE'],
  ])('counts %s by one rule, however often it is asked', (__, count, type, state) => {
    const stack = newStack();
    const task = taskIn(stack);
    const [metric, coarser] = [count(task), count(task, { period: Duration.hours(1) })];
    const [[rule, { Properties }], ...others] = Object.entries(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    expect(others).toEqual([]);
    expect(Properties.EventPattern).toMatchObject({ 'detail-type': [type], 'detail': { State: [state] } });
    expect(Properties.Targets).toBeUndefined();
    for (const each of [metric, coarser]) {
      expect(each).toMatchObject({ namespace: 'AWS/Events', metricName: 'TriggeredRules', statistic: 'Sum' });
      expect(stack.resolve(each.dimensions)).toEqual({ RuleName: { Ref: rule } });
    }
    expect(coarser.period.toHours()).toBe(1);
  });
});

test.each([
  ['FilesTransferred', (agent: IAgent) => agent.metricFilesTransferred()],
  ['BytesTransferred', (agent: IAgent) => agent.metricBytesTransferred()],
  ['BytesWritten', (agent: IAgent) => agent.metricBytesWritten()],
])('an agent has the metric %s', (metricName, metric) => {
  const agent = Agent.fromAgentArn(newStack(), 'Agent', AGENT_ARN);
  expect(metric(agent)).toMatchObject({ namespace: 'AWS/DataSync', metricName, statistic: 'Sum', dimensions: { AgentId: 'agent-0123456789abcdef0' } });
});

test('an agent counts how often it is offline', () => {
  const stack = newStack();
  const metric = Agent.fromAgentArn(stack, 'Agent', AGENT_ARN).metricAgentOffline();
  const [[rule, { Properties }]] = Object.entries(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  expect(Properties.EventPattern).toMatchObject({ 'detail-type': ['DataSync Agent State Change'], 'detail': { State: ['OFFLINE'] } });
  expect(stack.resolve(metric.dimensions)).toEqual({ RuleName: { Ref: rule } });
});

test('metrics are those that CDK knows, and more', () => {
  const { DataSyncMetrics } = jest.requireActual(
    path.join(path.dirname(require.resolve('aws-cdk-lib')), 'aws-datasync/lib/datasync-canned-metrics.generated.js'));
  const known = Object.getOwnPropertyNames(DataSyncMetrics).filter(name => name.endsWith('Sum'));
  expect(known.length).toBeGreaterThan(10);
  const task = Task.fromTaskArn(newStack(), 'Task', TASK_ARN);
  for (const name of known) {
    const { namespace, metricName, statistic } = DataSyncMetrics[name]({ TaskId: task.taskId });
    expect(METRICS).toContain(metricName);
    expect(metricOf(task, metricName)).toMatchObject({ namespace, metricName, statistic });
  }
});
