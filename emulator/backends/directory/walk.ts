import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { openFolders } from './folders';
import type { Folders, Root } from './folders';
import { identityOf } from './handle';
import { NoFolderError } from './paths';
import { plainPaths } from './plain-path';
import { isOdd, isUndecodable, keyOfName, onDisk } from './undecodable-names';
import { WorkingFolder } from './working-folder';
import type { Item, ItemKind, Time } from '../../engine/backend';
import { codeOf, FatalError, LocationError, messageOf, overlapError } from '../../engine/errors';
import { isReserved, mayBeReserved } from '../../engine/filter';
import type { Filter } from '../../engine/filter';
import { sortKeys } from '../../engine/order';

/** What waits in a batch outlives a garbage collection, or two: larger ones cost more than they save. */
const BATCH = 512;
/** How long, in ms, one batch may keep its thread busy. System calls without promises are several times faster. */
const SLICE = 8;
/** How many files share one look at the clock, which is not cheap either. */
const LOOK = 8;
const REPLACED = 'was replaced while it was listed';

/** A folder on the way down to where a walk is. Plain data, so that a walk can go on in another thread. */
export interface Frame {
  readonly key: string;
  /** Names below, folders with a slash at the end, in order. */
  readonly names: readonly string[];
  /** Whether any of them, or one above, is not UTF-8. */
  readonly isOdd: boolean;
  next: number;
}

/** What a walk is to list. Plain data, too. */
export interface WalkScope {
  readonly root: Root;
  /** Device and inode of the folder on the other side, which must not be met. */
  readonly apartFrom?: string;
}

/** Lists a folder in the order in which an object store lists keys, holding only the names of the folders on the way down. */
export class Walk {
  private readonly folders: Folders;
  private readonly workingFolder = new WorkingFolder();

  /** @param frames where another walk of the folder has come to; without them it starts with the folder itself */
  constructor(public readonly scope: WalkScope, public readonly filter: Filter, public readonly frames: Frame[] = []) {
    this.folders = openFolders(scope.root);
  }

  /** The folder itself. Throws a `LocationError` if it cannot be listed. */
  public start(): Item {
    try {
      return this.enter('', false);
    } catch (error) {
      throw error instanceof FatalError ? error : new LocationError(messageOf(error));
    }
  }

  /** What comes next, as much as can be had in a moment; undefined at the end. */
  public next(): Item[] | undefined {
    try {
      return this.nextBatch();
    } finally {
      this.workingFolder.leave();
    }
  }

  public close(): void {
    this.folders.close();
  }

  private nextBatch(): Item[] | undefined {
    const { frames } = this;
    const batch: Item[] = [];
    const end = performance.now() + SLICE;
    while (frames.length > 0 && batch.length < BATCH) {
      const frame = frames[frames.length - 1];
      const name = frame.names[frame.next];
      if (name === undefined) frames.pop();
      else if (name.endsWith('/')) this.listFolder(frame, batch);
      else this.listFiles(frame, batch, end);
      if (performance.now() >= end) break; // a folder may be large, too
    }
    return batch.length === 0 && frames.length === 0 ? undefined : batch;
  }

  private listFolder(frame: Frame, batch: Item[]): void {
    const name = frame.names[frame.next++];
    const key = frame.key + name;
    if (!this.isListed(key, name)) return;
    const item = lookUp(key, 'folder', () => this.enter(key, frame.isOdd && isOdd(key)));
    if (item) batch.push(frame.isOdd ? failedIfOdd(item) : item);
  }

  /** The files that come next in a folder, up to a folder or the end of the batch. */
  private listFiles(frame: Frame, batch: Item[], end: number): void {
    if (frame.isOdd) return this.lookUpFiles(frame, batch, end);
    if (this.enterWorkingFolder(frame)) return this.lookUpFiles(frame, batch, end, '');
    const [next, listed] = [frame.next, batch.length];
    const isWorth = frame.names.length - next >= plainPaths.names * this.frames.length;
    const plain = isWorth ? this.folders.plainPath(pathOfFolder(frame)) : undefined;
    this.lookUpFiles(frame, batch, end, plain && `${plain.path}/`);
    if (!plain || plain.isUnchanged()) return;
    frame.next = next;
    batch.length = listed;
    this.lookUpFiles(frame, batch, end);
  }

  private enterWorkingFolder(frame: Frame): boolean {
    if (!this.workingFolder.isAllowed) return false;
    try {
      this.workingFolder.enter(pathOfFolder(frame), path => this.folders.folder(path));
      return true;
    } catch {
      return false; // whoever looks a name up will be told
    }
  }

  /** @param shortcut what leads to the folder when it stands before a name, besides the way through its descriptor */
  private lookUpFiles(frame: Frame, batch: Item[], end: number, shortcut?: string): void {
    for (let left = LOOK; batch.length < BATCH; left--) {
      if (left === 0) {
        if (performance.now() >= end) return;
        left = LOOK;
      }
      const name = frame.names[frame.next];
      if (name === undefined || name.endsWith('/')) return;
      frame.next++;
      const key = frame.key + name;
      const item = this.isListed(key, name) && this.lookUpFile(frame, key, name, shortcut);
      if (item) batch.push(item);
    }
  }

  private isListed(key: string, name: string): boolean {
    const isFolder = key.endsWith('/');
    const path = isFolder ? key.slice(0, -1) : key;
    return !(mayBeReserved(name) && isReserved(path)) && (isFolder ? this.filter.entersFolder(path) : this.filter.isIncluded(path));
  }

  private lookUpFile(frame: Frame, key: string, name: string, shortcut: string | undefined): Item | undefined {
    if (shortcut !== undefined) {
      try {
        return asFile(statAt(shortcut + name, key));
      } catch {
        // the way through the descriptor tells what is wrong
      }
    }
    return lookUp(key, 'file', () => {
      const path = `${this.folders.folder(pathOfFolder(frame))}/${name}`;
      return frame.isOdd ? failedIfOdd(asFile(statAt(onDisk(path), key))) : asFile(statAt(path, key));
    });
  }

  private enter(key: string, isBelowOdd: boolean): Item {
    const path = key.slice(0, -1);
    const stats = this.folders.stat(path);
    if (identityOf(stats) === this.scope.apartFrom) throw overlapError(`/${path}`);
    const item = toItem(key, stats);
    try {
      const { names, isOdd: hasOdd } = readNames(onDisk(this.folders.folder(path)));
      this.frames.push({ key, names, isOdd: isBelowOdd || hasOdd, next: 0 });
      return item;
    } catch (error) {
      if (key === '') throw error;
      return { ...item, error: messageOf(error), unlisted: true };
    }
  }
}

/** The item, an item with an error, or undefined if it has vanished since its folder was read. */
function lookUp(key: string, kind: ItemKind, look: () => Item): Item | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof FatalError) throw error;
    if (codeOf(error) === 'ENOENT') return undefined;
    return { key, kind, size: 0, error: error instanceof NoFolderError ? REPLACED : messageOf(error), unlisted: true };
  }
}

/** What was no folder when its folder was read. */
function asFile(item: Item): Item {
  return item.kind === 'folder' ? { key: item.key, kind: 'file', size: 0, error: REPLACED, unlisted: true } : item;
}

function pathOfFolder({ key }: Frame): string {
  return key.slice(0, -1);
}

function readNames(path: string | Buffer): Pick<Frame, 'names' | 'isOdd'> {
  const names = readdirSync(path, { withFileTypes: true }).map(entry => entry.isDirectory() ? `${entry.name}/` : entry.name);
  if (!names.some(isUndecodable)) return { names: sortKeys(names), isOdd: false };
  const exact = readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map(entry => `${keyOfName(entry.name)}${entry.isDirectory() ? '/' : ''}`);
  return { names: sortKeys(exact), isOdd: exact.some(isOdd) };
}

function failedIfOdd(item: Item): Item {
  return isOdd(item.key) ? { error: 'the name is not UTF-8', ...item } : item;
}

/** Looks an item up; links are never followed. */
export function statItem(folders: Folders, key: string): Item {
  return statAt(onDisk(folders.of(key)), key);
}

function statAt(path: string | Buffer, key: string): Item {
  const item = toItem(key, lstatSync(path, { bigint: true }));
  if (item.kind !== 'symlink') return item;
  const target = readlinkSync(path);
  const error = isUndecodable(target) && !readlinkSync(path, 'buffer').equals(Buffer.from(target)) ? 'the target of the link is not UTF-8' : undefined;
  return { ...item, size: Buffer.byteLength(target), target, ...(error && { error }) };
}

export function toItem(key: string, stats: BigIntStats): Item {
  const mode = Number(stats.mode);
  const kind = KINDS[Math.floor(mode / 0o10000)] ?? 'special';
  const item: Item = {
    key,
    kind,
    size: kind === 'file' || kind === 'symlink' ? Number(stats.size) : 0,
    posix: {
      mode: mode % 0o10000,
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      mtime: toTime(stats.mtimeNs),
      atime: toTime(stats.atimeNs),
    },
  };
  if (stats.nlink === 1n || kind === 'folder') return item;
  const names = Number(stats.nlink);
  return kind === 'file' ? { ...item, names, hardLink: identityOf(stats) } : { ...item, names };
}

/** By the type in the mode: as in every Unix. */
const KINDS: { readonly [type: number]: ItemKind } = { 0o10: 'file', 0o4: 'folder', 0o12: 'symlink', 0o2: 'device', 0o6: 'device' };

const NANOSECONDS = 1_000_000_000;

/** Every calculation with a bigint takes as long as a good part of the system call. */
function toTime(time: bigint): Time {
  const rest = Number(time % 1_000_000_000n);
  const nanoseconds = rest < 0 ? rest + NANOSECONDS : rest;
  return [Math.round((Number(time) - nanoseconds) / NANOSECONDS), nanoseconds]; // rounded, as not every such number is exact
}
