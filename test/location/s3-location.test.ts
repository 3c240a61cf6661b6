import { Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LazyRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { LocationType, S3Location, S3LocationProps, S3StorageClass, Task } from '../../src';
import { locationOf, messageOf, newStack, permissionsOf, resourceOf, s3Location, snapshotOf, warningsOf } from '../support/stacks';

const ON_BUCKET = 's3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads on';
const READ = 's3:GetObject s3:GetObjectTagging s3:GetObjectVersion s3:GetObjectVersionTagging s3:ListMultipartUploadParts on';
const WRITE = 's3:AbortMultipartUpload s3:DeleteObject s3:PutObject s3:PutObjectTagging on';
const BUCKET = '<S3Bucket07682993.Arn>';

const use = (stack: Stack, direction: 'source' | 'destination', location: S3Location, id = 'Task') =>
  new Task(stack, id, { source: locationOf(stack, `${id}Other`), destination: locationOf(stack, `${id}Another`), [direction]: location });

test('minimal', () => {
  const stack = newStack();
  const location = s3Location(stack, 'S3');
  expect(location.locationType).toBe(LocationType.S3);
  expect(stack.resolve(location.locationArn)).toEqual({ Ref: 'S3486F821D' });
  expect(stack.resolve(location.locationUri)).toEqual({ 'Fn::GetAtt': ['S3486F821D', 'LocationUri'] });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('all properties', () => {
  const stack = newStack();
  const location = new S3Location(stack, 'S3', {
    bucket: new Bucket(stack, 'Bucket', { encryption: BucketEncryption.KMS }),
    prefix: 'landing/2026',
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
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}`, `${READ} ${BUCKET}/*`]);
  });

  test('of a destination', () => {
    const stack = newStack();
    use(stack, 'destination', s3Location(stack, 'S3'));
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}`, `${READ} ${BUCKET}/*`, `${WRITE} ${BUCKET}/*`]);
  });

  test('of a location that no task uses: as of a source', () => {
    const stack = newStack();
    s3Location(stack, 'S3');
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}`, `${READ} ${BUCKET}/*`]);
  });

  test('do not pile up with the tasks', () => {
    const stack = newStack();
    const location = s3Location(stack, 'S3');
    use(stack, 'source', location, 'Task1');
    use(stack, 'destination', location, 'Task2');
    use(stack, 'destination', location, 'Task3');
    expect(permissionsOf(stack, 'S3Role')).toEqual([`${ON_BUCKET} ${BUCKET}`, `${READ} ${BUCKET}/*`, `${WRITE} ${BUCKET}/*`]);
  });

  test.each([
    ['landing', '/landing/*'],
    ['landing/', '/landing/*'],
    ['a/b/', '/a/b/*'],
    ['', '/*'],
    [Fn.importValue('Prefix'), '/<Fn::ImportValue:Prefix>*'],
  ])('end at the prefix: %s', (prefix, objects) => {
    const stack = newStack();
    s3Location(stack, 'S3', prefix);
    expect(permissionsOf(stack, 'S3Role')[1]).toBe(`${READ} ${BUCKET}${objects}`);
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

  test('is complete when the location is made: its permissions stand in it', () => {
    const stack = newStack();
    use(stack, 'destination', s3Location(stack, 'S3'));
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.S3Config.BucketAccessRoleArn).toEqual({ 'Fn::GetAtt': ['S3Role91E85714', 'Arn'] });
  });

  test('has its permission on the key before the location is made', () => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') });
    use(stack, 'destination', new S3Location(stack, 'S3', { bucket }));
    const [policy] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').DependsOn).toEqual([policy]);
  });

  test.each<[string, (stack: Stack) => S3LocationProps['role']]>([
    ['imported', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine')],
    ['lazy', stack => new LazyRole(stack, 'Role', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') })],
  ])('may be %s, and gets the permissions', (_, role) => {
    const stack = newStack();
    use(stack, 'destination', new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'S3Bucket'), role: role(stack) }));
    expect(permissionsOf(stack, 'Role')).toEqual([`${ON_BUCKET} ${BUCKET}`, `${READ} ${BUCKET}/*`, `${WRITE} ${BUCKET}/*`]);
    const [policy] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(resourceOf(stack, 'AWS::DataSync::LocationS3').DependsOn).toEqual([policy]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => S3LocationProps['role']]>([
    ['not changeable', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine', { mutable: false })],
    ['of another account', stack => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/theirs')],
  ])('that is %s causes a warning', (_, role) => {
    const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
    new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), role: role(stack) });
    expect(warningsOf(stack)).toEqual([
      '/Stack/S3 role Stack/Role cannot be changed from here, so it does not get the permissions for this location; give it the permissions that '
      + 'are listed in the documentation, or let the location make its own role [ack: cdk-datasync:roleNotChangeable]',
    ]);
  });
});

const badKeys = 'the service cannot transfer such keys: write "a/b/"';

test.each<[string, Partial<S3LocationProps>, string]>([
  ['a slash in front', { prefix: '/landing' }, `prefix "/landing": must not begin with "/"; ${badKeys}`],
  ['two slashes', { prefix: 'a//b' }, `prefix "a//b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['a dot', { prefix: 'a/./b' }, `prefix "a/./b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['two dots', { prefix: '../b' }, `prefix "../b": must not contain "//", "/./" or "/../"; ${badKeys}`],
  ['other characters', { prefix: 'a*b' }, 'prefix "a*b": may only contain letters, digits, spaces and _ - + . / ( ); rename the prefix'],
  ['a long prefix', { prefix: 'x'.repeat(1025) },
    `prefix "${'x'.repeat(119)}... (1027 characters): must have at most 1024 characters, has 1025; shorten it`],
  ['S3 on Outposts', { storageClass: S3StorageClass.OUTPOSTS },
    'storageClass "OUTPOSTS": CloudFormation cannot create locations of S3 on Outposts; create the location by other means and use Location.fromLocationArn()'],
])('refuses %s', (_, wrong, message) => {
  const stack = newStack();
  expect(messageOf(() => new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), ...wrong })))
    .toBe(`DataSyncValidationError: [Stack/S3] ${message}`);
});

test.each(['a', 'a/b.c/', 'with space (1)/', '.hidden/', 'a..b/', Fn.importValue('Prefix')])('accepts the prefix %s', prefix => {
  const stack = newStack();
  s3Location(stack, 'S3', prefix);
  expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.Subdirectory).toEqual(stack.resolve(prefix));
});

test('warns of a bucket of another account', () => {
  const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
  const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', account: '444455556666' });
  new S3Location(stack, 'S3', { bucket });
  expect(warningsOf(stack)).toEqual([
    '/Stack/S3 bucket Stack/Bucket belongs to the account 444455556666: its policy must let the role of this location in, '
    + 'and its object ownership must be "bucket owner enforced" [ack: cdk-datasync:bucketOfOtherAccount]',
  ]);
});
