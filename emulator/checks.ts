import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { EmulatorOptions } from './index';

/** A rule for what a user gives, on the command line and in code alike: what the value must be, unless it is. */
export type Check = (value: unknown) => string | undefined;

export const port: Check = value => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535 ? undefined : 'must be a number from 0 to 65535';

export const folder: Check = value => typeof value === 'string' && isFolder(value) ? undefined : 'must be an existing folder';

/** One that is made when it is needed. An empty text is a variable that was not set, and would be the current folder. */
export const newFolder: Check = value => typeof value === 'string' && value !== '' && canBeFolder(resolve(value))
  ? undefined : 'must be a folder, or a path where one can be made';

export const url: Check = value => typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
  ? undefined : 'must be a URL like http://127.0.0.1:4566';

/** No endpoint, whatever the environment says. */
const urlOrNone: Check = value => value === '' ? undefined : url(value);

const CHECKS: Readonly<Record<string, Check>> = {
  port,
  root: folder,
  s3Endpoint: urlOrNone,
  azureEndpoint: urlOrNone,
  secretsEndpoint: urlOrNone,
  stateFolder: newFolder,
  eventsEndpoint: urlOrNone,
  logsEndpoint: urlOrNone,
  logFolder: newFolder,
};

/** Where values come from that are not given. */
const VARIABLES: Readonly<Record<string, string>> = { s3Endpoint: 'AWS_ENDPOINT_URL_S3', secretsEndpoint: 'AWS_ENDPOINT_URL_SECRETS_MANAGER' };

/**
 * The options, and what the environment has in place of those that are not given.
 *
 * @throws Error that names all that are wrong
 */
export function checkedOptions(options: EmulatorOptions): EmulatorOptions {
  const fromEnvironment = Object.entries(VARIABLES)
    .filter(([name]) => Reflect.get(options, name) === undefined)
    .map(([name, variable]) => [name, process.env[variable]]);
  const complete: EmulatorOptions = { ...options, ...Object.fromEntries(fromEnvironment) };
  const problems = Object.entries(CHECKS).flatMap(([name, check]) => {
    const value: unknown = Reflect.get(complete, name);
    const problem = value === undefined && name !== 'root' ? undefined : check(value);
    const shown = Reflect.get(options, name) === value ? name : VARIABLES[name];
    return problem ? [`${shown} ${problem}, got ${String(JSON.stringify(value)).slice(0, 200)}`] : [];
  });
  if (problems.length > 0) throw new Error(`The emulator cannot start: ${problems.join('; ')}`);
  return complete;
}

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
