import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalStackError } from './error';

const OLDEST_MINOR = 10; // what MiniStack runs on
const NEWEST_MINOR = 14;

export interface Python {
  /** Runs it: a name on the path, or a path. */
  readonly command: string;
  /** `3.12` */
  readonly version: string;
}

/**
 * Finds a Python that is new enough. The environment variable `PYTHON` names another one than those on the path.
 *
 * @throws LocalStackError when there is none
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const versions = Array.from({ length: NEWEST_MINOR - OLDEST_MINOR + 1 }, (_, index) => `python3.${NEWEST_MINOR - index}`);
  const candidates = env.PYTHON ? [env.PYTHON] : ['python3', 'python', ...versions];
  const tooOld: string[] = [];
  for (const command of candidates) {
    const version = await versionOf(command, env);
    if (!version) continue;
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= OLDEST_MINOR) return { command, version };
    tooOld.push(`${command} is ${version}`);
  }
  const nothing = env.PYTHON ? `PYTHON=${env.PYTHON} is not one` : 'there is none on the path';
  throw new LocalStackError(
    `Python 3.${OLDEST_MINOR} or newer is needed, but ${tooOld.join(', ') || nothing}; install it, or name it in the environment variable PYTHON`);
}

async function versionOf(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { env });
    return /^\d+\.\d+$/.test(stdout.trim()) ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}
