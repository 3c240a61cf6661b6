import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolder } from './tree';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import { NameClash } from '../../../emulator/engine/name-clash';
import { sortKeys } from '../../../emulator/engine/order';
import { run, startBuckets } from '../backends/buckets';
import type { Buckets } from '../backends/buckets';

test.each<[string, string[], string[]]>([
  ['nothing', ['a', 'b/', 'b/c'], []],
  ['a folder and what is in it', ['a', 'a/', 'a/b', 'a/c/', 'a/c/d', 'b'], ['a/', 'a/b', 'a/c/', 'a/c/d']],
  ['with other names in between', ['a', 'a-1', 'a-2', 'a.b', 'a/', 'a/b', 'a0'], ['a/', 'a/b']],
  ['further down', ['x/', 'x/a', 'x/a!', 'x/a/', 'x/a/b', 'x/b'], ['x/a/', 'x/a/b']],
  ['several, one within the name of another', ['a', 'a-', 'a-/', 'a-/x', 'a/', 'a/y'], ['a-/', 'a-/x', 'a/', 'a/y']],
])('a key below the name of an object: %s', (_, keys, below) => {
  const clash = new NameClash();
  expect(sortKeys([...keys])).toEqual(keys);
  expect(keys.filter(key => clash.isBelowObject({ key, kind: key.endsWith('/') ? 'folder' : 'file', size: 0 }))).toEqual(below);
});

describe('from a bucket to a folder', () => {
  let buckets: Buckets;

  beforeAll(async () => {
    buckets = await startBuckets();
  }, 120_000);

  afterAll(() => buckets?.close());

  test.each(['CHANGED', 'ALL'] as const)('the object is copied, what is below its name fails, time and again: %s', TransferMode => withFolder(async root => {
    const bucket = await buckets.make();
    const between = Array.from({ length: 50 }, (_, i) => `a-${i}`);
    for (const key of ['a', 'a/b', 'a/c/d', 'z', ...between]) await bucket.put(key, key);
    mkdirSync(join(root, 'destination'));
    for (let i = 0; i < 2; i++) {
      const { failures } = await run({ source: bucket.open(), destination: openDirectory('destination', root), options: { TransferMode } });
      expect(failures.map(({ path, code }) => `${code} ${path}`)).toEqual(['/a/', '/a/b', '/a/c/', '/a/c/d'].map(path => `NameClash ${path}`));
      expect(readdirSync(join(root, 'destination')).sort()).toEqual(['a', 'z', ...between].sort());
      expect(readFileSync(join(root, 'destination/a'), 'utf8')).toBe('a');
    }
  }));
});
