import { spawn } from 'child_process';
import { closeSync, openSync } from 'fs';

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Gets the output; it is appended to. */
  readonly logFile: string;
}

/** A process that goes away together with everything that it started. */
export interface ProcessGroup {
  /** Fulfilled with the exit code, or with a text when the process was killed or did not start. */
  readonly ended: Promise<number | string>;
  hasEnded(): boolean;
  /** Asks it to end, and insists after a while. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 5000;

/**
 * Starts a process in a group of its own, so that a Ctrl-C at the terminal reaches only this one, which then stops the
 * others in order. Its standard input is a pipe that closes when this process is gone, however it went.
 */
export function startProcess(command: string, args: string[], options: ProcessOptions): ProcessGroup {
  const log = openSync(options.logFile, 'a');
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['pipe', log, log] });
  closeSync(log);

  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch { /* all of the group has ended */ }
  };
  const onExit = () => kill('SIGKILL');
  process.once('exit', onExit);

  let over = false;
  const ended = new Promise<number | string>(resolve => {
    child.once('exit', (code, signal) => resolve(code ?? `killed by ${signal}`));
    child.once('error', error => resolve(error.message));
  }).finally(() => {
    over = true;
    onExit(); // what it started may outlive it
    process.removeListener('exit', onExit);
  });
  return {
    ended,
    hasEnded: () => over,
    stop: async () => {
      kill('SIGTERM');
      const patience = setTimeout(() => kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}
