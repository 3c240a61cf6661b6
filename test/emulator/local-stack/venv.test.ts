import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureVenv } from '../../../emulator/local-stack/venv';

/** Leaves a temporary folder behind at each step, as one that is ended in the middle does, and notes where. */
const PYTHON = `#!/bin/sh
if [ "$1" = -c ]; then echo 3.12; exit; fi
mktemp -d >> "$(dirname "$PYTHON")/left-behind"
if [ "$2" = "$FAKE_PYTHON_FAILS_AT" ]; then echo "ERROR: it was ended"; exit 1; fi
if [ "$2" = venv ]; then mkdir "$3/bin" && cp "$0" "$3/bin/python"; fi
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'venv-'));
  writeFileSync(join(folder, 'python'), PYTHON, { mode: 0o755 });
  writeFileSync(join(folder, 'requirements.txt'), '');
  process.env.PYTHON = join(folder, 'python');
});

afterEach(() => {
  delete process.env.PYTHON;
  delete process.env.FAKE_PYTHON_FAILS_AT;
  rmSync(folder, { recursive: true, force: true });
});

const parent = () => join(folder, 'venv');
const make = () => ensureVenv({ requirements: join(folder, 'requirements.txt'), parent: parent() });
const leftBehind = () => readFileSync(join(folder, 'left-behind'), 'utf8').trim().split('\n');

test('an environment is made without what a fake Python leaves in the temporary folder', async () => {
  const interpreter = await make();
  expect(existsSync(interpreter)).toBe(true);
  expect(leftBehind()).toHaveLength(2);
  expect(leftBehind().filter(path => existsSync(path))).toEqual([]);
});

test.each([['venv', 1], ['pip', 2]])('an environment whose step %s fails leaves nothing of a fake Python behind', async (step, steps) => {
  process.env.FAKE_PYTHON_FAILS_AT = step;
  await expect(make()).rejects.toThrow('it was ended');
  expect(leftBehind()).toHaveLength(steps);
  expect(leftBehind().filter(path => existsSync(path))).toEqual([]);
  expect(readdirSync(parent())).toEqual([]);
});
