import { CUSTOM_SECRET, KMS_KEY, MANAGED_SECRET, SECURITY_GROUPS, testLocations } from '../../../support/location-table';

const MINIMUM = {
  FsxFilesystemArn: 'arn:aws:fsx:us-east-1:000000000000:file-system/fs-0123456789abcdef0', SecurityGroupArns: SECURITY_GROUPS, User: 'admin',
};
const PLAIN = { LocationUri: 'fsxw://us-east-1.fs-0123456789abcdef0/', SecurityGroupArns: SECURITY_GROUPS, User: 'admin' };
const MANAGED = { ManagedSecretConfig: { SecretArn: MANAGED_SECRET } };
const Password = 'not to be seen';

testLocations({
  api: 'FsxWindows',
  type: 'FSX_WINDOWS',
  minimum: { ...MINIMUM, Password },
  created: [
    ['nothing else', {}, { ...PLAIN, ...MANAGED }],
    ['a share and a domain', { Subdirectory: '/share/a', Domain: 'corp.example.com' },
      { ...PLAIN, LocationUri: `${PLAIN.LocationUri}share/a/`, Domain: 'corp.example.com', ...MANAGED }],
    ['a key of the own', { CmkSecretConfig: { KmsKeyArn: KMS_KEY } }, { ...PLAIN, CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
    ['a secret of the own', { Password: undefined, CustomSecretConfig: CUSTOM_SECRET }, { ...PLAIN, CustomSecretConfig: CUSTOM_SECRET }],
  ],
  updated: [
    ['path, domain, user and password', {}, { Subdirectory: 'b', Domain: 'other', User: 'operator', Password: 'new' },
      { LocationUri: `${PLAIN.LocationUri}b/`, Domain: 'other', User: 'operator' }],
    ['an empty domain clears', { Domain: 'corp' }, { Domain: '' }, { Domain: undefined }],
    ['to a secret of the own', {}, { CustomSecretConfig: CUSTOM_SECRET }, { ManagedSecretConfig: undefined, CustomSecretConfig: CUSTOM_SECRET }],
    ['from a secret of the own', { Password: undefined, CustomSecretConfig: CUSTOM_SECRET }, { Password }, { CustomSecretConfig: undefined, ...MANAGED }],
    ['to a key of the own', {}, { CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
      { ManagedSecretConfig: undefined, CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
    ['an empty key is the one of the service', { CmkSecretConfig: { KmsKeyArn: KMS_KEY } }, { CmkSecretConfig: { KmsKeyArn: '' } },
      { ...MANAGED, CmkSecretConfig: undefined }],
  ],
  refused: [
    ['no password', { Password: undefined }, 'User needs a Password or a CustomSecretConfig.'],
    ['both secrets', { CmkSecretConfig: { KmsKeyArn: KMS_KEY }, CustomSecretConfig: CUSTOM_SECRET }, 'CmkSecretConfig and CustomSecretConfig exclude each other'],
    ['a password and a secret', { CustomSecretConfig: CUSTOM_SECRET }, 'Password and CustomSecretConfig exclude each other'],
    ['half a secret', { Password: undefined, CustomSecretConfig: { SecretArn: CUSTOM_SECRET.SecretArn } }, 'CustomSecretConfig needs SecretAccessRoleArn.'],
    ['the other half', { Password: undefined, CustomSecretConfig: { SecretAccessRoleArn: CUSTOM_SECRET.SecretAccessRoleArn } },
      'CustomSecretConfig needs SecretArn.'],
    ['a key and nothing to encrypt', { Password: undefined, CmkSecretConfig: { KmsKeyArn: KMS_KEY } }, 'CmkSecretConfig needs Password, the secret to encrypt.'],
    ['a place for a secret without its key', { CmkSecretConfig: { SecretArn: CUSTOM_SECRET.SecretArn } }, 'CmkSecretConfig needs KmsKeyArn.'],
    ['an alias of a key', { CmkSecretConfig: { KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:alias/mine' } }, "at 'CmkSecretConfig.KmsKeyArn' failed"],
    ['a path that leads out', { Subdirectory: '/..' }, "must not contain '..' as a folder"],
    ['a password that is too long', { Password: 'x'.repeat(105) }, "Value *** at 'Password' failed to satisfy constraint"],
  ],
  refusedUpdates: [
    ['two secrets at once', {}, { Password: 'x', CustomSecretConfig: CUSTOM_SECRET }, 'Password and CustomSecretConfig exclude each other'],
    ['a key for a secret of the own', { Password: undefined, CustomSecretConfig: CUSTOM_SECRET }, { CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
      'CmkSecretConfig needs Password'],
    ['away with the only secret', { Password: undefined, CustomSecretConfig: CUSTOM_SECRET },
      { CustomSecretConfig: { SecretArn: '', SecretAccessRoleArn: '' } }, 'User needs a Password or a CustomSecretConfig.'],
  ],
  content: { input: { Subdirectory: '/share' }, folder: 'fsxw/fs-0123456789abcdef0/share' },
});
