import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Backend, Item, ItemKind, Removal, WriteContext } from '../../../emulator/engine/backend';
import { collect } from '../../../emulator/engine/content';
import { LocationError } from '../../../emulator/engine/errors';
import { Filter } from '../../../emulator/engine/filter';
import type { TransferOptions } from '../../../emulator/engine/request';
import { isWithinStore } from '../../../emulator/engine/within-store';
import { DEFAULTS } from '../engine/run-transfer';

/** A new, empty location. */
export interface TestLocation {
  /** As the suite tests it. */
  open(): Backend;
  /** As it is, without any decorator: what is really there is asked of it. */
  openPlain(): Backend;
  /** Opens a place that is below it. */
  openBelow(folder: string): Backend;
  /** Puts a file there, without the backend. */
  put(key: string, content: Buffer): Promise<void>;
}

/** A backend, or a decorator around one, and what cannot be asked of it. */
export interface Subject {
  /** Keys that the store has no place for. */
  readonly impossible?: RegExp;
  readonly lacks?: readonly ItemKind[];
  /** Files can have several names. */
  readonly hasLinks?: boolean;
  /** It copies from its own store without reading. */
  readonly copiesWithinStore?: boolean;
  /** It answers changes and makes none. */
  readonly isDryRun?: boolean;
  make(): Promise<TestLocation>;
  /** A location that cannot be used, since nothing is there. */
  openMissing(): Backend;
}

const { signal } = new AbortController();
setMaxListeners(0, signal); // every request listens for a cancel
const MIB = 1024 * 1024;

/** Names that file systems, URLs, XML, patterns and orders of characters have trouble with. */
const ODD_KEYS = [
  'A', 'a b', ' lead', 'trail ', 'a+b', '%41', '&<>"\'', 'a|b', '*', '?x=1', '#', '~', '-', '.hidden', '...', 'back\\slash', 'new\nline', '\u0001',
  'é', 'e\u0301', '\ue000', '😀', 'x'.repeat(200),
];

/** The contract of the interface, checked on one backend. */
export function testConformance(subject: Subject): void {
  const keysOf = (keys: readonly string[]) => keys.filter(key => !subject.impossible?.test(key));
  let location: TestLocation;
  let opened: Backend[];
  const use = async (backend: Backend): Promise<Backend> => {
    opened.push(backend);
    await backend.access();
    return backend;
  };
  const open = () => use(location.open());

  beforeEach(async () => {
    location = await subject.make();
    opened = [];
  });
  afterEach(() => opened.forEach(backend => backend.close()));

  /** What is really there, by key. */
  async function contents(): Promise<Record<string, string>> {
    const backend = await use(location.openPlain());
    const found: Record<string, string> = {};
    for (const item of await listed(backend)) if (item.kind !== 'folder') found[item.key] = (await contentOf(backend, item)).toString();
    return found;
  }

  /** Does something between the begin and the end of writing. */
  async function writing<T>(backend: Backend, act: () => Promise<T>): Promise<T> {
    await backend.beginWriting();
    try {
      return await act();
    } finally {
      await backend.endWriting();
    }
  }

  async function write(backend: Backend, file: TestFile, options: Partial<TransferOptions> = {}, existing?: Item): Promise<Item | undefined> {
    return writing(backend, async () => backend.write(file.item, existing, sourceOf(file), contextOf(options).context));
  }

  describe('a location', () => {
    test('can be accessed when it is there, empty or not, and again', async () => {
      const backend = location.open();
      opened.push(backend);
      await backend.access();
      await location.put('file', Buffer.from('x'));
      await expect(backend.access()).resolves.toBeUndefined();
    });

    test('that is not there is refused with a LocationError by access', async () => {
      const backend = subject.openMissing();
      opened.push(backend);
      await expect(backend.access()).rejects.toBeInstanceOf(LocationError);
    });

    test('begins its extent with that of the location around it, and with no other', async () => {
      await location.put('folder/file', Buffer.from('x'));
      await location.put('folder2/file', Buffer.from('x'));
      const [whole, part, other] = [await open(), await use(location.openBelow('folder')), await use(location.openBelow('folder2'))];
      expect(part.extent.startsWith(whole.extent)).toBe(true);
      expect(other.extent.startsWith(part.extent) || part.extent.startsWith(other.extent)).toBe(false);
    });

    test('tells what it has no place for, whether files can have several names, and whether it copies within its store', async () => {
      const [backend, plain] = [await open(), await use(location.openPlain())];
      expect({ lacks: backend.lacks, hasLinks: backend.link !== undefined, copiesWithinStore: isWithinStore(plain, backend) }).toEqual({
        lacks: subject.lacks, hasLinks: subject.hasLinks ?? false, copiesWithinStore: subject.copiesWithinStore ?? false,
      });
    });

    test('can be closed without having been accessed, and twice', async () => {
      const backend = location.open();
      backend.close();
      backend.close();
      const accessed = location.open();
      await accessed.access();
      accessed.close();
      accessed.close();
    });
  });

  describe('a listing', () => {
    test('of an empty location is the location itself', async () => {
      const items = await listed(await open());
      expect(items.map(({ key, kind }) => ({ key, kind }))).toEqual([{ key: '', kind: 'folder' }]);
    });

    test('has every file and the folders above, in the byte order of keys, parents first, each once', async () => {
      const keys = ['a/b', 'a-b', 'a.b/c', 'a0', 'a/b0', 'a/c/d/e', 'b', 'z/y/x', 'Z'];
      for (const key of keys) await location.put(key, Buffer.from(key));
      const items = await listed(await open());
      const folders = ['', 'a/', 'a.b/', 'a/c/', 'a/c/d/', 'z/', 'z/y/'];
      expect(items.map(({ key }) => key)).toEqual(inByteOrder([...keys, ...folders]));
      expect(items.filter(({ kind }) => kind === 'folder').map(({ key }) => key).sort()).toEqual(folders.sort());
      expect(items.filter(({ kind }) => kind === 'file').map(({ key, size }) => [key, size])).toEqual(inByteOrder(keys).map(key => [key, key.length]));
      expect(items.filter(({ error }) => error !== undefined)).toEqual([]);
    });

    test('has odd names as they are, in their order', async () => {
      const keys = keysOf(ODD_KEYS);
      for (const key of keys) await location.put(key, Buffer.from(key));
      expect((await listed(await open())).slice(1).map(({ key }) => key)).toEqual(inByteOrder(keys));
    });

    test('has all that the filter lets through', async () => {
      for (const key of ['a/in', 'b/in', 'c/out']) await location.put(key, Buffer.from('x'));
      const items = await listed(await open(), new Filter([{ Value: '/a|/b' }], []));
      expect(items.map(({ key }) => key)).toEqual(expect.arrayContaining(['', 'a/', 'a/in', 'b/', 'b/in']));
    });

    test('ends when it is told to', async () => {
      await location.put('file', Buffer.from('x'));
      const abort = new AbortController();
      const backend = await open();
      const batches = backend.list({ filter: new Filter([], []), signal: abort.signal })[Symbol.asyncIterator]();
      await batches.next();
      abort.abort(new Error('enough'));
      const drained = (async () => { while (!(await batches.next()).done); })();
      await expect(drained).rejects.toThrow(/enough|abort/i);
    });
  });

  describe('an item', () => {
    test('that is there is found and described, with its size', async () => {
      await location.put('folder/file', Buffer.from('content'));
      const backend = await open();
      const found = await backend.find('folder/file', signal);
      expect(found).toMatchObject({ key: 'folder/file', kind: 'file', size: 7 });
      expect(await backend.describe(found!, signal)).toMatchObject({ key: 'folder/file', kind: 'file', size: 7 });
    });

    test.each(['gone', 'gone/below', 'file/below'])('with the key %s, which nothing has, is not found', async key => {
      await location.put('file', Buffer.from('x'));
      expect(await (await open()).find(key, signal)).toBeUndefined();
    });

    test('that is gone cannot be described, read or summed up', async () => {
      const backend = await open();
      const gone: Item = { key: 'gone', kind: 'file', size: 1 };
      await expect((async () => backend.describe(gone, signal))()).rejects.toThrow();
      await expect((async () => contentOf(backend, gone))()).rejects.toThrow();
      await expect((async () => backend.sha256(gone, signal))()).rejects.toThrow();
    });

    test.each([0, 1, 300_000, 9 * MIB])('of %d bytes is read as it is, and its SHA-256 is that of its content', async size => {
      const content = noise(size);
      await location.put('file', content);
      const backend = await open();
      const item = (await listed(backend)).find(({ key }) => key === 'file')!;
      const read = await backend.read(item, { signal });
      expect(read.item).toMatchObject({ key: 'file', kind: 'file', size });
      expect((await collect(read)).equals(content)).toBe(true);
      expect(await backend.sha256(item, signal)).toBe(createHash('sha256').update(content).digest('hex'));
    });
  });

  describe('writing', () => {
    test.each([0, 5, 300_000, 9 * MIB])('a new file of %d bytes makes it, and tells how many bytes were sent and written', async size => {
      const backend = await open();
      const file = fileOf('folder/file', noise(size));
      const { context, sent, written } = contextOf();
      const result = await writing(backend, async () => {
        if (!backend.lacks?.includes('folder')) await backend.write(folderOf('folder/').item, undefined, sourceOf(folderOf('folder/')), context);
        return backend.write(file.item, undefined, sourceOf(file), context);
      });
      expect(result).toMatchObject({ key: 'folder/file', size });
      expect([sent(), written()]).toEqual([size, size]);
      const made = { 'folder/file': file.content.toString() };
      expect(await contents()).toEqual(subject.isDryRun ? {} : made);
    });

    test('odd names makes files of these names', async () => {
      const keys = keysOf(ODD_KEYS);
      const backend = await open();
      await writing(backend, async () => {
        for (const key of keys) {
          const file = fileOf(key, Buffer.from(key));
          await backend.write(file.item, undefined, sourceOf(file), contextOf().context);
        }
      });
      expect(await contents()).toEqual(subject.isDryRun ? {} : Object.fromEntries(keys.map(key => [key, key])));
    });

    test('what is there replaces it', async () => {
      await location.put('file', Buffer.from('before'));
      const backend = await open();
      const existing = await backend.find('file', signal);
      expect(await write(backend, fileOf('file', Buffer.from('after')), {}, existing)).toMatchObject({ key: 'file' });
      expect(await contents()).toEqual({ file: subject.isDryRun ? 'before' : 'after' });
    });

    test('with OverwriteMode NEVER keeps what is there, and says so with undefined', async () => {
      await location.put('file', Buffer.from('before'));
      const options = { OverwriteMode: 'NEVER', TransferMode: 'ALL' } as const;
      expect(await write(await open(), fileOf('file', Buffer.from('after')), options)).toBeUndefined();
      expect(await contents()).toEqual({ file: 'before' });
    });

    test('a device is refused', async () => {
      const device: Item = { ...fileOf('device', Buffer.alloc(0)).item, kind: 'device' };
      await expect(write(await open(), { item: device, content: Buffer.alloc(0) })).rejects.toThrow(/device/);
      expect(await contents()).toEqual({});
    });

    if (!subject.isDryRun) {
      test('a file whose content cannot be read to its end leaves what was there, and nothing else', async () => {
        await location.put('file', Buffer.from('before'));
        const backend = await open();
        const file = fileOf('file', noise(9 * MIB));
        const failing = { ...sourceOf(file), read: async () => ({ item: file.item, chunks: broken(file.content) }) } as Backend;
        await expect(writing(backend, async () => backend.write(file.item, undefined, failing, contextOf().context))).rejects.toThrow('the cable is cut');
        expect(await contents()).toEqual({ file: 'before' });
      });
    }

    if (!subject.lacks?.includes('folder')) {
      test('a folder makes it', async () => {
        expect(await write(await open(), folderOf('folder/'))).toMatchObject({ key: 'folder/', kind: 'folder' });
        const keys = (await listed(await use(location.openPlain()))).map(({ key }) => key);
        expect(keys).toEqual(subject.isDryRun ? [''] : ['', 'folder/']);
      });
    }

    if (!subject.lacks?.includes('symlink') && !subject.isDryRun) {
      test('a link makes one with its target', async () => {
        const link = linkOf('link', 'some/where');
        expect(await write(await open(), link)).toMatchObject({ key: 'link' });
        const plain = await use(location.openPlain());
        const found = await plain.describe({ key: 'link', kind: 'file', size: 0 }, signal);
        expect(found.kind).toBe('symlink');
        expect((await contentOf(plain, found)).toString()).toBe('some/where');
      });
    }

    if (!subject.isDryRun) {
      test('a file keeps its time and its mode', async () => {
        const file = fileOf('file', Buffer.from('content'));
        await write(await open(), file);
        const { posix } = await (await use(location.openPlain())).describe(file.item, signal);
        expect({ mode: posix?.mode, mtime: posix?.mtime }).toEqual({ mode: file.item.posix!.mode, mtime: file.item.posix!.mtime });
      });
    }

    test('metadata alone changes it and leaves the content', async () => {
      const backend = await open();
      await write(await use(location.openPlain()), fileOf('file', Buffer.from('content')));
      const changed = fileOf('file', Buffer.from('content'), 1_500_000_000);
      const existing = await backend.describe(changed.item, signal);
      await writing(backend, () => backend.writeMetadata(changed.item, existing, sourceOf(changed), contextOf().context));
      expect(await contents()).toEqual({ file: 'content' });
      const { posix } = await (await use(location.openPlain())).describe(changed.item, signal);
      expect(posix?.mtime[0]).toBe(subject.isDryRun ? TIME : 1_500_000_000);
    });

    test('leaves nothing but what was written', async () => {
      const backend = await open();
      await write(backend, fileOf('file', Buffer.from('x')));
      expect((await listed(await use(location.openPlain()))).map(({ key }) => key)).toEqual(subject.isDryRun ? [''] : ['', 'file']);
    });

    if (subject.hasLinks) {
      test('one more name makes one of the same file', async () => {
        await location.put('first', Buffer.from('content'));
        const backend = await open();
        const first = await backend.describe({ key: 'first', kind: 'file', size: 7 }, signal);
        const linked = await writing(backend, async () => backend.link!({ ...first, key: 'second' }, 'first', contextOf().context));
        expect(linked).toMatchObject({ key: 'second' });
        expect(await contents()).toEqual({ first: 'content', ...(!subject.isDryRun && { second: 'content' }) });
      });
    }

    if (subject.copiesWithinStore) {
      test('from a location in the same store without reading comes to the same', async () => {
        const from = await use(location.openPlain());
        await location.put('from', noise(1000));
        const item = await from.describe({ key: 'from', kind: 'file', size: 1000 }, signal);
        const { context, sent, written } = contextOf();
        const elsewhere = await use(location.openBelow('below'));
        await write(elsewhere, folderOf(''));
        await writing(elsewhere, async () => elsewhere.copyFrom!(from, item, undefined, context));
        expect([sent(), written()]).toEqual([1000, 1000]);
        expect(await contents()).toEqual({ 'from': noise(1000).toString(), 'below/from': noise(1000).toString() });
      });
    }
  });

  describe('removing', () => {
    test('items tells of each in its place that it is gone, of those that were not there too', async () => {
      for (const key of ['a', 'b', 'c']) await location.put(key, Buffer.from(key));
      const backend = await open();
      const items = [...(await listed(backend)).filter(({ key }) => ['a', 'c'].includes(key)), { key: 'gone', kind: 'file', size: 0 } as const];
      expect(await writing(backend, () => backend.remove(items, signal))).toEqual<Removal[]>(['removed', 'removed', 'removed']);
      expect(Object.keys(await contents())).toEqual(subject.isDryRun ? ['a', 'b', 'c'] : ['b']);
    });

    test('odd names removes these alone', async () => {
      const keys = keysOf(ODD_KEYS);
      for (const key of keys) await location.put(key, Buffer.from(key));
      await location.put('stays', Buffer.from('stays'));
      const backend = await open();
      const items = (await listed(backend)).filter(({ key }) => keys.includes(key));
      expect(await writing(backend, () => backend.remove(items, signal))).toEqual(items.map(() => 'removed'));
      if (!subject.isDryRun) expect(await contents()).toEqual({ stays: 'stays' });
    });

    if (!subject.lacks?.includes('folder')) {
      test('a folder that holds something leaves both, and says so', async () => {
        const backend = await open();
        const plain = await use(location.openPlain());
        await write(plain, folderOf('folder/'));
        await location.put('folder/file', Buffer.from('x'));
        const folder = (await listed(backend)).find(({ key }) => key === 'folder/')!;
        expect(await writing(backend, () => backend.remove([folder], signal))).toEqual<Removal[]>(['kept']);
        expect(await contents()).toEqual({ 'folder/file': 'x' });
      });
    }
  });
}

const TIME = 1_600_000_000;

interface TestFile {
  readonly item: Item;
  readonly content: Buffer;
}

function itemOf(key: string, kind: ItemKind, size: number, seconds = TIME): Item {
  const [uid, gid] = [process.getuid!(), process.getgid!()];
  return { key, kind, size, posix: { mode: kind === 'folder' ? 0o750 : 0o640, uid, gid, mtime: [seconds, 0], atime: [seconds, 0] } };
}

function fileOf(key: string, content: Buffer, seconds?: number): TestFile {
  return { item: itemOf(key, 'file', content.length, seconds), content };
}

function folderOf(key: string): TestFile {
  return { item: itemOf(key, 'folder', 0), content: Buffer.alloc(0) };
}

function linkOf(key: string, target: string): TestFile {
  return { item: { ...itemOf(key, 'symlink', target.length), target }, content: Buffer.from(target) };
}

/** As much of a source as writers ask for: a file system with one file, in memory. */
function sourceOf({ item, content }: TestFile): Backend {
  async function* chunks() {
    for (let at = 0; at < content.length; at += MIB) yield content.subarray(at, at + MIB);
  }
  return { kind: 'directory', keepsOwner: true, describe: () => item, read: async () => ({ item, chunks: chunks() }) } as Partial<Backend> as Backend;
}

async function* broken(content: Buffer): AsyncGenerator<Buffer> {
  yield content.subarray(0, content.length / 2);
  throw new Error('the cable is cut');
}

function contextOf(options: Partial<TransferOptions> = {}): { readonly context: WriteContext; sent(): number; written(): number } {
  let [sent, written] = [0, 0];
  const context: WriteContext = {
    options: { ...DEFAULTS, ...options },
    signal,
    throttle: { limited: false, take: async () => undefined },
    sent: bytes => { sent += bytes; },
    written: bytes => { written += bytes; },
  };
  return { context, sent: () => sent, written: () => written };
}

async function listed(backend: Backend, filter = new Filter([], [])): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of backend.list({ filter, signal })) items.push(...batch);
  return items;
}

async function contentOf(backend: Backend, item: Item): Promise<Buffer> {
  return collect(await backend.read(item, { signal }));
}

function inByteOrder(keys: readonly string[]): string[] {
  return [...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** Bytes that are text, and never the same for long. */
function noise(size: number): Buffer {
  return Buffer.from(Array.from({ length: Math.ceil(size / 8) }, (_, i) => String(i).padStart(8, '.')).join('').slice(0, size));
}
