import { readFileSync, statSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { FaultPlan, parseFaultPlan } from '../faults/plan';
import { parseMounts } from '../model/mounts';

/** Parsers of option values: each returns the value or says what it must be. */

export function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65535) throw new InvalidArgumentError('it must be a number from 0 to 65535.');
  return number;
}

export function folder(value: string): string {
  if (!statSync(value, { throwIfNoEntry: false })?.isDirectory()) throw new InvalidArgumentError('it must be an existing folder.');
  return value;
}

export function mount(value: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const separator = value.indexOf('=');
  if (separator < 0) throw new InvalidArgumentError('it must be URI=FOLDER, like nfs://host/export=/data.');
  const given = { [value.slice(0, separator)]: value.slice(separator + 1) };
  try {
    parseMounts(given);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  return { ...before, ...given };
}

export function faultPlan(path: string): FaultPlan {
  try {
    return parseFaultPlan(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new InvalidArgumentError(error instanceof SyntaxError ? `it is not JSON: ${error.message}.` : (error as Error).message);
  }
}

export function url(value: string): string {
  if (!/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')) throw new InvalidArgumentError('it must be a URL like http://127.0.0.1:4566.');
  return value;
}
