import type { Bench } from './bench';
import { inByteOrder, listed } from './files';
import { Filter } from '../../../../emulator/engine/filter';

export function testListing(bench: Bench): void {
  describe('a listing', () => {
    test('of an empty location is the location itself', async () => {
      const items = await listed(await bench.open());
      expect(items.map(({ key, kind }) => ({ key, kind }))).toEqual([{ key: '', kind: 'folder' }]);
    });

    test('has every file and the folders above, in the byte order of keys, parents first, each once', async () => {
      const keys = ['a/b', 'a-b', 'a.b/c', 'a0', 'a/b0', 'a/c/d/e', 'b', 'z/y/x', 'Z'];
      for (const key of keys) await bench.location.put(key, Buffer.from(key));
      const items = await listed(await bench.open());
      const folders = ['', 'a/', 'a.b/', 'a/c/', 'a/c/d/', 'z/', 'z/y/'];
      expect(items.map(({ key }) => key)).toEqual(inByteOrder([...keys, ...folders]));
      expect(items.filter(({ kind }) => kind === 'folder').map(({ key }) => key).sort()).toEqual(folders.sort());
      expect(items.filter(({ kind }) => kind === 'file').map(({ key, size }) => [key, size])).toEqual(inByteOrder(keys).map(key => [key, key.length]));
      expect(items.filter(({ error }) => error !== undefined)).toEqual([]);
    });

    test('has odd names as they are, in their order', async () => {
      const keys = bench.oddKeys;
      for (const key of keys) await bench.location.put(key, Buffer.from(key));
      expect((await listed(await bench.open())).slice(1).map(({ key }) => key)).toEqual(inByteOrder(keys));
    });

    test('has all that the filter lets through', async () => {
      for (const key of ['a/in', 'b/in', 'c/out']) await bench.location.put(key, Buffer.from('x'));
      const items = await listed(await bench.open(), new Filter([{ Value: '/a|/b' }], []));
      expect(items.map(({ key }) => key)).toEqual(expect.arrayContaining(['', 'a/', 'a/in', 'b/', 'b/in']));
    });

    test('ends when it is told to', async () => {
      await bench.location.put('file', Buffer.from('x'));
      const abort = new AbortController();
      const backend = await bench.open();
      const batches = backend.list({ filter: new Filter([], []), signal: abort.signal })[Symbol.asyncIterator]();
      await batches.next();
      abort.abort(new Error('enough'));
      const drained = (async () => { while (!(await batches.next()).done); })();
      await expect(drained).rejects.toThrow(/enough|abort/i);
    });
  });
}
