import type { Item, ItemKind } from '../engine/backend';
import type { ItemFailure, ItemOutcome } from '../engine/outcome';

/** Ids of the locations of a task, as Enhanced log lines name them. */
export interface LocationIds {
  readonly source: string;
  readonly destination: string;
}

const NOUNS: Readonly<Record<ItemKind, string>> = { file: 'file', folder: 'directory', symlink: 'symlink', device: 'device', special: 'special file' };
const TYPES: Readonly<Record<ItemKind, string>> = { file: 'R', folder: 'D', symlink: 'L', device: 'B', special: 'S' };

/** Why an item was left out that a transfer would otherwise have had to look at. */
const LEFT_OUT: Partial<Record<NonNullable<ItemOutcome['reason']>, string>> = {
  special: 'the destination cannot have it',
  placeless: 'the destination cannot have it',
  archived: 'it is archived and has not been restored',
};

/** Code of what verification finds at the destination alone. */
const ONLY_AT_DESTINATION = 'FileNotAtSource';

/** Lines of Basic mode about an item that went well, or that is left out; none about one that was left as it was. */
export function basicOutcome({ what, item, change, reason }: ItemOutcome): string[] {
  const subject = `${NOUNS[item.kind]} ${pathOf(item)}`;
  const size = item.kind === 'file' ? `, ${item.size} bytes` : '';
  switch (what) {
    case 'Transferred':
      if (change === 'metadata') return [`[INFO] Transferred metadata of ${subject}`];
      return [item.kind === 'folder' ? `[INFO] Created ${subject}` : `[INFO] Transferred ${subject}${size}`];
    case 'Verified':
      return [`[INFO] Verified ${subject}${size}`];
    case 'Deleted':
      return [`[INFO] Deleted ${subject}`];
    case 'Skipped':
      return reason && LEFT_OUT[reason] ? [`[INFO] Skipped ${subject}: ${LEFT_OUT[reason]}`] : [];
  }
}

/** Lines of Basic mode about an item that failed, or that differs. */
export function basicFailure({ step, item, existing, checksums, code, message }: ItemFailure): string[] {
  const path = pathOf(item);
  if (step !== 'Verify') return [`[ERROR] ${step} of ${NOUNS[item.kind]} ${path} failed: ${message}`];
  if (!existing) return [`[NOTICE] Verification failed ${code === ONLY_AT_DESTINATION ? '>' : '<'} ${path}`, `[NOTICE]   ${path} ${message}`];
  return [
    `[NOTICE] Verification failed <> ${path}`,
    `[NOTICE]   ${path} srcMeta: ${metadata(item)}`,
    ...(checksums ? [`[NOTICE]   srcHash: ${checksums.source}`] : []),
    `[NOTICE]   ${path} dstMeta: ${metadata(existing)}`,
    ...(checksums ? [`[NOTICE]   dstHash: ${checksums.destination}`] : []),
  ];
}

/** Lines of Enhanced mode about the same. */
export function enhancedOutcome({ what, item, existing, change, reason }: ItemOutcome, locations: LocationIds): string[] {
  switch (what) {
    case 'Transferred':
      return [line({ Action: 'TRANSFER', ...sides(item, undefined, locations), TransferType: change === 'metadata' ? 'METADATA' : 'CONTENT_AND_METADATA' })];
    case 'Verified':
      return [line({ Action: 'VERIFY', ...sides(item, existing, locations) })];
    case 'Deleted':
      return [line({ Action: 'DELETE', Destination: side(locations.destination, item, item) })];
    case 'Skipped':
      return reason && LEFT_OUT[reason] ? [line({ Action: 'SKIP', Source: side(locations.source, item, item) })] : [];
  }
}

/** Lines of Enhanced mode about an item that failed, or that differs. */
export function enhancedFailure({ step, item, existing, code, message }: ItemFailure, locations: LocationIds): string[] {
  const isAtDestination = step === 'Delete' || code === ONLY_AT_DESTINATION;
  return [line({
    Action: step.toUpperCase(),
    ...(isAtDestination ? { Destination: side(locations.destination, item, item) } : sides(item, existing, locations)),
    ErrorCode: code ?? (step === 'Verify' ? 'MetadataDiffers' : `${step}Failed`),
    ErrorDetail: message,
  })];
}

function pathOf({ key }: Item): string {
  return `/${key.endsWith('/') ? key.slice(0, -1) : key}`;
}

function metadata({ kind, size, posix }: Item): string {
  const known = posix
    ? ` mode=0${posix.mode.toString(8)} uid=${posix.uid} gid=${posix.gid} size=${size} atime=${posix.atime.join('/')} mtime=${posix.mtime.join('/')}`
    : ` size=${size}`;
  return `type=${TYPES[kind]}${known} extAttrsHash=0`;
}

function sides(item: Item, existing: Item | undefined, { source, destination }: LocationIds): object {
  return { Source: side(source, item, item), Destination: side(destination, item, existing) };
}

function side(LocationId: string, { key }: Item, known: Item | undefined): object {
  return { LocationId, RelativePath: key, ...(known && { Metadata: enhancedMetadata(known) }) };
}

/** As far as the transfer had to know it: what it did not read is left out, not said to be empty. */
function enhancedMetadata({ kind, size, posix, object }: Item): object {
  const seconds = posix?.mtime[0] ?? (object?.lastModified === undefined ? undefined : object.lastModified / 1000);
  const { etag, system, user } = object ?? {};
  return {
    Type: kind === 'folder' ? 'Directory' : object ? 'Object' : NOUNS[kind].replace(/^./, first => first.toUpperCase()),
    ContentSize: size,
    ...(seconds !== undefined && { LastModified: timestamp(seconds) }),
    ...(object && { S3: { SystemMetadata: { ...system, ...(etag !== undefined && { ETag: `"${etag}"` }) }, ...(user && { UserMetadata: user }) } }),
  };
}

function timestamp(seconds: number): string {
  const time = new Date(Math.floor(seconds) * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString().replace('.000Z', 'Z');
}

function line(content: object): string {
  return JSON.stringify(content);
}
