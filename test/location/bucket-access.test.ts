import { readFileSync } from 'node:fs';
import type { StackProps } from 'aws-cdk-lib';
import { App, CfnOutput, CliCredentialsStackSynthesizer, PhysicalName, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, ArnPrincipal, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Bucket, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { destination, ON_BUCKET, OURS, READ, READ_KEY, THEIRS, WRITE, WRITE_KEY } from './bucket-permissions';
import type { S3LocationProps } from '../../src';
import { S3Location, Task } from '../../src';
import { flatten, locationOf, messageOf, newStack, permissionsOf, resourceOf, warningsOf } from '../support/stacks';

const KEY_ARN = 'arn:aws:kms:us-east-1:444455556666:key/12345678-1234-1234-1234-123456789012';

const importedRole = (stack: Stack) => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine');
const ownedRole = (stack: Stack) => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') });

/** The policy of a key that leaves nothing to IAM. */
const strict = (): PolicyDocument => new PolicyDocument({
  statements: [new PolicyStatement({ actions: ['kms:Create*'], resources: ['*'], principals: [new ServicePrincipal('lambda.amazonaws.com')] })],
});

/** What a resource policy allows, besides what CDK puts in those of keys: `actions on resource for principal if role`. */
function allowedBy(stack: Stack, type: 'AWS::KMS::Key' | 'AWS::S3::BucketPolicy'): string[] {
  const { KeyPolicy, PolicyDocument: document } = resourceOf(stack, type).Properties;
  return (KeyPolicy ?? document).Statement.filter(({ Action }: any) => Action !== 'kms:*').map(({ Action, Resource, Principal, Condition }: any) => {
    const roles = Condition ? ` if ${[Condition.ArnEquals['aws:PrincipalArn']].flat().map(flatten).join()}` : '';
    return `${[Action].flat().join(' ')} on ${flatten(Resource)} for ${flatten(Principal.AWS ?? Principal.Service)}${roles}`;
  });
}

describe.each<[string, (stack: Stack) => S3LocationProps['role'], string]>([
  ['that the location makes', () => undefined, 'S3Role'],
  ['that was imported', importedRole, 'S3Policy'],
  ['of the stack', ownedRole, 'S3Policy'],
])('a role %s', (_, role, holder) => {
  test.each<[string, StackProps | undefined]>([
    ['that does not know where it is', undefined],
    ['with an environment', { env: OURS }],
  ])('gets the permissions on a key in a stack %s', (__, env) => {
    const stack = newStack(env);
    destination(stack, { bucket: new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') }), role: role(stack) });
    expect(permissionsOf(stack, holder).filter(line => line.startsWith('kms:'))).toEqual([
      `${READ_KEY} on <Key961B73FD.Arn>`, `${WRITE_KEY} on <Key961B73FD.Arn>`,
    ]);
    expect(allowedBy(stack, 'AWS::KMS::Key')).toEqual([]); // the policy of the key leaves permissions to IAM
    expect(warningsOf(stack)).toEqual([]);
  });

  test('gets the permissions on a key of another account that was imported', () => {
    const stack = newStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', KEY_ARN);
    destination(stack, { bucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'mine', encryptionKey }), role: role(stack) });
    expect(permissionsOf(stack, holder).filter(line => line.startsWith('kms:'))).toEqual([`${READ_KEY} on ${KEY_ARN}`, `${WRITE_KEY} on ${KEY_ARN}`]);
  });

  test('gets the permissions on a key in another Region', () => {
    const app = new App();
    const [ours, theirs] = [OURS, { ...OURS, region: 'us-east-1' }].map(env => new Stack(app, env.region, { env }));
    const bucket = new Bucket(theirs, 'Bucket', { bucketName: PhysicalName.GENERATE_IF_NEEDED, encryptionKey: new Key(theirs, 'Key') });
    destination(ours, { bucket, role: role(ours) });
    const via = ' if {"StringLike":{"kms:ViaService":"s3.*"}}';
    expect(permissionsOf(ours, holder).filter(line => line.startsWith('kms:'))).toEqual([
      `${READ_KEY} on arn:<AWS::Partition>:kms:us-east-1:111122223333:key/*${via}`, `${WRITE_KEY} on arn:<AWS::Partition>:kms:us-east-1:111122223333:key/*${via}`,
    ]);
    expect(ours.dependencies).toEqual([theirs]);
    expect(allowedBy(theirs, 'AWS::KMS::Key')).toEqual([]);
  });
});

describe('the policy of a key that leaves nothing to IAM', () => {
  const keys: Array<[string, (stack: Stack) => IKey]> = [
    ['of the user', stack => new Key(stack, 'Key', { policy: strict() })],
    ['that leaves something under a condition', stack => new Key(stack, 'Key', {
      policy: new PolicyDocument({
        statements: [new PolicyStatement({
          actions: ['kms:*'], resources: ['*'], principals: [new AccountRootPrincipal()], conditions: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        })],
      }),
    })],
    ['of an L1', stack => Key.fromCfnKey(new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } }))],
  ];

  test.each(keys)('%s gets the role', (_, key) => {
    const stack = newStack();
    const location = destination(stack, { bucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'mine', encryptionKey: key(stack) }) });
    const role = flatten(stack.resolve(location.role.roleArn));
    expect(allowedBy(stack, 'AWS::KMS::Key').slice(-2)).toEqual([`${READ_KEY} on * for ${role}`, `${WRITE_KEY} on * for ${role}`]);
  });

  test('gets the role of another Region by its name', () => {
    const app = new App();
    const [ours, theirs] = [OURS, { ...OURS, region: 'us-east-1' }].map(env => new Stack(app, env.region, { env }));
    const key = new Key(theirs, 'Key', { policy: strict() });
    const location = destination(ours, { bucket: new Bucket(theirs, 'Bucket', { bucketName: 'mine', encryptionKey: key }) });
    new CfnOutput(theirs, 'Role', { value: location.role.roleArn });
    const role = flatten(Template.fromStack(theirs).toJSON().Outputs.Role.Value);
    expect(role).toMatch(/:iam::111122223333:role\/[0-9a-z-]+$/);
    const who = `for arn:<AWS::Partition>:iam::111122223333:root if ${role}`;
    expect(allowedBy(theirs, 'AWS::KMS::Key').slice(-2)).toEqual([`${READ_KEY} on * ${who}`, `${WRITE_KEY} on * ${who}`]);
  });

  test('gets the account of a role whose stack depends on the key', () => {
    const app = new App();
    const [keys_, locations] = ['Keys', 'Locations'].map(id => new Stack(app, id));
    destination(locations, { bucket: new Bucket(locations, 'Bucket', { encryptionKey: new Key(keys_, 'Key', { policy: strict() }) }) });
    expect(messageOf(() => app.synth())).toBe('no error');
    const account = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root';
    expect(allowedBy(keys_, 'AWS::KMS::Key').slice(-2)).toEqual([`${READ_KEY} on * for ${account}`, `${WRITE_KEY} on * for ${account}`]);
  });
});

test('the policy of a key names a role of its own stack, and only that', () => {
  const app = new App();
  const [keys, locations] = ['Keys', 'Locations'].map(id => new Stack(app, id));
  const role = ownedRole(keys);
  destination(locations, { bucket: new Bucket(locations, 'Bucket', { encryptionKey: new Key(keys, 'Key', { policy: strict() }) }), role });
  expect(messageOf(() => app.synth())).toBe('no error');
  const arn = flatten(keys.resolve(role.roleArn));
  expect(allowedBy(keys, 'AWS::KMS::Key').slice(-2)).toEqual([`${READ_KEY} on * for ${arn}`, `${WRITE_KEY} on * for ${arn}`]);
});

test('a bucket in another Region whose stack comes after that of the location closes no circle', () => {
  const app = new App();
  const [ours, theirs] = [OURS, { ...OURS, region: 'us-east-1' }].map(env => new Stack(app, env.region, { env }));
  addStackDependency(theirs, ours);
  new S3Location(ours, 'S3', { bucket: new Bucket(theirs, 'Bucket', { bucketName: 'mine' }), writable: false });
  expect(messageOf(() => app.synth())).toBe('no error');
  expect(ours.dependencies).toEqual([]);
});

test('a role of one stack may be used with the bucket and the location of another', () => {
  const app = new App();
  const [roles, data] = ['Roles', 'Data'].map(id => new Stack(app, id));
  destination(data, { bucket: new Bucket(data, 'Bucket', { encryptionKey: new Key(data, 'Key') }), role: ownedRole(roles) });
  expect(messageOf(() => app.synth())).toBe('no error');
  expect(data.dependencies).toEqual([roles]);
  expect(permissionsOf(data, 'S3Policy')).toHaveLength(5);
});

test('two stacks do not overwrite each other\'s policy of one imported role', () => {
  const app = new App();
  const stacks = ['One', 'Two'].map(id => new Stack(app, id));
  for (const stack of stacks) new S3Location(stack, 'S3', { bucket: Bucket.fromBucketName(stack, 'Bucket', 'mine'), role: importedRole(stack) });
  const names = stacks.map(stack => resourceOf(stack, 'AWS::IAM::Policy').Properties.PolicyName);
  expect(names[0]).not.toBe(names[1]);
});

test('stacks of one name in two Regions do not either', () => {
  const app = new App();
  const stacks = ['eu-west-1', 'us-east-1'].map(region => new Stack(app, region, { stackName: 'Same', env: { account: OURS.account, region } }));
  for (const stack of stacks) new S3Location(stack, 'S3', { bucket: Bucket.fromBucketName(stack, 'Bucket', 'mine'), role: importedRole(stack) });
  const names = stacks.map(stack => resourceOf(stack, 'AWS::IAM::Policy').Properties.PolicyName);
  expect(names[0]).toMatch(/-eu-west-1$/);
  expect(names[1]).toBe(names[0].replace('eu-west-1', 'us-east-1'));
});

describe('what Role.customizeRoles reports', () => {
  test.each<[string, (stack: Stack) => S3LocationProps['role']]>([['its own', () => undefined], ['the given', ownedRole]])('has the permissions of %s role', (_, role) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    Role.customizeRoles(stack);
    destination(stack, { bucket: new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') }), role: role(stack) });
    const report = JSON.parse(readFileSync(`${app.synth().directory}/iam-policy-report.json`, 'utf8'));
    const { identityPolicyStatements } = report.roles.find(({ roleConstructPath }: any) => /Stack\/(S3\/)?Role$/.test(roleConstructPath));
    expect(identityPolicyStatements.map(({ Action }: any) => [Action].flat().join(' '))).toEqual([ON_BUCKET, READ, READ_KEY, WRITE, WRITE_KEY]);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('has the permissions of a role that would have them in itself', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    Role.customizeRoles(stack);
    destination(stack, { bucket: new Bucket(stack, 'Bucket') });
    const { roles: [{ identityPolicyStatements }] } = JSON.parse(readFileSync(`${app.synth().directory}/iam-policy-report.json`, 'utf8'));
    expect(identityPolicyStatements.map(({ Action }: any) => [Action].flat().join(' '))).toEqual([ON_BUCKET, READ, WRITE]);
  });
});

describe('the account of the bucket is a condition', () => {
  const conditionOf = (bucket: (stack: Stack) => IBucket, env?: StackProps) => {
    const stack = newStack(env);
    destination(stack, { bucket: bucket(stack) });
    const conditions = permissionsOf(stack, 'S3Role').filter(line => line.startsWith('s3:')).map(line => line.split(' if ')[1]);
    expect(new Set(conditions).size).toBe(1);
    return conditions[0] && JSON.parse(conditions[0]).StringEquals['aws:ResourceAccount'];
  };

  test.each<[string, (stack: Stack) => IBucket, StackProps | undefined, unknown]>([
    ['for a bucket of the stack', stack => new Bucket(stack, 'Bucket'), undefined, { Ref: 'AWS::AccountId' }],
    ['for a bucket of the stack in an environment', stack => new Bucket(stack, 'Bucket'), { env: OURS }, '111122223333'],
    ['for a bucket that was imported with its account', stack => Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', account: '444455556666' }), { env: OURS }, '444455556666'],
    ['not for a bucket that was imported by its name', stack => Bucket.fromBucketName(stack, 'Bucket', 'whose'), { env: OURS }, undefined],
    ['for an L1 of the stack', stack => Bucket.fromCfnBucket(new CfnBucket(stack, 'Bucket')), undefined, { Ref: 'AWS::AccountId' }],
  ])('%s', (_, bucket, env, account) => {
    expect(conditionOf(bucket, env)).toEqual(account);
  });
});

describe('a bucket of another account of the app', () => {
  const declare = (props: Partial<StackProps> = {}, role?: (stack: Stack) => S3LocationProps['role']) => {
    const app = new App();
    const [ours, theirs] = [new Stack(app, 'Ours', { env: OURS, ...props }), new Stack(app, 'Theirs', { env: THEIRS })];
    const bucket = new Bucket(theirs, 'Bucket', { bucketName: 'theirs', encryptionKey: new Key(theirs, 'Key') });
    const location = destination(ours, { bucket, subdirectory: 'in/', role: role?.(ours) });
    return { app, ours, theirs, location };
  };
  const ACCOUNT = 'for arn:<AWS::Partition>:iam::111122223333:root';
  const DEPLOYER = 'arn:<AWS::Partition>:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1';

  test.each<[string, ((stack: Stack) => S3LocationProps['role']) | undefined, RegExp]>([
    ['a role of the location', undefined, /^arn:<AWS::Partition>:iam::111122223333:role\/ourss3role[0-9a-z]+$|^arn:<AWS::Partition>:iam::111122223333:role\/oursours[0-9a-z]+$/],
    ['an imported role', importedRole, /^arn:aws:iam::111122223333:role\/mine$/],
  ])('lets %s in, and the key does', (_, role, arn) => {
    const { app, ours, theirs } = declare({}, role);
    expect(messageOf(() => app.synth())).toBe('no error');
    const onBucket = allowedBy(theirs, 'AWS::S3::BucketPolicy');
    const roleArn = onBucket[0].split(' if ')[1];
    expect(roleArn).toMatch(arn);
    const bucket = '<Bucket83908E77.Arn>';
    expect(onBucket).toEqual([
      `${ON_BUCKET} on ${bucket} ${ACCOUNT} if ${roleArn}`,
      `s3:GetBucketLocation s3:ListBucket on ${bucket} ${ACCOUNT} if ${DEPLOYER}`,
      `${READ} on ${bucket}/in/* ${ACCOUNT} if ${roleArn}`,
      `${WRITE} on ${bucket}/in/* ${ACCOUNT} if ${roleArn}`,
    ]);
    expect(allowedBy(theirs, 'AWS::KMS::Key')).toEqual([`${READ_KEY} on * ${ACCOUNT} if ${roleArn}`, `${WRITE_KEY} on * ${ACCOUNT} if ${roleArn}`]);
    expect(ours.dependencies).toEqual([theirs]);
    expect(warningsOf(ours)).toEqual([]);
  });

  test('causes a warning when it is not known who deploys', () => {
    const { ours, theirs } = declare({ synthesizer: new CliCredentialsStackSynthesizer() });
    expect(allowedBy(theirs, 'AWS::S3::BucketPolicy')).toHaveLength(3);
    expect(warningsOf(ours)).toEqual([
      '/Ours/S3 bucket Theirs/Bucket belongs to the account 444455556666: whoever deploys this stack needs s3:GetBucketLocation and s3:ListBucket on it, '
      + 'and it is not known who that is; give deployPrincipal [ack: cdk-datasync:bucketOfOtherAccount]',
    ]);
  });

  test('lets in whoever is said to deploy', () => {
    const app = new App();
    const [ours, theirs] = [new Stack(app, 'Ours', { env: OURS, synthesizer: new CliCredentialsStackSynthesizer() }), new Stack(app, 'Theirs', { env: THEIRS })];
    const deployPrincipal = new ArnPrincipal('arn:aws:iam::111122223333:role/pipeline');
    destination(ours, { bucket: new Bucket(theirs, 'Bucket', { bucketName: 'theirs' }), deployPrincipal });
    expect(messageOf(() => app.synth())).toBe('no error');
    expect(resourceOf(theirs, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement).toContainEqual({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:role/pipeline' },
      Action: ['s3:GetBucketLocation', 's3:ListBucket'],
      Resource: { 'Fn::GetAtt': ['Bucket83908E77', 'Arn'] },
    });
    expect(warningsOf(ours)).toEqual([]);
  });

  test.each<[string, ObjectOwnership | undefined, boolean, number]>([
    ['is written to, and has other owners', ObjectOwnership.OBJECT_WRITER, true, 1],
    ['is only read', ObjectOwnership.OBJECT_WRITER, false, 0],
    ['owns what is written to it', ObjectOwnership.BUCKET_OWNER_ENFORCED, true, 0],
    ['says nothing of owners', undefined, true, 0],
  ])('causes a warning of object ownership when it %s, not otherwise', (_, objectOwnership, writable, count) => {
    const app = new App();
    const [ours, theirs] = [new Stack(app, 'Ours', { env: OURS }), new Stack(app, 'Theirs', { env: THEIRS })];
    new S3Location(ours, 'S3', { bucket: new Bucket(theirs, 'Bucket', { bucketName: 'theirs', objectOwnership }), writable });
    expect(warningsOf(ours)).toEqual(Array(count).fill('/Ours/S3 bucket Theirs/Bucket has objectOwnership ObjectWriter: what this location writes belongs to the account of '
      + 'its role; use ObjectOwnership.BUCKET_OWNER_ENFORCED [ack: cdk-datasync:objectOwnership]'));
  });

  test('has a stack that may name the role of the location elsewhere, too', () => {
    const { app, theirs, location } = declare();
    new Bucket(theirs, 'Another', { bucketName: 'another' }).addToResourcePolicy(new PolicyStatement({
      actions: ['s3:GetObject'], resources: ['*'], principals: [new ArnPrincipal(location.role.roleArn)],
    }));
    expect(messageOf(() => app.synth())).toBe('no error');
  });
});

describe('an imported bucket of another account', () => {
  const declare = (props?: Partial<S3LocationProps>, withKey = true) => {
    const stack = newStack({ env: OURS });
    const encryptionKey = withKey ? Key.fromKeyArn(stack, 'Key', KEY_ARN) : undefined;
    const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', account: THEIRS.account, encryptionKey });
    return { stack, bucket, location: new S3Location(stack, 'S3', { bucket, writable: false, ...props }) };
  };
  const pasted = (stack: Stack, what: string) => JSON.parse(new RegExp(`policy of the ${what}: (\\[.*?\\])(;| \\[ack)`).exec(warningsOf(stack).join())![1]);

  test('causes a warning with what to paste into the policies of bucket and key', () => {
    const { stack, location } = declare();
    const { RoleName } = resourceOf(stack, 'AWS::IAM::Role').Properties;
    expect(RoleName).toMatch(/^Stack-S3-[0-9A-F]{8}-eu-west-1$/);
    const statement = (Action: string | string[], Resource: string, role = `arn:aws:iam::111122223333:role/${RoleName}`) => ({
      Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action, Resource, Condition: { ArnEquals: { 'aws:PrincipalArn': [role] } },
    });
    const reading = [
      statement(ON_BUCKET.split(' '), 'arn:aws:s3:::theirs'),
      statement(['s3:GetBucketLocation', 's3:ListBucket'], 'arn:aws:s3:::theirs', 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1'),
      statement(READ.split(' '), 'arn:aws:s3:::theirs/*'),
    ];
    new Task(stack, 'Reader', { source: location, destination: locationOf(stack, 'Destination') });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(
      /^\/Stack\/S3 bucket Stack\/Bucket belongs to the account 444455556666, which must let the role of this location in; the object ownership of the bucket must be "bucket owner enforced"; add /)]);
    expect(pasted(stack, 'bucket')).toEqual(reading);
    expect(pasted(stack, 'key')).toEqual([statement('kms:Decrypt', '*')]);
  });

  test('asks for more when a task writes to it', () => {
    const { stack, location } = declare();
    new Task(stack, 'Writer', { source: locationOf(stack, 'Source'), destination: location });
    expect(pasted(stack, 'bucket').map(({ Action }: any) => Action.join(' '))).toEqual([ON_BUCKET, 's3:GetBucketLocation s3:ListBucket', READ, WRITE]);
    expect(pasted(stack, 'key').map(({ Action }: any) => [Action].flat().join(' '))).toEqual([READ_KEY, WRITE_KEY]);
  });

  test('names the given role', () => {
    const stack = newStack({ env: OURS });
    const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', account: THEIRS.account });
    new S3Location(stack, 'S3', { bucket, role: importedRole(stack) });
    expect(pasted(stack, 'bucket')[0].Condition).toEqual({ ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/mine'] } });
    expect(warningsOf(stack).join()).not.toContain('policy of the key');
  });

  test('is not meant when only its key is of another account', () => {
    const stack = newStack({ env: OURS });
    new S3Location(stack, 'S3', { writable: false, bucket: new Bucket(stack, 'Bucket', { encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) }) });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(
      /^\/Stack\/S3 the key of bucket Stack\/Bucket belongs to the account 444455556666, which must let the role of this location use it; add to the policy of the key: /)]);
    const { RoleName } = resourceOf(stack, 'AWS::IAM::Role').Properties;
    expect(pasted(stack, 'key')).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': [`arn:aws:iam::111122223333:role/${RoleName}`] } },
    }]);
  });

  test('has another role in another Region, where roles are the same', () => {
    const nameIn = (region: string) => {
      const stack = newStack({ env: { ...OURS, region } });
      new S3Location(stack, 'S3', { bucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', account: THEIRS.account }) });
      return resourceOf(stack, 'AWS::IAM::Role').Properties.RoleName;
    };
    expect(nameIn('eu-west-1')).not.toBe(nameIn('eu-west-2'));
  });
});

describe('an alias as the key of a bucket', () => {
  const declare = (key: (stack: Stack) => IKey) => {
    const stack = newStack();
    destination(stack, { bucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'mine', encryptionKey: key(stack) }) });
    return { permissions: permissionsOf(stack, 'S3Role').filter(line => line.startsWith('kms:')), warnings: warningsOf(stack) };
  };

  test.each<[string, (stack: Stack) => IKey, string]>([
    ['of the stack', stack => new Alias(stack, 'Alias', { aliasName: 'alias/mine', targetKey: new Key(stack, 'Key') }), '<Key961B73FD.Arn>'],
    ['that was imported with its key', stack => Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/mine', aliasTargetKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) }), KEY_ARN],
  ])('%s stands for the key', (_, key, arn) => {
    expect(declare(key)).toEqual({ permissions: [`${READ_KEY} on ${arn}`, `${WRITE_KEY} on ${arn}`], warnings: [] });
  });

  test('that was imported by its name gives permissions on the key with that name, and a warning', () => {
    const on = 'on arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/* if {"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/mine"}}';
    expect(declare(stack => Alias.fromAliasName(stack, 'Alias', 'alias/mine'))).toEqual({
      permissions: [`${READ_KEY} ${on}`, `${WRITE_KEY} ${on}`],
      warnings: [
        '/Stack/S3 bucket Stack/Bucket has the imported alias alias/mine as its key: the role gets the permissions on whatever key of the account has that alias, '
        + 'and the policy of the key, which cannot be changed by its alias, must leave permissions to IAM; import the key itself, with Key.fromKeyArn() '
        + '[ack: cdk-datasync:aliasAsKey]',
      ],
    });
  });
});

/** CDK has another name for it in its newer releases, where the older one is deprecated. */
function addStackDependency(stack: Stack & { addStackDependency?(other: Stack): void }, other: Stack): void {
  if (stack.addStackDependency) stack.addStackDependency(other);
  else stack.addDependency(other);
}
