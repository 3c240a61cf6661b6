/** What docs/architecture.md says, held against the code. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { drawing, partImports, withDrawing } from '../tools/draw-architecture';

const ROOT = path.join(__dirname, '..');
const page = fs.readFileSync(path.join(ROOT, 'docs', 'architecture.md'), 'utf8');

test('the picture is that of the code (npx tsx tools/draw-architecture.ts draws it anew)', () => {
  expect(page).toBe(withDrawing(page, drawing()));
});

test('values are imported one way: no part leads back to itself', () => {
  const { edges } = partImports();
  expect(edges.length).toBeGreaterThan(40);
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean => edges.some(([start, end]) => {
    if (start !== from || seen.has(end)) return false;
    seen.add(end);
    return end === to || leadsTo(end, to, seen);
  });
  expect([...new Set(edges.map(([from]) => from))].filter(part => leadsTo(part, part))).toEqual([]);
});

test('every folder is in the table', () => {
  const folders = ['src', 'emulator'].flatMap(top => fs.readdirSync(path.join(ROOT, top), { withFileTypes: true })
    .filter(entry => entry.isDirectory()).map(({ name }) => `${top}/${name}`));
  const listed = [...page.matchAll(/^\| `((?:src|emulator)\/[\w-]+)` \|/gm)].map(([, folder]) => folder);
  expect(listed.sort()).toEqual(folders.sort());
});

const steps = [...page.matchAll(/`((?:src|emulator)\/[\w/-]+\.ts)`(?:: `(\w+)`)?/g)].map(([, file, name]) => [file, name] as const);

test.each(steps)('the step of a flow is where it is said to be: %s %s', (file, name) => {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  if (name !== undefined) expect(text).toMatch(new RegExp(`\\b(function|class|const|readonly|async|static)\\*? ${name}\\b`));
});

test('every path that CONTRIBUTING.md names is there', () => {
  const contributing = fs.readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const paths = [...contributing.matchAll(/`((?:src|emulator|test|tools|docs|bench|examples|python)\/[\w./-]*)`/g)].map(([, found]) => found);
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter(found => !fs.existsSync(path.join(ROOT, found)))).toEqual([]);
});
