import { lstatSync, mkdirSync, realpathSync } from 'fs';
import { join, relative, isAbsolute, resolve, sep } from 'path';
import { codeOf, LocationError } from '../engine/errors';

const REMEMBERED = 10_000;
/** How long, in ms, a folder that was seen to be one counts as one: something else may put a link in its place. */
const VALID = 2;

/** Paths below one folder that are safe to use: every folder on the way is a real one, never a link. */
export class SafePaths {
  private readonly known = new Set<string>();
  private since = 0;

  constructor(private readonly root: string) {}

  /** The path of an item, after a check of the folders above it. */
  public of(key: string): string {
    if (performance.now() - this.since > VALID) this.forget();
    const path = pathOf(key);
    if (path === '') return this.root;
    this.checkFolder(path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
    return join(this.root, path);
  }

  /** As `of`, where it costs little to look again at every folder on the way. */
  public now(key: string): string {
    this.forget();
    return this.of(key);
  }

  private forget(): void {
    this.known.clear();
    this.since = performance.now();
  }

  private checkFolder(folder: string): void {
    if (folder === '' || this.known.has(folder)) return;
    this.checkFolder(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0)));
    if (!lstatSync(join(this.root, folder)).isDirectory()) throw new NoFolderError(folder);
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.add(folder);
  }
}

/** Something else is where a folder has to be. */
export class NoFolderError extends Error {
  constructor(folder: string) {
    super(`the folder above it, /${folder}, is not a folder here but a file or link`);
  }
}

/** The path of a key, without the slash of a folder. Fails if it could lead elsewhere. */
export function pathOf(key: string): string {
  const path = key.endsWith('/') ? key.slice(0, -1) : key;
  if (path !== '' && (path.split('/').some(name => name === '' || name === '.' || name === '..') || path.includes('\0'))) {
    throw new Error('the name cannot be a path: it has an empty, "." or ".." part, or a NUL character');
  }
  return path;
}

/** The real path of a location's folder, which has to lie below the real root. */
export function resolveLocation(path: string, root: string): string {
  const full = resolve(root, path);
  let real: string;
  try {
    real = realpathSync(full);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new LocationError(`the folder ${full} does not exist; create it`);
    throw new LocationError(`the folder ${full} cannot be opened (${codeOf(error)})`);
  }
  const below = relative(realpathSync(root), real);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    throw new LocationError(`${full} leads out of the root folder ${root}, which is refused`);
  }
  if (!lstatSync(real).isDirectory()) throw new LocationError(`${full} is not a folder`);
  return real;
}

/** Makes a folder unless there is one; never takes a link for one. */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!lstatSync(path).isDirectory()) throw new Error('is a folder at the source, but a file or link with its name is at the destination');
  }
}
