import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { NoFolderError } from './paths';
import { codeOf } from '../../engine/errors';

/** Linux only, and the same on all of its architectures that Node.js runs on. Needs no permission to read, and waits for nothing. */
export const O_PATH = 0o10000000;
const ITEM = O_PATH + constants.O_NOFOLLOW;
const FOLDER = ITEM + constants.O_DIRECTORY;

/** Where Linux shows the descriptors of this process; by number, since its own link `self` takes longer to follow. */
const DESCRIPTORS = findDescriptors();

function findDescriptors(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const path = `/proc/${readlinkSync('/proc/self')}/fd`; // its number in the namespace that /proc is of
    const file = openSync('/proc/self', FOLDER - constants.O_NOFOLLOW);
    try {
      readlinkSync(`${path}/${file}`);
      return path;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // no /proc here
  }
}

/**
 * Can folders be held open here, and what is in them be reached from there? Node.js has no `openat`, but on Linux
 * `/proc/<pid>/fd/<descriptor>/<name>` is the same: it stays in the folder that was opened, whatever is put in its place.
 */
export const folders = { canBeHeld: DESCRIPTORS !== undefined };

/** What tells an item of this machine from all others. */
export function identityOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

/** An item of a file system that stays the same while it is held. Elsewhere than on Linux: its path, which was looked at once. */
export interface Handle {
  /** Leads to the item, through links if it has to be (`stat`, `chmod`, not `lstat`, `lchown`); what is in a folder comes after a slash. */
  readonly path: string;
  /** The descriptor, if there is one. */
  readonly descriptor?: number;
  close(): void;
}

/** Holds a folder. @throws NoFolderError if it is none, or a link to one */
export function holdFolder(path: string, name = ''): Handle {
  if (!folders.canBeHeld) {
    if (!lstatSync(path).isDirectory()) throw new NoFolderError(name);
    return { path, close: () => undefined };
  }
  return handleOf(openFolder(path, name));
}

/** Holds an item, whatever it is. */
export function holdItem(path: string): Handle {
  return folders.canBeHeld ? handleOf(openSync(path, ITEM)) : { path, close: () => undefined };
}

/** Only where folders can be held. */
export function openFolder(path: string | Buffer, name: string): number {
  try {
    return openSync(path, FOLDER);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ELOOP') throw new NoFolderError(name);
    throw error;
  }
}

/** A path to what a descriptor is open for. */
export function pathTo(descriptor: number): string {
  return `${DESCRIPTORS}/${descriptor}`;
}

/** What is known of what is held. */
export function statHandle({ path, descriptor }: Handle): BigIntStats {
  return descriptor === undefined ? lstatSync(path, { bigint: true }) : fstatSync(descriptor, { bigint: true });
}

/** Where what is held is now, and the id of the mount that it is in; undefined where nothing can be held. */
export function pathAndMountOf({ descriptor }: Handle): { readonly path: string; readonly mount?: number } | undefined {
  if (descriptor === undefined) return undefined;
  const [, mount] = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`${DESCRIPTORS}info/${descriptor}`, 'utf8')) ?? [];
  return { path: readlinkSync(pathTo(descriptor)), ...(mount !== undefined && { mount: Number(mount) }) };
}

/** Reads a text file that this program may have written: not through a link, and not waiting for a pipe. */
export function readOwn(path: string): string {
  const file = openSync(path, constants.O_RDONLY + constants.O_NOFOLLOW + constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is not a file`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function handleOf(descriptor: number): Handle {
  let open = true;
  return {
    path: pathTo(descriptor),
    descriptor,
    close: () => {
      if (open) closeSync(descriptor); // not twice: by then it may be that of something else
      open = false;
    },
  };
}
