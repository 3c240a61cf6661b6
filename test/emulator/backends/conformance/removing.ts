import type { Bench } from './bench';
import { folderOf, listed, signal } from './files';
import type { Removal } from '../../../../emulator/engine/backend';

export function testRemoving(bench: Bench): void {
  const { subject } = bench;

  describe('removing', () => {
    test('items tells of each in its place that it is gone, of those that were not there too', async () => {
      for (const key of ['a', 'b', 'c']) await bench.location.put(key, Buffer.from(key));
      const backend = await bench.open();
      const items = [...(await listed(backend)).filter(({ key }) => ['a', 'c'].includes(key)), { key: 'gone', kind: 'file', size: 0 } as const];
      expect(await bench.writing(backend, () => backend.remove(items, signal))).toEqual<Removal[]>(['removed', 'removed', 'removed']);
      expect(Object.keys(await bench.contents())).toEqual(subject.isDryRun ? ['a', 'b', 'c'] : ['b']);
    });

    test('odd names removes these alone', async () => {
      const keys = bench.oddKeys;
      for (const key of keys) await bench.location.put(key, Buffer.from(key));
      await bench.location.put('stays', Buffer.from('stays'));
      const backend = await bench.open();
      const items = (await listed(backend)).filter(({ key }) => keys.includes(key));
      expect(await bench.writing(backend, () => backend.remove(items, signal))).toEqual(items.map(() => 'removed'));
      if (!subject.isDryRun) expect(await bench.contents()).toEqual({ stays: 'stays' });
    });

    if (!subject.lacks?.includes('folder')) {
      test('a folder that holds something leaves both, and says so', async () => {
        const backend = await bench.open();
        const plain = await bench.use(bench.location.openPlain());
        await bench.write(plain, folderOf('folder/'));
        await bench.location.put('folder/file', Buffer.from('x'));
        const folder = (await listed(backend)).find(({ key }) => key === 'folder/')!;
        expect(await bench.writing(backend, () => backend.remove([folder], signal))).toEqual<Removal[]>(['kept']);
        expect(await bench.contents()).toEqual({ 'folder/file': 'x' });
      });
    }
  });
}
