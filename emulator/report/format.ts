import type { Item, ItemKind, Time } from '../engine/backend';
import type { ItemFailure, ItemOutcome } from '../engine/outcome';
import type { TaskMode } from '../engine/request';

/** What became of an item, well or not. */
export type ReportEntry = { readonly outcome: ItemOutcome } | { readonly failure: ItemFailure };

/** The lists of a detailed report. */
export type List = 'Transferred' | 'Verified' | 'Skipped' | 'Deleted';

/** The list that an entry belongs to: what failed before it was tried has been skipped. */
export function listOf(entry: ReportEntry): List {
  return 'outcome' in entry ? entry.outcome.what : LISTS[entry.failure.step];
}

const LISTS = { List: 'Skipped', Prepare: 'Skipped', Transfer: 'Transferred', Delete: 'Deleted', Verify: 'Verified' } as const;

const REASONS = {
  unchanged: 'The item at the destination does not differ.',
  kept: 'The item exists at the destination, and OverwriteMode is NEVER.',
  special: 'The item is a device, a socket or a pipe.',
  placeless: 'The destination cannot have the item.',
  archived: 'The object is archived and has not been restored.',
} as const;

/** Names of members, which the two task modes have different ones for. */
interface Names {
  readonly source: string;
  readonly destination: string;
  metadata(item: Item): object | undefined;
  path(key: string): string;
  error(failure: ItemFailure): object;
}

const BASIC: Names = {
  source: 'Src',
  destination: 'Dst',
  metadata: fileMetadata,
  path: key => `/${key}`,
  error: ({ message }) => ({ FailureReason: message }), // the numbers of FailureCode are not documented
};

const ENHANCED: Names = {
  source: 'Source',
  destination: 'Destination',
  metadata: item => item.object ? objectMetadata(item) : fileMetadata(item),
  path: key => key,
  error: ({ code, message }) => ({ ErrorCode: code ?? 'Failed', ErrorDetail: message }),
};

/** One entry as a detailed report has it. */
export function format(entry: ReportEntry, mode: TaskMode, time: Date, withVersions: boolean): object {
  const names = mode === 'BASIC' ? BASIC : ENHANCED;
  const list = listOf(entry);
  const { item, existing, checksums } = 'outcome' in entry ? entry.outcome : entry.failure;
  const status = 'outcome' in entry ? 'SUCCESS' : 'FAILED';
  const error = 'outcome' in entry ? {} : names.error(entry.failure);
  const RelativePath = names.path(item.key.endsWith('/') ? item.key.slice(0, -1) : item.key);
  const metadata = { [`${names.source}Metadata`]: names.metadata(item) };
  switch (list) {
    case 'Transferred': {
      const { change = 'content' } = 'outcome' in entry ? entry.outcome : entry.failure;
      return {
        RelativePath,
        ...metadata,
        Overwrite: existing && !existing.implicit ? 'True' : 'False',
        ...(withVersions && item.writtenVersion && { DstS3VersionId: item.writtenVersion }),
        TransferTimestamp: timestamp(time.getTime()),
        TransferType: change === 'metadata' ? 'METADATA' : 'CONTENT_AND_METADATA',
        TransferStatus: status,
        ...error,
      };
    }
    case 'Verified':
      return {
        RelativePath,
        ...metadata,
        ...(existing && { [`${names.destination}Metadata`]: names.metadata(existing) }),
        ...(checksums && { [`${names.source}Checksum`]: checksums.source, [`${names.destination}Checksum`]: checksums.destination }),
        VerifyTimestamp: timestamp(time.getTime()),
        VerifyStatus: status,
        ...error,
      };
    case 'Skipped': {
      const reason = 'outcome' in entry ? REASONS[entry.outcome.reason ?? 'unchanged'] : entry.failure.message;
      return { RelativePath, ...metadata, SkipTimestamp: timestamp(time.getTime()), SkipReason: reason, SkipStatus: status, ...error };
    }
    default:
      return { RelativePath, DeleteTimestamp: timestamp(time.getTime()), DeleteStatus: status, ...error };
  }
}

const FILE_TYPES: Record<ItemKind, string> = { file: 'Regular', folder: 'Directory', symlink: 'Symlink', device: 'Device', special: 'Special' };

function fileMetadata({ kind, size, posix, object }: Item): object {
  const modified = object?.lastModified;
  return {
    Type: FILE_TYPES[kind],
    ...(kind !== 'folder' && { ContentSize: size }),
    ...(posix
      ? {
        Mtime: nanoseconds(posix.mtime),
        Atime: nanoseconds(posix.atime),
        Uid: posix.uid,
        Gid: posix.gid,
        Mode: posix.mode.toString(8).padStart(4, '0'),
      }
      : modified !== undefined && { Mtime: timestamp(modified) }),
  };
}

/** As far as the transfer had to know it: a copy that the store makes itself needs neither Content-Type nor user metadata. */
function objectMetadata({ kind, size, object }: Item): object {
  const { etag, lastModified, system, user } = object!;
  return {
    Type: kind === 'folder' ? 'Directory' : 'Object',
    ...(kind !== 'folder' && { ContentSize: size }),
    ...(lastModified !== undefined && { LastModified: new Date(lastModified).toISOString().replace(/\.\d+Z$/, 'Z') }),
    SystemMetadata: { ...system, ...(etag !== undefined && { ETag: `"${etag}"` }) },
    ...(user && { UserMetadata: user }),
  };
}

/** Epoch milliseconds in the notation of reports. */
export function timestamp(milliseconds: number): string {
  return nanoseconds([Math.floor(milliseconds / 1000), milliseconds % 1000 * 1_000_000]);
}

/** ISO 8601 with nine digits after the second. */
export function nanoseconds([seconds, fraction]: Time): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds}.${fraction}` : date.toISOString().replace(/\.\d+Z$/, `.${String(Math.floor(fraction)).padStart(9, '0')}Z`);
}
