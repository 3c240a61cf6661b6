import type { Stack } from 'aws-cdk-lib';
import { App, Duration, NestedStack, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { TaskExecutionProps } from '../../src';
import { Completion, OnDelete, OnDeleteFailure, S3Location, Task, TaskExecution } from '../../src';
import { messageOf, newStack, nfsToS3, permissionsOf, resourceOf, TASK_ARN } from '../support/stacks';

const TYPE = 'Custom::DataSyncTaskExecution';

function start(props: Partial<TaskExecutionProps>, stack = newStack()): { stack: Stack; execution: TaskExecution } {
  const execution = new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), ...props });
  return { stack, execution };
}

test.each([undefined, OnDelete.cancel()])('an execution that is cancelled on delete, which is the default, gets nothing of it', onDelete => {
  const { Properties } = resourceOf(start({ onDelete }).stack, TYPE);
  expect(Properties).not.toHaveProperty('OnDelete');
  expect(Properties.ServiceTimeout).toBe('1020');
});

test('a run before the deletion gets the machine, 45 minutes and CloudFormation\'s hour', () => {
  const { Properties } = resourceOf(start({ onDelete: OnDelete.run() }).stack, TYPE);
  expect(Properties).toMatchObject({
    ServiceTimeout: '3600', OnDelete: { Waiter: { Ref: expect.stringMatching(/^DataSyncTaskExecutionWaiterStateMachine/) }, Timeout: '2700', OnFailure: 'BLOCK' },
  });
  for (const property of ['Waiter', 'CompletionTimeout', 'OnTimeout']) expect(Properties).not.toHaveProperty(property);
});

test('timeout and onFailure reach the function', () => {
  const onDelete = OnDelete.run({ timeout: Duration.minutes(5), onFailure: OnDeleteFailure.IGNORE });
  expect(resourceOf(start({ onDelete }).stack, TYPE).Properties.OnDelete).toMatchObject({ Timeout: '300', OnFailure: 'IGNORE' });
});

test('one that is waited for in links as well answers its start with the hour of the run', () => {
  const { stack } = start({ completion: Completion.succeeded({ timeout: Duration.hours(2) }), onDelete: OnDelete.run() });
  expect(resourceOf(stack, TYPE).Properties).toMatchObject({ ServiceTimeout: '3600', WaitsForEnd: 'true', OnDelete: { Timeout: '2700' } });
  expect(resourceOf(stack, TYPE).Properties).not.toHaveProperty('Waiter');
});

test('the machine is shared with what is waited for', () => {
  const { stack } = start({ completion: Completion.succeeded(), onDelete: OnDelete.run() });
  Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
});

test.each<[Duration, string]>([
  [Duration.seconds(59), '59 seconds'], [Duration.minutes(46), '46 minutes'],
])('a timeout of %s is refused', timeout => {
  expect(messageOf(() => start({ onDelete: OnDelete.run({ timeout }) }))).toContain('[Stack/Seed] onDelete.timeout');
});

test('an onFailure that there is not is refused', () => {
  expect(messageOf(() => start({ onDelete: OnDelete.run({ onFailure: 'WORRY' as OnDeleteFailure }) }))).toContain('[Stack/Seed] onDelete.onFailure "WORRY"');
});

test('a removal policy that retains is refused, because nothing would run', () => {
  const { stack, execution } = start({ onDelete: OnDelete.run() });
  execution.applyRemovalPolicy(RemovalPolicy.RETAIN);
  expect(messageOf(() => App.of(stack)!.synth())).toContain('[Stack/Seed] onDelete OnDelete.run(): does not happen with a removal policy that retains');
});

test('a removal policy that keeps what has been created well is refused as well, and none is not', () => {
  const { stack, execution } = start({ onDelete: OnDelete.run() });
  execution.applyRemovalPolicy(RemovalPolicy.DESTROY);
  expect(() => App.of(stack)!.synth()).not.toThrow();
});

/** Everything that a resource needs, directly or not: CloudFormation deletes it later. */
function needsOf(resources: Record<string, any>, id: string, seen = new Set<string>()): Set<string> {
  const text = JSON.stringify(resources[id]);
  const named = [...text.matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map(([, ref, attribute]) => ref ?? attribute);
  for (const other of [...named, ...[resources[id].DependsOn ?? []].flat()]) {
    if (resources[other] === undefined || seen.has(other)) continue;
    seen.add(other);
    needsOf(resources, other, seen);
  }
  return seen;
}

test('all that the run needs is deleted after it', () => {
  const stack = newStack();
  const task = nfsToS3(stack);
  new TaskExecution(stack, 'Seed', { task, onDelete: OnDelete.run() });
  const { Resources } = Template.fromStack(stack).toJSON();
  const [id] = Object.keys(Template.fromStack(stack).findResources(TYPE));
  const needs = needsOf(Resources, id);
  const rest = Object.keys(Resources).filter(other => other !== id && !needs.has(other));
  expect(rest.map(other => Resources[other].Type)).toEqual([]);
});

test('a source that CDK empties is emptied only after the run', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Inbox', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
  const task = new Task(stack, 'Save', {
    source: new S3Location(stack, 'From', { bucket }),
    destination: new S3Location(stack, 'To', { bucket: new Bucket(stack, 'Safe') }),
  });
  new TaskExecution(stack, 'Seed', { task, onDelete: OnDelete.run() });
  const [emptying] = Object.keys(Template.fromStack(stack).findResources('Custom::S3AutoDeleteObjects'));
  expect(resourceOf(stack, TYPE).DependsOn).toContain(emptying);
});

test('the function of a nested stack may look whether its root is being deleted', () => {
  const root = newStack();
  const nested = new NestedStack(new NestedStack(root, 'Middle'), 'Inner');
  start({ onDelete: OnDelete.run() }, nested);
  start({ onDelete: OnDelete.run() }, root);
  App.of(root)!.synth();
  const describing = permissionsOf(nested, 'DataSyncTaskExecutionOnDeployRole').filter(line => line.startsWith('cloudformation:'));
  expect(describing).toEqual(['cloudformation:DescribeStacks on <AWS::StackId>', expect.stringMatching(/^cloudformation:DescribeStacks on <referenceto.*AWSStackId/)]);
  expect(permissionsOf(root, 'DataSyncTaskExecutionOnDeployRole').filter(line => line.startsWith('cloudformation:'))).toHaveLength(1);
});
