import { createHash } from 'node:crypto';
import type { Bench } from './bench';
import { MIB, contentOf, listed, noise, signal } from './files';
import type { Item } from '../../../../emulator/engine/backend';
import { collect } from '../../../../emulator/engine/content';

export function testItem(bench: Bench): void {
  describe('an item', () => {
    test('that is there is found and described, with its size', async () => {
      await bench.location.put('folder/file', Buffer.from('content'));
      const backend = await bench.open();
      const found = await backend.find('folder/file', signal);
      expect(found).toMatchObject({ key: 'folder/file', kind: 'file', size: 7 });
      expect(await backend.describe(found!, signal)).toMatchObject({ key: 'folder/file', kind: 'file', size: 7 });
    });

    test.each(['gone', 'gone/below', 'file/below'])('with the key %s, which nothing has, is not found', async key => {
      await bench.location.put('file', Buffer.from('x'));
      expect(await (await bench.open()).find(key, signal)).toBeUndefined();
    });

    test('that is gone cannot be described, read or summed up', async () => {
      const backend = await bench.open();
      const gone: Item = { key: 'gone', kind: 'file', size: 1 };
      await expect((async () => backend.describe(gone, signal))()).rejects.toThrow();
      await expect((async () => contentOf(backend, gone))()).rejects.toThrow();
      await expect((async () => backend.sha256(gone, signal))()).rejects.toThrow();
    });

    test.each([0, 1, 300_000, 9 * MIB])('of %d bytes is read as it is, and its SHA-256 is that of its content', async size => {
      const content = noise(size);
      await bench.location.put('file', content);
      const backend = await bench.open();
      const item = (await listed(backend)).find(({ key }) => key === 'file')!;
      const read = await backend.read(item, { signal });
      expect(read.item).toMatchObject({ key: 'file', kind: 'file', size });
      expect((await collect(read)).equals(content)).toBe(true);
      expect(await backend.sha256(item, signal)).toBe(createHash('sha256').update(content).digest('hex'));
    });
  });
}
