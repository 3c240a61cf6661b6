import { App, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AzureBlobLocationProps } from '../../src';
import { AzureAccessTier, AzureBlobAuthentication, AzureBlobLocation, LocationSecret, Task, TaskMode, VerifyMode } from '../../src';
import { messageOf, newStack, s3Location, snapshotOf, trustedArns, warningsOf } from '../support/stacks';

const ENTRA = { tenantId: '01234567-89ab-cdef-0123-456789abcdef', clientId: '76543210-89ab-cdef-0123-456789abcdef' };

const azure = (stack: Stack, props: Partial<AzureBlobLocationProps> = {}) => new AzureBlobLocation(stack, 'Azure', {
  containerUrl: 'https://account.blob.core.windows.net/container', authentication: AzureBlobAuthentication.anonymous(), ...props,
});
const withToken = (token: LocationSecret) => ({ authentication: AzureBlobAuthentication.sas(token) });
const plain = (text: string) => LocationSecret.fromSecretValue(SecretValue.unsafePlainText(text));

test('a location with a token of the app is rendered', () => {
  const stack = newStack();
  azure(stack, withToken(LocationSecret.fromSecretsManager(new Secret(stack, 'Secret'))));
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with a token by value is rendered', () => {
  const stack = newStack();
  azure(stack, withToken(LocationSecret.fromSecretValue(SecretValue.secretsManager('sas'))));
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with federated identity of Entra is rendered', () => {
  const stack = newStack();
  const location = azure(stack, { authentication: AzureBlobAuthentication.oidc(ENTRA) });
  expect(snapshotOf(stack)).toMatchSnapshot();
  expect(location.role).toBeDefined();
});

test('a location with federated identity trusts the service in any Region once a task of another Region uses it', () => {
  const app = new App();
  const [near, far] = ['us-east-1', 'eu-west-1'].map(region => new Stack(app, region, { env: { account: '111122223333', region }, crossRegionReferences: true }));
  const location = azure(near, { authentication: AzureBlobAuthentication.oidc(ENTRA) });
  new Task(far, 'Task', { source: location, destination: s3Location(far, 'S3'), taskMode: TaskMode.ENHANCED });
  expect(trustedArns(near, 'another cloud')).toEqual(['arn:<AWS::Partition>:datasync:*:111122223333:*']);
});

test('a token that is refused is in no message', () => {
  expect(messageOf(() => azure(newStack(), withToken(plain('?sv=s3cr3t')))))
    .toBe('DataSyncValidationError: [Stack/Azure] token: must not begin with "?"; give the token alone, what follows the "?" of the URL');
});

test.each<[string, Partial<AzureBlobLocationProps>]>([
  ['a domain of one\'s own', { containerUrl: 'https://blobs.example.com/my-container' }],
  ['a URL that the deployment knows', { containerUrl: Fn.importValue('Url') }],
  ['a path with umlauts', { subdirectory: '/Bücher=2024' }],
  ['a token of 255 characters', withToken(plain('x'.repeat(255)))],
])('a location accepts %s', (_, props) => {
  const stack = newStack();
  expect(messageOf(() => azure(stack, props))).toBe('no error');
  expect(warningsOf(stack)).toEqual([]);
});

test('what is written to the archive tier cannot be verified at the end', () => {
  const stack = newStack();
  const declare = (verifyMode: VerifyMode, id: string) => messageOf(() => new Task(stack, id, {
    source: s3Location(stack, `${id}S3`), destination, taskMode: TaskMode.ENHANCED, options: { verifyMode },
  }));
  const destination = azure(stack, { accessTier: AzureAccessTier.ARCHIVE });
  expect(declare(VerifyMode.POINT_IN_TIME_CONSISTENT, 'All')).toContain('a destination of access tier ARCHIVE cannot be read back');
  expect(declare(VerifyMode.ONLY_FILES_TRANSFERRED, 'Some')).toBe('no error');
});
