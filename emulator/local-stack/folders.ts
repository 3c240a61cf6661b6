import { join, resolve } from 'node:path';
import { cacheFolder } from '../system/cache-folder';

/** The folder of the local stack: its state file, its logs, and what is gone after `down`. */
export function stackFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.CDK_DATASYNC_STACK ? resolve(env.CDK_DATASYNC_STACK) : join(cacheFolder(env), 'local-stack');
}
