import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from './error';
import type { Server } from './ministack';
import { isProcessAlive, startServer, stopServer } from './process-group';

export interface EmulatorServerOptions {
  /** The folder below which file systems are. */
  readonly root: string;
  readonly mounts: Readonly<Record<string, string>>;
  /** File with a plan of what is to go wrong. */
  readonly faults?: string;
  /** Of what has buckets, secrets, events and logs. */
  readonly awsEndpoint: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

const IN_BUNDLE = join(__dirname, 'index.js');

/** The command as the package has it: this very file once it is bundled. */
export const PROGRAM = existsSync(IN_BUNDLE) ? IN_BUNDLE : join(__dirname, '..', '..', 'assets', 'emulator', 'cli', 'index.js');

const START_SECONDS = 30;

/**
 * Starts `cdk-datasync serve`.
 *
 * @throws LocalStackError when it has not been built or does not start
 */
export async function startEmulatorServer(options: EmulatorServerOptions): Promise<Server> {
  const { root, mounts, faults, awsEndpoint, port, env, logFile, signal } = options;
  if (!existsSync(PROGRAM)) throw new LocalStackError('the command has not been built: run "npx projen bundle"');
  const endpoints = ['s3', 'secrets', 'events', 'logs'].flatMap(name => [`--${name}-endpoint`, awsEndpoint]);
  const args = ['serve', '--port', String(port), '--root', root, ...endpoints, ...faults ? ['--faults', faults] : []];
  for (const [uri, folder] of Object.entries(mounts)) args.push('--mount', `${uri}=${folder}`);
  const server = await startServer(process.execPath, [PROGRAM, ...args], { env, logFile });

  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const log = readFileSync(logFile, 'utf8');
    const url = /listening on (http:\S+)/.exec(log)?.[1];
    if (url) return { ...server, url };
    if (signal?.aborted || !isProcessAlive(server) || Date.now() > deadline) {
      await stopServer(server);
      signal?.throwIfAborted();
      throw new LocalStackError(`the DataSync emulator does not start: ${log.trim().split('\n').pop() || 'it says nothing'}`);
    }
    await sleep(20);
  }
}
