import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from '../system/process-start';

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Gets the output; it is appended to. */
  readonly logFile: string;
}

/** A process by its id and when it started, because an id alone is another process's one day. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** How long a server has to end by itself. */
const GRACE_MS = 5_000;
const POLL_MS = 50;

/**
 * Starts a process that outlives this one, in a group of its own: a Ctrl-C at the terminal does not reach it, and what it
 * starts ends with it.
 *
 * @throws Error when there is no such program
 */
export async function startServer(command: string, args: readonly string[], { logFile, ...options }: ProcessOptions): Promise<ProcessIdentity> {
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  await new Promise<void>((started, failed) => child.once('spawn', started).once('error', failed));
  child.unref();
  return { pid: child.pid!, started: startOf(child.pid!) ?? '' };
}

export function isProcessAlive({ pid, started }: ProcessIdentity): boolean {
  return startOf(pid) === started;
}

/** Ends a process and all that it started: asks, and insists after a while. What has ended already is none of its business. */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  if (!isProcessAlive(server)) return;
  signalGroup(server.pid, 'SIGTERM');
  for (let waited = 0; waited < GRACE_MS && isProcessAlive(server); waited += POLL_MS) await sleep(POLL_MS);
  signalGroup(server.pid, 'SIGKILL'); // the functions that it ran may outlive it
  while (isProcessAlive(server)) await sleep(POLL_MS);
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch { /* all of the group has ended */ }
}
