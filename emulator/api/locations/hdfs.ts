import type { CreateLocationHdfsRequest, QopConfiguration } from '@aws-sdk/client-datasync';
import { withoutOldAuthentication } from './authentication';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { foldersOf, joinFolders } from '../../model/location';
import { hdfsType } from '../../model/location-types';
import { describeSecret, hasSecret, updateSecret } from '../../model/secrets';

const AUTHENTICATION = { SIMPLE: ['SimpleUser'], KERBEROS: ['KerberosPrincipal', 'KerberosKeytab', 'KerberosKrb5Conf'] } as const;

const DEFAULT_BLOCK_SIZE = 128 * 1024 * 1024;

export const hdfsLocations = locationOperations<CreateLocationHdfsRequest>({
  api: 'Hdfs',
  name: 'HDFS',

  derive: (settings, locationArn) => {
    const { NameNodes, AgentArns, AuthenticationType, KmsKeyProviderUri, SimpleUser, KerberosPrincipal } = settings;
    const { BlockSize = DEFAULT_BLOCK_SIZE, ReplicationFactor = 3, QopConfiguration = {}, Subdirectory = '/' } = settings;
    if (BlockSize % 512 !== 0) throw new InvalidRequestError(`Invalid parameter: BlockSize must be a multiple of 512, got ${BlockSize}.`);
    const secret = describeSecret(locationArn, 'KerberosKeytab', settings.KerberosKeytab, settings);
    checkAuthentication(settings);
    const folders = foldersOf(Subdirectory);
    const [{ Hostname, Port }] = NameNodes!;
    return {
      type: hdfsType(settings),
      uri: `hdfs://${Hostname}:${Port}/${joinFolders(folders)}`,
      agentArns: AgentArns!,
      details: {
        NameNodes,
        AgentArns,
        AuthenticationType,
        BlockSize,
        ReplicationFactor,
        KmsKeyProviderUri,
        SimpleUser,
        KerberosPrincipal,
        QopConfiguration: completeProtection(QopConfiguration),
        ...secret,
      },
      content: { kind: 'directory', folders: ['hdfs', Hostname!, ...folders] },
    };
  },

  update: (before, update) => updateSecret(withoutOldAuthentication(before, update, AUTHENTICATION), update, 'KerberosKeytab'),
});

function checkAuthentication(settings: CreateLocationHdfsRequest): void {
  const isKerberos = settings.AuthenticationType === 'KERBEROS';
  const needed = isKerberos ? ['KerberosPrincipal', 'KerberosKrb5Conf'] as const : ['SimpleUser'] as const;
  const missing: string[] = needed.filter(member => settings[member] === undefined);
  if (isKerberos && !hasSecret(settings.KerberosKeytab, settings)) missing.push('KerberosKeytab or CustomSecretConfig');
  if (missing.length > 0) throw new InvalidRequestError(`Invalid parameter: AuthenticationType ${settings.AuthenticationType} needs ${missing.join(', ')}.`);
}

/** Each of the two stands in for the other if only one is given. */
function completeProtection({ RpcProtection, DataTransferProtection }: QopConfiguration): QopConfiguration {
  return {
    RpcProtection: RpcProtection ?? DataTransferProtection ?? 'PRIVACY',
    DataTransferProtection: DataTransferProtection ?? RpcProtection ?? 'PRIVACY',
  };
}
