import type { CreateLocationObjectStorageRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { InvalidRequestError, NotEmulatedError } from '../../errors';
import { readCustomSecret } from '../../local-services/custom-secret';
import type { S3Access } from '../../local-services/s3-access';
import { prefixOf } from '../../model/location';
import { otherCloudType, TYPES } from '../../model/location-types';
import { describeSecret, hasSecret, updateSecret } from '../../model/secrets';

export const objectStorageLocations = locationOperations<CreateLocationObjectStorageRequest>({
  api: 'ObjectStorage',
  name: 'OBJECT_STORAGE',

  derive: async (settings, locationArn, { secretsEndpoint }) => {
    refuseFederatedIdentity(settings);
    const { ServerHostname, BucketName, ServerProtocol = 'HTTPS', AgentArns, ServerCertificate, CmkSecretConfig, CustomSecretConfig } = settings;
    const ServerPort = settings.ServerPort ?? (ServerProtocol === 'HTTPS' ? 443 : 80);
    const AccessKey = settings.AccessKey || undefined;
    const plain = settings.SecretKey || undefined;
    const secret = describeSecret(locationArn, 'SecretKey', plain, { CmkSecretConfig, CustomSecretConfig });
    if (Boolean(AccessKey) !== hasSecret(plain, secret)) {
      throw new InvalidRequestError('Invalid parameter: AccessKey and SecretKey go together, one of them is missing.');
    }
    const SecretKey = secret.CustomSecretConfig ? await readCustomSecret(secretsEndpoint, secret.CustomSecretConfig) : plain;
    const prefix = prefixOf(settings.Subdirectory ?? '');
    const access: S3Access = {
      endpoint: endpointOf(ServerProtocol, ServerHostname!, ServerPort),
      region: 'us-east-1', // what stores that are not S3 take
      credentials: AccessKey && SecretKey ? { accessKeyId: AccessKey, secretAccessKey: SecretKey } : undefined,
      certificate: certificateOf(settings),
    };
    return {
      type: otherCloudType(TYPES.OBJECT_STORAGE, AgentArns),
      uri: `object-storage://${ServerHostname}/${BucketName}/${prefix}`,
      agentArns: AgentArns ?? [],
      details: { AccessKey, ServerPort, ServerProtocol, AgentArns, ServerCertificate, ...secret },
      content: { kind: 's3', bucket: BucketName!, prefix, access },
    };
  },

  update: (before, update) => {
    refuseFirstAgent(before, update);
    return updateSecret(before, update, 'SecretKey');
  },
});

/** Whether it has agents is decided when a location is created. */
export function refuseFirstAgent(before: { AgentArns?: string[] }, update: { AgentArns?: string[] }): void {
  if (update.AgentArns && !before.AgentArns) {
    throw new InvalidRequestError('Invalid parameter: AgentArns cannot be added to a location that was created without agents; create another one.');
  }
}

/** It takes the place of keys. The API has it, the SDK's types do not. */
export function refuseFederatedIdentity(settings: object): void {
  const { FederatedIdentity, AuthenticationType } = settings as { FederatedIdentity?: object; AuthenticationType?: string };
  if (FederatedIdentity || AuthenticationType === 'OIDC') {
    throw new NotEmulatedError('FederatedIdentity, with which another cloud would have to be asked for a token,');
  }
}

function endpointOf(protocol: string, host: string, port: number): string {
  const endpoint = `${protocol.toLowerCase()}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(endpoint)) {
    throw new InvalidRequestError(`Invalid parameter: ServerHostname '${host}' and ServerPort ${port} make no address; the port has a member of its own.`);
  }
  return endpoint;
}

function certificateOf({ ServerCertificate, ServerProtocol }: CreateLocationObjectStorageRequest): string | undefined {
  if (!ServerCertificate?.length) return undefined; // an update clears it with an empty one
  if (ServerProtocol === 'HTTP') throw new InvalidRequestError('Invalid parameter: ServerCertificate needs ServerProtocol HTTPS, got HTTP.');
  const text = Buffer.from(String(ServerCertificate), 'base64').toString(); // the wire has it in base64, whatever the SDK's type says
  if (!/-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.test(text)) {
    throw new InvalidRequestError('Invalid parameter: ServerCertificate must be a chain of certificates in PEM format.');
  }
  return text;
}
