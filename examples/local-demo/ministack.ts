import { ChildProcess, spawn } from 'child_process';
import { closeSync, openSync, rmSync } from 'fs';
import { mkdir, mkdtemp, readFile } from 'fs/promises';
import { createServer } from 'net';
import { dirname, join } from 'path';
import { LocalStackError } from './error';
import { ensureVenv, LOCAL_FOLDER } from './venv';

export interface MiniStackOptions {
  /** @default - any free port */
  readonly port?: number;
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
const STOP_SECONDS = 5;

// Ends the whole process group when this process is gone, however it went: the pipe on standard input then closes.
const GUARDED_MAIN = `
import os, signal, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os.killpg(0, signal.SIGKILL)), daemon=True).start()
from ministack.app import main
main()
`;

/**
 * Starts MiniStack, and makes its virtual environment if it is the first time.
 *
 * @throws LocalStackError when Python is missing, the port is taken or the server does not start
 */
export async function startMiniStack(options: MiniStackOptions = {}): Promise<MiniStack> {
  const python = await ensureVenv();
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? await freePort();
    if (options.port !== undefined && !await canListen(port)) throw portTaken(port);
    try {
      return await start(python, port, options.logFile);
    } catch (error) {
      // Between finding a free port and using it somebody else may have taken it.
      if (!(error instanceof PortTaken)) throw error;
      if (options.port !== undefined || attempt === 5) throw portTaken(port);
    }
  }
}

class PortTaken extends Error {}

function portTaken(port: number): LocalStackError {
  return new LocalStackError(`port ${port} is taken; choose another one or leave the choice to the program`);
}

async function start(python: string, port: number, logFile?: string): Promise<MiniStack> {
  const runs = join(LOCAL_FOLDER, 'run');
  await mkdir(runs, { recursive: true });
  const folder = await mkdtemp(join(runs, 'ministack-'));
  const logPath = logFile ?? join(folder, 'ministack.log');
  const log = openSync(logPath, 'w');
  const server = spawn(python, ['-c', GUARDED_MAIN], {
    cwd: folder,
    detached: true, // a process group of its own, so that the functions' processes end with it
    env: environment(port, folder),
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>(resolve => server.once('exit', () => resolve()).once('error', () => resolve()));

  const kill = (signal: NodeJS.Signals) => {
    try {
      if (server.pid) process.kill(-server.pid, signal);
    } catch { /* already gone */ }
  };
  const onExit = () => {
    kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', onExit);

  const close = async () => {
    kill('SIGTERM');
    const patience = setTimeout(() => kill('SIGKILL'), STOP_SECONDS * 1000);
    await exited;
    clearTimeout(patience);
    kill('SIGKILL'); // functions may outlive their server
    process.removeListener('exit', onExit);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };

  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, server);
  } catch (error) {
    const text = await readFile(logPath, 'utf8');
    await close();
    if (/already in use/i.test(text)) throw new PortTaken();
    const reason = text.trim().split('\n').pop() || (error as Error).message;
    throw new LocalStackError(`MiniStack does not start: ${reason}`);
  }
  return { url, port, close };
}

/** Nothing of the user's own: the functions inherit all of it, and no code here may ever see real credentials. */
function environment(port: number, folder: string): NodeJS.ProcessEnv {
  return {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`, // functions run on this very Node.js
    HOME: folder,
    TMPDIR: folder,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    LAMBDA_EXECUTOR: 'local',
  };
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error('it ended at once');
    try {
      const answer = await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
      if (answer.ok) return;
    } catch { /* not yet */ }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`no answer for ${START_SECONDS} seconds`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
