import type { Field } from '../task-execution/field';
import { field } from '../task-execution/field';

/**
 * What is known of each kind of location: one row per kind, which all checks and the comparison of changes read.
 *
 * Free of the CDK, as the functions carry it as well.
 *
 * @internal
 */

/** What a location goes together with, where it does not go together with everything. */
export interface Limit {
  /** The one mode, or the one kind of location. */
  readonly only: string;
  /** What tells the location from others of its kind, such as `without agents`. */
  readonly detail?: string;
  /** As in a message: what the service says. */
  readonly rule: string;
  readonly remedy: string;
}

/** What one location is, of a kind whose locations differ. */
export interface LocationTraits {
  readonly agentless?: boolean;
  /** What new objects are stored as, in S3. */
  readonly storageClass?: string;
  /** The same, in Azure. */
  readonly accessTier?: string;
  /** Its objects have no tags, said as in a message. */
  readonly noTags?: string;
  readonly mode?: Limit;
  readonly partner?: Limit;
}

export interface LocationKind {
  /** What follows `AWS::DataSync::Location`; absent if CloudFormation cannot create it. */
  readonly resource?: string;
  /** The member of the resource's `Protocol`, where that decides about the kind. */
  readonly protocol?: string;
  readonly metadata: 'POSIX' | 'WINDOWS' | 'OBJECT';
  /** Outside of the storage services of AWS. */
  readonly selfManaged?: boolean;
  /** Reached in the Region of its agents only. */
  readonly boundToRegion?: boolean;
  /** The service may reach it without agents. */
  readonly mayBeAgentless?: boolean;
  /** It cannot store device files, said as in a message. */
  readonly noDevices?: string;
  /** The only mode that it works in. */
  readonly mode?: Limit;
  /** The only kind on the other side. */
  readonly partner?: Limit;
  /** Tells the locations of the kind apart, by what stands in the properties of the resource. It may be a token. */
  readonly traits?: (property: (name: string) => unknown) => LocationTraits;
  /** What its URIs begin with, and how its host is told by its fields, where that is known. */
  readonly uri?: { readonly scheme: string; readonly host: (fields: string) => string };
  /** What decides which bytes a location is about, by the properties of the resource. */
  readonly fields: readonly Field[];
}

const BASIC_ONLY: Limit = { only: 'BASIC', rule: 'that type of location is not available in Enhanced mode', remedy: 'use TaskMode.BASIC' };

/** Of a location without agents, if its kind may have none. */
export const AGENTLESS: Required<Pick<LocationKind, 'mode' | 'partner'>> = {
  mode: {
    only: 'ENHANCED',
    detail: 'without agents',
    rule: 'Basic mode reaches that type of location by agents only',
    remedy: 'use TaskMode.ENHANCED, or create the location with agents',
  },
  partner: {
    only: 'S3',
    detail: 'without agents',
    rule: 'without agents it transfers from and to S3 only',
    remedy: 'create the location with agents, or use an S3 location as the other side',
  },
};

const subdirectory = field('Subdirectory', { form: 'subdirectory' });
const lowerCase = (text: string) => text.toLowerCase();

/** By the service's name, which is that of the member of `LocationType`. */
const KINDS: { readonly [type: string]: LocationKind } = {
  S3: {
    resource: 'S3',
    metadata: 'OBJECT',
    traits: property => ({ storageClass: textOf(property('S3StorageClass')) }),
    uri: { scheme: 's3', host: bucketArn => bucketArn.replace(/^arn:.*:s3:::/, '') },
    fields: [field('S3BucketArn'), subdirectory, field('S3StorageClass', { default: 'STANDARD', side: 'Destination' })],
  },
  OUTPOST_S3: {
    metadata: 'OBJECT',
    mode: BASIC_ONLY,
    partner: { only: 'S3', rule: 'S3 on Outposts transfers from and to S3 in a Region only', remedy: 'use an S3 location as the other side' },
    fields: [],
  },
  EFS: {
    resource: 'EFS',
    metadata: 'POSIX',
    noDevices: 'Amazon EFS has no devices',
    fields: [field('EfsFilesystemArn'), field('AccessPointArn'), subdirectory], // an access point is a root
  },
  FSX_LUSTRE: { resource: 'FSxLustre', metadata: 'POSIX', fields: [field('FsxFilesystemArn'), subdirectory] },
  FSX_OPENZFS_NFS: { resource: 'FSxOpenZFS', metadata: 'POSIX', mode: BASIC_ONLY, fields: [field('FsxFilesystemArn'), subdirectory] },
  FSX_ONTAP_NFS: ontap('NFS', 'POSIX'),
  FSX_ONTAP_SMB: ontap('SMB', 'WINDOWS'),
  FSX_WINDOWS: { resource: 'FSxWindows', metadata: 'WINDOWS', mode: BASIC_ONLY, fields: [field('FsxFilesystemArn'), subdirectory] },
  NFS: {
    resource: 'NFS',
    metadata: 'POSIX',
    selfManaged: true,
    boundToRegion: true,
    uri: { scheme: 'nfs', host: lowerCase },
    fields: [field('ServerHostname'), subdirectory],
  },
  SMB: {
    resource: 'SMB',
    metadata: 'WINDOWS',
    selfManaged: true,
    boundToRegion: true,
    uri: { scheme: 'smb', host: lowerCase },
    fields: [field('ServerHostname'), subdirectory],
  },
  HDFS: {
    resource: 'HDFS',
    metadata: 'POSIX',
    selfManaged: true,
    boundToRegion: true,
    traits: traitsOfHdfs,
    fields: [field('NameNodes', { form: 'set' }), subdirectory],
  },
  OBJECT_STORAGE: {
    resource: 'ObjectStorage',
    metadata: 'OBJECT',
    selfManaged: true,
    boundToRegion: true,
    mayBeAgentless: true,
    traits: property => ({
      agentless: isEmptyList(property('AgentArns') ?? []), noTags: isGoogle(property) ? 'Google Cloud Storage has no tags of objects' : undefined,
    }),
    fields: [
      field('ServerHostname'), field('ServerProtocol', { default: 'HTTPS', auxiliary: true }), field('ServerPort'), // its default depends on the protocol
      field('BucketName'), subdirectory,
    ],
  },
  AZURE_BLOB: {
    resource: 'AzureBlob',
    metadata: 'OBJECT',
    selfManaged: true,
    mayBeAgentless: true,
    traits: property => ({ agentless: isEmptyList(property('AgentArns') ?? []), accessTier: textOf(property('AzureAccessTier')) }),
    fields: [
      field('AzureBlobContainerUrl'), subdirectory,
      field('AzureBlobType', { default: 'BLOCK', side: 'Destination' }), field('AzureAccessTier', { default: 'HOT', side: 'Destination' }),
    ],
  },
};

/** Whether the store is Google Cloud Storage: by its host, or because only that takes federated identity. */
function isGoogle(property: (name: string) => unknown): boolean {
  return /(^|\.)storage\.googleapis\.com$/i.test(textOf(property('ServerHostname')) ?? '') || property('FederatedIdentity') !== undefined;
}

/** What Basic mode cannot do with a cluster. */
function traitsOfHdfs(property: (name: string) => unknown): LocationTraits {
  const nameNodes = property('NameNodes');
  if (Array.isArray(nameNodes) && nameNodes.length > 1) {
    const detail = `with ${nameNodes.length} NameNodes`;
    return { mode: { only: 'ENHANCED', detail, rule: 'Basic mode takes one NameNode', remedy: 'use TaskMode.ENHANCED, or give one NameNode' } };
  }
  if (property('AuthenticationType') !== 'KERBEROS' || property('KmsKeyProviderUri') === undefined) return {};
  const remedy = 'use TaskMode.ENHANCED, or simple authentication';
  return { mode: { only: 'ENHANCED', detail: 'with Kerberos and a kmsKeyProviderUri', rule: 'Basic mode has no transparent data encryption with Kerberos', remedy } };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function ontap(protocol: 'NFS' | 'SMB', metadata: LocationKind['metadata']): LocationKind {
  return {
    resource: 'FSxONTAP',
    protocol,
    metadata,
    mode: BASIC_ONLY,
    fields: [field('StorageVirtualMachineArn'), subdirectory, field('Protocol', { form: 'member' })],
  };
}

/** What every location type of CloudFormation begins with. */
export const LOCATION_TYPES = 'AWS::DataSync::Location';

/** Undefined of what is newer than this library, which passes every check. */
export function locationKindOf(type: string | undefined): LocationKind | undefined {
  return type !== undefined && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
}

/** The kinds that CloudFormation creates by that resource type, by the service's name. */
export function kindsOfResource(resourceType: string): ReadonlyArray<readonly [type: string, kind: LocationKind]> {
  return Object.entries(KINDS).filter(([, { resource }]) => resource !== undefined && resourceType === LOCATION_TYPES + resource);
}

/** What counts, by CloudFormation's resource type. */
export const LOCATION_FIELDS: { readonly [resourceType: string]: readonly Field[] } = Object.fromEntries(
  Object.values(KINDS).flatMap(({ resource, fields }) => resource === undefined ? [] : [[LOCATION_TYPES + resource, fields]]));
