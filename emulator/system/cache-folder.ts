import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where everything stands that can be made again: below the user's cache folder, never in a project. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: cache } = env;
  // the specification: a relative path is to be ignored
  return join(cache && isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'cdk-datasync');
}
