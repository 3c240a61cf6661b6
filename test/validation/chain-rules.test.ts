import { Duration } from 'aws-cdk-lib';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ILocation } from '../../src';
import { Completion, S3Location, Task, TaskExecution } from '../../src';
import { locationOf, newStack, warningsOf } from '../support/stacks';

/** Copies A to B, then B to C. */
function chain(
  connect: (first: TaskExecution, second: TaskExecution, scope: Construct) => void, read = (between: ILocation, _scope: Construct) => between,
  completion?: Completion,
): string[] {
  const stack = newStack();
  const scope = new Construct(stack, 'Later');
  const between = new S3Location(stack, 'B', { bucket: Bucket.fromBucketName(stack, 'Bucket', 'between') });
  const first = new TaskExecution(stack, 'First', { task: new Task(stack, 'AB', { source: locationOf(stack, 'A'), destination: between }), completion });
  const second = new TaskExecution(scope, 'Second', { task: new Task(stack, 'BC', { source: read(between, stack), destination: locationOf(stack, 'C') }) });
  connect(first, second, scope);
  return warningsOf(stack);
}

const inside = (_: ILocation, scope: Construct) =>
  new S3Location(scope, 'Inside', { bucket: Bucket.fromBucketName(scope, 'Same', 'between'), subdirectory: 'in/' });
const apart = (_: ILocation, scope: Construct) => new S3Location(scope, 'Apart', { bucket: Bucket.fromBucketName(scope, 'Other', 'between-others') });

describe('a start that reads what an earlier one writes', () => {
  test.each<[string, Parameters<typeof chain>]>([
    ['executeAfter', [(first, second) => second.executeAfter(first)]],
    ['executeBefore', [(first, second) => first.executeBefore(second)]],
    ['executeBefore with what the second is in', [(first, _, scope) => first.executeBefore(scope)]],
    ['a dependency of constructs', [(first, second) => second.node.addDependency(first)]],
    ['a construct between them', [(first, second, scope) => {
      const between = new Construct(scope, 'Between');
      between.node.addDependency(first);
      second.executeAfter(between);
    }]],
  ])('is a warning: %s', (_, [connect]) => {
    expect(chain(connect)).toEqual([
      '/Stack/Later/Second it starts after Stack/First, which copies to what is its source "Stack/B", but does not wait until that has ended: it copies what is '
      + 'there by then; give the first one completion: Completion.succeeded() [ack: cdk-datasync:chainedStart]',
    ]);
  });

  test('is a warning when it reads a part of it', () => {
    expect(chain((first, second) => second.executeAfter(first), inside).join()).toContain('is its source "Stack/Inside"');
  });
});

test.each<[string, Parameters<typeof chain>]>([
  ['that does not depend on the other', [() => undefined]],
  ['that comes first', [(first, second) => first.executeAfter(second)]],
  ['that reads from elsewhere', [(first, second) => second.executeAfter(first), apart]],
  ['whose predecessor is waited for', [(first, second) => second.executeAfter(first), undefined, Completion.succeeded()]],
  ['whose predecessor is waited for in links', [(first, second) => second.executeAfter(first), undefined, Completion.succeeded({ timeout: Duration.hours(3) })]],
])('there is no warning of a start %s', (_, [connect, read, completion]) => {
  expect(chain(connect, read, completion)).toEqual([]);
});

test('there is no warning of a task that nothing is known of', () => {
  const stack = newStack();
  const task = new CfnTask(stack, 'L1', { sourceLocationArn: 'a', destinationLocationArn: 'b' });
  const first = new TaskExecution(stack, 'First', { task });
  new TaskExecution(stack, 'Second', { task: new Task(stack, 'Task', { source: locationOf(stack, 'A'), destination: locationOf(stack, 'B') }) }).executeAfter(first);
  expect(warningsOf(stack)).toEqual([]);
});
