import { chmodSync, chownSync, fchmodSync, fchownSync, futimesSync, lchownSync, lutimesSync, readFileSync, utimesSync } from 'node:fs';
import type { Handle } from './handle';
import type { Item, PosixMetadata, Time, WriteContext } from '../../engine/backend';
import type { TransferOptions } from '../../engine/request';

/** What the service gives to items whose source knows no owner and no mode. */
export const DEFAULT_MODE = 0o755;
const DEFAULT_METADATA = { mode: DEFAULT_MODE, uid: 65534, gid: 65534 };

/** May this process give files to others? Root may, unless it runs without CAP_CHOWN as in a restricted container. */
export function mayChangeOwner(): boolean {
  if (process.geteuid?.() !== 0) return false;
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    return true; // not Linux
  }
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(status);
  return capabilities === null || BigInt(`0x${capabilities[1]}`) % 2n === 1n; // CAP_CHOWN is bit 0
}

/** The metadata to give to an item at the destination. */
export function posixMetadata(item: Item): PosixMetadata {
  if (item.posix) return item.posix;
  const ms = item.object?.lastModified ?? Date.now();
  const mtime: Time = [Math.floor(ms / 1000), (((ms % 1000) + 1000) % 1000) * 1_000_000];
  return { ...DEFAULT_METADATA, mtime, atime: mtime };
}

/** What an item at the destination has and keeps, where the options do not preserve the source's. */
export type Kept = Partial<PosixMetadata> | undefined;

/** Sets what the options preserve, through an open file or to an item that is held and is not a link. */
export function setMetadata(
  target: number | Handle, posix: PosixMetadata, kept: Kept, keepsOwner: boolean, { options }: Pick<WriteContext, 'options'>,
): void {
  const { mode, uid, gid, atime, mtime } = effective(posix, kept, options);
  const { chown, chmod, utimes } = typeof target === 'number' ? ofFile(target) : target.descriptor === undefined ? ofPath(target.path) : ofHeld(target.path);
  if (keepsOwner && (uid >= 0 || gid >= 0)) chown(uid, gid);
  chmod(mode); // after the owner: a new owner clears the set-user-id bit
  utimes(toNodeTime(atime), toNodeTime(mtime));
}

type NodeTime = number | Date;

interface Setters {
  chown(uid: number, gid: number): void;
  chmod(mode: number): void;
  utimes(atime: NodeTime, mtime: NodeTime): void;
}

function ofFile(file: number): Setters {
  return {
    chown: (uid, gid) => fchownSync(file, uid, gid),
    chmod: mode => fchmodSync(file, mode),
    utimes: (atime, mtime) => futimesSync(file, atime, mtime),
  };
}

/** The descriptor of what is held is good for nothing but to lead there. */
function ofHeld(path: string): Setters {
  return {
    chown: (uid, gid) => chownSync(path, uid, gid),
    chmod: mode => chmodSync(path, mode),
    utimes: (atime, mtime) => utimesSync(path, atime, mtime),
  };
}

function ofPath(path: string): Setters {
  return {
    chown: (uid, gid) => lchownSync(path, uid, gid),
    chmod: mode => chmodSync(path, mode),
    utimes: (atime, mtime) => lutimesSync(path, atime, mtime),
  };
}

export function setLinkMetadata(path: string, posix: PosixMetadata, kept: Kept, keepsOwner: boolean, { options }: Pick<WriteContext, 'options'>): void {
  const { uid, gid, atime, mtime } = effective(posix, kept, options);
  if (keepsOwner && (uid >= 0 || gid >= 0)) lchownSync(path, uid, gid);
  lutimesSync(path, toNodeTime(atime), toNodeTime(mtime));
}

/** Do the options preserve all that an item can have? */
export function preservesAll({ Uid: uid, Gid: gid, PosixPermissions: mode, Atime: atime, Mtime: mtime }: TransferOptions): boolean {
  return uid !== 'NONE' && gid !== 'NONE' && mode === 'PRESERVE' && atime !== 'NONE' && mtime === 'PRESERVE';
}

/** What an item at the destination ends up with; an id of -1 is that of whoever writes it. */
export function effective(posix: PosixMetadata, kept: Kept, options: TransferOptions): PosixMetadata {
  const ms = Date.now();
  const now: Time = [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
  return {
    mode: options.PosixPermissions === 'PRESERVE' ? posix.mode : kept?.mode ?? DEFAULT_MODE,
    uid: options.Uid === 'NONE' ? kept?.uid ?? -1 : posix.uid,
    gid: options.Gid === 'NONE' ? kept?.gid ?? -1 : posix.gid,
    mtime: options.Mtime === 'NONE' ? kept?.mtime ?? now : posix.mtime,
    atime: options.Atime === 'NONE' ? kept?.atime ?? now : posix.atime,
  };
}

/**
 * A time as Node takes it. A double holds today's time to a quarter of a microsecond and Node cuts off what is below a microsecond,
 * so the middle of the microsecond is what arrives as that microsecond. Before 1970 Node takes a number for "now" and gets fractions
 * of a Date wrong: whole seconds.
 */
function toNodeTime([seconds, nanoseconds]: Time): NodeTime {
  if (seconds < 0) return new Date(seconds * 1000);
  return nanoseconds === 0 ? seconds : seconds + (Math.floor(nanoseconds / 1000) + 0.5) / 1_000_000;
}
