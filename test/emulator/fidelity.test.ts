import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { handlerOf } from '../../emulator/api/handlers';
import { OPERATIONS, shape } from '../../emulator/model/api';

const FOLDER = resolve(__dirname, '../../docs');
const text = readFileSync(join(FOLDER, 'emulator.md'), 'utf8');

/** First and second cell of every row of the table under a heading. */
function rowsUnder(heading: string): Map<string, string> {
  const [, section] = text.split(`### ${heading}\n`);
  const rows = section.split('\n#')[0].split('\n').filter(line => line.startsWith('| ')).slice(2);
  return new Map(rows.map(row => row.split(' | ')).map(([name, status]) => [name.slice(2), status]));
}

test('the fidelity table has a row for each operation, and it says what the server does', () => {
  const rows = rowsUnder('Operations');
  expect([...rows.keys()].sort()).toEqual(Object.keys(OPERATIONS));
  for (const [operation, status] of rows) expect([operation, status !== 'refused']).toEqual([operation, handlerOf(operation) !== undefined]);
});

test('the fidelity table has a row for each option', () => {
  const rows = rowsUnder('Options');
  expect([...rows.keys()]).toEqual(Object.keys(shape('Options').members!));
  for (const status of rows.values()) expect(['emulated', 'partly', 'refused']).toContain(status);
});

test('every file that the page links to is there', () => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path);
  expect(links.length).toBeGreaterThan(60);
  expect(links.filter(path => !existsSync(join(FOLDER, path)))).toEqual([]);
});
