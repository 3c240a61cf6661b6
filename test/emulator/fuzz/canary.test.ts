import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Canary } from './canary';

let root: string;
let canary: Canary;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'canary-root-'));
  canary = new Canary(mkdtempSync(join(tmpdir(), 'canary-')));
});
afterEach(() => [root, canary.folder].forEach(folder => rmSync(folder, { recursive: true })));

test('it stays quiet when nobody did anything', () => {
  symlinkSync(canary.folder, join(root, 'link'));
  readFileSync(join(canary.folder, 'file'));
  expect([canary.changes(), canary.leaksInto(root)]).toEqual([[], []]);
});

test.each<[string, (folder: string) => void]>([
  ['a new file', folder => writeFileSync(join(folder, 'new'), '')],
  ['the same content again', folder => writeFileSync(join(folder, 'file'), readFileSync(join(folder, 'file')))],
  ['a removed file', folder => rmSync(join(folder, 'folder/below/file'))],
  ['other times', folder => utimesSync(join(folder, 'folder'), 1, 1)],
])('it notices %s', (_, deed) => {
  deed(canary.folder);
  expect(canary.changes()).not.toEqual([]);
});

test('it notices its content below the root and in a text', () => {
  mkdirSync(join(root, 'a'));
  copyFileSync(join(canary.folder, 'file'), join(root, 'a/copy'));
  expect(canary.leaksInto(root)).toEqual([join(root, 'a/copy')]);
  expect(canary.leaksIntoText(JSON.stringify({ text: readFileSync(join(root, 'a/copy'), 'utf8') }))).toBe(true);
});
