import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Item, ItemKind, PosixMetadata, Time } from '../engine/backend';
import type { TransferOptions } from '../engine/request';

/** What the service stores with an object that was a file, as Storage Gateway and FSx for Lustre do too. */
export const MTIME = 'file-mtime';
const ATIME = 'file-atime';
const OWNER = 'file-owner';
const GROUP = 'file-group';
const PERMISSIONS = 'file-permissions';
const USER_AGENT = 'user-agent';

/** All of them. */
export const FILE_METADATA: readonly string[] = [MTIME, ATIME, OWNER, GROUP, PERMISSIONS, USER_AGENT];

const TYPES: Partial<Record<ItemKind, number>> = { file: 0o100000, folder: 0o040000, symlink: 0o120000 };

/** User metadata for an object that is made from a file, folder or symlink. */
export function toUserMetadata(item: Item, options: TransferOptions): Record<string, string> {
  const { posix } = item;
  const metadata: Record<string, string> = { [USER_AGENT]: 'aws-datasync' };
  if (!posix) return metadata;
  if (options.Mtime === 'PRESERVE') metadata[MTIME] = posix.mtime.join('/');
  if (options.Atime === 'BEST_EFFORT') metadata[ATIME] = posix.atime.join('/');
  if (options.Uid !== 'NONE') metadata[OWNER] = posix.userName ?? String(posix.uid);
  if (options.Gid !== 'NONE') metadata[GROUP] = posix.groupName ?? String(posix.gid);
  // a link is a link whatever is said about permissions: without the type it would come back as a file
  if (options.PosixPermissions === 'PRESERVE' || item.kind === 'symlink') {
    metadata[PERMISSIONS] = ((TYPES[item.kind] ?? 0) + posix.mode).toString(8).padStart(6, '0');
  }
  return metadata;
}

/** What stores tell of an object, as S3 calls it. */
export type DescribedObject = { readonly StorageClass?: string } & Pick<HeadObjectCommandOutput, 'ContentLength' | 'Restore' | 'ETag' | 'LastModified' | 'Metadata'
| 'ContentType' | 'ContentEncoding' | 'ContentLanguage' | 'ContentDisposition' | 'CacheControl'>;

/** The item that an object is, from the answer to HeadObject or GetObject. */
export function fromObject(key: string, object: DescribedObject): Item {
  const user = object.Metadata ?? {};
  const permissions = /^0*([0-7]+)$/.exec(user[PERMISSIONS] ?? '')?.[1];
  const isLink = permissions !== undefined && Math.floor(parseInt(permissions, 8) / 0o10000) === 0o12;
  const isFolder = key === '' || key.endsWith('/');
  const lastModified = object.LastModified?.getTime();
  return {
    key,
    kind: isFolder ? 'folder' : isLink ? 'symlink' : 'file',
    size: object.ContentLength ?? 0,
    posix: toPosix(user, permissions, lastModified ?? 0),
    object: {
      etag: object.ETag?.replace(/"/g, ''),
      lastModified,
      storageClass: object.StorageClass,
      archived: isArchived(object.StorageClass, object.Restore?.includes('ongoing-request="false"') ?? false),
      user,
      system: {
        ContentType: object.ContentType,
        ContentEncoding: object.ContentEncoding,
        ContentLanguage: object.ContentLanguage,
        ContentDisposition: object.ContentDisposition,
        CacheControl: object.CacheControl,
      },
    },
  };
}

function toPosix(user: Record<string, string>, permissions: string | undefined, lastModified: number): PosixMetadata | undefined {
  const mtime = parseTime(user[MTIME]);
  if (permissions === undefined && mtime === undefined && user[OWNER] === undefined) return undefined;
  const known = mtime ?? toTime(lastModified);
  return {
    mode: permissions === undefined ? 0o755 : parseInt(permissions, 8) % 0o10000,
    uid: parseId(user[OWNER]),
    gid: parseId(user[GROUP]),
    mtime: known,
    atime: parseTime(user[ATIME]) ?? known,
    userName: parseName(user[OWNER]),
    groupName: parseName(user[GROUP]),
  };
}

function parseId(value: string | undefined): number {
  return value !== undefined && /^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 - 1 ? Number(value) : 65534;
}

/** What HDFS has in place of an id; other file systems get 65534 for it. */
function parseName(value: string | undefined): string | undefined {
  return value === undefined || /^\d*$/.test(value) ? undefined : value;
}

/** `seconds/nanoseconds`, milliseconds, or nanoseconds with the suffix `ns`: all three are in use. */
function parseTime(value: string | undefined): Time | undefined {
  const pair = /^(-?\d{1,12})\/(\d{1,9})$/.exec(value ?? '');
  if (pair) return [Number(pair[1]), Number(pair[2])];
  const nanoseconds = /^(\d{1,21})ns$/.exec(value ?? '');
  if (nanoseconds) return [Number(BigInt(nanoseconds[1]) / 1_000_000_000n), Number(BigInt(nanoseconds[1]) % 1_000_000_000n)];
  return /^\d{1,15}$/.test(value ?? '') ? toTime(Number(value)) : undefined;
}

function toTime(ms: number): Time {
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
}

/** Can the content not be read? Undefined if it can: most objects say nothing about it. */
export function isArchived(storageClass: string | undefined, isRestored: boolean): true | undefined {
  return (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') && !isRestored ? true : undefined;
}
