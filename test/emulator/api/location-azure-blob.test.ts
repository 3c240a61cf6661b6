import { AGENTS, CUSTOM_SECRET, KMS_KEY, MANAGED_SECRET, testLocations } from '../../support/location-table';

const SAS = { AuthenticationType: 'SAS', SasConfiguration: { Token: 'sp=r&sig=not-to-be-seen' } };
const PLAIN = { LocationUri: 'azure-blob://account.blob.core.windows.net/container/', AuthenticationType: 'NONE', BlobType: 'BLOCK', AccessTier: 'HOT' };
const MANAGED = { AuthenticationType: 'SAS', ManagedSecretConfig: { SecretArn: MANAGED_SECRET } };

testLocations({
  api: 'AzureBlob',
  type: 'AZURE_BLOB',
  minimum: { ContainerUrl: 'https://account.blob.core.windows.net/container', AuthenticationType: 'NONE' },
  created: [
    ['nothing else', {}, PLAIN],
    ['a path, a tier and agents', { Subdirectory: '/a/ü', AccessTier: 'COOL', ...AGENTS },
      { ...PLAIN, LocationUri: `${PLAIN.LocationUri}a/ü/`, AccessTier: 'COOL', ...AGENTS }],
    ['a token', SAS, { ...PLAIN, ...MANAGED }],
    ['a token under a key of the own', { ...SAS, CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
      { ...PLAIN, AuthenticationType: 'SAS', CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
    ['a secret of the own', { AuthenticationType: 'SAS', CustomSecretConfig: CUSTOM_SECRET }, { ...PLAIN, AuthenticationType: 'SAS', CustomSecretConfig: CUSTOM_SECRET }],
  ],
  updated: [
    ['path and tier', {}, { Subdirectory: 'b', AccessTier: 'ARCHIVE', BlobType: 'BLOCK' }, { LocationUri: `${PLAIN.LocationUri}b/`, AccessTier: 'ARCHIVE' }],
    ['to a token', {}, SAS, MANAGED],
    ['to no authentication', SAS, { AuthenticationType: 'NONE' }, { AuthenticationType: 'NONE', ManagedSecretConfig: undefined }],
    ['to a secret of the own', SAS, { CustomSecretConfig: CUSTOM_SECRET }, { ManagedSecretConfig: undefined, CustomSecretConfig: CUSTOM_SECRET }],
    ['other agents', AGENTS, { AgentArns: [AGENTS.AgentArns[0].replace(/0$/, '7')] }, { AgentArns: [AGENTS.AgentArns[0].replace(/0$/, '7')] }],
  ],
  refused: [
    ['SAS without a token', { AuthenticationType: 'SAS' }, 'AuthenticationType SAS needs SasConfiguration or CustomSecretConfig.'],
    ['a token that is too long', { ...SAS, SasConfiguration: { Token: 'x'.repeat(256) } }, "Value *** at 'SasConfiguration.Token' failed"],
    ['a container that leads out', { ContainerUrl: 'https://../container' }, "at 'ContainerUrl' failed"],
    ['a path that leads out', { Subdirectory: 'a/../../..' }, "must not contain '..' as a folder"],
    ['a path that no system call takes', { Subdirectory: 'a\0b' }, 'Subdirectory must not contain a NUL character.'],
    ['a token and a secret', { ...SAS, CustomSecretConfig: CUSTOM_SECRET }, 'SasConfiguration and CustomSecretConfig exclude each other'],
  ],
  refusedUpdates: [
    ['agents where there were none', {}, AGENTS, 'AgentArns cannot be added to a location that was created without agents'],
    ['SAS without a token', {}, { AuthenticationType: 'SAS' }, 'AuthenticationType SAS needs'],
  ],
  content: { input: { Subdirectory: '/a/b', ...AGENTS }, folder: 'azure-blob/account.blob.core.windows.net/container/a/b' },
});
