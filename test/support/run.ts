import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end and returns what it printed; a failure carries the output, so that a test shows why. */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  try {
    const { stdout } = await exec(program, args, { cwd: options.cwd, env: options.env ?? process.env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${message}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  }
}
