import { readFile } from 'fs/promises';
import { join } from 'path';
import { cleanEnvironment } from './environment';
import { LocalStackError } from './error';
import { freePort } from './port';
import { ProcessGroup, startProcess } from './process-group';
import { makeRunFolder } from './run-folder';
import { ensureVenv } from './venv';

export interface MiniStackOptions {
  /** @default - a file that is gone with the server */
  readonly logFile?: string;
}

/** A running MiniStack: CloudFormation, Lambda, S3, IAM, STS, SSM, Scheduler and more on one loopback port. */
export interface MiniStack {
  readonly url: string;
  readonly port: number;
  /** Stops the server and every function it runs, and removes what they left. */
  close(): Promise<void>;
}

const START_SECONDS = 60; // it takes half a second on an idle machine
const ATTEMPTS = 5;

// Ends the whole process group when standard input closes, that is, when the process that started it is gone.
const GUARDED_MAIN = `
import os, signal, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os.killpg(0, signal.SIGKILL)), daemon=True).start()
from ministack.app import main
main()
`;

/**
 * Starts MiniStack on a free port, and makes its virtual environment if it is the first time.
 *
 * @throws LocalStackError when Python is missing or the server does not start
 */
export async function startMiniStack(options: MiniStackOptions = {}): Promise<MiniStack> {
  const python = await ensureVenv();
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(python, await freePort(), options.logFile);
    } catch (error) {
      // Somebody else may take the port between finding and using it.
      if (attempt === ATTEMPTS || !/already in use/.test((error as Error).message)) throw error;
    }
  }
}

async function start(python: string, port: number, logFile?: string): Promise<MiniStack> {
  const { path: folder, remove } = makeRunFolder('ministack');
  const log = logFile ?? join(folder, 'ministack.log');
  const server = startProcess(python, ['-c', GUARDED_MAIN], {
    cwd: folder,
    logFile: log,
    env: {
      ...cleanEnvironment(folder), // functions inherit all of it
      PYTHONUNBUFFERED: '1',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
    },
  });
  const close = async () => {
    await server.stop();
    remove();
  };

  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, server);
  } catch (error) {
    const text = await readFile(log, 'utf8');
    await close();
    throw new LocalStackError(`MiniStack does not start: ${text.match(/ERROR.*/)?.[0] ?? (text.trim().split('\n').pop() || (error as Error).message)}`);
  }
  return { url, port, close };
}

async function ready(url: string, server: ProcessGroup): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    if (server.hasEnded()) throw new Error('it ended at once');
    try {
      const answer = await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
      if (answer.ok) return;
    } catch { /* not yet */ }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`no answer for ${START_SECONDS} seconds`);
}
