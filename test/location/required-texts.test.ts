import type { Stack } from 'aws-cdk-lib';
import { SecretValue } from 'aws-cdk-lib';
import type { IAgent } from '../../src';
import {
  Agent, AzureBlobAuthentication, AzureBlobLocation, FsxFileSystem, FsxStorageVirtualMachine, HdfsAuthentication, HdfsLocation, LocationSecret,
  NfsLocation, ObjectStorageAuthentication, ObjectStorageLocation, SmbAuthentication, SmbLocation,
} from '../../src';
import { AGENT_ARN, messageOf, newStack } from '../support/stacks';

/** Such as an environment variable that is not set, of which the compiler is told that it is. */
const UNSET = process.env.NOT_SET!;

const secret = LocationSecret.fromSecretValue(SecretValue.secretsManager('secret'));
const agents = (stack: Stack): IAgent[] => [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)];
const smb = (authentication: SmbAuthentication, given = {}) => (stack: Stack) =>
  new SmbLocation(stack, 'It', { serverHostname: 'host', subdirectory: '/share', agents: agents(stack), authentication, ...given });
const ticket = { principal: 'cifs/me@EXAMPLE.COM', keytab: secret, krb5Conf: '[libdefaults]' };
const hdfs = (authentication: HdfsAuthentication) => (stack: Stack) =>
  new HdfsLocation(stack, 'It', { nameNodes: [{ hostname: 'one' }], agents: agents(stack), authentication });
const objects = (authentication: ObjectStorageAuthentication, given = {}) => (stack: Stack) =>
  new ObjectStorageLocation(stack, 'It', { serverHostname: 'host', bucketName: 'bucket', authentication, ...given });
const pool = { projectName: 'my-project', projectNumber: '123456789012', identityPoolName: 'pool', identityProviderName: 'provider' };
const azure = (authentication: AzureBlobAuthentication, given = {}) => (stack: Stack) =>
  new AzureBlobLocation(stack, 'It', { containerUrl: 'https://account.blob.core.windows.net/container', authentication, ...given });
const application = { tenantId: '01234567-89ab-cdef-0123-456789abcdef', clientId: '01234567-89ab-cdef-0123-456789abcdef' };

type Make = (stack: Stack) => unknown;

test.each<[string, Make]>([
  ['fileSystemId', stack => FsxFileSystem.fromFileSystemId(stack, 'It', UNSET)],
  ['storageVirtualMachineId', stack => FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, 'It', UNSET)],
  ['subdirectory', stack => new NfsLocation(stack, 'It', { serverHostname: 'host', subdirectory: UNSET, agents: agents(stack) })],
  ['subdirectory', smb(SmbAuthentication.ntlm({ user: 'me', password: secret }), { subdirectory: UNSET })],
  ['serverHostname', smb(SmbAuthentication.kerberos(ticket), { serverHostname: UNSET })],
  ['user', smb(SmbAuthentication.ntlm({ user: UNSET, password: secret }))],
  ['principal', smb(SmbAuthentication.kerberos({ ...ticket, principal: UNSET }))],
  ['krb5Conf', smb(SmbAuthentication.kerberos({ ...ticket, krb5Conf: UNSET }))],
  ['user', hdfs(HdfsAuthentication.simple(UNSET))],
  ['bucketName', objects(ObjectStorageAuthentication.anonymous(), { bucketName: UNSET })],
  ['accessKey', objects(ObjectStorageAuthentication.accessKey(UNSET, secret))],
  ...Object.keys(pool).map((name): [string, Make] => [name, objects(ObjectStorageAuthentication.googleOidc({ ...pool, [name]: UNSET }))]),
  ['containerUrl', azure(AzureBlobAuthentication.anonymous(), { containerUrl: UNSET })],
  ...Object.keys(application).map((name): [string, Make] => [name, azure(AzureBlobAuthentication.oidc({ ...application, [name]: UNSET }))]),
])('a required %s that is not set is missed at synthesis', (property, make) => {
  expect(messageOf(() => make(newStack()))).toMatch(new RegExp(`^DataSyncValidationError: \\[Stack/It\\] ${property}: is missing; (give|copy|name) .+$`));
});
