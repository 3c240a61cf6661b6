import { readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { SMALL } from '../../../../emulator/backends/directory/copy';
import type { Backend, Item } from '../../../../emulator/engine/backend';
import { collect } from '../../../../emulator/engine/content';
import { withFolder } from '../../engine/tree';

const context = { signal: new AbortController().signal };

/** Has a file that is read in pieces. */
const withLargeFile = (use: (backend: Backend, item: Item, path: string) => Promise<void>) => withFolder(async root => {
  const path = join(root, 'large');
  writeFileSync(path, Buffer.alloc(SMALL + 1, 'a'));
  const backend = openDirectory('.', root);
  await backend.access();
  try {
    await use(backend, (await backend.find('large', context.signal))!, path);
  } finally {
    backend.close();
  }
});

(process.platform === 'linux' ? test : test.skip)('a large file that is given up before its first chunk leaves nothing open', () => withLargeFile(async (backend, item) => {
  const before = readdirSync('/proc/self/fd').length;
  for (let i = 0; i < 10; i++) await backend.read(item, context);
  expect(readdirSync('/proc/self/fd').length).toBe(before);
}));

test('a large file that is replaced before its first chunk, by one with the same size and time, is not read', () => withLargeFile(async (backend, item, path) => {
  const content = await backend.read(item, context);
  utimesSync(path, 1, 1);
  const listed = await backend.read(item, context);
  writeFileSync(`${path}.new`, Buffer.alloc(SMALL + 1, 'b'));
  utimesSync(`${path}.new`, 1, 1);
  renameSync(`${path}.new`, path);
  await expect(collect(content)).rejects.toThrow('changed while it was read');
  await expect(collect(listed)).rejects.toThrow('changed while it was read');
  expect((await collect(await backend.read(item, context))).toString()).toBe('b'.repeat(SMALL + 1));
}));

test('the digest of something that is no file any more is refused', () => withLargeFile(async (backend, item, path) => {
  renameSync(path, `${path}.old`);
  await expect((async () => backend.sha256({ ...item, key: '' }, context.signal))()).rejects.toThrow('is a folder now, not a file');
  await expect((async () => backend.sha256(item, context.signal))()).rejects.toThrow('ENOENT');
}));
