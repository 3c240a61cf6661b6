import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { handlerOf } from '../../emulator/api/handlers';
import { OPERATIONS, shape } from '../../emulator/model/api';

const FOLDER = resolve(__dirname, '../../docs');
const text = readFileSync(join(FOLDER, 'emulator.md'), 'utf8');

/** One row of a table. */
interface Row {
  readonly name: string;
  readonly status: string;
  /** What the tests that the row names say. */
  readonly tests: readonly string[];
}

/** The rows of the table under a heading. A test that does not exist fails here. */
function rowsUnder(heading: string): Row[] {
  const [, section] = text.split(`### ${heading}\n`);
  return section.split('\n#')[0].split('\n').filter(line => line.startsWith('| ')).slice(2).map(line => {
    const [name, status, , shownBy] = line.slice(2, -2).split(' | ');
    const tests = [...(shownBy ?? '').matchAll(/\]\(([^)]+\.test\.ts)\)/g)].map(([, path]) => readFileSync(join(FOLDER, path), 'utf8'));
    return { name, status, tests };
  });
}

test.each(['Operations', 'Options', 'Everything else'])('each row of %s says how far it goes and has a test beside it', heading => {
  const rows = rowsUnder(heading);
  expect(rows.filter(({ status }) => !['emulated', 'partly', 'refused', 'absent'].includes(status))).toEqual([]);
  expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test('the fidelity table has a row for each operation, and it says what the server does', () => {
  const rows = rowsUnder('Operations');
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(OPERATIONS));
  for (const { name, status } of rows) expect([name, status !== 'refused']).toEqual([name, handlerOf(name) !== undefined]);
});

test('the fidelity table has a row for each option', () => {
  expect(rowsUnder('Options').map(({ name }) => name)).toEqual(Object.keys(shape('Options').members!));
});

test('the tests beside an operation or an option speak of it', () => {
  const silent = [...rowsUnder('Operations'), ...rowsUnder('Options')].filter(({ name, tests }) => {
    const [, type] = /^(?:Create|Describe|Update)Location(\w+)$/.exec(name) ?? [];
    const words = [name, ...type ? [`api: '${type}'`, `LocationCalls(emulator, '${type}')`] : []];
    return !tests.some(test => words.some(word => test.includes(word)));
  });
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('every file that the page links to is there', () => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path);
  expect(links.length).toBeGreaterThan(60);
  expect(links.filter(path => !existsSync(join(FOLDER, path)))).toEqual([]);
});
