import { lstatSync, opendirSync, readlinkSync, type BigIntStats } from 'fs';
import { join } from 'path';
import { setImmediate } from 'timers/promises';
import { codeOf, LocationError, messageOf } from '../engine/errors';
import { isReserved } from '../engine/filter';
import { sortKeys } from '../engine/order';
import type { Item, ItemKind, ListRequest, Time } from '../engine/types';

const BATCH = 1024;
/** How long, in ms, the walk may keep the event loop busy. System calls without promises are several times faster. */
const SLICE = 8;
/** What Node decodes bytes to that are not UTF-8. */
const UNDECODABLE = '\ufffd';

interface Frame {
  readonly key: string;
  /** Names below, folders with a slash at the end, in order. */
  readonly names: readonly string[];
  next: number;
}

/** Lists a folder in the order in which an object store lists keys, holding only the names of the folders on the way down. */
export async function* walk(root: string, { filter, signal }: ListRequest): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  const stack: Frame[] = [];
  const enter = (item: Item): Item => {
    try {
      stack.push({ key: item.key, names: readNames(join(root, item.key)), next: 0 });
      return item;
    } catch (error) {
      if (item.key === '') throw new LocationError(messageOf(error));
      return { ...item, error: messageOf(error) };
    }
  };
  batch.push(enter(statItem(root, '')));
  let sliceStart = performance.now();
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    const name = frame.names[frame.next++];
    if (name === undefined) {
      stack.pop();
      continue;
    }
    const key = frame.key + name;
    const path = key.endsWith('/') ? key.slice(0, -1) : key;
    const isFolder = path !== key;
    if (isReserved(path) || !(isFolder ? filter.entersFolder(path) : filter.isIncluded(path))) continue;
    const item = name === frame.names[frame.next - 2] ? undefined : lookUp(root, key);
    if (item) batch.push(isFolder && item.error === undefined ? enter(item) : item);
    if (batch.length >= BATCH || performance.now() - sliceStart > SLICE) {
      signal.throwIfAborted();
      if (batch.length > 0) yield batch;
      batch = [];
      if (performance.now() - sliceStart > SLICE) {
        await setImmediate();
        sliceStart = performance.now();
      }
    }
  }
  yield batch;
}

function readNames(path: string): string[] {
  const folder = opendirSync(path, { bufferSize: 1024 });
  try {
    const names: string[] = [];
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
    return sortKeys(names);
  } finally {
    folder.closeSync();
  }
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
  const path = join(root, key.endsWith('/') ? key.slice(0, -1) : key);
  const stats = lstatSync(path, { bigint: true });
  if (!stats.isSymbolicLink()) return toItem(key, stats);
  const target = readlinkSync(path);
  const error = target.includes(UNDECODABLE) && !readlinkSync(path, 'buffer').equals(Buffer.from(target)) ? 'the target of the link is not UTF-8' : undefined;
  return { ...toItem(key, stats), size: Buffer.byteLength(target), target, ...(error && { error }) };
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
