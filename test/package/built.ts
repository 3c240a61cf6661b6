import * as fs from 'node:fs';
import * as path from 'node:path';

/** What the tests of the two packages go by. */

export const REPOSITORY = path.resolve(__dirname, '..', '..');
export const EXAMPLES = path.join(REPOSITORY, 'examples');
/** The examples, which are there in both languages. */
export const TWINS = foldersIn(path.join(EXAMPLES, 'typescript'));
export const MINUTES = 60_000;

export const manifest = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'));

/** The packages that were built, and a folder to work in. */
export interface Built {
  readonly work: string;
  readonly tarball: string;
  readonly wheel: string;
  readonly sdist: string;
}

export function foldersIn(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name).sort();
}

export function files(folder: string, ending: string): string[] {
  return fs.readdirSync(folder).filter(name => name.endsWith(ending)).map(name => path.join(folder, name));
}

export function readTemplate(assembly: string): { Resources: { [id: string]: { Type: string } } } {
  const [template] = files(assembly, '.template.json');
  return JSON.parse(fs.readFileSync(template, 'utf8'));
}
