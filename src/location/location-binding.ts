import { Token } from 'aws-cdk-lib';
import type { IConstruct, IDependable } from 'constructs';
import type { ILocation, Location } from './location';
import type { LocationKind, LocationTraits } from './location-kinds';
import { AGENTLESS, locationKindOf } from './location-kinds';
import { S3StorageClass } from './s3-storage-class';
import { placeOfLocation } from '../private/place';

/** What a task does with a location. */
export type Direction = 'source' | 'destination';

/**
 * What a task knows of one of its locations. What is not known, because the location was imported or because only the deployment tells, is
 * undefined, and lets every check pass.
 *
 * What counts as a change is read in the template, by the `fields` of the kind, as it counts for locations that are L1s as well.
 */
export interface LocationBinding extends Partial<Pick<LocationKind, 'metadata' | 'selfManaged' | 'boundToRegion' | 'noDevices' | 'mode' | 'partner'>> {
  /** The kind, as the service names it. */
  readonly type?: string;
  /** Whether the service reaches it without agents, if its kind may have none. */
  readonly agentless?: boolean;
  /** The storage class, or access tier, of new objects, said as in a message, if it is one that cannot be read back. */
  readonly archive?: string;
  /** Its objects have no tags, said as in a message. */
  readonly noTags?: string;
  /** Where it is, as text: of two places one of which is inside the other, one begins with the other. */
  readonly place: string;
  /** What must be in place before the task, besides what the location itself depends on. */
  readonly dependencies: readonly IDependable[];
}

/** What follows from the kind of a location, and what the one location is besides. */
export function newBinding(location: ILocation, { storageClass, accessTier, agentless, ...limits }: LocationTraits = {}): LocationBinding {
  const type = known(location.locationType?.value);
  const { metadata, selfManaged, boundToRegion, noDevices, mode, partner, mayBeAgentless }: Partial<LocationKind> = locationKindOf(type) ?? {};
  return {
    type,
    metadata,
    selfManaged,
    boundToRegion,
    noDevices,
    partner,
    ...limits,
    mode: limits.mode ?? mode,
    ...mayBeAgentless && agentless && { agentless, ...AGENTLESS },
    archive: S3StorageClass._isArchive(storageClass) ? `storage class ${storageClass}` : accessTier === 'ARCHIVE' ? 'access tier ARCHIVE' : undefined,
    dependencies: [],
    get place() {
      return placeOfLocation(location);
    },
  };
}

/** What a task may know of a location, which gets no permissions by it. */
export function describeLocation(location: ILocation): LocationBinding {
  return ours(location)._describe?.() ?? newBinding(location);
}

/** Tells a location that a task of this app uses it, once per task and direction: it gets the permissions for that. */
export function bindLocation(location: ILocation, direction: Direction, task: IConstruct): LocationBinding {
  return ours(location)._bind?.(direction, task) ?? newBinding(location);
}

/** Anybody may implement `ILocation`, and there may be another copy of this library: what is of this one only may be missing. */
function ours(location: ILocation): Partial<Location> {
  return location as Location;
}

function known(value: string | undefined): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
