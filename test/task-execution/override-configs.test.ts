import type { Stack } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { StartTaskExecutionOptions, TaskProps } from '../../src';
import {
  Filter, Manifest, PreserveDeletedFiles, S3Location, ScheduledDate, ScheduledTaskExecution, Task, TaskExecution, TaskExecutionProvider, TaskReport,
} from '../../src';
import { messageOf, newStack, permissionsOf, resourceOf, s3Location, statementsOf, TASK_ARN, warningsOf } from '../support/stacks';

const DATE = ScheduledDate.format('yyyy-MM-dd');
const bucketOf = (stack: Stack) => stack.node.tryFindChild('Lists') as IBucket | undefined ?? Bucket.fromBucketName(stack, 'Lists', 'lists');
const both = (stack: Stack): StartTaskExecutionOptions => ({
  manifest: Manifest.fromBucket(bucketOf(stack), 'today.csv', { objectVersionId: 'v1' }),
  taskReport: TaskReport.summary(Bucket.fromBucketName(stack, 'Reports', 'reports'), { subdirectory: 'runs/' }),
});
const task = (stack: Stack) => Task.fromTaskArn(stack, 'Task', TASK_ARN);
const onDeploy = (stack: Stack, options: StartTaskExecutionOptions) => new TaskExecution(stack, 'Start', { task: task(stack), ...options });
const onSchedule = (stack: Stack, options: StartTaskExecutionOptions) =>
  new ScheduledTaskExecution(stack, 'Start', { task: task(stack), schedule: ScheduleExpression.rate(Duration.days(1)), ...options });

function propertiesOf(stack: Stack): any {
  return resourceOf(stack, 'Custom::DataSyncTaskExecution').Properties;
}

describe.each<[string, (stack: Stack, options: StartTaskExecutionOptions) => unknown, string, string]>([
  ['on deploy', onDeploy, 'Custom::DataSyncTaskExecution', 'OnDeploy'],
  ['on schedule', onSchedule, 'AWS::Scheduler::Schedule', 'OnSchedule'],
])('a start %s with a manifest and a report', (_, start, type, provider) => {
  let stack: Stack;
  beforeEach(() => {
    stack = newStack();
    start(stack, both(stack));
  });

  test('has roles of its own, which may do nothing else', () => {
    expect(permissionsOf(stack, 'StartManifestRole')).toEqual([expect.stringMatching(/^s3:GetObject s3:GetObjectVersion on arn:.*:s3:::lists\/today\.csv$/)]);
    expect(permissionsOf(stack, 'StartReportRole')).toEqual([expect.stringMatching(/^s3:PutObject on arn:.*:s3:::reports\/runs\/\*$/)]);
  });

  test('lets its function pass these roles to the service, by a policy of the start', () => {
    const passing = statementsOf(stack).filter(({ Action }) => Action === 'iam:PassRole');
    expect(passing).toEqual([{
      holder: expect.stringMatching(/^StartPassRolePolicy/),
      Action: 'iam:PassRole',
      Effect: 'Allow',
      Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^StartManifestRole/), 'Arn'] }, { 'Fn::GetAtt': [expect.stringMatching(/^StartReportRole/), 'Arn'] }],
      Condition: { StringEquals: { 'iam:PassedToService': 'datasync.amazonaws.com' } },
    }]);
    const { Properties: { Roles } } = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).find(([id]) => id.startsWith('StartPassRolePolicy'))![1];
    expect(Roles).toEqual([{ Ref: expect.stringContaining(`${provider}Role`) }]);
  });

  test('comes after all of that', () => {
    expect(resourceOf(stack, type).DependsOn).toEqual(expect.arrayContaining(['Manifest', 'Report', 'PassRolePolicy']
      .map(part => expect.stringMatching(new RegExp(`^Start${part}`)))));
  });
});

test('the function is told both as the API has them', () => {
  const stack = newStack();
  onDeploy(stack, both(stack));
  const { ManifestConfig, TaskReportConfig } = propertiesOf(stack);
  expect(ManifestConfig).toEqual({
    Source: { S3: { S3BucketArn: expect.anything(), ManifestObjectPath: 'today.csv', ManifestObjectVersionId: 'v1', BucketAccessRoleArn: expect.anything() } },
  });
  expect(TaskReportConfig).toEqual({
    OutputType: 'SUMMARY_ONLY', Destination: { S3: { S3BucketArn: expect.anything(), BucketAccessRoleArn: expect.anything(), Subdirectory: 'runs/' } },
  });
});

test('none of both is a text, as CDK leaves out what is empty, and needs no role', () => {
  const stack = newStack();
  onDeploy(stack, { manifest: Manifest.none(), taskReport: TaskReport.none() });
  expect(propertiesOf(stack)).toMatchObject({ ManifestConfig: 'NONE', TaskReportConfig: 'NONE' });
  expect(statementsOf(stack).filter(({ Action }) => Action === 'iam:PassRole')).toEqual([]);
  expect(resourceOf(stack, 'Custom::DataSyncTaskExecution').DependsOn).toBeUndefined();
});

test('none is none on a task as well', () => {
  const stack = newStack();
  new Task(stack, 'Copy', {
    source: s3Location(stack, 'From'), destination: s3Location(stack, 'To'), manifest: Manifest.none(), taskReport: TaskReport.none(), includes: Filter.simplePattern('/a'),
  });
  const { ManifestConfig, TaskReportConfig } = resourceOf(stack, 'AWS::DataSync::Task').Properties;
  expect([ManifestConfig, TaskReportConfig]).toEqual([undefined, undefined]);
});

test('a start that comes after another one makes no circle', () => {
  const stack = newStack();
  const first = new TaskExecution(stack, 'First', { task: task(stack) });
  new TaskExecution(stack, 'Second', { task: Task.fromTaskArn(stack, 'Other', TASK_ARN.replace(/0$/, '1')), executeAfter: [first], ...both(stack) });
  expect(() => Template.fromStack(stack)).not.toThrow(); // it looks for circles
});

test('a role of the user for the function gets the permission in the policy of the start', () => {
  const stack = newStack();
  const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  TaskExecutionProvider.of(stack).configure({ role });
  onDeploy(stack, both(stack));
  expect(statementsOf(stack).filter(({ Action }) => Action === 'iam:PassRole').map(({ holder }) => holder)).toEqual([expect.stringMatching(/^StartPassRolePolicy/)]);
});

test('in the place of dates the roles may read and write anything, and nothing else', () => {
  const stack = newStack();
  onSchedule(stack, {
    manifest: Manifest.fromBucket(bucketOf(stack), `lists/${DATE}.csv`),
    taskReport: TaskReport.summary(bucketOf(stack), { subdirectory: `reports/${DATE}/` }),
  });
  expect(permissionsOf(stack, 'StartManifestRole')).toEqual([expect.stringMatching(/:s3:::lists\/lists\/\*\.csv$/)]);
  expect(permissionsOf(stack, 'StartReportRole')).toEqual([expect.stringMatching(/:s3:::lists\/reports\/\*\/\*$/)]);
  const input = JSON.stringify(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.Input);
  expect(input).toContain('lists/{cdk-datasync:date?format=yyyy-MM-dd}.csv');
  expect(input).toContain('reports/{cdk-datasync:date?format=yyyy-MM-dd}/');
});

test('a schedule in a time zone tells it for the dates of a manifest', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'Start', {
    task: task(stack),
    schedule: ScheduleExpression.expression('cron(0 2 * * ? *)'),
    manifest: Manifest.fromBucket(bucketOf(stack), `${DATE}.csv`),
  });
  expect(JSON.stringify(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.Input)).toContain('\\"TimeZone\\":\\"Etc/UTC\\"');
});

test.each<[string, Partial<TaskProps>, (stack: Stack) => StartTaskExecutionOptions, string]>([
  ['filters of its own', {}, stack => ({ ...both(stack), includes: Filter.simplePattern('/a') }), 'includes beside a manifest: a manifest does not go together with filters'],
  ['deletion of its own', {}, stack => ({ ...both(stack), overrideOptions: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE } }),
    'overrideOptions.preserveDeletedFiles "REMOVE" beside a manifest'],
  ['dates on deploy', {}, stack => ({ manifest: Manifest.fromBucket(bucketOf(stack), DATE) }), 'has a date of ScheduledDate.format(), but no scheduled time to go by'],
  ['dates in a report on deploy', {}, stack => ({ taskReport: TaskReport.summary(bucketOf(stack), { subdirectory: DATE }) }), 'subdirectory of taskReport "'],
  ['no key', {}, stack => ({ manifest: Manifest.fromBucket(bucketOf(stack), '') }), 'key of manifest ""'],
])('a start with a manifest or a report refuses %s', (_, props, options, message) => {
  const stack = newStack();
  const copy = new Task(stack, 'Copy', { source: s3Location(stack, 'From'), destination: s3Location(stack, 'To'), ...props });
  expect(messageOf(() => new TaskExecution(stack, 'Start', { task: copy, ...options(stack) }))).toContain(message);
});

test('a start without the manifest of its task may have filters', () => {
  const stack = newStack();
  const copy = new Task(stack, 'Copy', { source: s3Location(stack, 'From'), destination: s3Location(stack, 'To'), manifest: Manifest.fromBucket(bucketOf(stack), 'a') });
  expect(messageOf(() => new TaskExecution(stack, 'Start', { task: copy, manifest: Manifest.none(), includes: Filter.simplePattern('/a') }))).toBe('no error');
});

test('what the task has beside the manifest of a start warns', () => {
  const stack = newStack();
  const copy = new Task(stack, 'Copy', {
    source: s3Location(stack, 'From'),
    destination: s3Location(stack, 'To'),
    excludes: Filter.simplePattern('/a'),
    options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE },
  });
  new TaskExecution(stack, 'Start', { task: copy, manifest: Manifest.fromBucket(bucketOf(stack), 'a') });
  expect(warningsOf(stack)).toContainEqual(expect.stringContaining(
    'the manifest of this execution does not go together with excludes and options.preserveDeletedFiles "REMOVE" of its task, so that the service may refuse the start'));
});

test('reports of a start in a destination in which everything else is deleted warn', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket');
  const copy = new Task(stack, 'Copy', {
    source: s3Location(stack, 'From'), destination: new S3Location(stack, 'To', { bucket }), options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE },
  });
  new TaskExecution(stack, 'Start', { task: copy, taskReport: TaskReport.summary(bucket) });
  expect(warningsOf(stack)).toContainEqual(expect.stringContaining('deletes the reports of earlier executions'));
});

test('the manifest of a start is a change, in place of that of its task, and its report is none', () => {
  const start = (options: (stack: Stack) => StartTaskExecutionOptions) => {
    const stack = newStack();
    const copy = new Task(stack, 'Copy', { source: s3Location(stack, 'From'), destination: s3Location(stack, 'To'), manifest: Manifest.fromBucket(bucketOf(stack), 'task.csv') });
    new TaskExecution(stack, 'Start', { task: copy, ...options(stack) });
    return propertiesOf(stack).Values.Task;
  };
  expect(start(() => ({})).ManifestConfig.Source.S3.ManifestObjectPath).toBe('task.csv');
  expect(start(both).ManifestConfig).toBeUndefined();
  expect(start(() => ({ manifest: Manifest.none() })).ManifestConfig).toBeUndefined();
  expect(start(stack => ({ taskReport: both(stack).taskReport }))).toEqual(start(() => ({})));
});
