import { closeSync, fstatSync, lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { folders as support, holdFolder, identityOf, openFolder, pathAndMountOf, pathTo, statHandle } from './handle';
import type { Handle } from './handle';
import { NoFolderError, parentOf, pathOf } from './paths';
import { localPath, PlainPath } from './plain-path';
import type { HeldPlace, Identity } from './plain-path';
import { onDisk } from './undecodable-names';
import { codeOf } from '../../engine/errors';

/** The folder of a location, for another thread to open too. */
export interface Root {
  readonly path: string;
  /** Its device and inode. */
  readonly identity: string;
}

/**
 * The folders below one, to reach what is in them. Every folder on the way is a real one, never a link, also when something puts a link
 * in its place at any moment. A path that it gives is good until the call after the next: whoever waits has to ask again. It is made of a key: system calls take `onDisk` of it.
 */
export interface Folders {
  readonly root: Root;
  /** Where the root is now, and the id of the mount that it is in, where that can be known. */
  readonly pathAndMount?: { readonly path: string; readonly mount?: number };
  /** The path of a folder, by its path below the root; '' is the root itself. What is in it comes after a slash. */
  folder(path: string): string;
  /** A shorter way to a folder that was asked for just now, if there is one that can be relied on. */
  plainPath(path: string): PlainPath | undefined;
  /** What is known of a folder. */
  stat(path: string): BigIntStats;
  /** The path of an item whose folder is as it should be. */
  of(key: string): string;
  /** Looks anew at what is in the place of a folder, and of those above it. */
  forget(): void;
  close(): void;
}

/** @throws Error if the folder there is another one than the root */
export function openFolders({ path, identity }: { readonly path: string; readonly identity?: string }): Folders {
  const root = holdFolder(path);
  const found = identityOf(statHandle(root));
  if (identity !== undefined && identity !== found) {
    root.close();
    throw new Error('the folder of the location has been replaced');
  }
  return support.canBeHeld ? new HeldFolders(root, found) : new CheckedFolders({ path, identity: found });
}

/** Few enough for every thread to have as many of both sides, and for others to find descriptors: 1024 are a common limit. */
const HELD = 32;

interface HeldFolder {
  readonly descriptor: number;
  /** Once it is known. */
  identity?: Identity;
}

function identify(folder: HeldFolder): Identity {
  return folder.identity ??= fstatSync(folder.descriptor, { bigint: true });
}

/** Folders are opened one from the other and held open: what is reached from there is what was in them, wherever they are by now. */
class HeldFolders implements Folders {
  /** By path, the one that was needed last at the end. */
  private readonly held = new Map<string, HeldFolder>();
  private readonly top: HeldFolder;
  /** The plain path of the root, if there is one that can be relied on. */
  private readonly rootPath: string | undefined;
  private isOpen = true;
  private lastPath = '';
  private last: string;

  constructor(private readonly handle: Handle, private readonly identity: string) {
    this.last = handle.path;
    this.top = { descriptor: handle.descriptor! };
    this.rootPath = localPath(this.top.descriptor);
  }

  public get root(): Root {
    return { path: `${this.handle.path}/.`, identity: this.identity };
  }

  public get pathAndMount(): Folders['pathAndMount'] {
    return pathAndMountOf(this.handle);
  }

  public of(key: string): string {
    const path = pathOf(key);
    if (path === '') return `${this.folder('')}/.`; // without the dot it would be a link
    const parent = parentOf(path);
    return `${this.folder(parent)}/${parent === '' ? path : path.slice(parent.length + 1)}`;
  }

  public folder(path: string): string {
    if (path === this.lastPath && this.isOpen) return this.last;
    if (!this.isOpen) throw new Error('the location is closed');
    this.last = path === '' ? this.handle.path : pathTo(this.hold(path).descriptor);
    this.lastPath = path;
    return this.last;
  }

  public plainPath(path: string): PlainPath | undefined {
    if (this.rootPath === undefined) return undefined;
    const places: HeldPlace[] = [];
    for (let at = path; at !== ''; at = parentOf(at)) {
      const folder = this.held.get(at);
      if (!folder) return undefined;
      places.unshift({ path: `${this.rootPath}/${at}`, identity: identify(folder) });
    }
    return PlainPath.of([{ path: this.rootPath, identity: identify(this.top) }, ...places]);
  }

  public stat(path: string): BigIntStats {
    this.folder(path);
    const folder = path === '' ? this.top : this.held.get(path)!;
    const stats = fstatSync(folder.descriptor, { bigint: true });
    folder.identity = stats;
    return stats;
  }

  public forget(): void {
    for (const { descriptor } of this.held.values()) closeSync(descriptor);
    this.held.clear();
    this.lastPath = '';
    this.last = this.handle.path;
  }

  public close(): void {
    this.forget();
    this.isOpen = false;
    this.handle.close();
  }

  /** Goes down from the lowest folder on the way that is held. */
  private hold(path: string): HeldFolder {
    const missing: string[] = [];
    let at = path;
    for (; at !== '' && !this.held.has(at); at = parentOf(at)) missing.push(at);
    let folder = at === '' ? this.top : this.touch(at, this.held.get(at)!);
    while (missing.length > 0) {
      const next = missing.pop()!;
      folder = this.touch(next, { descriptor: this.open(folder.descriptor, at, next) });
      at = next;
    }
    return folder;
  }

  private open(parent: number, at: string, path: string): number {
    const place = `${pathTo(parent)}/${at === '' ? path : path.slice(at.length + 1)}`;
    try {
      return openFolder(onDisk(place), path);
    } catch (error) {
      if (codeOf(error) !== 'EMFILE' && codeOf(error) !== 'ENFILE') throw error;
      this.release(0, at);
      return openFolder(onDisk(place), path);
    }
  }

  private touch(path: string, folder: HeldFolder): HeldFolder {
    this.held.delete(path);
    this.held.set(path, folder);
    this.release(HELD, path);
    return folder;
  }

  /** Closes those that were not needed for longest, until so many are left. */
  private release(left: number, needed: string): void {
    for (const [path, { descriptor }] of this.held) {
      if (this.held.size <= left) return;
      if (path === needed || path === this.lastPath) continue; // whoever asked for the one may still use the other
      this.held.delete(path);
      closeSync(descriptor);
    }
  }
}

const REMEMBERED = 10_000;
/** How long, in ms, a folder that was seen to be one counts as one: something else may put a link in its place. */
const VALID = 2;

/**
 * Where folders cannot be held open: looks at them again and again. What replaces a folder by a link between a look and the use that
 * follows can lead a run out of its location.
 */
class CheckedFolders implements Folders {
  private readonly known = new Set<string>();
  private since = 0;

  constructor(public readonly root: Root) {}

  public of(key: string): string {
    const path = pathOf(key);
    const folder = this.folder(parentOf(path));
    return path === '' ? folder : `${folder}/${path.slice(path.lastIndexOf('/') + 1)}`;
  }

  public folder(path: string): string {
    if (performance.now() - this.since > VALID) this.forget();
    this.check(path);
    return path === '' ? this.root.path : `${this.root.path}/${path}`;
  }

  /** The path of a folder is a plain one here. */
  public plainPath(): undefined {
    return undefined;
  }

  public stat(path: string): BigIntStats {
    return lstatSync(onDisk(this.folder(path)), { bigint: true });
  }

  public forget(): void {
    this.known.clear();
    this.since = performance.now();
  }

  public close(): void {}

  private check(folder: string): void {
    if (folder === '' || this.known.has(folder)) return;
    this.check(parentOf(folder));
    if (!lstatSync(onDisk(`${this.root.path}/${folder}`)).isDirectory()) throw new NoFolderError(folder);
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.add(folder);
  }
}
