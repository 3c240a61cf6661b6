import type { Backend, Item, ObjectMetadata, PosixMetadata, Time } from './backend';
import type { TransferOptions } from './request';

/** What has to be done to an item that exists on both sides. */
export type Change = 'none' | 'metadata' | 'content';

/** Which metadata counts on this pair of locations: what the options preserve and the destination can hold. */
export interface Aspects {
  readonly mtime: boolean;
  readonly mode: boolean;
  readonly uid: boolean;
  readonly gid: boolean;
}

export function aspectsOf(options: TransferOptions, destination: Backend): Aspects {
  return {
    mtime: options.Mtime === 'PRESERVE',
    mode: options.PosixPermissions === 'PRESERVE',
    uid: options.Uid !== 'NONE' && destination.keepsOwner,
    gid: options.Gid !== 'NONE' && destination.keepsOwner,
  };
}

/** Node sets times through floating point seconds, which hold microseconds (before 1970: seconds). Nothing finer can be compared. */
export function sameTime(a: Time, b: Time): boolean {
  return a[0] === b[0] && (a[0] < 0 || Math.floor(a[1] / 1000) === Math.floor(b[1] / 1000));
}

/** Has the listing told all that a comparison needs, or must both items be described first? */
export function needsDescription(source: Item, destination: Item): boolean {
  if (source.implicit || source.error !== undefined || destination.error !== undefined) return false;
  if (source.size !== destination.size || destination.implicit) return false;
  return !isDescribed(source) || !isDescribed(destination);
}

function isDescribed(item: Item): boolean {
  return item.posix !== undefined || item.object?.user !== undefined;
}

/** Classes and tiers of Azure whose content cannot be read. */
const UNREADABLE: ReadonlyArray<string | undefined> = ['Archive', 'Cold'];

/**
 * Can only the contents themselves tell whether they are the same? The ETag of an object that was uploaded in parts depends on how it was cut. A
 * copy that is older than its source needs no look.
 */
export function isContentInDoubt(source: Item, destination: Item): boolean {
  const [a, b] = [source.object, destination.object];
  if (!a || !b || source.kind !== destination.kind || source.size !== destination.size || source.size === 0) return false;
  if (contentTagOf(a) === contentTagOf(b) || (isDigest(contentTagOf(a)) && isDigest(contentTagOf(b)))) return false;
  if ([a, b].some(({ archived, storageClass }) => archived || UNREADABLE.includes(storageClass))) return false;
  return !isOlder(b, a);
}

/**
 * Decides by size and preserved metadata, as the service does; contents are compared only by ETags, where both sides have one.
 *
 * @param isSameContent what a look at the contents has shown, where they were in doubt
 */
export function compare(source: Item, destination: Item, aspects: Aspects, isSameContent?: boolean): Change {
  if (source.kind === 'folder') return compareFolders(source, destination, aspects, isSameContent);
  if (source.kind !== destination.kind || source.size !== destination.size) return 'content';
  if (source.object && destination.object) return compareObjects(source, destination, isSameContent);
  // an object that was not copied from a file system has no times of its own: then size is all there is
  if (!source.posix) return 'none';
  if (!destination.posix) return 'content';
  // the time counts even if it is not preserved: without it every run sees changes, which is what Mtime NONE is documented to do
  if (!sameTime(source.posix.mtime, destination.posix.mtime)) return 'content';
  if (source.kind === 'symlink') {
    if (source.target !== undefined && destination.target !== undefined && source.target !== destination.target) return 'content';
    return sameMetadata(source.posix, destination.posix, { ...aspects, mode: false }) ? 'none' : 'metadata';
  }
  return sameMetadata(source.posix, destination.posix, aspects) ? 'none' : 'metadata';
}

export function sameMetadata(a: PosixMetadata, b: PosixMetadata, aspects: Aspects): boolean {
  return (!aspects.mtime || sameTime(a.mtime, b.mtime))
    && (!aspects.mode || a.mode === b.mode)
    && (!aspects.uid || (a.uid === b.uid && isSameName(a.userName, b.userName)))
    && (!aspects.gid || (a.gid === b.gid && isSameName(a.groupName, b.groupName)));
}

/** What knows ids only has no name to compare. */
function isSameName(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function compareFolders(source: Item, destination: Item, aspects: Aspects, isSameContent: boolean | undefined): Change {
  if (source.implicit || destination.bare) return 'none';
  if (source.size !== destination.size) return 'content';
  if (destination.implicit) return 'metadata';
  if (source.object && destination.object) return compareObjects(source, destination, isSameContent);
  if (!source.posix) return 'none';
  return destination.posix && sameMetadata(source.posix, destination.posix, aspects) ? 'none' : 'metadata';
}

function compareObjects(source: Item, destination: Item, isSameContent: boolean | undefined): Change {
  const [a, b] = [source.object!, destination.object!];
  const [digest, other] = [contentTagOf(a), contentTagOf(b)];
  if (digest !== other && source.size > 0) {
    const isComparable = isDigest(digest) && isDigest(other);
    if (isComparable || isSameContent === false || isOlder(b, a)) return 'content';
  }
  return sameUserMetadata(source, destination) ? 'none' : 'metadata';
}

function isOlder(one: ObjectMetadata, other: ObjectMetadata): boolean {
  return (one.lastModified ?? 0) < (other.lastModified ?? 0);
}

/** What tells one content of an object from another. */
export function contentTagOf({ md5, etag }: ObjectMetadata): string | undefined {
  return md5 ?? etag;
}

function isDigest(etag: string | undefined): boolean {
  return etag !== undefined && /^[0-9a-f]{32}$/.test(etag);
}

export function sameUserMetadata(source: Item, destination: Item): boolean {
  const [a, b] = [source.object?.user ?? {}, destination.object?.user ?? {}];
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key]);
}
