import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnAccessPoint } from 'aws-cdk-lib/aws-s3';
import { destination, ON_BUCKET, OURS, READ, READ_KEY, THEIRS, WRITE, WRITE_KEY } from './bucket-permissions';
import type { S3LocationProps } from '../../src';
import { S3Location, Task } from '../../src';
import { messageOf, newStack, permissionsOf, resourceOf, warningsOf } from '../support/stacks';

const ARN = 'arn:aws:s3:us-east-1:111122223333:accesspoint/mine';

const imported = (stack: Stack) => CfnAccessPoint.fromAccessPointArn(stack, 'Point', ARN);
const only = (arn: string) => ` if {"StringEquals":{"s3:DataAccessPointArn":${arn}}}`;

test('an access point has objects of its own, and is the only way to the bucket', () => {
  const stack = newStack();
  const location = destination(stack, { bucket: Bucket.fromBucketName(stack, 'Bucket', 'inbox'), accessPoint: imported(stack), subdirectory: 'in/' });
  const [bucket, condition] = ['arn:<AWS::Partition>:s3:::inbox', only(`"${ARN}"`)];
  expect(permissionsOf(stack, 'S3Role')).toEqual([
    `${ON_BUCKET} on ${ARN}`, `${READ} on ${ARN}/object/in/*`, `${ON_BUCKET} on ${bucket}${condition}`, `${READ} on ${bucket}/in/*${condition}`,
    `${WRITE} on ${ARN}/object/in/*`, `${WRITE} on ${bucket}/in/*${condition}`,
  ]);
  expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.S3BucketArn).toBe(ARN);
  expect([location.bucket.bucketName, location.accessPoint?.accessPointRef.accessPointArn]).toEqual(['inbox', ARN]);
  expect(warningsOf(stack)).toEqual([]);
});

test('an access point may be a resource of the app, whose policy may name the role', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket');
  const point = new CfnAccessPoint(stack, 'Point', { bucket: bucket.bucketName });
  const { role } = destination(stack, { bucket, accessPoint: point });
  point.policy = { Statement: [{ Effect: 'Allow', Principal: { AWS: role.roleArn }, Action: 's3:ListBucket', Resource: '*' }] };
  expect(permissionsOf(stack, 'S3Role').slice(0, 2)).toEqual([`${ON_BUCKET} on <Point.Arn>`, `${READ} on <Point.Arn>/object/*`]);
  expect(permissionsOf(stack, 'S3Role')[2]).toContain(only('{"Fn::GetAtt":["Point","Arn"]}'));
  expect(() => Template.fromStack(stack)).not.toThrow(); // it looks for circles
});

test('an access point gives access to the key of its bucket', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') });
  destination(stack, { bucket, accessPoint: imported(stack) });
  expect(permissionsOf(stack, 'S3Role').filter(line => line.startsWith('kms:'))).toEqual([`${READ_KEY} on <Key961B73FD.Arn>`, `${WRITE_KEY} on <Key961B73FD.Arn>`]);
});

test('an access point of another account causes a warning with what to paste into its policy', () => {
  const stack = newStack({ env: { ...OURS, account: '444455556666' } });
  new S3Location(stack, 'S3', { bucket: Bucket.fromBucketName(stack, 'Bucket', 'inbox'), accessPoint: imported(stack), writable: false });
  const [warning, ...others] = warningsOf(stack);
  expect(others).toEqual([]);
  expect(warning).toMatch(/^\/Stack\/S3 access point Stack\/Point belongs to the account 111122223333, which must let the role of this location in; the object ownership of the /);
  const statements = JSON.parse(/policy of the access point: (\[.*\]) \[ack/.exec(warning)![1]);
  expect(statements.map(({ Action, Resource }: any) => `${[Action].flat().join(' ')} on ${Resource}`)).toEqual([
    `${ON_BUCKET} on ${ARN}`, `s3:GetBucketLocation s3:ListBucket on ${ARN}`, `${READ} on ${ARN}/object/*`,
  ]);
  expect(resourceOf(stack, 'AWS::IAM::Role').Properties.RoleName).toMatch(/^Stack-S3-[0-9A-F]{8}-eu-west-1$/);
});

test('an access point to a bucket of another account of the app has its half in the policy of the bucket, and no circle', () => {
  const app = new App();
  const [ours, theirs] = [new Stack(app, 'Ours', { env: OURS }), new Stack(app, 'Theirs', { env: THEIRS })];
  const bucket = new Bucket(theirs, 'Bucket', { bucketName: 'theirs' });
  const point = new CfnAccessPoint(ours, 'Point', { bucket: 'theirs', bucketAccountId: THEIRS.account });
  destination(ours, { bucket, accessPoint: point });
  expect(messageOf(() => app.synth())).toBe('no error');
  const { Statement } = resourceOf(theirs, 'AWS::S3::BucketPolicy').Properties.PolicyDocument;
  expect(Statement).toHaveLength(4);
  for (const { Condition } of Statement) expect(Condition.StringEquals).toEqual({ 's3:DataAccessPointAccount': OURS.account });
  expect(warningsOf(ours)).toEqual([]);
});

test.each<[string, (stack: Stack) => Partial<S3LocationProps>, string]>([
  ['in the place of the bucket', stack => ({ bucket: Bucket.fromBucketArn(stack, 'Bucket', ARN) }),
    'bucket "Stack/Bucket": is an access point; give its bucket, and the access point itself as accessPoint'],
  ['of the app in the place of the bucket', stack => ({ bucket: Bucket.fromBucketArn(stack, 'Bucket', new CfnAccessPoint(stack, 'Point', { bucket: 'inbox' }).attrArn) }),
    'bucket "Stack/Bucket": is an access point; give its bucket, and the access point itself as accessPoint'],
])('an access point %s is refused', (_, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new S3Location(stack, 'S3', { bucket: Bucket.fromBucketName(stack, 'Inbox', 'inbox'), ...props(stack) })))
    .toBe(`DataSyncValidationError: [Stack/S3] ${message}`);
});

test('an access point leads to the same place as the bucket itself', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket');
  const source = new S3Location(stack, 'From', { bucket, subdirectory: 'in' });
  new Task(stack, 'Task', { source, destination: new S3Location(stack, 'S3', { bucket, accessPoint: imported(stack), subdirectory: 'in/new' }) });
  expect(warningsOf(stack)).toEqual([expect.stringContaining('/Stack/Task destination "Stack/S3" is inside source "Stack/From"')]);
});
