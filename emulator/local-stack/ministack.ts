import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from './error';
import { freePort } from './port';
import type { ProcessIdentity } from './process-group';
import { isProcessAlive, startServer, stopServer } from './process-group';

/** A server of the local stack. */
export interface Server extends ProcessIdentity {
  readonly url: string;
}

export interface MiniStackOptions {
  /** The interpreter of its virtual environment, into which `venv.ts` installs what `requirements.txt` pins. */
  readonly python: string;
  /** Where it works. */
  readonly folder: string;
  /** All that it and the functions that it runs get of an environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

const START_SECONDS = 60; // it takes half a second on an idle machine
const ATTEMPTS = 5;

/**
 * Starts MiniStack on a free port: CloudFormation, Lambda, S3, IAM, STS, SSM, Scheduler and more.
 *
 * @throws LocalStackError when the server does not start
 */
export async function startMiniStack(options: MiniStackOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort(), options);
    } catch (error) {
      // Another process may take the port between finding and using it.
      if (attempt === ATTEMPTS || !/already in use/.test((error as Error).message)) throw error;
    }
  }
}

async function start(port: number, { python, folder, env, logFile, signal }: MiniStackOptions): Promise<Server> {
  const server = await startServer(python, ['-c', 'from ministack.app import main; main()'], {
    cwd: folder,
    logFile,
    env: {
      ...env,
      PYTHONUNBUFFERED: '1',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, server, signal);
    return { ...server, url };
  } catch (error) {
    await stopServer(server);
    signal?.throwIfAborted();
    const text = readFileSync(logFile, 'utf8');
    throw new LocalStackError(`MiniStack does not start: ${text.match(/ERROR.*/)?.[0] ?? (text.trim().split('\n').pop() || (error as Error).message)}`);
  }
}

async function ready(url: string, server: ProcessIdentity, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    if (!isProcessAlive(server)) throw new Error('it ended at once');
    if (await isHealthy(url)) return;
    await sleep(50);
  }
  throw new Error(`no answer for ${START_SECONDS} seconds`);
}

/** Whether a MiniStack answers there. */
async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
