import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A rule for what a user gives, on the command line and in code alike: what the value must be, unless it is. */
export type Check = (value: unknown) => string | undefined;

export const port: Check = value => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535 ? undefined : 'must be a number from 0 to 65535';

export const folder: Check = value => typeof value === 'string' && isFolder(value) ? undefined : 'must be an existing folder';

/** One that is made when it is needed. An empty text is a variable that was not set, and would be the current folder. */
export const newFolder: Check = value => typeof value === 'string' && value !== '' && canBeFolder(resolve(value))
  ? undefined : 'must be a folder, or a path where one can be made';

export const newFile: Check = value => {
  if (typeof value !== 'string' || value === '' || isFolder(resolve(value))) return 'must be the path of a file';
  const parent = dirname(resolve(value));
  return isFolder(parent) ? undefined : `must be in a folder that exists, and ${parent} does not`;
};

export const url: Check = value => typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
  ? undefined : 'must be a URL like http://127.0.0.1:4566';

/** Undefined if nothing is there. */
function isFolder(path: string): boolean | undefined {
  try {
    return statSync(path).isDirectory();
  } catch {
    return undefined;
  }
}

function canBeFolder(path: string): boolean {
  return isFolder(path) ?? canBeFolder(dirname(path));
}
