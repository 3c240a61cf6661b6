import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogTail } from '../../../emulator/local-stack/log-tail';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-tail-'));
  file = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a log is read on from where it was, in whole lines', () => {
  writeFileSync(file, 'before ü\n');
  const tail = new LogTail(file);
  expect(tail.read()).toBe('');
  appendFileSync(file, 'ä\nsec');
  expect(tail.read()).toBe('ä\n');
  expect(tail.read()).toBe('');
  appendFileSync(file, 'ond\n');
  expect(tail.read()).toBe('second\n');
});

test('a log that comes later is read from its beginning', () => {
  const tail = new LogTail(file);
  expect(tail.read()).toBe('');
  writeFileSync(file, 'first\n');
  expect(tail.read()).toBe('first\n');
});

test('a log that was cleared away has no more lines', () => {
  writeFileSync(file, 'first\n');
  const tail = new LogTail(file);
  rmSync(file);
  expect(tail.read()).toBe('');
});
