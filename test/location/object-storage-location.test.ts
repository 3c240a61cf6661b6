import type { Stack } from 'aws-cdk-lib';
import { Fn, SecretValue } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ObjectStorageLocationProps } from '../../src';
import { Agent, LocationSecret, ObjectStorageAuthentication, ObjectStorageLocation, Task, TaskMode } from '../../src';
import { AGENT_ARN, messageOf, newStack, resourceOf, s3Location, snapshotOf, warningsOf } from '../support/stacks';

const GOOGLE = { projectName: 'my-project', projectNumber: '123456789012', identityPoolName: 'pool', identityProviderName: 'provider' };
const L1 = 'AWS::DataSync::LocationObjectStorage';

const objects = (stack: Stack, props: Partial<ObjectStorageLocationProps> = {}) => new ObjectStorageLocation(stack, 'Objects', {
  serverHostname: 'host', bucketName: 'bucket', authentication: ObjectStorageAuthentication.anonymous(), ...props,
});
const withKey = (secretKey: LocationSecret) => ({ authentication: ObjectStorageAuthentication.accessKey('key', secretKey) });
const plain = (text: string) => LocationSecret.fromSecretValue(SecretValue.unsafePlainText(text));
const agents = (stack: Stack) => [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)];

test('a location with a secret of the app is rendered', () => {
  const stack = newStack();
  objects(stack, withKey(LocationSecret.fromSecretsManager(new Secret(stack, 'Secret'))));
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with federated identity of Google is rendered', () => {
  const stack = newStack();
  const location = objects(stack, { serverHostname: 'storage.googleapis.com', authentication: ObjectStorageAuthentication.googleOidc(GOOGLE) });
  expect(snapshotOf(stack)).toMatchSnapshot();
  expect(location.role).toBeDefined();
});

test('a role that is given for federated identity gets the permission in the scope of the location', () => {
  const stack = newStack();
  const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') });
  const location = objects(stack, { authentication: ObjectStorageAuthentication.googleOidc({ ...GOOGLE, role }) });
  expect(location.role).toBe(role);
  expect(resourceOf(stack, 'AWS::IAM::Policy').Properties).toMatchObject({
    PolicyDocument: { Statement: [{ Action: 'sts:GetWebIdentityToken', Effect: 'Allow', Resource: '*' }] }, Roles: [stack.resolve(role.roleName)],
  });
  expect(resourceOf(stack, L1).DependsOn).toEqual([expect.stringMatching(/^ObjectsPolicy/)]);
});

test('no role without federated identity', () => {
  expect(objects(newStack()).role).toBeUndefined();
});

test('a secret key that is refused is in no message', () => {
  const message = messageOf(() => objects(newStack(), withKey(plain('s3cr3t'.repeat(40)))));
  expect(message).toBe('DataSyncValidationError: [Stack/Objects] secretKey: must have at most 200 characters, has 240; give the secret key that belongs to the access key');
});

test.each<[string, Partial<ObjectStorageLocationProps>]>([
  ['an IPv6 address', { serverHostname: '2001:db8::1' }],
  ['a host that the deployment knows', { serverHostname: Fn.importValue('Host') }],
  ['a bucket with spaces', { bucketName: 'my bucket (1)' }],
  ['the last port', { serverPort: 65536 }],
  ['a secret key of 200 characters', withKey(plain('x'.repeat(200)))],
  ['a secret key that the deployment knows', withKey(LocationSecret.fromSecretValue(SecretValue.secretsManager('key')))],
])('a location accepts %s', (_, props) => {
  const stack = newStack();
  expect(messageOf(() => objects(stack, props))).toBe('no error');
  expect(warningsOf(stack)).toEqual([]);
});

test('without agents it is for Enhanced mode and S3 only', () => {
  const declare = (props: Partial<ObjectStorageLocationProps>, taskMode?: TaskMode) => {
    const stack = newStack();
    return messageOf(() => new Task(stack, 'Task', {
      source: objects(stack, { ...props, ...'agents' in props && { agents: agents(stack) } }), destination: s3Location(stack, 'S3'), taskMode,
    }));
  };
  expect(declare({})).toBe('DataSyncValidationError: [Stack/Task] taskMode "BASIC" with source of type OBJECT_STORAGE without agents: '
    + 'Basic mode reaches that type of location by agents only; use TaskMode.ENHANCED, or create the location with agents');
  expect(declare({}, TaskMode.ENHANCED)).toBe('no error');
  expect(declare({ agents: [] })).toBe('no error');
});
