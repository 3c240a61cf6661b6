import { InvalidArgumentError } from 'commander';
import { givenTwice, parseMounts } from '../model/mounts';
import * as checks from '../option-checks';

/** Parsers of option values: each returns the value or says what it must be. */

export const folder = parserOf(checks.folder, String);
export const newFolder = parserOf(checks.newFolder, String);
export const newFile = parserOf(checks.newFile, String);
export const url = parserOf(checks.url, String);
export const port = parserOf(checks.port, text => /^\d+$/.test(text) ? Number(text) : NaN);

function parserOf<T>(check: checks.Check, valueOf: (text: string) => T): (text: string) => T {
  return text => {
    const value = valueOf(text);
    const problem = check(value);
    if (problem) throw new InvalidArgumentError(`it ${problem}.`);
    return value;
  };
}

export function mount(value: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const separator = value.indexOf('=');
  if (separator < 0) throw new InvalidArgumentError('it must be URI=FOLDER, like nfs://host/export=/data.');
  const uri = value.slice(0, separator);
  const mounts = { ...before, [uri]: value.slice(separator + 1) };
  try {
    if (Object.hasOwn(before, uri)) throw givenTwice(uri);
    parseMounts(mounts);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  return mounts;
}

/** Folders in place of locations, by their ARNs and by the beginnings of their URIs. */
export interface LocationMounts {
  readonly arns: Readonly<Record<string, string>>;
  readonly uris: Readonly<Record<string, string>>;
}

export function locationMount(value: string, { arns, uris }: LocationMounts = { arns: {}, uris: {} }): LocationMounts {
  if (!value.startsWith('arn:')) return { arns, uris: mount(value, uris) };
  const separator = value.indexOf('=');
  const arn = value.slice(0, separator);
  if (separator < 0) throw new InvalidArgumentError('it must be ARN=FOLDER or URI=FOLDER.');
  if (Object.hasOwn(arns, arn)) throw new InvalidArgumentError(`${givenTwice(arn).message}.`);
  return { arns: { ...arns, [arn]: folder(value.slice(separator + 1)) }, uris };
}
