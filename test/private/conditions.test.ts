import type { CfnResource } from 'aws-cdk-lib';
import { App, CfnCondition, Duration, Stack } from 'aws-cdk-lib';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { ITask } from '../../src';
import { IfRunning, ScheduledTaskExecution, Task, TaskExecution } from '../../src';
import { newStack, nfsToS3, resourceOf, statementsOf, TASK_ARN } from '../support/stacks';

const START = 'Custom::DataSyncTaskExecution';
const HOURLY = ScheduleExpression.rate(Duration.hours(1));

/** A task that exists under a condition, which is set as late as can be. */
const tasks: Array<[string, (stack: Stack) => { task: ITask; resource: CfnResource }]> = [
  ['a task', stack => {
    const task = nfsToS3(stack);
    return { task, resource: task.node.defaultChild as CfnResource };
  }],
  ['an L1 task', stack => {
    const resource = new CfnTask(stack, 'L1', { sourceLocationArn: 's', destinationLocationArn: 'd' });
    return { task: Task.fromTaskArn(stack, 'Task', resource.ref), resource };
  }],
];

describe.each(tasks)('the condition of %s', (_, make) => {
  const stack = newStack();
  const { task, resource } = make(stack);
  new TaskExecution(stack, 'Seed', { task, ifRunning: IfRunning.ATTACH });
  new ScheduledTaskExecution(stack, 'Hourly', { task, schedule: HOURLY, ifRunning: IfRunning.ATTACH });
  const operator = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  task.grants.cancel(operator);
  task.grants.updateExecution(operator);
  resource.cfnOptions.condition = new CfnCondition(stack, 'Use');
  const id = stack.getLogicalId(resource);
  const executions = { 'Fn::Join': ['', [{ 'Fn::If': ['Use', { Ref: id }, expect.anything()] }, '/execution/*']] };

  test('is that of its starts', () => {
    expect(resourceOf(stack, START).Condition).toBe('Use');
    expect(resourceOf(stack, 'AWS::Scheduler::Schedule').Condition).toBe('Use');
  });

  test('stands in the policies of the functions, which are valid without the task', () => {
    const starts = statementsOf(stack).filter(({ Action }) => [Action].flat().includes('datasync:StartTaskExecution'));
    expect(starts).toHaveLength(2);
    for (const { Resource } of starts) expect(Resource).toEqual({ 'Fn::If': ['Use', { Ref: id }, expect.anything()] });
    expect(statementsOf(stack).filter(({ holder }) => holder.startsWith('Operator')).map(({ Resource }) => Resource)).toEqual([executions, executions]);
    expect(JSON.stringify(starts.map(({ Resource }) => Resource))).toContain(':task/none');
  });
});

test('a rule for executions is valid without the task', () => {
  const stack = newStack();
  const { task, resource } = tasks[0][1](stack);
  task.onExecutionStateChange('Changed');
  resource.cfnOptions.condition = new CfnCondition(stack, 'Use');
  expect(resourceOf(stack, 'AWS::Events::Rule').Properties.EventPattern.resources).toEqual([
    { prefix: { 'Fn::Join': ['', [{ 'Fn::If': ['Use', { Ref: stack.getLogicalId(resource) }, expect.anything()] }, '/execution/']] } },
  ]);
});

test.each<[string, string | undefined]>([['set', 'Use'], ['deleted', undefined]])('the condition of a task may be %s by an escape hatch', (_, condition) => {
  const stack = newStack();
  const { task, resource } = tasks[0][1](stack);
  new TaskExecution(stack, 'Seed', { task });
  resource.cfnOptions.condition = condition === undefined ? new CfnCondition(stack, 'Use') : undefined;
  if (condition !== undefined) new CfnCondition(stack, condition);
  resource.addOverride('Condition', condition);
  expect(resourceOf(stack, START).Condition).toBe(condition);
  expect(resourceOf(stack, 'AWS::DataSync::Task').Condition).toBe(condition);
});

test('the condition of a task of another stack is not that of a start, whose stack does not have it', () => {
  const app = new App();
  const [below, above] = ['Below', 'Above'].map(id => new Stack(app, id));
  const { task, resource } = tasks[0][1](below);
  resource.cfnOptions.condition = new CfnCondition(below, 'Use');
  new TaskExecution(above, 'Seed', { task });
  expect(resourceOf(above, START)).not.toHaveProperty('Condition');
  const [{ Resource }] = statementsOf(above).filter(({ Action }) => [Action].flat().includes('datasync:StartTaskExecution'));
  expect(JSON.stringify(Resource)).not.toContain('Fn::If');
});

test('a start keeps a condition of its own', () => {
  const stack = newStack();
  const { task, resource } = tasks[0][1](stack);
  resource.cfnOptions.condition = new CfnCondition(stack, 'Use');
  const seed = new TaskExecution(stack, 'Seed', { task });
  (seed.node.defaultChild as CfnResource).cfnOptions.condition = new CfnCondition(stack, 'Narrower');
  expect(resourceOf(stack, START).Condition).toBe('Narrower');
});

test('without a condition there is none', () => {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN) });
  expect(resourceOf(stack, START)).not.toHaveProperty('Condition');
});
