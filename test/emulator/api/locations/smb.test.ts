import { AGENTS, CUSTOM_SECRET, KMS_KEY, MANAGED_SECRET, testLocations } from '../../../support/location-table';

const MANAGED = { ManagedSecretConfig: { SecretArn: MANAGED_SECRET } };
const NTLM = { User: 'u', Password: 'not to be seen' };
const PLAIN = { LocationUri: 'smb://fileserver/share/', ...AGENTS, AuthenticationType: 'NTLM', User: 'u', MountOptions: { Version: 'AUTOMATIC' } };
const TICKET = { AuthenticationType: 'KERBEROS', KerberosPrincipal: 'HOST/user@REALM' };
const FILES = { KerberosKeytab: Buffer.from('keytab'), KerberosKrb5Conf: Buffer.from('conf') };
const KERBEROS = { User: undefined, Password: undefined, ...TICKET, ...FILES };

testLocations({
  api: 'Smb',
  type: 'SMB',
  minimum: { ServerHostname: 'fileserver', Subdirectory: '/share', ...AGENTS, ...NTLM },
  created: [
    ['NTLM', {}, { ...PLAIN, ...MANAGED }],
    ['domain, version and name servers', { Domain: 'corp', MountOptions: { Version: 'SMB2' }, DnsIpAddresses: ['10.0.0.1', '10.0.0.2'] },
      { ...PLAIN, ...MANAGED, Domain: 'corp', MountOptions: { Version: 'SMB2' }, DnsIpAddresses: ['10.0.0.1', '10.0.0.2'] }],
    ['Kerberos', KERBEROS, { ...PLAIN, User: undefined, ...TICKET, ...MANAGED }],
    ['Kerberos with a secret of the own', { ...TICKET, ...FILES, KerberosKeytab: undefined, Password: undefined, CustomSecretConfig: CUSTOM_SECRET },
      { ...PLAIN, ...TICKET, CustomSecretConfig: CUSTOM_SECRET }],
  ],
  updated: [
    ['host, path and agents', {}, { ServerHostname: '10.0.0.9', Subdirectory: 'other' }, { LocationUri: 'smb://10.0.0.9/other/' }],
    ['user and password', {}, { User: 'v', Password: 'new' }, { User: 'v' }],
    ['to Kerberos', { Domain: 'corp' }, { ...TICKET, ...FILES }, { ...TICKET, User: undefined, Domain: undefined }],
    ['to Kerberos, with a secret that was for NTLM', { CmkSecretConfig: { KmsKeyArn: KMS_KEY } }, { ...TICKET, ...FILES },
      { ...TICKET, User: undefined, CmkSecretConfig: undefined, ...MANAGED }],
    ['from Kerberos, of which nothing is left', { ...KERBEROS, DnsIpAddresses: ['10.0.0.1'] }, { AuthenticationType: 'NTLM', ...NTLM },
      { AuthenticationType: 'NTLM', User: 'u', KerberosPrincipal: undefined, DnsIpAddresses: undefined }],
    ['to a key of the own', {}, { CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
      { ManagedSecretConfig: undefined, CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
    ['to a secret of the own', {}, { CustomSecretConfig: CUSTOM_SECRET }, { ManagedSecretConfig: undefined, CustomSecretConfig: CUSTOM_SECRET }],
  ],
  refused: [
    ['NTLM without a user', { User: undefined }, 'AuthenticationType NTLM needs User.'],
    ['NTLM without anything', { User: undefined, Password: undefined }, 'AuthenticationType NTLM needs User, Password or CustomSecretConfig.'],
    ['Kerberos without its files', TICKET, 'AuthenticationType KERBEROS needs KerberosKrb5Conf, KerberosKeytab or CustomSecretConfig.'],
    ['Kerberos with an address', { ...TICKET, ...FILES, ServerHostname: '10.0.0.9' }, 'needs a DNS name as ServerHostname, got 10.0.0.9'],
    ['a path that leads out', { Subdirectory: '/share/..' }, "must not contain '..' as a folder"],
    ['three name servers', { DnsIpAddresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] }, "at 'DnsIpAddresses' failed"],
    ['a keytab that is too large', { ...TICKET, ...FILES, KerberosKeytab: Buffer.alloc(65_537) }, "at 'KerberosKeytab' failed"],
  ],
  refusedUpdates: [
    ['to Kerberos with the secret of NTLM', { Password: undefined, CustomSecretConfig: CUSTOM_SECRET },
      { ...TICKET, KerberosKrb5Conf: FILES.KerberosKrb5Conf }, 'AuthenticationType KERBEROS needs KerberosKeytab or CustomSecretConfig.'],
    ['to Kerberos without its files', {}, { AuthenticationType: 'KERBEROS' }, 'AuthenticationType KERBEROS needs KerberosPrincipal, KerberosKrb5Conf'],
  ],
  content: { input: {}, folder: 'smb/fileserver/share' },
});
