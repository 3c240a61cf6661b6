import { App, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LazyRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { S3LocationProps } from '../../src';
import { LocationType, S3Location, S3StorageClass, Task } from '../../src';
import { locationOf, messageOf, newStack, permissionsOf, resourceOf, s3Location, snapshotOf, trustedArns, warningsOf } from '../support/stacks';

const ON_BUCKET = 's3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads on';
const READ = 's3:GetObject s3:GetObjectTagging s3:GetObjectVersion s3:GetObjectVersionTagging s3:ListMultipartUploadParts on';
const WRITE = 's3:AbortMultipartUpload s3:DeleteObject s3:PutObject s3:PutObjectTagging on';
const BUCKET = '<S3Bucket07682993.Arn>';
const OWNED = ' if {"StringEquals":{"aws:ResourceAccount":{"Ref":"AWS::AccountId"}}}';

const use = (stack: Stack, direction: 'source' | 'destination', location: S3Location, id = 'Task') =>
  new Task(stack, id, { source: locationOf(stack, `${id}Other`), destination: locationOf(stack, `${id}Another`), [direction]: location });

test('a minimal location is rendered', () => {
  const stack = newStack();
  const location = s3Location(stack, 'S3');
  expect(location.locationType).toBe(LocationType.S3);
  expect(location.bucket).toBe(stack.node.findChild('S3Bucket'));
  expect(stack.resolve(location.locationArn)).toEqual({ Ref: 'S3486F821D' });
  expect(stack.resolve(location.locationUri)).toEqual({ 'Fn::GetAtt': ['S3486F821D', 'LocationUri'] });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with all properties is rendered', () => {
  const stack = newStack();
  const location = new S3Location(stack, 'S3', {
    bucket: new Bucket(stack, 'Bucket', { encryption: BucketEncryption.KMS }),
    subdirectory: 'landing/2026',
    storageClass: S3StorageClass.STANDARD_IA,
    role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') }),
  });
  use(stack, 'destination', location);
  expect(snapshotOf(stack)).toMatchSnapshot();
});

describe('permissions', () => {
  test('of a source: it cannot write', () => {
    const stack = newStack();
    use(stack, 'source', s3Location(stack, 'S3'));
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}${OWNED}`, `${READ} ${BUCKET}/*${OWNED}`]);
  });

  test('of a destination', () => {
    const stack = newStack();
    use(stack, 'destination', s3Location(stack, 'S3'));
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}${OWNED}`, `${READ} ${BUCKET}/*${OWNED}`, `${WRITE} ${BUCKET}/*${OWNED}`]);
  });

  test('of a location that no task uses: as of a source', () => {
    const stack = newStack();
    s3Location(stack, 'S3');
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}${OWNED}`, `${READ} ${BUCKET}/*${OWNED}`]);
  });

  test('do not pile up with the tasks', () => {
    const stack = newStack();
    const location = s3Location(stack, 'S3');
    use(stack, 'source', location, 'Task1');
    use(stack, 'destination', location, 'Task2');
    use(stack, 'destination', location, 'Task3');
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}${OWNED}`, `${READ} ${BUCKET}/*${OWNED}`, `${WRITE} ${BUCKET}/*${OWNED}`]);
  });

  test.each([
    ['landing', '/landing/*'],
    ['landing/', '/landing/*'],
    ['a/b/', '/a/b/*'],
    ['/a/b', '/a/b/*'],
    ['', '/*'],
    ['/', '/*'],
    [Fn.importValue('Prefix'), '/<Fn::ImportValue:Prefix>*'],
  ])('end at the prefix: %s', (subdirectory, objects) => {
    const stack = newStack();
    s3Location(stack, 'S3', subdirectory);
    expect(permissionsOf(stack, 'S3Role')[1]).toBe(`${READ} ${BUCKET}${objects}${OWNED}`);
  });

  test.each<['source' | 'destination', string[]]>([
    ['source', ['kms:Decrypt on <Key961B73FD.Arn>']],
    ['destination', ['kms:Decrypt on <Key961B73FD.Arn>', 'kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo on <Key961B73FD.Arn>']],
  ])('on the key of the bucket of a %s', (direction, expected) => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') });
    use(stack, direction, new S3Location(stack, 'S3', { bucket }));
    expect(permissionsOf(stack, 'S3Role').filter(line => line.startsWith('kms:'))).toEqual(expected);
  });
});

describe('the role', () => {
  test('is for this account and Region only', () => {
    const stack = newStack();
    s3Location(stack, 'S3');
    const [statement] = resourceOf(stack, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument.Statement;
    expect(statement).toEqual({
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'datasync.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: {
          'aws:SourceArn': {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':datasync:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':*']],
          },
        },
      },
    });
  });

  test('trusts the service in any Region once a task of another Region uses the location', () => {
    const app = new App();
    const [near, far] = ['us-east-1', 'eu-west-1'].map(region => new Stack(app, region, { env: { account: '111122223333', region }, crossRegionReferences: true }));
    const [location, other] = ['S3', 'Other'].map(id => s3Location(near, id));
    new Task(near, 'Task', { source: location, destination: other });
    new Task(far, 'Task', { source: location, destination: s3Location(far, 'S3') });
    expect(trustedArns(near, 'bucket')).toEqual(['arn:<AWS::Partition>:datasync:*:111122223333:*', 'arn:<AWS::Partition>:datasync:us-east-1:111122223333:*']);
  });

  test('has its permissions in itself', () => {
    const stack = newStack();
    use(stack, 'destination', s3Location(stack, 'S3'));
    expect(resourceOf(stack, 'AWS::IAM::Role').Properties.Policies).toEqual([
      { PolicyName: 'Access', PolicyDocument: { Version: '2012-10-17', Statement: [expect.anything(), expect.anything(), expect.anything()] } },
    ]);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('may be named by the policy of the key of its bucket', () => {
    const stack = newStack();
    const key = new Key(stack, 'Key');
    const { role } = new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket', { encryptionKey: key }), writable: false });
    key.addToResourcePolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: ['*'], principals: [role] }));
    expect(() => Template.fromStack(stack)).not.toThrow(); // it looks for circles
  });

  test('is given more before the location is made', () => {
    const stack = newStack();
    const location = s3Location(stack, 'S3');
    new Bucket(stack, 'Log').grantPut(location.role);
    const [policy] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').DependsOn).toEqual([policy, 'S3Role91E85714']);
  });

  test('is complete when the location is made', () => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') });
    use(stack, 'destination', new S3Location(stack, 'S3', { bucket }));
    const [policy] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').DependsOn).toEqual([policy, 'S3Role91E85714']);
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.S3Config.BucketAccessRoleArn).toEqual({ 'Fn::GetAtt': ['S3Role91E85714', 'Arn'] });
  });

  test.each<[string, (stack: Stack) => S3LocationProps['role']]>([
    ['imported', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine')],
    ['lazy', stack => new LazyRole(stack, 'Role', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') })],
    ['of the stack', stack => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') })],
  ])('may be %s, and gets the permissions', (_, role) => {
    const stack = newStack();
    use(stack, 'destination', new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'S3Bucket', { encryptionKey: new Key(stack, 'Key') }), role: role(stack) }));
    expect(permissionsOf(stack, 'S3Policy')).toEqual([
      `${ON_BUCKET} ${BUCKET}${OWNED}`, `${READ} ${BUCKET}/*${OWNED}`, 'kms:Decrypt on <Key961B73FD.Arn>',
      `${WRITE} ${BUCKET}/*${OWNED}`, 'kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo on <Key961B73FD.Arn>',
    ]);
    const [policy] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').DependsOn).toEqual([policy]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('that is of another account is refused', () => {
    const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/theirs');
    expect(messageOf(() => new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), role }))).toBe(
      'DataSyncValidationError: [Stack/S3] role "Stack/Role": is in the account 444455556666, this stack is in 111122223333; use both from one account');
  });

  test('that is not changeable causes a warning', () => {
    const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine', { mutable: false });
    new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), role, writable: false });
    expect(warningsOf(stack)).toEqual([
      '/Stack/S3 role Stack/Role cannot be changed from here, so it does not get the permissions for this location; give it those that '
      + 'docs/permissions.md lists, or leave it out for one that is made [ack: cdk-datasync:roleNotChangeable]',
    ]);
  });
});

const characters = 'may only contain letters and digits of ASCII, spaces and _ - + . / ( )';
const include = (pattern: string) => `have the task transfer what is meant with includes: Filter.simplePattern("${pattern}")`;
const badKeys = 'the service cannot transfer such keys: write "a/b/"';

test.each<[string, Partial<S3LocationProps>, string]>([
  ['two slashes', { subdirectory: 'a//b' }, `subdirectory "a//b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['a dot', { subdirectory: 'a/./b' }, `subdirectory "a/./b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['two dots', { subdirectory: '../b' }, `subdirectory "../b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['slashes after the first one', { subdirectory: '//b' }, `subdirectory "//b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['other characters', { subdirectory: 'a*b' }, `subdirectory "a*b": ${characters}; leave subdirectory out, and ${include('/a\\\\*b')}`],
  ['the partitions of a table', { subdirectory: 'sales/year=2026/' }, `subdirectory "sales/year=2026/": ${characters}; use subdirectory "sales/", and ${include('/year=2026')}`],
  ['a partition at the top', { subdirectory: 'year=2026/' }, `subdirectory "year=2026/": ${characters}; leave subdirectory out, and ${include('/year=2026')}`],
  ['folders below a partition', { subdirectory: '/a/y=1/b/' }, `subdirectory "a/y=1/b/": ${characters}; use subdirectory "a/", and ${include('/y=1/b')}`],
  ['a long prefix', { subdirectory: 'x'.repeat(1025) },
    `subdirectory "${'x'.repeat(119)}... (1025 characters): must have at most 1024 characters, has 1025; shorten it`],
  ['S3 on Outposts', { storageClass: S3StorageClass.OUTPOSTS },
    'storageClass "OUTPOSTS": CloudFormation cannot create locations of S3 on Outposts; create the location by other means, and import it with Location.fromLocationAttributes() and LocationType.OUTPOST_S3'],
])('a location refuses %s', (_, wrong, message) => {
  const stack = newStack();
  expect(messageOf(() => new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), ...wrong })))
    .toBe(`DataSyncValidationError: [Stack/S3] ${message}`);
});

test.each(['{{resolve:ssm:/the//prefix}}', 'a', 'a/b.c/', 'with space (1)/', '.hidden/', 'a..b/', Fn.importValue('Prefix')])('a location accepts the prefix %s', subdirectory => {
  const stack = newStack();
  s3Location(stack, 'S3', subdirectory);
  expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.Subdirectory).toEqual(stack.resolve(subdirectory));
});

test.each([['/landing', 'landing'], ['/a/b/', 'a/b/'], ['/', undefined], ['', undefined]])('a location takes the slash from the beginning of the prefix %j', (subdirectory, rendered) => {
  const stack = newStack();
  s3Location(stack, 'S3', subdirectory);
  expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.Subdirectory).toBe(rendered);
});

test('a location refuses an access point on Outposts', () => {
  const stack = newStack();
  const bucketArn = 'arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-01ac5d28a6a232904/accesspoint/mine';
  expect(messageOf(() => new S3Location(stack, 'S3', { bucket: Bucket.fromBucketArn(stack, 'Bucket', bucketArn) }))).toBe(
    `DataSyncValidationError: [Stack/S3] bucket "${bucketArn}": CloudFormation cannot create locations of S3 on Outposts; `
    + 'create the location by other means, and import it with Location.fromLocationAttributes() and LocationType.OUTPOST_S3');
});

describe('a bucket of another partition', () => {
  test.each<[string, (stack: Stack) => IBucket]>([
    ['by its ARN', stack => Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws-cn:s3:::theirs')],
    ['by its Region', stack => Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', region: 'cn-north-1' })],
  ])('is refused, known %s', (_, bucket) => {
    const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
    expect(messageOf(() => new S3Location(stack, 'S3', { bucket: bucket(stack) }))).toBe(
      'DataSyncValidationError: [Stack/S3] bucket "Stack/Bucket": is in the partition aws-cn, this stack is in aws, and no role reaches across; reach it as object storage, with keys');
  });

  test('is not known where nobody says the Region', () => {
    const stack = newStack();
    expect(messageOf(() => new S3Location(stack, 'S3', { bucket: Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws-cn:s3:::theirs') }))).toBe('no error');
  });
});
