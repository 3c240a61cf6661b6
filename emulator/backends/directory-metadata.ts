import { chmodSync, fchmodSync, fchownSync, futimesSync, lchownSync, lutimesSync, readFileSync } from 'fs';
import type { Item, PosixMetadata, Time, WriteContext } from '../engine/types';

/** What the service gives to items whose source knows no owner and no mode. */
const FOREIGN = { mode: 0o755, uid: 65534, gid: 65534 };

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
export function metadataFor(item: Item): PosixMetadata {
  if (item.posix) return item.posix;
  const ms = item.object?.lastModified ?? Date.now();
  const mtime: Time = [Math.floor(ms / 1000), (((ms % 1000) + 1000) % 1000) * 1_000_000];
  return { ...FOREIGN, mtime, atime: mtime };
}

/** Sets what the options preserve, through an open file or a path that is not a link. */
export function setMetadata(target: number | string, posix: PosixMetadata, keepsOwner: boolean, { options }: WriteContext): void {
  const { uid, gid } = ownerFor(posix, options);
  if (keepsOwner && (uid >= 0 || gid >= 0)) {
    if (typeof target === 'number') fchownSync(target, uid, gid);
    else lchownSync(target, uid, gid);
  }
  // after the owner: a new owner clears the set-user-id bit
  const mode = options.PosixPermissions === 'PRESERVE' ? posix.mode : FOREIGN.mode;
  if (typeof target === 'number') fchmodSync(target, mode);
  else chmodSync(target, mode);
  const [atime, mtime] = timesFor(posix, options);
  if (typeof target === 'number') futimesSync(target, atime, mtime);
  else lutimesSync(target, atime, mtime);
}

export function setLinkMetadata(path: string, posix: PosixMetadata, keepsOwner: boolean, { options }: WriteContext): void {
  const { uid, gid } = ownerFor(posix, options);
  if (keepsOwner && (uid >= 0 || gid >= 0)) lchownSync(path, uid, gid);
  lutimesSync(path, ...timesFor(posix, options));
}

/** -1 leaves an id alone. */
function ownerFor(posix: PosixMetadata, options: WriteContext['options']): { uid: number; gid: number } {
  return { uid: options.Uid === 'NONE' ? -1 : posix.uid, gid: options.Gid === 'NONE' ? -1 : posix.gid };
}

function timesFor(posix: PosixMetadata, options: WriteContext['options']): [atime: number | Date, mtime: number | Date] {
  const now = new Date();
  return [options.Atime === 'NONE' ? now : toNodeTime(posix.atime), options.Mtime === 'NONE' ? now : toNodeTime(posix.mtime)];
}

/**
 * A time as Node takes it. A double holds today's time to a quarter of a microsecond and Node cuts off what is below a microsecond,
 * so the middle of the microsecond is what arrives as that microsecond. Before 1970 Node takes a number for "now" and gets fractions
 * of a Date wrong: whole seconds.
 */
function toNodeTime([seconds, nanoseconds]: Time): number | Date {
  if (seconds < 0) return new Date(seconds * 1000);
  return nanoseconds === 0 ? seconds : seconds + (Math.floor(nanoseconds / 1000) + 0.5) / 1_000_000;
}
