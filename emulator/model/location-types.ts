import type { LocationType } from './location';

/** Types of which the service has no Enhanced mode. */
export const BASIC_ONLY = { mode: 'BASIC', reason: 'it is available in Basic mode only' } as const;

/** Every type of location. */
export const TYPES = {
  S3: { name: 'S3', aws: true, posix: false },
  EFS: { name: 'EFS', aws: true, posix: true },
  FSX_LUSTRE: { name: 'FSX_LUSTRE', aws: true, posix: true },
  FSX_OPENZFS_NFS: { name: 'FSX_OPENZFS_NFS', aws: true, posix: true, onlyMode: BASIC_ONLY },
  FSX_ONTAP_NFS: { name: 'FSX_ONTAP_NFS', aws: true, posix: true, onlyMode: BASIC_ONLY },
  FSX_ONTAP_SMB: { name: 'FSX_ONTAP_SMB', aws: true, posix: false, windows: true, onlyMode: BASIC_ONLY },
  FSX_WINDOWS: { name: 'FSX_WINDOWS', aws: true, posix: false, windows: true, onlyMode: BASIC_ONLY },
  NFS: { name: 'NFS', aws: false, posix: true },
  SMB: { name: 'SMB', aws: false, posix: false, windows: true },
  HDFS: { name: 'HDFS', aws: false, posix: true },
  OBJECT_STORAGE: { name: 'OBJECT_STORAGE', aws: false, posix: false },
  AZURE_BLOB: { name: 'AZURE_BLOB', aws: false, posix: false },
} as const satisfies { readonly [Name in LocationType['name']]: LocationType & { readonly name: Name } };

/** By the scheme of LocationUri: the type, and what the operations call it, as in `DescribeLocation<api>`. */
export const SCHEMES: Readonly<Record<string, { readonly api: string; readonly type: LocationType }>> = {
  's3': { api: 'S3', type: TYPES.S3 },
  'efs': { api: 'Efs', type: TYPES.EFS },
  'fsxl': { api: 'FsxLustre', type: TYPES.FSX_LUSTRE },
  'fsxz': { api: 'FsxOpenZfs', type: TYPES.FSX_OPENZFS_NFS },
  'fsxn-nfs': { api: 'FsxOntap', type: TYPES.FSX_ONTAP_NFS },
  'fsxn-smb': { api: 'FsxOntap', type: TYPES.FSX_ONTAP_SMB },
  'fsxw': { api: 'FsxWindows', type: TYPES.FSX_WINDOWS },
  'nfs': { api: 'Nfs', type: TYPES.NFS },
  'smb': { api: 'Smb', type: TYPES.SMB },
  'hdfs': { api: 'Hdfs', type: TYPES.HDFS },
  'object-storage': { api: 'ObjectStorage', type: TYPES.OBJECT_STORAGE },
  'azure-blob': { api: 'AzureBlob', type: TYPES.AZURE_BLOB },
};

/** The type of a location of another cloud that was created without an agent. */
export function withoutAgent(type: LocationType): LocationType {
  return { ...type, onlyMode: { mode: 'ENHANCED', reason: 'it has no agent' } };
}

/** The type of a store in another cloud, which depends on whether an agent reads it. */
export function otherCloudType(type: LocationType, agentArns: readonly string[] | undefined): LocationType {
  return agentArns ? type : withoutAgent(type);
}

/** What decides about the mode that a cluster is for. */
interface HdfsSettings {
  readonly NameNodes?: readonly object[];
  readonly AuthenticationType?: string;
  readonly KmsKeyProviderUri?: string;
}

/** The type of a cluster: Basic mode takes one NameNode, and has no transparent data encryption with Kerberos. */
export function hdfsType({ NameNodes = [], AuthenticationType, KmsKeyProviderUri }: HdfsSettings): LocationType {
  const reason = NameNodes.length > 1 ? `it has ${NameNodes.length} NameNodes`
    : AuthenticationType === 'KERBEROS' && KmsKeyProviderUri !== undefined ? 'it has Kerberos and a KmsKeyProviderUri' : undefined;
  return reason === undefined ? TYPES.HDFS : { ...TYPES.HDFS, onlyMode: { mode: 'ENHANCED', reason } };
}

/** What S3 calls a storage class of the API. */
export function storageClassOf(s3StorageClass: string | undefined): string | undefined {
  return s3StorageClass === 'GLACIER_INSTANT_RETRIEVAL' ? 'GLACIER_IR' : s3StorageClass;
}

/** What Azure calls the access tiers of the API. */
export const TIERS: Readonly<Record<string, string>> = { HOT: 'Hot', COOL: 'Cool', ARCHIVE: 'Archive' };
