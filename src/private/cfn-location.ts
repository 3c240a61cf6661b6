import { CfnResource } from 'aws-cdk-lib';
import { propertyOf } from './l1-fields';
import { LocationTraits } from './transfer';
import { LocationType } from '../location/location-type';
import { LOCATION_TYPES } from '../task-execution/value-fields';
import { Problems, show } from '../validation/problems';

/** Reads of the L1 of a location what a location of this library tells of itself. What only the deployment knows is undefined. */

/** By what follows `AWS::DataSync::Location`. */
const KINDS: { readonly [kind: string]: LocationType } = {
  S3: LocationType.S3,
  EFS: LocationType.EFS,
  FSxWindows: LocationType.FSX_WINDOWS,
  FSxLustre: LocationType.FSX_LUSTRE,
  FSxOpenZFS: LocationType.FSX_OPENZFS_NFS,
  NFS: LocationType.NFS,
  SMB: LocationType.SMB,
  HDFS: LocationType.HDFS,
  ObjectStorage: LocationType.OBJECT_STORAGE,
  AzureBlob: LocationType.AZURE_BLOB,
};

/** Of use to callers without a compiler, and to those who pass what a location is made of. */
export function checkCfnLocation(resource: CfnResource): void {
  if (resource.cfnResourceType.startsWith(LOCATION_TYPES)) return;
  const problems = new Problems(resource.node.path);
  problems.add(`resource of type ${show(resource.cfnResourceType)}`, `must be of a type that begins with ${LOCATION_TYPES}`,
    'pass the L1 of a location, such as a CfnLocationSMB');
  problems.throwIfAny();
}

export function typeOfCfnLocation(resource: CfnResource): LocationType | undefined {
  const kind = kindOf(resource);
  if (kind !== 'FSxONTAP') return KINDS[kind];
  const protocols = Object.entries(propertyOf(resource, 'Protocol') ?? {}).filter(([, value]) => value !== undefined).map(([name]) => name.toUpperCase());
  if (protocols.includes('NFS')) return LocationType.FSX_ONTAP_NFS;
  return protocols.includes('SMB') ? LocationType.FSX_ONTAP_SMB : undefined;
}

export function traitsOfCfnLocation(resource: CfnResource): LocationTraits {
  return { storageClass: text(resource, 'S3StorageClass'), agentless: isAgentless(resource) };
}

function kindOf(resource: CfnResource): string {
  return resource.cfnResourceType.slice(LOCATION_TYPES.length);
}

/** Only stores of objects have their agents, if any, at this place. */
function isAgentless(resource: CfnResource): boolean {
  const agents = propertyOf(resource, 'AgentArns') ?? [];
  return Array.isArray(agents) && agents.length === 0;
}

/** A text, which may be or have a token. */
function text(resource: CfnResource, name: string): string | undefined {
  const value = propertyOf(resource, name);
  return typeof value === 'string' ? value : undefined;
}
