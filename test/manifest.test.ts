import type { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { TaskProps } from '../src';
import { Filter, Manifest, PreserveDeletedFiles, Task, TaskExecution } from '../src';
import { messageOf, newStack, nfsLocation, resourceOf, s3Location, statementsOf, warningsOf } from './support/stacks';

const copy = (stack: Stack, props: Partial<TaskProps> = {}) =>
  new Task(stack, 'Copy', { source: nfsLocation(stack, 'From'), destination: s3Location(stack, 'To'), ...props });
const listed = (stack: Stack) => Manifest.fromBucket(Bucket.fromBucketName(stack, 'Lists', 'lists'), 'today.csv');

test('a manifest is read by a role that may read this object only', () => {
  const stack = newStack();
  copy(stack, { manifest: listed(stack) });
  const { ManifestConfig, Schedule, TaskReportConfig } = resourceOf(stack, 'AWS::DataSync::Task').Properties;
  expect(ManifestConfig.Source.S3).toMatchObject({ ManifestObjectPath: 'today.csv', BucketAccessRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^CopyManifestRole/), 'Arn'] } });
  expect([Schedule, TaskReportConfig]).toEqual([undefined, undefined]);
  const ofManifest = statementsOf(stack).filter(({ holder }) => holder.startsWith('CopyManifestRole'));
  expect(ofManifest.map(({ Action, Resource }) => [Action, JSON.stringify(Resource)])).toEqual([
    [['s3:GetObject', 's3:GetObjectVersion'], expect.stringContaining(':s3:::lists/today.csv')],
  ]);
  expect(resourceOf(stack, 'AWS::DataSync::Task').DependsOn).toContainEqual(expect.stringMatching(/^CopyManifestRole/));
});

test('a role of the user serves a manifest by a policy of the task', () => {
  const stack = newStack();
  const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') });
  copy(stack, { manifest: Manifest.fromBucket(new Bucket(stack, 'Lists'), 'today.csv', { role, objectVersionId: 'v1' }) });
  expect(resourceOf(stack, 'AWS::DataSync::Task').Properties.ManifestConfig.Source.S3).toMatchObject({
    ManifestObjectVersionId: 'v1', BucketAccessRoleArn: stack.resolve(role.roleArn),
  });
  expect(statementsOf(stack).some(({ holder }) => holder.startsWith('CopyManifestPolicy'))).toBe(true);
});

test('a manifest in a bucket with a key of its own may be decrypted', () => {
  const stack = newStack();
  copy(stack, { manifest: Manifest.fromBucket(new Bucket(stack, 'Lists', { encryptionKey: new Key(stack, 'Key') }), 'today.csv') });
  expect(statementsOf(stack).filter(({ holder }) => holder.startsWith('CopyManifestRole')).map(({ Action }) => Action)).toContain('kms:Decrypt');
});

test('a manifest in a bucket of another account warns with what to paste', () => {
  const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
  copy(stack, { manifest: Manifest.fromBucket(Bucket.fromBucketAttributes(stack, 'Lists', { bucketName: 'theirs', account: '444455556666' }), 'today.csv') });
  expect(warningsOf(stack)).toEqual([expect.stringMatching(
    /which must let the role of the manifest of this task in; the object ownership .*add to the policy of the bucket: .*s3:GetObject.*theirs\/today\.csv/,
  )]);
});

test.each<[string, Partial<TaskProps>, string]>([
  ['includes', { includes: Filter.simplePattern('/a') }, 'includes beside a manifest: a manifest does not go together with filters; leave out the one or the other'],
  ['excludes', { excludes: Filter.simplePattern('/a') }, 'excludes beside a manifest: a manifest does not go together with filters; leave out the one or the other'],
  ['deletion', { options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE } },
    'options.preserveDeletedFiles "REMOVE" beside a manifest: nothing is deleted that a manifest does not list; use PreserveDeletedFiles.PRESERVE'],
])('a manifest does not go together with %s', (_, props, message) => {
  const stack = newStack();
  expect(messageOf(() => copy(stack, { manifest: listed(stack), ...props }))).toBe(`DataSyncValidationError: [Stack/Copy] ${message}`);
});

test('a start of a task with a manifest has no filters and no deletion of its own', () => {
  const stack = newStack();
  const task = copy(stack, { manifest: listed(stack) });
  expect(messageOf(() => new TaskExecution(stack, 'Start', {
    task, includes: Filter.simplePattern('/a'), overrideOptions: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE },
  }))).toBe('DataSyncValidationError: [Stack/Start] includes beside a manifest: a manifest does not go together with filters; leave out the one or the other\n'
    + '[Stack/Start] overrideOptions.preserveDeletedFiles "REMOVE" beside a manifest: nothing is deleted that a manifest does not list; use PreserveDeletedFiles.PRESERVE');
});

test('another key of the manifest counts as a change', () => {
  const valuesOf = (key: string) => {
    const stack = newStack();
    new TaskExecution(stack, 'Start', { task: copy(stack, { manifest: Manifest.fromBucket(Bucket.fromBucketName(stack, 'Lists', 'lists'), key) }) });
    return JSON.stringify(resourceOf(stack, 'Custom::DataSyncTaskExecution').Properties);
  };
  expect(valuesOf('today.csv')).not.toBe(valuesOf('tomorrow.csv'));
});
