import { showcase } from '../support/showcase';
import { flatten, statementsOf } from '../support/stacks';

/** Where a `*` may stand in a resource, and why it cannot be narrower. */
const ALLOWED: { readonly actions: RegExp; readonly resource: RegExp; readonly reason: string }[] = [
  { actions: /^datasync:ListTaskExecutions$/, resource: /^\*$/, reason: 'the service supports nothing narrower' },
  { actions: /^datasync:/, resource: /^<(Upload|Copy)[0-9A-F]{8}>\/execution\/\*$/, reason: 'ids of executions are made by the service' },
  {
    actions: /^datasync:(DescribeTaskExecution|ListTagsForResource|CancelTaskExecution)$/,
    resource: /^arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task\/\*\/execution\/\*$/,
    reason: 'executions of tasks that have left the template',
  },
  { actions: /^s3:[A-Z][A-Za-z]+$/, resource: /^<InboxBucket[0-9A-F]{8}\.Arn>\/in\/\*$/, reason: 'objects below a prefix' },
  { actions: /^s3:[A-Z][A-Za-z]+$/, resource: /^<ArchiveBucket[0-9A-F]{8}\.Arn>\/\*$/, reason: 'objects of a bucket' },
  { actions: /^lambda:InvokeFunction$/, resource: /^<DataSyncTaskExecutionOnScheduleFunction[0-9A-F]{8}\.Arn>:\*$/, reason: 'versions of one function' },
];

const statements = statementsOf(showcase());
const pairs = statements.flatMap(({ holder, Action, Resource }) =>
  [Action].flat().flatMap(action => [Resource].flat().map(resource => ({ holder, action, resource: flatten(resource) }))));

test('there is something to look at', () => {
  expect(new Set(pairs.map(({ holder }) => holder)).size).toBe(5);
});

test('every wildcard in a resource has a reason', () => {
  const wild = pairs.filter(({ resource }) => resource.includes('*'));
  const isAllowed = (action: string, resource: string) => ALLOWED.some(allowed => allowed.actions.test(action) && allowed.resource.test(resource));
  expect(wild.filter(({ action, resource }) => !isAllowed(action, resource))).toEqual([]);
});

test.each(ALLOWED)('the exception is in use: $reason', allowed => {
  expect(pairs.some(({ action, resource }) => allowed.actions.test(action) && allowed.resource.test(resource))).toBe(true);
});

test('no action has a wildcard, and nothing may be passed or assumed', () => {
  expect(pairs.filter(({ action }) => action.includes('*') || /^(iam|sts|ec2):/.test(action))).toEqual([]);
});

test('cancelling beyond the tasks of the stack is for its own executions only', () => {
  const [wide] = statements.filter(({ Action, Resource }) => Action === 'datasync:CancelTaskExecution' && flatten(Resource).includes('task/*'));
  expect(wide.Condition).toEqual({
    StringLike: { 'aws:ResourceTag/cdk-datasync:owner': { 'Fn::Join': ['', [{ Ref: 'AWS::StackId' }, '/*']] } },
  });
});
