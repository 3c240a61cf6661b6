import type { CreateLocationAzureBlobRequest } from '@aws-sdk/client-datasync';
import { refuseFirstAgent } from './location-object-storage';
import { locationOperations } from './location-operations';
import { InvalidRequestError } from '../errors';
import { foldersOf, LocationType, withoutAgent } from '../model/location';
import { describeSecret, hasSecret, updateSecret } from '../model/secrets';

const AZURE_BLOB: LocationType = { name: 'AZURE_BLOB', aws: false, posix: false };

export const azureBlobLocations = locationOperations<CreateLocationAzureBlobRequest>({
  api: 'AzureBlob',
  name: 'AZURE_BLOB',

  traitsOf: (settings, locationArn) => {
    const { ContainerUrl, AuthenticationType, SasConfiguration, BlobType = 'BLOCK', AccessTier = 'HOT', Subdirectory = '', AgentArns } = settings;
    const secret = describeSecret(locationArn, 'SasConfiguration', SasConfiguration, settings);
    if (AuthenticationType === 'SAS' && !hasSecret(SasConfiguration, settings)) {
      throw new InvalidRequestError('Invalid parameter: AuthenticationType SAS needs SasConfiguration or CustomSecretConfig.');
    }
    const folders = foldersOf(Subdirectory);
    const [host, container] = ContainerUrl!.slice('https://'.length).split('/');
    return {
      type: AgentArns ? AZURE_BLOB : withoutAgent(AZURE_BLOB),
      uri: `azure-blob://${[host, container, ...folders].join('/')}/`,
      agentArns: AgentArns ?? [],
      details: { AuthenticationType, BlobType, AccessTier, AgentArns, ...secret },
      content: { kind: 'directory', folders: ['azure-blob', host, container, ...folders] },
    };
  },

  update: (before, update) => {
    refuseFirstAgent(before, update);
    const after = updateSecret(before, update, 'SasConfiguration');
    return after.AuthenticationType === 'NONE' && !update.SasConfiguration ? { ...after, SasConfiguration: undefined } : after;
  },
});
