import type { CreateLocationAzureBlobRequest } from '@aws-sdk/client-datasync';
import { withoutOldAuthentication } from './authentication';
import { refuseFederatedIdentity, refuseFirstAgent } from './object-storage';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { azureContainerOf } from '../../lifecycle/open-location';
import { readCustomSecret } from '../../local-services/custom-secret';
import { foldersOf, prefixOf } from '../../model/location';
import { otherCloudType, TIERS, TYPES } from '../../model/location-types';
import { describeSecret, hasSecret, updateSecret } from '../../model/secrets';

const AUTHENTICATION = { SAS: ['SasConfiguration'], NONE: [] } as const;

export const azureBlobLocations = locationOperations<CreateLocationAzureBlobRequest>({
  api: 'AzureBlob',
  name: 'AZURE_BLOB',

  derive: async (settings, locationArn, context) => {
    refuseFederatedIdentity(settings);
    const { ContainerUrl, AuthenticationType, SasConfiguration, BlobType = 'BLOCK', AccessTier = 'HOT', Subdirectory = '', AgentArns } = settings;
    const secret = describeSecret(locationArn, 'SasConfiguration', SasConfiguration, settings);
    if (AuthenticationType === 'SAS' && !hasSecret(SasConfiguration, settings)) {
      throw new InvalidRequestError('Invalid parameter: AuthenticationType SAS needs SasConfiguration or CustomSecretConfig.');
    }
    if (SasConfiguration?.Token?.startsWith('?')) throw new InvalidRequestError("Invalid parameter: SasConfiguration.Token must not begin with '?'.");
    const [host, container] = ContainerUrl!.slice('https://'.length).split('/');
    const uri = `azure-blob://${host}/${container}/${prefixOf(Subdirectory)}`;
    const content = { kind: 'azure-blob', host, container, folders: foldersOf(Subdirectory) } as const;
    const custom = azureContainerOf({ uri, content }, context) && secret.CustomSecretConfig; // for a folder nobody needs it
    const token = custom ? await readCustomSecret(context.secretsEndpoint, custom) : SasConfiguration?.Token;
    const sasToken = AuthenticationType === 'SAS' ? token : undefined;
    return {
      type: otherCloudType(TYPES.AZURE_BLOB, AgentArns),
      uri,
      agentArns: AgentArns ?? [],
      storageClass: TIERS[AccessTier],
      details: { AuthenticationType, BlobType, AccessTier, AgentArns, ...secret },
      content: { ...content, sasToken },
    };
  },

  update: (before, update) => {
    refuseFirstAgent(before, update);
    return updateSecret(withoutOldAuthentication(before, update, AUTHENTICATION), update, 'SasConfiguration');
  },
});
