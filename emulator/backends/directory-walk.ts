import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'fs';
import { codeOf, LocationError, messageOf } from '../engine/errors';
import { type Filter, isReserved } from '../engine/filter';
import { sortKeys } from '../engine/order';
import type { Item, ItemKind, Time } from '../engine/types';

const BATCH = 1024;
/** How long, in ms, one batch may keep its thread busy. System calls without promises are several times faster. */
const SLICE = 8;
/** What Node decodes bytes to that are not UTF-8. */
const UNDECODABLE = '\ufffd';

/** A folder on the way down to where a walk is. Plain data, so that a walk can go on in another thread. */
export interface Frame {
  readonly key: string;
  /** Names below, folders with a slash at the end, in order. */
  readonly names: readonly string[];
  next: number;
}

/** Lists a folder in the order in which an object store lists keys, holding only the names of the folders on the way down. */
export class Walk {
  /** @param frames where another walk of the folder has come to; without them it starts with the folder itself */
  constructor(private readonly root: string, public readonly filter: Filter, public readonly frames: Frame[] = []) {}

  /** The folder itself. Throws a `LocationError` if it cannot be listed. */
  public start(): Item {
    return this.enter(statItem(this.root, ''));
  }

  /** What comes next, as much as can be had in a moment; undefined at the end. */
  public next(): Item[] | undefined {
    const { frames, filter } = this;
    const batch: Item[] = [];
    const end = performance.now() + SLICE;
    while (frames.length > 0 && batch.length < BATCH && performance.now() < end) {
      const frame = frames[frames.length - 1];
      const name = frame.names[frame.next++];
      if (name === undefined) {
        frames.pop();
        continue;
      }
      const key = frame.key + name;
      const isFolder = key.endsWith('/');
      const path = isFolder ? key.slice(0, -1) : key;
      if (isReserved(path) || !(isFolder ? filter.entersFolder(path) : filter.isIncluded(path))) continue;
      if (name === frame.names[frame.next - 2]) continue;
      const item = name === frame.names[frame.next] ? severalOf(key) : lookUp(this.root, key);
      if (item) batch.push(isFolder && item.error === undefined ? this.enter(item) : item);
    }
    return batch.length === 0 && frames.length === 0 ? undefined : batch;
  }

  private enter(item: Item): Item {
    try {
      this.frames.push({ key: item.key, names: readNames(locate(this.root, item.key)), next: 0 });
      return item;
    } catch (error) {
      if (item.key === '') throw new LocationError(messageOf(error));
      return { ...item, error: messageOf(error) };
    }
  }
}

function readNames(path: string): string[] {
  return sortKeys(readdirSync(path, { withFileTypes: true }).map(entry => entry.isDirectory() ? `${entry.name}/` : entry.name));
}

/** Which of the names is meant cannot be told. */
function severalOf(key: string): Item {
  return { key, kind: key.endsWith('/') ? 'folder' : 'file', size: 0, error: 'there is another name that is not UTF-8 and reads the same' };
}

/** The item, an item with an error, or undefined if it has vanished since its folder was read. */
function lookUp(root: string, key: string): Item | undefined {
  const kind: ItemKind = key.endsWith('/') ? 'folder' : 'file';
  try {
    const item = statItem(root, key);
    if ((item.kind === 'folder') === (kind === 'folder')) return item;
    return { key, kind, size: 0, error: 'was replaced while it was listed' };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return { key, kind, size: 0, error: messageOf(error) };
    return key.includes(UNDECODABLE) ? { key, kind, size: 0, error: 'the name is not UTF-8' } : undefined;
  }
}

/** Looks an item up; links are never followed. */
export function statItem(root: string, key: string): Item {
  const path = locate(root, key);
  const stats = lstatSync(path, { bigint: true });
  if (!stats.isSymbolicLink()) return toItem(key, stats);
  const target = readlinkSync(path);
  const error = target.includes(UNDECODABLE) && !readlinkSync(path, 'buffer').equals(Buffer.from(target)) ? 'the target of the link is not UTF-8' : undefined;
  return { ...toItem(key, stats), size: Buffer.byteLength(target), target, ...(error && { error }) };
}

/** Faster than `path.join`; every name in the key is known to be one. */
function locate(root: string, key: string): string {
  return key === '' ? root : `${root}/${key.endsWith('/') ? key.slice(0, -1) : key}`;
}

export function toItem(key: string, stats: BigIntStats): Item {
  const kind = kindOf(stats);
  return {
    key,
    kind,
    size: kind === 'file' || kind === 'symlink' ? Number(stats.size) : 0,
    posix: {
      mode: Number(stats.mode % 0o10000n),
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      mtime: toTime(stats.mtimeNs),
      atime: toTime(stats.atimeNs),
    },
    ...(kind === 'file' && stats.nlink > 1n && { hardLink: `${stats.dev}:${stats.ino}` }),
  };
}

function kindOf(stats: BigIntStats): ItemKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'device' : 'special';
}

function toTime(nanoseconds: bigint): Time {
  const rest = nanoseconds % 1_000_000_000n;
  const positive = rest < 0n ? rest + 1_000_000_000n : rest;
  return [Number((nanoseconds - positive) / 1_000_000_000n), Number(positive)];
}
