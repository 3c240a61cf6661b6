import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Completion, OnTimeout, Task, TaskExecution, TaskExecutionProps } from '../../src';
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

test.each([[Duration.seconds(30), '30 seconds'], [Duration.minutes(46), '46 minutes']])('a timeout of %s is refused', (timeout, shown) => {
  expect(messageOf(() => start({ completion: Completion.succeeded({ timeout }) }))).toBe('DataSyncValidationError: '
    + `[Stack/Seed] completion.timeout ${shown}: must be between 1 minute and 45 minutes; choose a duration in that range`);
});
