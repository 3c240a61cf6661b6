import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { relative, isAbsolute, resolve, sep } from 'node:path';
import { codeOf, LocationError } from '../../engine/errors';

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

/** The path of the folder that holds what has this path, '' for that of the location. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
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
  refuseOutside(real, full, root);
  if (!lstatSync(real).isDirectory()) throw new LocationError(`${full} is not a folder`);
  return real;
}

/** @param real where the folder of the location, given as `full`, really is */
export function refuseOutside(real: string, full: string, root: string): void {
  const below = relative(realpathSync(root), real);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    throw new LocationError(`${full} leads out of the root folder ${root}, which is refused`);
  }
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
