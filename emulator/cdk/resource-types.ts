/** How CloudFormation's resource type maps to DataSync's API. */
export interface ResourceType {
  /** The operations are `Create<api>`, `Describe<api>` and `Update<api>`. */
  readonly api: string;
  /** `Delete<kind>` takes away what `<kind>Arn` names. */
  readonly kind: 'Agent' | 'Location' | 'Task';
  /** What an update changes in place, by the API's names, next to the tags; a change of anything else makes a new one. */
  readonly inPlace: readonly string[];
  /** What `Fn::GetAtt` gives. */
  readonly attributes: readonly string[];
  /** Properties, also nested ones, whose name is another one in the API. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Properties that are plain text here and base64 in the API. */
  readonly textBlobs?: readonly string[];
}

const SECRETS = ['CmkSecretConfig', 'CustomSecretConfig'];
const SECRET_ATTRIBUTES = ['CmkSecretConfig.SecretArn', 'ManagedSecretConfig'];
const KERBEROS = ['KerberosKeytab', 'KerberosKrb5Conf', 'KerberosPrincipal'];

function location(api: string, inPlace: readonly string[] = [], more: Partial<ResourceType> = {}): ResourceType {
  const attributes = ['LocationArn', 'LocationUri', ...more.attributes ?? []];
  return { api, kind: 'Location', ...more, inPlace: [...inPlace].sort(), attributes: attributes.sort() };
}

/**
 * The types that the emulator has; a type without a row is refused.
 *
 * Of some properties of storage in AWS, CloudFormation's schema says that a change replaces the location and its newer documentation that it
 * does not. They replace it here: that is what `cdk diff` announces, and it leaves nothing of the old value behind.
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::DataSync::Agent': { api: 'Agent', kind: 'Agent', inPlace: ['AgentName'], attributes: ['AgentArn', 'EndpointType'] },
  'AWS::DataSync::LocationAzureBlob': location(
    'LocationAzureBlob',
    ['AccessTier', 'AgentArns', 'AuthenticationType', 'BlobType', 'SasConfiguration', 'Subdirectory', ...SECRETS],
    {
      attributes: SECRET_ATTRIBUTES,
      renamed: {
        AzureAccessTier: 'AccessTier',
        AzureBlobAuthenticationType: 'AuthenticationType',
        AzureBlobContainerUrl: 'ContainerUrl',
        AzureBlobSasConfiguration: 'SasConfiguration',
        AzureBlobSasToken: 'Token',
        AzureBlobType: 'BlobType',
      },
    },
  ),
  'AWS::DataSync::LocationEFS': location('LocationEfs'),
  'AWS::DataSync::LocationFSxLustre': location('LocationFsxLustre'),
  'AWS::DataSync::LocationFSxONTAP': location('LocationFsxOntap', [], {
    attributes: ['FsxFilesystemArn', ...SECRET_ATTRIBUTES.map(attribute => `Protocol.SMB.${attribute}`)],
  }),
  'AWS::DataSync::LocationFSxOpenZFS': location('LocationFsxOpenZfs'),
  'AWS::DataSync::LocationFSxWindows': location('LocationFsxWindows', SECRETS, { attributes: SECRET_ATTRIBUTES }),
  'AWS::DataSync::LocationHDFS': location(
    'LocationHdfs',
    [
      'AgentArns', 'AuthenticationType', 'BlockSize', 'KmsKeyProviderUri', 'NameNodes', 'QopConfiguration', 'ReplicationFactor', 'SimpleUser',
      'Subdirectory', ...KERBEROS, ...SECRETS,
    ],
    { attributes: SECRET_ATTRIBUTES, textBlobs: ['KerberosKrb5Conf'] },
  ),
  'AWS::DataSync::LocationNFS': location('LocationNfs', ['MountOptions', 'OnPremConfig', 'Subdirectory']),
  'AWS::DataSync::LocationObjectStorage': location(
    'LocationObjectStorage',
    ['AccessKey', 'AgentArns', 'SecretKey', 'ServerCertificate', 'ServerPort', 'ServerProtocol', 'Subdirectory', ...SECRETS],
    { attributes: SECRET_ATTRIBUTES, textBlobs: ['ServerCertificate'] },
  ),
  'AWS::DataSync::LocationS3': location('LocationS3'),
  'AWS::DataSync::LocationSMB': location(
    'LocationSmb',
    ['AgentArns', 'AuthenticationType', 'DnsIpAddresses', 'Domain', 'MountOptions', 'Password', 'Subdirectory', 'User', ...KERBEROS, ...SECRETS],
    { attributes: SECRET_ATTRIBUTES, textBlobs: ['KerberosKrb5Conf'] },
  ),
  'AWS::DataSync::Task': {
    api: 'Task',
    kind: 'Task',
    inPlace: ['CloudWatchLogGroupArn', 'Excludes', 'Includes', 'ManifestConfig', 'Name', 'Options', 'Schedule', 'TaskReportConfig'],
    attributes: ['DestinationNetworkInterfaceArns', 'SourceNetworkInterfaceArns', 'Status', 'TaskArn'],
  },
};
