import type { CfnResource } from 'aws-cdk-lib';
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Location } from '../../src';
import {
  Agent, AzureBlobAuthentication, AzureBlobLocation, FsxFileSystem, FsxOntapLocation, FsxStorageVirtualMachine, FsxWindowsLocation, LocationSecret,
  OntapProtocol, SmbAuthentication, SmbLocation, Task, TaskExecution, TaskMode,
} from '../../src';
import { AGENT_ARN, messageOf, newStack, permissionsOf, resourceOf, s3Location, statementsOf, trustedArns, warningsOf } from '../support/stacks';

const ENV = { account: '111122223333', region: 'us-east-1' };
const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:password-AbCdEf';
const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const smb = (stack: Stack, password: LocationSecret) => new SmbLocation(stack, 'Smb', {
  serverHostname: 'host', subdirectory: '/share', agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)], authentication: SmbAuthentication.ntlm({ user: 'me', password }),
});
const fsx = (stack: Stack) => ({ vpc: new Vpc(stack, 'Vpc'), fileSystem: FsxFileSystem.fromFileSystemId(stack, 'Fs', 'fs-0123456789abcdef0') });
const propertiesOf = (stack: Stack) => resourceOf(stack, 'AWS::DataSync::LocationSMB').Properties;

describe('a secret in Secrets Manager', () => {
  test.each<[string, (stack: Stack) => ISecret, string[], string[]]>([
    ['of the app', stack => new Secret(stack, 'Secret'), ['secretsmanager:DescribeSecret secretsmanager:GetSecretValue on <SecretA720EF05>'], []],
    [
      'of the app with a key', stack => new Secret(stack, 'Secret', { encryptionKey: new Key(stack, 'Key') }),
      ['secretsmanager:DescribeSecret secretsmanager:GetSecretValue on <SecretA720EF05>', 'kms:Decrypt on <Key961B73FD.Arn>'], [],
    ],
    [
      'with a key by its alias', stack => new Secret(stack, 'Secret', { encryptionKey: new Alias(stack, 'Alias', { aliasName: 'a', targetKey: new Key(stack, 'Key') }) }),
      ['secretsmanager:DescribeSecret secretsmanager:GetSecretValue on <SecretA720EF05>', 'kms:Decrypt on <Key961B73FD.Arn>'], [],
    ],
    [
      'that was imported with its key',
      stack => Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn: SECRET_ARN, encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) }),
      [`secretsmanager:DescribeSecret secretsmanager:GetSecretValue on ${SECRET_ARN}`, `kms:Decrypt on ${KEY_ARN}`], [],
    ],
    [
      'that was imported by its name', stack => Secret.fromSecretNameV2(stack, 'Secret', 'password'),
      ['secretsmanager:DescribeSecret secretsmanager:GetSecretValue on arn:<AWS::Partition>:secretsmanager:us-east-1:111122223333:secret:password-??????'],
      ['/Stack/Smb secret Stack/Secret was imported without its key, so the role of this location gets no permission to decrypt it; '
        + 'if it has a key of yours, import it by Secret.fromSecretAttributes() with its encryptionKey [ack: cdk-datasync:secretKeyUnknown]'],
    ],
  ])('%s is read by a role that may do nothing else', (_, secretOf, permissions, warnings) => {
    const stack = newStack({ env: ENV });
    const secret = secretOf(stack);
    const location = smb(stack, LocationSecret.fromSecretsManager(secret));
    expect(permissionsOf(stack, 'SmbSecretRole')).toEqual(permissions);
    expect(warningsOf(stack)).toEqual(warnings);
    const { CustomSecretConfig, Password, CmkSecretConfig } = propertiesOf(stack);
    expect(CustomSecretConfig).toEqual({
      SecretArn: stack.resolve(secret.secretArn), SecretAccessRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^SmbSecretRole/), 'Arn'] },
    });
    expect([Password, CmkSecretConfig]).toEqual([undefined, undefined]);
    const resource = Template.fromStack(stack).toJSON().Resources[stack.getLogicalId(location.node.defaultChild as CfnResource)];
    expect(resource.DependsOn).toEqual([expect.stringMatching(/^SmbSecretRoleDefaultPolicy/), expect.stringMatching(/^SmbSecretRole/)]);
  });

  const windows = (stack: Stack, password: LocationSecret) => new FsxWindowsLocation(stack, 'Location', { ...fsx(stack), user: 'me', password });
  const ontap = (stack: Stack, password: LocationSecret) => new FsxOntapLocation(stack, 'Location', {
    ...fsx(stack),
    storageVirtualMachine: FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, 'Svm', 'svm-0123456789abcdef0'),
    protocol: OntapProtocol.smb({ user: 'me', password }),
  });
  const azure = (stack: Stack, token: LocationSecret) => new AzureBlobLocation(stack, 'Location', {
    containerUrl: 'https://account.blob.core.windows.net/container', authentication: AzureBlobAuthentication.sas(token),
  });

  test.each<[string, (stack: Stack, secret: LocationSecret) => Location, TaskMode]>([
    ['FsxWindowsLocation', windows, TaskMode.BASIC], ['FsxOntapLocation', ontap, TaskMode.BASIC], ['AzureBlobLocation', azure, TaskMode.ENHANCED],
  ])('is read by a role that trusts the service in any Region once a task of another Region uses the %s', (_, make, taskMode) => {
    for (const [where, region] of [[ENV.region, ENV.region], ['eu-west-1', '*']]) {
      const app = new App();
      const [own, other] = [ENV.region, where].map((each, index) => new Stack(app, `Stack${index}`, { env: { ...ENV, region: each }, crossRegionReferences: true }));
      const source = make(own, LocationSecret.fromSecretsManager(new Secret(own, 'Secret')));
      new Task(other, 'Task', { source, destination: s3Location(other, 'S3'), taskMode });
      expect(trustedArns(own, 'secret')).toEqual([`arn:<AWS::Partition>:datasync:${region}:111122223333:*`]);
    }
  });

  test('is read by the role that is given, whose permissions are in a policy of the location', () => {
    const app = new App();
    const roles = new Stack(app, 'Roles', { env: ENV });
    const stack = new Stack(app, 'Stack', { env: ENV });
    const accessRole = new Role(roles, 'Role', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') });
    smb(stack, LocationSecret.fromSecretsManager(new Secret(stack, 'Secret'), { accessRole }));
    expect(permissionsOf(stack, 'SmbSecretPolicy')).toEqual(['secretsmanager:DescribeSecret secretsmanager:GetSecretValue on <SecretA720EF05>']);
    expect(statementsOf(roles)).toEqual([]);
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Role'))).toEqual([]);
  });

  test('is not read by a role of another account', () => {
    const stack = newStack({ env: ENV });
    const accessRole = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/other');
    expect(messageOf(() => smb(stack, LocationSecret.fromSecretsManager(new Secret(stack, 'Secret'), { accessRole }))))
      .toContain('accessRole "Stack/Role": is in the account 444455556666, this stack is in 111122223333; use both from one account');
  });

  test('of another account causes a warning with the statement for its policy', () => {
    const stack = newStack({ env: ENV });
    const secret = Secret.fromSecretAttributes(stack, 'Secret', {
      secretCompleteArn: SECRET_ARN.replace('111122223333', '444455556666'), encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    });
    smb(stack, LocationSecret.fromSecretsManager(secret));
    const [warning] = warningsOf(stack);
    expect(warning).toMatch(/^\/Stack\/Smb secret Stack\/Secret belongs to the account 444455556666, which must let the role of this location read it, .*GetSecretValue/);
  });
});

describe('a value', () => {
  test('stands in the template as a reference only', () => {
    const stack = newStack();
    smb(stack, LocationSecret.fromSecretValue(SecretValue.secretsManager('password')));
    const { CustomSecretConfig, Password, CmkSecretConfig } = propertiesOf(stack);
    expect([CustomSecretConfig, Password, CmkSecretConfig]).toEqual([undefined, '{{resolve:secretsmanager:password:SecretString:::}}', undefined]);
    expect(statementsOf(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => IKey]>([
    ['a key', stack => new Key(stack, 'Key')],
    ['the alias of a key', stack => new Alias(stack, 'Alias', { aliasName: 'a', targetKey: new Key(stack, 'Key') })],
  ])('is encrypted with %s, whose policy lets the service decrypt', (_, keyOf) => {
    const stack = newStack({ env: ENV });
    smb(stack, LocationSecret.fromSecretValue(SecretValue.secretsManager('password'), { encryptionKey: keyOf(stack) }));
    expect(propertiesOf(stack).CmkSecretConfig).toEqual({ KmsKeyArn: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } });
    const { Statement } = resourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy;
    const role = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/aws-service-role/datasync.amazonaws.com/AWSServiceRoleForDataSync']] };
    expect(Statement[1]).toEqual({
      Action: 'kms:Decrypt',
      Effect: 'Allow',
      Resource: '*',
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } },
      Condition: { ArnEquals: { 'aws:PrincipalArn': role } },
    });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('with an imported key causes a warning with the statement for its policy', () => {
    const stack = newStack({ env: ENV });
    smb(stack, LocationSecret.fromSecretValue(SecretValue.secretsManager('password'), { encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) }));
    expect(propertiesOf(stack).CmkSecretConfig).toEqual({ KmsKeyArn: KEY_ARN });
    expect(warningsOf(stack)).toEqual([expect.stringContaining('/Stack/Smb the policy of key Stack/Key cannot be changed from here, so it does not let DataSync read')]);
    expect(warningsOf(stack)[0]).toContain('"aws:PrincipalArn":"arn:aws:iam::111122223333:role/aws-service-role/datasync.amazonaws.com/AWSServiceRoleForDataSync"');
  });

  test.each<[string, (stack: Stack) => IKey]>([
    ['its name', stack => Alias.fromAliasName(stack, 'Key', 'alias/a')],
    ['its ARN', stack => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:alias/a')],
  ])('is not encrypted with an alias that was imported by %s', (_, keyOf) => {
    const stack = newStack({ env: ENV });
    expect(messageOf(() => smb(stack, LocationSecret.fromSecretValue(SecretValue.secretsManager('password'), { encryptionKey: keyOf(stack) })))).toBe(
      'DataSyncValidationError: [Stack/Smb] encryptionKey "Stack/Key": must be a key, the service takes no alias; import the key itself, with Key.fromKeyArn()');
  });
});

const PLANTED = 'planted-value-5f2c';

test('a value in plain text stands in the property that is for it, and nowhere else', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const location = smb(stack, LocationSecret.fromSecretValue(SecretValue.unsafePlainText(PLANTED)));
  new TaskExecution(stack, 'Start', { task: new Task(stack, 'Task', { source: location, destination: s3Location(stack, 'S3') }) });
  const template = Template.fromStack(stack).toJSON();
  expect(template.Resources[stack.getLogicalId(location.node.defaultChild as CfnResource)].Properties.Password).toBe(PLANTED);
  expect(JSON.stringify(template).split(PLANTED)).toHaveLength(2);
  expect(JSON.stringify(app.synth().manifest)).not.toContain(PLANTED);
});

test('no message about a location shows its secret', () => {
  const stack = newStack();
  const password = LocationSecret.fromSecretValue(SecretValue.unsafePlainText(PLANTED));
  const message = messageOf(() => new SmbLocation(stack, 'Smb', {
    serverHostname: 'a b', subdirectory: '', agents: [], authentication: SmbAuthentication.ntlm({ user: 'a/b', password, domain: '-' }),
  }));
  expect(message.split('\n')).toHaveLength(5);
  expect(message).not.toContain(PLANTED);
});
