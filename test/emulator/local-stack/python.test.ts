import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../../../emulator/local-stack/python';

let bin: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'python-'));
  env = { PATH: bin };
});

afterEach(() => rmSync(bin, { recursive: true, force: true }));

/** A program that says what a Python would. */
function program(name: string, says: string, code = 0): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho ${says}\nexit ${code}\n`);
  chmodSync(join(bin, name), 0o755);
}

test.each<[string, Array<[name: string, says: string, code?: number]>, string, string]>([
  ['python3', [['python3', '3.12']], 'python3', '3.12'],
  ['python, when python3 is too old', [['python3', '3.9'], ['python', '3.10']], 'python', '3.10'],
  ['a name with a version, when nothing else is new enough', [['python3', '3.9'], ['python3.13', '3.13']], 'python3.13', '3.13'],
  ['nothing that fails or says something else', [['python3', '3.12', 1], ['python', 'hello'], ['python3.11', '3.11']], 'python3.11', '3.11'],
])('it finds %s', async (_, programs, command, version) => {
  programs.forEach(each => program(...each));
  expect(await findPython(env)).toEqual({ command, version });
});

test('PYTHON goes first', async () => {
  program('python3', '3.12');
  program('mine', '3.14');
  env.PYTHON = join(bin, 'mine');
  expect(await findPython(env)).toEqual({ command: join(bin, 'mine'), version: '3.14' });
});

const WANTED = 'Python 3.10 or newer is needed, but';
const REMEDY = 'install it, or name it in the environment variable PYTHON';

test.each<[string, () => void, string]>([
  ['none', () => undefined, `${WANTED} there is none on the path; ${REMEDY}`],
  ['only old ones', () => { program('python3', '3.9'); program('python', '2.7'); }, `${WANTED} python3 is 3.9, python is 2.7; ${REMEDY}`],
  ['a wrong PYTHON', () => { program('python3', '3.12'); env.PYTHON = '/nowhere'; }, `${WANTED} PYTHON=/nowhere is not one; ${REMEDY}`],
])('%s is one clear line', async (_, arrange, message) => {
  arrange();
  await expect(findPython(env)).rejects.toThrow(new Error(message));
});
