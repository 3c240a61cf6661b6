import type { Bench } from './bench';
import { MIB, TIME, broken, contentOf, contextOf, fileOf, folderOf, linkOf, listed, noise, signal, sourceOf } from './files';
import type { Backend, Item } from '../../../../emulator/engine/backend';

export function testWriting(bench: Bench): void {
  const { subject } = bench;

  describe('writing', () => {
    test.each([0, 5, 300_000, 9 * MIB])('a new file of %d bytes makes it, and tells how many bytes were sent and written', async size => {
      const backend = await bench.open();
      const file = fileOf('folder/file', noise(size));
      const { context, sent, written } = contextOf();
      const result = await bench.writing(backend, async () => {
        if (!backend.lacks?.includes('folder')) await backend.write(folderOf('folder/').item, undefined, sourceOf(folderOf('folder/')), context);
        return backend.write(file.item, undefined, sourceOf(file), context);
      });
      expect(result).toMatchObject({ key: 'folder/file', size });
      expect([sent(), written()]).toEqual([size, size]);
      const made = { 'folder/file': file.content.toString() };
      expect(await bench.contents()).toEqual(subject.isDryRun ? {} : made);
    });

    test('odd names makes files of these names', async () => {
      const keys = bench.oddKeys;
      const backend = await bench.open();
      await bench.writing(backend, async () => {
        for (const key of keys) {
          const file = fileOf(key, Buffer.from(key));
          await backend.write(file.item, undefined, sourceOf(file), contextOf().context);
        }
      });
      expect(await bench.contents()).toEqual(subject.isDryRun ? {} : Object.fromEntries(keys.map(key => [key, key])));
    });

    test('what is there replaces it', async () => {
      await bench.location.put('file', Buffer.from('before'));
      const backend = await bench.open();
      const existing = await backend.find('file', signal);
      expect(await bench.write(backend, fileOf('file', Buffer.from('after')), {}, existing)).toMatchObject({ key: 'file' });
      expect(await bench.contents()).toEqual({ file: subject.isDryRun ? 'before' : 'after' });
    });

    test('with OverwriteMode NEVER keeps what is there, and says so with undefined', async () => {
      await bench.location.put('file', Buffer.from('before'));
      const options = { OverwriteMode: 'NEVER', TransferMode: 'ALL' } as const;
      expect(await bench.write(await bench.open(), fileOf('file', Buffer.from('after')), options)).toBeUndefined();
      expect(await bench.contents()).toEqual({ file: 'before' });
    });

    test('a device is refused', async () => {
      const device: Item = { ...fileOf('device', Buffer.alloc(0)).item, kind: 'device' };
      await expect(bench.write(await bench.open(), { item: device, content: Buffer.alloc(0) })).rejects.toThrow(/device/);
      expect(await bench.contents()).toEqual({});
    });

    if (!subject.isDryRun) {
      test('a file whose content cannot be read to its end leaves what was there, and nothing else', async () => {
        await bench.location.put('file', Buffer.from('before'));
        const backend = await bench.open();
        const file = fileOf('file', noise(9 * MIB));
        const failing = { ...sourceOf(file), read: async () => ({ item: file.item, chunks: broken(file.content) }) } as Backend;
        await expect(bench.writing(backend, async () => backend.write(file.item, undefined, failing, contextOf().context))).rejects.toThrow('the cable is cut');
        expect(await bench.contents()).toEqual({ file: 'before' });
      });
    }

    if (!subject.lacks?.includes('folder')) {
      test('a folder makes it', async () => {
        expect(await bench.write(await bench.open(), folderOf('folder/'))).toMatchObject({ key: 'folder/', kind: 'folder' });
        const keys = (await listed(await bench.use(bench.location.openPlain()))).map(({ key }) => key);
        expect(keys).toEqual(subject.isDryRun ? [''] : ['', 'folder/']);
      });
    }

    if (!subject.lacks?.includes('symlink') && !subject.isDryRun) {
      test('a link makes one with its target', async () => {
        const link = linkOf('link', 'some/where');
        expect(await bench.write(await bench.open(), link)).toMatchObject({ key: 'link' });
        const plain = await bench.use(bench.location.openPlain());
        const found = await plain.describe({ key: 'link', kind: 'file', size: 0 }, signal);
        expect(found.kind).toBe('symlink');
        expect((await contentOf(plain, found)).toString()).toBe('some/where');
      });
    }

    if (!subject.isDryRun) {
      test('a file keeps its time and its mode', async () => {
        const file = fileOf('file', Buffer.from('content'));
        await bench.write(await bench.open(), file);
        const { posix } = await (await bench.use(bench.location.openPlain())).describe(file.item, signal);
        expect({ mode: posix?.mode, mtime: posix?.mtime }).toEqual({ mode: file.item.posix!.mode, mtime: file.item.posix!.mtime });
      });
    }

    test('metadata alone changes it and leaves the content', async () => {
      const backend = await bench.open();
      await bench.write(await bench.use(bench.location.openPlain()), fileOf('file', Buffer.from('content')));
      const changed = fileOf('file', Buffer.from('content'), 1_500_000_000);
      const existing = await backend.describe(changed.item, signal);
      await bench.writing(backend, () => backend.writeMetadata(changed.item, existing, sourceOf(changed), contextOf().context));
      expect(await bench.contents()).toEqual({ file: 'content' });
      const { posix } = await (await bench.use(bench.location.openPlain())).describe(changed.item, signal);
      expect(posix?.mtime[0]).toBe(subject.isDryRun ? TIME : 1_500_000_000);
    });

    test('leaves nothing but what was written', async () => {
      const backend = await bench.open();
      await bench.write(backend, fileOf('file', Buffer.from('x')));
      expect((await listed(await bench.use(bench.location.openPlain()))).map(({ key }) => key)).toEqual(subject.isDryRun ? [''] : ['', 'file']);
    });

    if (subject.hasLinks) {
      test('one more name makes one of the same file', async () => {
        await bench.location.put('first', Buffer.from('content'));
        const backend = await bench.open();
        const first = await backend.describe({ key: 'first', kind: 'file', size: 7 }, signal);
        const linked = await bench.writing(backend, async () => backend.link!({ ...first, key: 'second' }, 'first', contextOf().context));
        expect(linked).toMatchObject({ key: 'second' });
        expect(await bench.contents()).toEqual({ first: 'content', ...(!subject.isDryRun && { second: 'content' }) });
      });
    }

    if (subject.copiesWithinStore) {
      test('from a location in the same store without reading comes to the same', async () => {
        const from = await bench.use(bench.location.openPlain());
        await bench.location.put('from', noise(1000));
        const item = await from.describe({ key: 'from', kind: 'file', size: 1000 }, signal);
        const { context, sent, written } = contextOf();
        const elsewhere = await bench.use(bench.location.openBelow('below'));
        await bench.write(elsewhere, folderOf(''));
        await bench.writing(elsewhere, async () => elsewhere.copyFrom!(from, item, undefined, context));
        expect([sent(), written()]).toEqual([1000, 1000]);
        expect(await bench.contents()).toEqual({ 'from': noise(1000).toString(), 'below/from': noise(1000).toString() });
      });
    }
  });
}
