import { Token } from 'aws-cdk-lib';
import type { ILocation, Location } from '../location/location';
import { LocationType } from '../location/location-type';
import { TaskMode } from '../task-mode';

/** What the checks know of a transfer. What is not known is `undefined`, and lets everything pass. */
export interface Transfer {
  readonly mode?: string;
  readonly source?: string;
  readonly destination?: string;
  /** Whether that side is a store of objects outside of AWS that the service reaches without an agent. */
  readonly sourceAgentless?: boolean;
  readonly destinationAgentless?: boolean;
  /** Of an S3 destination. */
  readonly storageClass?: string;
  readonly hasLogGroup?: boolean;
}

/** What a location is known to be, besides its kind. */
export interface LocationTraits {
  /** What new objects are stored as. */
  readonly storageClass?: string;
  /** Whether it has no agents, if it is of a kind that may have none. */
  readonly agentless?: boolean;
}

export function transferOf(source?: ILocation, destination?: ILocation, mode?: TaskMode, hasLogGroup?: boolean): Transfer {
  return {
    mode: known(mode),
    source: known(source?.locationType?.value),
    destination: known(destination?.locationType?.value),
    sourceAgentless: source && isAgentless(source),
    destinationAgentless: destination && isAgentless(destination),
    storageClass: destination && known(traitsOf(destination).storageClass),
    hasLogGroup,
  };
}

/** Of a kind that may have no agents, and known to have none. */
function isAgentless(location: ILocation): boolean {
  return MAY_BE_AGENTLESS.has(known(location.locationType?.value) ?? '') && traitsOf(location).agentless === true;
}

export function traitsOf(location: ILocation): LocationTraits {
  return asLocation(location)?._traits ?? {};
}

function known(value: string | undefined): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** Locations of this library know more than `ILocation` tells. Not by `instanceof`: there may be two copies of the library. */
export function asLocation(location: ILocation): Location | undefined {
  return '_useAsDestination' in location ? location as Location : undefined;
}

const types = (...names: LocationType[]): ReadonlySet<string> => new Set(names.map(({ value }) => value));

/** Outside of AWS storage services. */
export const SELF_MANAGED = types(LocationType.NFS, LocationType.SMB, LocationType.HDFS, LocationType.OBJECT_STORAGE, LocationType.AZURE_BLOB);

const MAY_BE_AGENTLESS = types(LocationType.OBJECT_STORAGE, LocationType.AZURE_BLOB);

export const BASIC_ONLY = types(
  LocationType.FSX_WINDOWS, LocationType.FSX_OPENZFS_NFS, LocationType.FSX_ONTAP_NFS, LocationType.FSX_ONTAP_SMB, LocationType.OUTPOST_S3,
);

const WINDOWS = types(LocationType.SMB, LocationType.FSX_WINDOWS, LocationType.FSX_ONTAP_SMB);

const OBJECTS = types(LocationType.S3, LocationType.OUTPOST_S3, LocationType.OBJECT_STORAGE, LocationType.AZURE_BLOB);

/** Kinds that are reached in the Region of their agents only. */
export const BOUND_TO_REGION = types(LocationType.NFS, LocationType.SMB, LocationType.HDFS, LocationType.OBJECT_STORAGE);

/** Whether both sides are known to be object stores, between which there is no POSIX metadata. */
export function isBetweenObjects({ source, destination }: Transfer): boolean {
  return [source, destination].every(type => type !== undefined && OBJECTS.has(type));
}

/** Whether one side is known to be reached through SMB, which has no POSIX metadata. */
export function isOverSmb({ source, destination }: Transfer): boolean {
  return [source, destination].some(type => type !== undefined && WINDOWS.has(type));
}

/** Whether the pair may have Windows security descriptors to copy. */
export function mayHaveSecurityDescriptors({ source, destination }: Transfer): boolean {
  return [source, destination].every(type => type === undefined || WINDOWS.has(type));
}
