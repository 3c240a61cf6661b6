import { execFile } from 'child_process';
import { createHash } from 'crypto';
import { existsSync } from 'fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'fs/promises';
import { join } from 'path';
import { promisify } from 'util';

const run = promisify(execFile);

/** Something that the person at the keyboard can put right: its message is all they need to see. */
export class LocalStackError extends Error {}

/** The folder that holds everything the local stack makes; never under version control. */
export const LOCAL_FOLDER = join(__dirname, '..', '..', '.local');

const REQUIREMENTS = join(__dirname, 'requirements.txt');
const OLDEST_PYTHON = [3, 10];

/**
 * Finds a Python that can make a virtual environment. `PYTHON` names another one than the `python3` of the path.
 *
 * @throws LocalStackError when there is none, or none that is new enough
 */
export async function findPython(): Promise<string> {
  const found: string[] = [];
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : ['python3', 'python', ...[14, 13, 12, 11, 10].map(minor => `python3.${minor}`)];
  for (const candidate of candidates) {
    const version = await pythonVersion(candidate);
    if (!version) continue;
    if (version[0] > OLDEST_PYTHON[0] || (version[0] === OLDEST_PYTHON[0] && version[1] >= OLDEST_PYTHON[1])) return candidate;
    found.push(`${candidate} is ${version.join('.')}`);
  }
  const wanted = `the local stack needs Python ${OLDEST_PYTHON.join('.')} or newer`;
  const missing = process.env.PYTHON ? `PYTHON=${process.env.PYTHON} does not run` : 'there is no python3 on the path';
  throw new LocalStackError(`${wanted}, but ${found.join(', ') || missing}; install one, or name it in the variable PYTHON`);
}

async function pythonVersion(python: string): Promise<number[] | undefined> {
  try {
    const { stdout } = await run(python, ['-c', 'import sys; print(*sys.version_info[:2])']);
    return stdout.trim().split(' ').map(Number);
  } catch {
    return undefined;
  }
}

/**
 * Makes the virtual environment with the pinned packages, once for each state of the requirements file, and returns its
 * interpreter. Two processes may do it at the same time: each builds its own folder, the first to finish gives it the
 * final name, and nobody ever sees half of one.
 *
 * @throws LocalStackError when Python is missing, too old or has no `venv`, or a package cannot be had
 */
export async function ensureVenv(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(REQUIREMENTS)).digest('hex').slice(0, 12);
  const parent = join(LOCAL_FOLDER, 'venv');
  const venv = join(parent, hash);
  const interpreter = (folder: string) => join(folder, 'bin', 'python');
  if (existsSync(interpreter(venv))) return interpreter(venv);

  const python = await findPython();
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, `${hash}-draft-`));
  try {
    await step('cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv)', python, ['-m', 'venv', draft]);
    await step('cannot install the pinned packages', interpreter(draft), [
      '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes', '--requirement', REQUIREMENTS,
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
