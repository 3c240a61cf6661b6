import { execFile } from 'child_process';
import { createHash } from 'crypto';
import { existsSync } from 'fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'fs/promises';
import { join } from 'path';
import { promisify } from 'util';
import { LocalStackError } from './error';
import { findPython } from './python';

const run = promisify(execFile);

/** The folder that holds everything the local stack makes; never under version control. */
export const LOCAL_FOLDER = join(__dirname, '..', '..', '.local');

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/**
 * Makes the virtual environment with the pinned packages, once for each state of the requirements file, and returns its
 * interpreter. Two processes may do it at the same time: each builds its own folder, the first to finish gives it the
 * final name, and nobody ever sees half of one.
 *
 * @param requirements file that names packages with version and hashes; those of the local stack by default
 * @throws LocalStackError when Python is missing, too old or has no `venv`, or a package cannot be had
 */
export async function ensureVenv(requirements = REQUIREMENTS): Promise<string> {
  const hash = createHash('sha256').update(await readFile(requirements)).digest('hex').slice(0, 12);
  const parent = join(LOCAL_FOLDER, 'venv');
  const venv = join(parent, hash);
  const interpreter = (folder: string) => join(folder, 'bin', 'python');
  if (existsSync(interpreter(venv))) return interpreter(venv);

  const { command: python } = await findPython();
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, `${hash}-draft-`));
  try {
    await step('cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv)', python, ['-m', 'venv', draft]);
    await step('cannot install the pinned packages', interpreter(draft), [
      '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes', '--requirement', requirements,
    ]);
    // What is there without an interpreter is left of a Python that has gone.
    if (existsSync(venv) && !existsSync(interpreter(venv))) await rm(venv, { recursive: true, force: true });
    await rename(draft, venv).catch(error => {
      if (!existsSync(interpreter(venv))) throw error; // else somebody else was faster
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return interpreter(venv);
}

async function step(problem: string, command: string, args: string[]): Promise<void> {
  try {
    await run(command, args);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    const lines = `${stdout}\n${stderr}`.split('\n').map(line => line.trim()).filter(Boolean);
    throw new LocalStackError(`${problem}: ${lines.find(line => /^error/i.test(line)) ?? lines.pop() ?? message}`);
  }
}
