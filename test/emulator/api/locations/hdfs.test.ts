import { AGENTS, CUSTOM_SECRET, KMS_KEY, MANAGED_SECRET, testLocations } from '../../../support/location-table';

const NameNodes = [{ Hostname: 'namenode.example.com', Port: 8020 }];
const SIMPLE = { AuthenticationType: 'SIMPLE', SimpleUser: 'hdfs' };
const PRIVATE = { RpcProtection: 'PRIVACY', DataTransferProtection: 'PRIVACY' };
const PLAIN = {
  LocationUri: 'hdfs://namenode.example.com:8020/', NameNodes, ...AGENTS, ...SIMPLE, BlockSize: 134_217_728, ReplicationFactor: 3, QopConfiguration: PRIVATE,
};
const TICKET = { AuthenticationType: 'KERBEROS', KerberosPrincipal: 'user@REALM' };
const FILES = { KerberosKeytab: Buffer.from('keytab'), KerberosKrb5Conf: Buffer.from('conf') };
const INTEGRITY = { RpcProtection: 'INTEGRITY', DataTransferProtection: 'INTEGRITY' };

testLocations({
  api: 'Hdfs',
  type: 'HDFS',
  minimum: { NameNodes, ...AGENTS, ...SIMPLE },
  created: [
    ['nothing else', {}, PLAIN],
    ['a path and all settings', { Subdirectory: '/user/a', BlockSize: 1_048_576, ReplicationFactor: 1, KmsKeyProviderUri: 'kms://http@host:9600/kms' }, {
      ...PLAIN, LocationUri: `${PLAIN.LocationUri}user/a/`, BlockSize: 1_048_576, ReplicationFactor: 1, KmsKeyProviderUri: 'kms://http@host:9600/kms',
    }],
    ['one protection, which is for both', { QopConfiguration: { RpcProtection: 'INTEGRITY' } }, { ...PLAIN, QopConfiguration: INTEGRITY }],
    ['the other one', { QopConfiguration: { DataTransferProtection: 'INTEGRITY' } }, { ...PLAIN, QopConfiguration: INTEGRITY }],
    ['Kerberos', { SimpleUser: undefined, ...TICKET, ...FILES },
      { ...PLAIN, SimpleUser: undefined, ...TICKET, ManagedSecretConfig: { SecretArn: MANAGED_SECRET } }],
    ['Kerberos with a secret of the own', { SimpleUser: undefined, ...TICKET, KerberosKrb5Conf: FILES.KerberosKrb5Conf, CustomSecretConfig: CUSTOM_SECRET },
      { ...PLAIN, SimpleUser: undefined, ...TICKET, CustomSecretConfig: CUSTOM_SECRET }],
  ],
  updated: [
    ['the name node and the path', {}, { NameNodes: [{ Hostname: 'other', Port: 80 }], Subdirectory: '/a' },
      { NameNodes: [{ Hostname: 'other', Port: 80 }], LocationUri: 'hdfs://other:80/a/' }],
    ['settings', {}, { BlockSize: 2_097_152, ReplicationFactor: 2, QopConfiguration: INTEGRITY },
      { BlockSize: 2_097_152, ReplicationFactor: 2, QopConfiguration: INTEGRITY }],
    ['to Kerberos with a key of the own', {}, { ...TICKET, ...FILES, CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
      { ...TICKET, SimpleUser: undefined, CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
    ['from Kerberos, of which nothing is left', { SimpleUser: undefined, ...TICKET, ...FILES }, SIMPLE,
      { ...SIMPLE, KerberosPrincipal: undefined, ManagedSecretConfig: undefined }],
  ],
  refused: [
    ['a block size that is no multiple of 512', { BlockSize: 1_048_577 }, 'BlockSize must be a multiple of 512, got 1048577.'],
    ['SIMPLE without a user', { SimpleUser: undefined }, 'AuthenticationType SIMPLE needs SimpleUser.'],
    ['Kerberos without its files', { ...TICKET }, 'AuthenticationType KERBEROS needs KerberosKrb5Conf, KerberosKeytab or CustomSecretConfig.'],
    ['no name node', { NameNodes: [] }, "at 'NameNodes' failed"],
    ['a name node that leads out', { NameNodes: [{ Hostname: '..', Port: 1 }] }, "at 'NameNodes[0].Hostname' failed"],
    ['a path that leads out', { Subdirectory: '/a/../..' }, "must not contain '..' as a folder"],
  ],
  refusedUpdates: [
    ['to an agent of another Region', {}, { AgentArns: ['arn:aws:datasync:eu-west-1:000000000000:agent/agent-0123456789abcdef0'] },
      'Agent arn:aws:datasync:eu-west-1:000000000000:agent/agent-0123456789abcdef0 does not exist.'],
    ['to Kerberos without its files', {}, { AuthenticationType: 'KERBEROS' }, 'AuthenticationType KERBEROS needs KerberosPrincipal, KerberosKrb5Conf'],
  ],
  content: { input: { Subdirectory: '/user' }, folder: 'hdfs/namenode.example.com/user' },
});
