import type { Stack } from 'aws-cdk-lib';
import { CfnCondition, CfnOutput, CfnResource, Duration, Fn } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import type { TaskExecutionProps } from '../../src';
import { Completion, OnTimeout, Task, TaskExecution } from '../../src';
import { messageOf, newStack, resourceOf, TASK_ARN } from '../support/stacks';

function start(props: Partial<TaskExecutionProps>, stack = newStack()): { stack: Stack; execution: TaskExecution } {
  const execution = new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), ...props });
  return { stack, execution };
}

const ATTRIBUTES = {
  status: 'Status',
  startTime: 'StartTime',
  totalDuration: 'TotalDuration',
  filesTransferred: 'FilesTransferred',
  filesSkipped: 'FilesSkipped',
  filesDeleted: 'FilesDeleted',
  filesVerified: 'FilesVerified',
  bytesTransferred: 'BytesTransferred',
  bytesWritten: 'BytesWritten',
  bytesCompressed: 'BytesCompressed',
  estimatedFilesToTransfer: 'EstimatedFilesToTransfer',
  estimatedFilesToDelete: 'EstimatedFilesToDelete',
  estimatedBytesToTransfer: 'EstimatedBytesToTransfer',
} as const;

test('an execution that is to succeed gets the machine, 45 minutes and CloudFormation\'s hour', () => {
  expect(resourceOf(start({ completion: Completion.succeeded() }).stack, 'Custom::DataSyncTaskExecution').Properties).toMatchObject({
    ServiceTimeout: '3600', CompletionTimeout: '2700', OnTimeout: 'CANCEL', Waiter: { Ref: expect.stringMatching(/^DataSyncTaskExecutionWaiterStateMachine/) },
  });
});

test('timeout and onTimeout reach the function', () => {
  const completion = Completion.succeeded({ timeout: Duration.minutes(10), onTimeout: OnTimeout.CONTINUE });
  expect(resourceOf(start({ completion }).stack, 'Custom::DataSyncTaskExecution').Properties).toMatchObject({ CompletionTimeout: '600', OnTimeout: 'CONTINUE' });
});

test('an execution that is to start only gets nothing of it', () => {
  const { Properties } = resourceOf(start({ completion: Completion.started() }).stack, 'Custom::DataSyncTaskExecution');
  for (const property of ['Waiter', 'CompletionTimeout', 'OnTimeout']) expect(Properties).not.toHaveProperty(property);
  expect(Properties.ServiceTimeout).toBe('1020');
});

test('a stack that waits has at most eight resources besides its starts, and no circular dependency', () => {
  const { stack } = start({ completion: Completion.succeeded() });
  new TaskExecution(stack, 'Second', { task: Task.fromTaskArn(stack, 'Other', TASK_ARN), completion: Completion.succeeded(), triggers: { a: 1 } });
  const types = Object.values<any>(Template.fromStack(stack).toJSON().Resources).map(({ Type }) => Type); // which looks for circles
  expect(types.filter(type => type !== 'Custom::DataSyncTaskExecution').sort()).toEqual([
    'AWS::IAM::Policy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::StepFunctions::StateMachine',
  ]);
});

describe('an execution that may take longer than CloudFormation waits for one resource', () => {
  const long = (timeout: Duration, more: Partial<TaskExecutionProps> = {}) => start({ completion: Completion.succeeded({ timeout }), ...more });
  const linksOf = (stack: Stack) => Object.entries<any>(Template.fromStack(stack).findResources('Custom::DataSyncTaskExecutionWait'));

  test.each([[45, 0], [46, 1], [50, 1], [51, 2], [120, 3], [720, 15]])('of %d minutes waits in %d links', (minutes, count) => {
    expect(linksOf(long(Duration.minutes(minutes)).stack)).toHaveLength(count);
  });

  test('has a start that answers at once, and links of which each comes after the one before', () => {
    const { stack } = long(Duration.hours(2), { completion: Completion.succeeded({ timeout: Duration.hours(2), onTimeout: OnTimeout.CONTINUE }) });
    const resource = resourceOf(stack, 'Custom::DataSyncTaskExecution');
    expect(resource.Properties).toMatchObject({ ServiceTimeout: '1020', WaitsForEnd: 'true' });
    for (const property of ['Waiter', 'CompletionTimeout', 'OnTimeout']) expect(resource.Properties).not.toHaveProperty(property);
    const links = linksOf(stack);
    const [first] = Object.keys(Template.fromStack(stack).findResources('Custom::DataSyncTaskExecution'));
    links.forEach(([, { Properties, DependsOn }], index) => {
      expect(Properties).toEqual({
        ServiceToken: resource.Properties.ServiceToken,
        ServiceTimeout: '3600',
        TaskExecutionArn: { 'Fn::GetAtt': [first, 'TaskExecutionArn'] },
        Start: first,
        Waiter: { Ref: expect.stringMatching(/^DataSyncTaskExecutionWaiterStateMachine/) },
        CompletionTimeout: '7200',
        OnTimeout: 'CONTINUE',
        ...index < links.length - 1 && { HasNext: 'true' },
      });
      expect(DependsOn).toContain(index === 0 ? first : links[index - 1][0]);
      expect(DependsOn).toContainEqual(expect.stringMatching(/^DataSyncTaskExecutionWaiterPolicy/));
    });
  });

  test('has its attributes, the ARN included, from the last link, and what comes after it waits for all of them', () => {
    const { stack, execution } = long(Duration.hours(2));
    const topic = new CfnResource(stack, 'After', { type: 'AWS::SNS::Topic' });
    execution.executeBefore(topic);
    const last = linksOf(stack)[2][0];
    expect(stack.resolve(execution.status)).toEqual({ 'Fn::GetAtt': [last, 'Status'] });
    expect(stack.resolve(execution.taskExecutionArn)).toEqual({ 'Fn::GetAtt': [last, 'TaskExecutionArn'] });
    expect(resourceOf(stack, 'AWS::SNS::Topic').DependsOn).toEqual(expect.arrayContaining(linksOf(stack).map(([id]) => id)));
  });

  test('is waited for to its last link by a second start that comes after it', () => {
    const { stack, execution } = long(Duration.hours(2));
    const completion = Completion.succeeded({ timeout: Duration.hours(1) });
    new TaskExecution(stack, 'Second', { task: Task.fromTaskArn(stack, 'Other', TASK_ARN), completion, executeAfter: [execution] });
    const [secondId, { DependsOn }] = Object.entries<any>(Template.fromStack(stack).findResources('Custom::DataSyncTaskExecution'))
      .find(([id]) => id.startsWith('Second'))!;
    const links = linksOf(stack);
    const own = links.filter(([id]) => id.startsWith('Second'));
    expect([links.length, own.length]).toEqual([5, 2]);
    expect(DependsOn).toEqual(expect.arrayContaining(links.map(([id]) => id).filter(id => !id.startsWith('Second'))));
    expect(own[0][1].DependsOn).toContain(secondId);
  });

  test('is made where the task that it starts is made, and so are its links', () => {
    const stack = newStack();
    const condition = new CfnCondition(stack, 'Wanted', { expression: Fn.conditionEquals('a', 'b') });
    const task = new CfnTask(stack, 'OnDemand', { sourceLocationArn: 'a', destinationLocationArn: 'b' });
    task.cfnOptions.condition = condition;
    start({ task, completion: Completion.succeeded({ timeout: Duration.hours(1) }) }, stack);
    expect(linksOf(stack).map(([, { Condition }]) => Condition)).toEqual(['Wanted', 'Wanted']);
  });
});

test.each(Object.entries(ATTRIBUTES))('%s is the attribute %s', (property, attribute) => {
  const { stack, execution } = start({ completion: Completion.succeeded() });
  new CfnOutput(stack, 'Value', { value: execution[property as keyof typeof ATTRIBUTES] });
  expect(Template.fromStack(stack).toJSON().Outputs.Value.Value).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Seed/), attribute] });
});

test.each(Object.keys(ATTRIBUTES))('%s of an execution whose end is not waited for names Completion.succeeded()', property => {
  const { execution } = start({});
  expect(messageOf(() => execution[property as keyof typeof ATTRIBUTES])).toBe(
    `DataSyncValidationError: [Stack/Seed] ${property}: is known at the end of the execution only; use completion: Completion.succeeded()`);
});

test.each([[Duration.seconds(30), '30 seconds'], [Duration.minutes(721), '12 hours 1 minute']])('a timeout of %s is refused', (timeout, shown) => {
  expect(messageOf(() => start({ completion: Completion.succeeded({ timeout }) }))).toBe('DataSyncValidationError: '
    + `[Stack/Seed] completion.timeout ${shown}: must be between 1 minute and 12 hours; choose a duration in that range`);
});
