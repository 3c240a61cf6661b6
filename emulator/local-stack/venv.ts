import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalStackError } from './error';
import { findPython } from './python';
import { cacheFolder } from '../system/cache-folder';
import { makeFolder } from '../system/make-folder';

const run = promisify(execFile);

/** Beside this file, and beside the bundle that it becomes part of. */
const REQUIREMENTS = join(__dirname, 'requirements.txt');

export interface VenvOptions {
  /** File that names packages with version and hashes. @default - that of the local stack */
  readonly requirements?: string;
  /** The folder below which environments are. @default - below the user's cache folder */
  readonly parent?: string;
  /** Is told when there is something to wait for. */
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes the virtual environment with the pinned packages, once for each state of the requirements file, and returns its
 * interpreter. Two processes may do it at the same time: each builds its own folder, the first to finish gives it the
 * final name, and nobody ever sees half of one.
 *
 * @throws LocalStackError when Python is missing, too old or has no `venv`, or a package cannot be had
 */
export async function ensureVenv({ requirements = REQUIREMENTS, parent = join(cacheFolder(), 'venv'), say, signal }: VenvOptions = {}): Promise<string> {
  const hash = createHash('sha256').update(await readFile(requirements)).digest('hex').slice(0, 12);
  const venv = join(parent, hash);
  const interpreter = (folder: string) => join(folder, 'bin', 'python');
  if (existsSync(interpreter(venv))) return interpreter(venv);

  const { command: python } = await findPython();
  say?.(`Installing MiniStack, once, into ${venv}`);
  makeFolder(parent);
  const draft = await mkdtemp(join(parent, `${hash}-draft-`));
  // What is ended leaves its temporary folders behind: they are below the draft, which goes in any case.
  const temporary = join(draft, 'tmp');
  const options = { signal, env: { ...process.env, TMPDIR: temporary } };
  try {
    await mkdir(temporary);
    await step(python, ['-m', 'venv', draft], options, reason =>
      `cannot make a virtual environment with ${python}: ${reason}; install its module venv (on Debian and Ubuntu: apt install python3-venv)`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--retries', '2', '--require-hashes', '--requirement', requirements];
    await step(interpreter(draft), pip, options, reason =>
      `cannot install MiniStack: ${reason}; the first start needs the network, and pip takes a proxy from HTTPS_PROXY and an index from PIP_INDEX_URL`);
    await rm(temporary, { recursive: true, force: true });
    // What is there without an interpreter is left of a Python that has gone.
    if (existsSync(venv) && !existsSync(interpreter(venv))) await rm(venv, { recursive: true, force: true });
    await rename(draft, venv).catch(error => {
      if (!existsSync(interpreter(venv))) throw error; // else another process was faster
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return interpreter(venv);
}

interface StepOptions {
  readonly signal?: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

async function step(command: string, args: string[], options: StepOptions, problem: (reason: string) => string): Promise<void> {
  try {
    await run(command, args, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    const lines = `${stdout}\n${stderr}`.split('\n').map(line => line.trim()).filter(Boolean);
    throw new LocalStackError(problem(lines.find(line => /^error/i.test(line)) ?? lines.pop() ?? message));
  }
}
