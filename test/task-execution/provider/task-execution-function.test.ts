import type { Stack } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { IfRunning, ScheduledTaskExecution, Task, TaskExecution } from '../../../src';
import { newStack, nfsToS3, permissionsOf, resourceOf, TASK_ARN } from '../../support/stacks';

const EXECUTIONS = 'arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*/execution/*';
const SCHEDULES = 'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/*';
const taskIn = (stack: Stack, index = 0) => {
  const id = `Task${index}`;
  return Task.fromTaskArn(stack, id, TASK_ARN.replace(/.{2}$/, index.toString(16).padStart(2, '0')));
};
const arnOf = (index: number) => TASK_ARN.replace(/.{2}$/, index.toString(16).padStart(2, '0'));

test('the function may do on deploy what a start, a retry and a cancellation need', () => {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: taskIn(stack) });
  expect(permissionsOf(stack, 'DataSyncTaskExecutionOnDeployRole')).toEqual([
    'logs:CreateLogStream logs:PutLogEvents on <DataSyncTaskExecutionOnDeployLogGroup51C938B1.Arn>',
    'datasync:ListTaskExecutions on *',
    'cloudformation:DescribeStacks on <AWS::StackId>',
    `datasync:DescribeTaskExecution datasync:ListTagsForResource on ${EXECUTIONS}`,
    `datasync:CancelTaskExecution on ${EXECUTIONS} if {"StringLike":{"aws:ResourceTag/cdk-datasync:owner":"<AWS::StackId>/*"}}`,
    `datasync:DescribeTask datasync:StartTaskExecution on ${arnOf(0)}`,
    `datasync:TagResource on ${arnOf(0)}/execution/*`,
  ]);
});

test('the function may do on schedule what a start and a retry need', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'Hourly', { task: taskIn(stack), schedule: ScheduleExpression.rate(Duration.hours(1)) });
  expect(permissionsOf(stack, 'DataSyncTaskExecutionOnScheduleRole')).toEqual([
    'logs:CreateLogStream logs:PutLogEvents on <DataSyncTaskExecutionOnScheduleLogGroupB25165EA.Arn>',
    'datasync:ListTaskExecutions on *',
    `datasync:CancelTaskExecution on ${EXECUTIONS} if {"StringLike":{"aws:ResourceTag/cdk-datasync:owner":"${SCHEDULES}"}}`,
    `datasync:DescribeTask datasync:StartTaskExecution on ${arnOf(0)}`,
    `datasync:DescribeTaskExecution datasync:ListTagsForResource datasync:TagResource on ${arnOf(0)}/execution/*`,
  ]);
});

describe.each([1, 3, 100])('%d executions on deploy', count => {
  const stack = newStack();
  for (let index = 0; index < count; index++) new TaskExecution(stack, `Seed${index}`, { task: taskIn(stack, index) });
  const { Resources } = Template.fromStack(stack).toJSON();

  test('share one function, role and log group', () => {
    const types = Object.values<any>(Resources).map(({ Type }) => Type);
    expect(types.filter(type => type === 'Custom::DataSyncTaskExecution')).toHaveLength(count);
    const others = types.filter(type => type !== 'Custom::DataSyncTaskExecution').sort();
    expect(others.filter(type => type !== 'AWS::IAM::ManagedPolicy')).toEqual(
      ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup']);
    if (count <= 20) expect(others).toHaveLength(4);
  });

  test('may start all of their tasks', () => {
    const text = JSON.stringify(Resources);
    for (let index = 0; index < count; index++) {
      expect(text).toContain(`"${arnOf(index)}"`);
      expect(text).toContain(`"${arnOf(index)}/execution/*"`);
    }
  });

  test('keep within the sizes of policies', () => {
    for (const { Type, Properties } of Object.values<any>(Resources)) {
      const size = Properties.PolicyDocument ? JSON.stringify(Properties.PolicyDocument).length : 0;
      expect(size).toBeLessThanOrEqual(Type === 'AWS::IAM::ManagedPolicy' ? 6_144 : 10_240);
    }
  });
});

test('a task that is started twice gives its permissions once', () => {
  const stack = newStack();
  const task = taskIn(stack);
  for (const id of ['First', 'Second']) new TaskExecution(stack, id, { task });
  expect(permissionsOf(stack, 'DataSyncTaskExecutionOnDeployRole').filter(line => line.includes('StartTaskExecution'))).toEqual([
    `datasync:DescribeTask datasync:StartTaskExecution on ${arnOf(0)}`,
  ]);
});

test('the function comes with the SDK and without leftovers', () => {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: taskIn(stack) });
  const { Runtime, Handler, Environment, LoggingConfig } = resourceOf(stack, 'AWS::Lambda::Function').Properties;
  expect({ Runtime, Handler, Environment }).toEqual({ Runtime: 'nodejs22.x', Handler: 'index.onEvent', Environment: undefined });
  expect(LoggingConfig.LogGroup).toBeDefined();
  expect(resourceOf(stack, 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(30);
});

describe('the function shares no id with a construct of the user', () => {
  const ids = ['DataSyncTaskExecution', 'DataSyncTaskExecutionOnDeploy', 'TaskExecutionProvider'];
  test.each(ids)('%s', id => {
    const stack = newStack();
    const task = nfsToS3(stack, { logGroup: new LogGroup(stack, 'Log') });
    new TaskExecution(stack, id, { task });
    new ScheduledTaskExecution(stack, `${id}OnSchedule`, { task, schedule: ScheduleExpression.rate(Duration.hours(1)), ifRunning: IfRunning.ATTACH });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
  });

  test.each(ids)('%s on schedule', id => {
    const stack = newStack();
    const task = taskIn(stack);
    new ScheduledTaskExecution(stack, id, { task, schedule: ScheduleExpression.rate(Duration.hours(1)) });
    new TaskExecution(stack, `${id}OnDeploy`, { task });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
  });
});

test('the function has ids that never change: CloudFormation refuses another function for a custom resource', () => {
  const stack = newStack();
  const task = taskIn(stack);
  new TaskExecution(stack, 'Seed', { task });
  new ScheduledTaskExecution(stack, 'Hourly', { task, schedule: ScheduleExpression.rate(Duration.hours(1)) });
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function')).sort()).toEqual([
    'DataSyncTaskExecutionOnDeployFunction5A30649F', 'DataSyncTaskExecutionOnScheduleFunction5CF73AA1',
  ]);
});
