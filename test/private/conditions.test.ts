import { CfnCondition, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { IfRunning, ITask, ScheduledTaskExecution, Task, TaskExecution } from '../../src';
import { newStack, nfsToS3, resourceOf, statementsOf, TASK_ARN } from '../support/stacks';

const START = 'Custom::DataSyncTaskExecution';
const HOURLY = ScheduleExpression.rate(Duration.hours(1));

/** A task that exists under a condition, which is set as late as can be. */
const tasks: [string, (stack: Stack) => { task: ITask; resource: CfnResource }][] = [
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
  resource.cfnOptions.condition = new CfnCondition(stack, 'Use');
  const id = stack.getLogicalId(resource);

  test('is that of its starts', () => {
    expect(resourceOf(stack, START).Condition).toBe('Use');
    expect(resourceOf(stack, 'AWS::Scheduler::Schedule').Condition).toBe('Use');
  });

  test('stands in the policies of the functions, which are valid without the task', () => {
    const starts = statementsOf(stack).filter(({ Action }) => [Action].flat().includes('datasync:StartTaskExecution'));
    expect(starts).toHaveLength(2);
    for (const { Resource } of starts) expect(Resource).toEqual({ 'Fn::If': ['Use', { Ref: id }, expect.anything()] });
    expect(JSON.stringify(starts.map(({ Resource }) => Resource))).toContain(':task/none');
  });
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
