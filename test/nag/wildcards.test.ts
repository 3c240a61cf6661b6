import { Template } from 'aws-cdk-lib/assertions';
import { everything } from '../support/everything';
import { flatten, statementsOf } from '../support/stacks';

const EXECUTION = 'arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*/execution/*';
const AGENT = 'arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:agent/*';
const exactly = (resource: string): RegExp => new RegExp(`^${resource.replace(/[.*/]/g, '\\$&')}$`);

/** Where a `*` may stand in a resource, and why it cannot be narrower. */
const ALLOWED: Array<{ readonly actions: RegExp; readonly resource: RegExp; readonly reason: string }> = [
  { actions: /^datasync:(ListTaskExecutions|CreateAgent|ListAgents)$/, resource: /^\*$/, reason: 'the service supports nothing narrower' },
  { actions: /^datasync:/, resource: /^<Copy[0-9A-F]{8}>\/execution\/\*$/, reason: 'ids of executions are made by the service' },
  { actions: /^datasync:(DescribeTaskExecution|ListTagsForResource|CancelTaskExecution)$/, resource: exactly(EXECUTION), reason: 'executions of tasks that have left the template' },
  { actions: /^datasync:(\w+Agent|ListTagsForResource|TagResource|UntagResource)$/, resource: exactly(AGENT), reason: 'ids of agents are made by the service' },
  { actions: /^s3:[A-Z][A-Za-z]+$/, resource: /^<\w*Bucket[0-9A-F]{8}\.Arn>\/([\w-]+\/)?\*$/, reason: 'objects below a prefix, or of a whole bucket' },
  { actions: /^s3:[A-Z][A-Za-z]+$/, resource: /^<\w*AccessPoint\.Arn>\/object\/([\w-]+\/)?\*$/, reason: 'the same by an access point' },
  { actions: /^s3:(GetObject|GetObjectVersion|PutObject)$/, resource: /^<ListBucket[0-9A-F]{8}\.Arn>\/(lists\/\*\.csv|reports\/\*\/\*)$/, reason: 'a date in a key' },
  { actions: /^lambda:InvokeFunction$/, resource: /^<DataSyncTaskExecutionOnScheduleFunction[0-9A-F]{8}\.Arn>:\*$/, reason: 'versions of one function' },
  {
    actions: /^states:(DescribeExecution|StopExecution)$/,
    resource: /^arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<\w+StateMachine[0-9A-F]{8}\.Name>:\*$/,
    reason: 'the executions of one state machine',
  },
  { actions: /^sts:GetWebIdentityToken$/, resource: /^\*$/, reason: 'STS has no resources' },
  { actions: /^ec2:(Describe\w+|(Create|Delete)NetworkInterface|(Una|A)ssignPrivateIpAddresses)$/, resource: /^\*$/, reason: 'functions in a network, and VPC endpoints: EC2 supports nothing narrower' },
];

const stacks = everything();
const pairs = stacks.flatMap(stack => statementsOf(stack).map(statement => ({ stack: stack.stackName, ...statement })))
  .flatMap(({ stack, holder, Action, Resource, Condition }) => [Action].flat().flatMap(action => [Resource].flat().map(resource => ({
    stack, holder, action, resource: flatten(resource), condition: Condition,
  }))))
  .filter(({ holder }) => !/FlowLog|^CustomVpcRestrict/.test(holder)); // CDK's own, of the networks of the tests

test('there is something to look at', () => {
  expect(new Set(pairs.map(({ stack, holder }) => `${stack}/${holder}`)).size).toBeGreaterThan(40);
  expect(stacks.flatMap(stack => Object.keys(Template.fromStack(stack).findResources('Custom::DataSyncAgent')))).toHaveLength(2);
});

test('every wildcard in a resource has a reason', () => {
  const wild = pairs.filter(({ resource }) => resource.includes('*'));
  const isAllowed = (action: string, resource: string) => ALLOWED.some(allowed => allowed.actions.test(action) && allowed.resource.test(resource));
  expect(wild.filter(({ action, resource }) => !isAllowed(action, resource))).toEqual([]);
});

test.each(ALLOWED)('the exception is in use: $reason', allowed => {
  expect(pairs.some(({ action, resource }) => allowed.actions.test(action) && allowed.resource.test(resource))).toBe(true);
});

test('no action has a wildcard, and nothing may be passed or assumed but roles of manifests and reports to the service', () => {
  expect(pairs.filter(({ action }) => action.includes('*') || /^(iam|sts):(?!GetWebIdentityToken$|PassRole$)/.test(action))).toEqual([]);
  const passed = pairs.filter(({ action }) => action === 'iam:PassRole');
  expect(new Set(passed.map(({ resource }) => resource.replace(/[0-9A-F]{8}/, '')))).toEqual(new Set(['<ListedStartManifestRole.Arn>', '<ListedStartReportRole.Arn>']));
  for (const { condition } of passed) expect(condition).toEqual({ StringEquals: { 'iam:PassedToService': 'datasync.amazonaws.com' } });
});

/** What changes or ends something that a task or the service may name in any way is for the stack's own alone. */
test.each([
  [/^datasync:CancelTaskExecution$/, EXECUTION],
  [/^datasync:(DeleteAgent|UpdateAgent|UntagResource)$/, AGENT],
])('%s on what has no name yet is for what the tag tells to be the own', (actions, resource) => {
  const wide = pairs.filter(pair => actions.test(pair.action) && pair.resource === resource);
  expect(wide.length).toBeGreaterThan(0);
  for (const { condition } of wide) expect(JSON.stringify(condition)).toMatch(/"aws:ResourceTag\/cdk-datasync:/);
});

test('cancelling beyond the tasks of the stack is for its own executions only', () => {
  const own = { StringLike: { 'aws:ResourceTag/cdk-datasync:owner': { 'Fn::Join': ['', [{ Ref: 'AWS::StackId' }, '/*']] } } };
  const wide = pairs.filter(({ holder, action, resource }) => /OnDeploy/.test(holder) && action === 'datasync:CancelTaskExecution' && resource === EXECUTION);
  expect(wide.length).toBeGreaterThan(0);
  for (const { condition } of wide) expect(condition).toEqual(own);
});
