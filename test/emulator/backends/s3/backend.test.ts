import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import type { CompletedPart } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { openS3 } from '../../../../emulator/backends/s3/backend';
import { copyObject } from '../../../../emulator/backends/s3/copy';
import { SINGLE_REQUEST_BYTES } from '../../../../emulator/backends/s3/upload';
import { DEFAULTS } from '../../engine/run-transfer';
import type { Setup } from '../../engine/run-transfer';
import { anyTree, plant, survey, withFolder } from '../../engine/tree';
import { credentials, NO_POSIX, run, startBuckets } from '../buckets';
import type { Buckets } from '../buckets';
import { startFaultyProxy } from '../faulty-proxy';
import type { Fault } from '../faulty-proxy';

const MIB = 1024 * 1024;
let buckets: Buckets;

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

afterAll(() => buckets?.close());

describe('round trips', () => {
  test('an object that says it is a link whose target is not UTF-8 makes no link', async () => withFolder(async root => {
    const bucket = await buckets.make();
    await bucket.put('link', Buffer.from('bad-\xff', 'latin1'), { Metadata: { 'file-permissions': '120777' } });
    mkdirSync(join(root, 'back'));
    const { failures } = await run({ source: bucket.open(), destination: openDirectory('back', root) });
    expect(failures.map(({ path, message }) => [path, message])).toEqual([['/link', 'the target of the link is not UTF-8']]);
    expect(readdirSync(join(root, 'back'))).toEqual([]);
  }));

  test('folder to S3 to S3 to folder: any tree comes back the same, and a second run has nothing to do', async () => {
    const bucket = await buckets.make();
    let number = 0;
    await fc.assert(fc.asyncProperty(anyTree, async tree => withFolder(async root => {
      const prefix = `p${number++}`;
      plant(join(root, 'source'), tree);
      mkdirSync(join(root, 'back'));
      const steps: Array<[() => Setup['source'], () => Setup['source'], object]> = [
        [() => openDirectory('source', root), () => bucket.open(`${prefix}/one`), {}],
        [() => bucket.open(`${prefix}/one`), () => bucket.open(`${prefix}/two`), NO_POSIX],
        [() => bucket.open(`${prefix}/two`), () => openDirectory('back', root), {}],
      ];
      for (const [source, destination, options] of steps) {
        const { result, failures, counters } = await run({
          source: source(), destination: destination(), options: { ...options, VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
        });
        expect({ status: result.status, failures, total: counters.FilesTransferred + counters.FilesSkipped, verified: counters.FilesVerified })
          .toEqual({ status: 'SUCCESS', failures: [], total: tree.size, verified: tree.size });
        const again = await run({ source: source(), destination: destination(), options });
        expect({ failures: again.failures, files: again.counters.FilesTransferred }).toEqual({ failures: [], files: 0 });
      }
      expect(survey(join(root, 'back'))).toEqual(tree);
    })), { numRuns: 8 });
  }, 120_000);

  test('the largest object of one request has the MD5 of its content for its ETag', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    const content = Buffer.alloc(SINGLE_REQUEST_BYTES, 'some content ');
    writeFileSync(join(root, 'source/large'), content);
    const { result } = await run({ source: openDirectory('source', root), destination: bucket.open() });
    expect(result.status).toBe('SUCCESS');
    expect((await bucket.head('large')).ETag).toBe(`"${createHash('md5').update(content).digest('hex')}"`);
  }));

  test('objects beyond one request, in parts', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    mkdirSync(join(root, 'back'));
    const content = Buffer.alloc(SINGLE_REQUEST_BYTES + 7, 'some content ');
    writeFileSync(join(root, 'source/large'), content);
    const up = await run({ source: openDirectory('source', root), destination: bucket.open(), options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    expect({ status: up.result.status, bytes: up.counters.BytesTransferred, written: up.counters.BytesWritten, verified: up.counters.FilesVerified })
      .toEqual({ status: 'SUCCESS', bytes: content.length, written: content.length, verified: 1 });
    expect((await bucket.head('large')).ETag).toMatch(/-5"$/);
    const down = await run({ source: bucket.open(), destination: openDirectory('back', root) });
    expect(down.counters.BytesWritten).toBe(content.length);
    expect(readFileSync(join(root, 'back/large')).equals(content)).toBe(true);
  }));

  test.each(['open', 'openElsewhere'] as const)('an object that was uploaded in parts is repaired where it was changed, and left alone where not, for a bucket that is there for %s', async open => {
    const [from, to] = [await buckets.make(), await buckets.make()];
    const { UploadId } = await buckets.client.send(new CreateMultipartUploadCommand({ Bucket: from.name, Key: 'o' }));
    const content = Buffer.alloc(5 * MIB, 'abc');
    const Parts: CompletedPart[] = [];
    for (const PartNumber of [1, 2]) {
      const { ETag } = await buckets.client.send(new UploadPartCommand({ Bucket: from.name, Key: 'o', UploadId, PartNumber, Body: content }));
      Parts.push({ ETag, PartNumber });
    }
    await buckets.client.send(new CompleteMultipartUploadCommand({ Bucket: from.name, Key: 'o', UploadId, MultipartUpload: { Parts } }));
    const copy = () => run({ source: from.open(), destination: to[open](), options: { ...NO_POSIX, VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect((await copy()).counters.FilesTransferred).toBe(1);
    expect((await copy()).counters.FilesTransferred).toBe(0);
    await to.put('o', Buffer.alloc(10 * MIB, 'xyz'));
    expect(await copy()).toMatchObject({ result: { status: 'SUCCESS' }, counters: { FilesTransferred: 1 } });
    expect((await copy()).counters.FilesTransferred).toBe(0);
  });

  test('a copy by the store in parts keeps metadata and tags', async () => {
    const bucket = await buckets.make();
    const content = Buffer.alloc(11 * MIB, 'abc');
    await bucket.put('large', content, { Metadata: { own: 'thing' }, ContentType: 'text/plain', Tagging: 'a%20b=c%26d' });
    const location = bucket.open();
    const throttle = { limited: false, take: async () => undefined };
    const item = { key: 'large', kind: 'file' as const, size: content.length };
    await copyObject(buckets.client, {
      from: { bucket: bucket.name, key: 'large' },
      to: { bucket: bucket.name, key: 'copy' },
      item,
      storageClass: 'STANDARD',
      describe: async () => location.describe(item, new AbortController().signal, true),
    }, { options: DEFAULTS, signal: new AbortController().signal, throttle, sent: () => undefined, written: () => undefined }, 6 * MIB, 5 * MIB);
    location.close();
    expect(await bucket.head('copy')).toMatchObject({ ContentLength: content.length, Metadata: { own: 'thing' }, ContentType: 'text/plain' });
    expect(await bucket.tags('copy')).toEqual({ 'a b': 'c&d' });
  });
});

describe('folder to S3', () => {
  test('metadata is what the service stores, links have their target as content', async () => withFolder(async root => {
    const bucket = await buckets.make();
    const mtime = 1_602_647_222_222_919;
    plant(join(root, 'source'), new Map([
      ['', { kind: 'folder', mode: 0o755, mtime }], ['dir', { kind: 'folder', mode: 0o750, mtime }],
      ['dir/file', { kind: 'file', content: 'x', mode: 0o640, mtime }], ['link', { kind: 'symlink', content: 'dir/file', mtime }],
    ]));
    await run({ source: openDirectory('source', root), destination: bucket.open('/some/prefix/') });
    expect(await bucket.keys()).toEqual(['some/prefix/', 'some/prefix/dir/', 'some/prefix/dir/file', 'some/prefix/link']);
    const { uid, gid } = statSync(join(root, 'source'));
    const own = { 'user-agent': 'aws-datasync', 'file-owner': String(uid), 'file-group': String(gid) };
    expect((await bucket.head('some/prefix/dir/')).Metadata).toMatchObject({ ...own, 'file-permissions': '040750' });
    expect((await bucket.head('some/prefix/dir/file')).Metadata).toMatchObject({
      ...own, 'file-permissions': '100640', 'file-mtime': expect.stringMatching(/^1602647222\/222919\d{3}$/), 'file-atime': expect.stringMatching(/^\d+\/\d+$/),
    });
    expect((await bucket.head('some/prefix/link')).Metadata).toMatchObject({ ...own, 'file-permissions': '120777' });
    expect((await bucket.head('some/prefix/link')).ContentLength).toBe(8);
  }));

  test('only metadata changed: no content is sent, and the storage class stays', async () => withFolder(async root => {
    const bucket = await buckets.make();
    const tree = (mode: number) => new Map([
      ['', { kind: 'folder' as const, mode: 0o755, mtime: 1e15 }], ['file', { kind: 'file' as const, content: 'x'.repeat(200_000), mode, mtime: 1e15 }],
    ]);
    plant(join(root, 'source'), tree(0o600));
    await run({ source: openDirectory('source', root), destination: bucket.open(), storageClass: 'STANDARD_IA' });
    plant(join(root, 'source'), tree(0o644));
    const { counters, result } = await run({ source: openDirectory('source', root), destination: bucket.open(), options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    expect({ status: result.status, files: counters.FilesTransferred, bytes: counters.BytesTransferred }).toEqual({ status: 'SUCCESS', files: 1, bytes: 0 });
    expect(await bucket.head('file')).toMatchObject({ StorageClass: 'STANDARD_IA', Metadata: { 'file-permissions': '100644' } });
  }));

  test('small objects do not go to classes that bill them as large ones', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/small'), Buffer.alloc(128 * 1024 - 1));
    writeFileSync(join(root, 'source/enough'), Buffer.alloc(128 * 1024));
    await run({ source: openDirectory('source', root), destination: bucket.open(), storageClass: 'STANDARD_IA' });
    expect([(await bucket.head('small')).StorageClass ?? 'STANDARD', (await bucket.head('enough')).StorageClass]).toEqual(['STANDARD', 'STANDARD_IA']);
  }));

  test('OverwriteMode NEVER keeps objects, also with TransferMode ALL; REMOVE deletes others, odd names too', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/file'), 'new');
    for (const key of ['file', 'stale', 'dir/stale', 'odd\u0001', '<&>']) await bucket.put(key, 'old!');
    for (const TransferMode of ['ALL', 'CHANGED'] as const) {
      const { counters, result } = await run({
        source: openDirectory('source', root),
        destination: bucket.open(),
        options: { OverwriteMode: 'NEVER', TransferMode, VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
      });
      expect({ status: result.status, skipped: counters.FilesSkipped, bytes: counters.BytesTransferred }).toMatchObject({ status: 'SUCCESS', bytes: 0 });
    }
    expect((await bucket.head('file')).ContentLength).toBe(4);
    const { counters } = await run({ source: openDirectory('source', root), destination: bucket.open(), options: { PreserveDeletedFiles: 'REMOVE' } });
    expect(counters.FilesDeleted).toBe(4); // dir/ was only a part of a key
    expect(await bucket.keys()).toEqual(['file']);
    expect((await bucket.head('file')).ContentLength).toBe(3);
  }));
});

describe('S3 to folder', () => {
  test('keys that no path can be fail alone and never leave the folder', async () => withFolder(async root => {
    const bucket = await buckets.make();
    for (const key of ['in//x', 'in/./x', 'in/../../escape', 'in//', 'in/..', '/lead', '../up', 'in/good']) await bucket.put(key, 'x');
    await bucket.put('plain/', '');
    mkdirSync(join(root, 'location/destination'), { recursive: true });
    const { result, failures } = await run({ source: bucket.open(), destination: openDirectory('location/destination', root) });
    expect(result.status).toBe('ERROR');
    expect(failures.map(({ path }) => path).sort()).toEqual(['/../up', '//lead', '/in/../../escape', '/in/..', '/in/./x', '/in//', '/in//x'].sort());
    expect(new Set(failures.map(({ message }) => message)).size).toBe(1);
    expect([...survey(root).keys()].sort()).toEqual(
      ['', 'location', 'location/destination', 'location/destination/in', 'location/destination/in/good', 'location/destination/plain']);
  }));

  test('an object that is a link out of the folder does not let later keys through', async () => withFolder(async root => {
    const bucket = await buckets.make();
    await bucket.put('door', '../outside', { Metadata: { 'file-permissions': '0120777' } });
    await bucket.put('door/file', 'x');
    mkdirSync(join(root, 'outside'));
    mkdirSync(join(root, 'destination'));
    const { failures } = await run({ source: bucket.open(), destination: openDirectory('destination', root) });
    expect(failures).not.toEqual([]); // which of the two depends on which comes first
    expect(readdirSync(join(root, 'outside'))).toEqual([]);
  }));

  test('objects without metadata get the defaults, those with it get theirs in every notation', async () => withFolder(async root => {
    const bucket = await buckets.make();
    await bucket.put('dir/plain', 'x');
    await bucket.put('slash', 'x', { Metadata: { 'file-permissions': '0100600', 'file-mtime': '1602647222/222919600' } });
    await bucket.put('ms', 'x', { Metadata: { 'file-permissions': '100600', 'file-mtime': '1734968895123' } });
    await bucket.put('ns', 'x', { Metadata: { 'file-mtime': '1734968895123456789ns' } });
    await bucket.put('nonsense', 'x', { Metadata: { 'file-mtime': 'yesterday', 'file-permissions': 'rw', 'file-owner': '-5' } });
    mkdirSync(join(root, 'destination'));
    const { result } = await run({ source: bucket.open(), destination: openDirectory('destination', root), options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    expect(result.status).toBe('SUCCESS');
    const tree = survey(join(root, 'destination'));
    expect([tree.get('dir'), tree.get('dir/plain')]).toMatchObject([{ mode: 0o755 }, { mode: 0o755 }]);
    expect(tree.get('slash')).toMatchObject({ mode: 0o600, mtime: 1_602_647_222_222_919 });
    expect(tree.get('ms')).toMatchObject({ mode: 0o600, mtime: 1_734_968_895_123_000 });
    expect(tree.get('ns')).toMatchObject({ mtime: 1_734_968_895_123_456 });
    expect(tree.get('nonsense')).toMatchObject({ mode: 0o755 });
    if (process.geteuid?.() === 0) expect(statSync(join(root, 'destination/dir/plain'))).toMatchObject({ uid: 65534, gid: 65534 });
  }));

  test('includes are listed by prefix, and folders above them keep their metadata', async () => withFolder(async root => {
    const bucket = await buckets.make();
    for (const key of ['a/b/file', 'a/bc', 'a/c', 'z']) await bucket.put(key, 'x');
    await bucket.put('a/', '', { Metadata: { 'file-permissions': '040711' } });
    mkdirSync(join(root, 'destination'));
    const seen: string[] = [];
    const proxy = await startFaultyProxy(buckets.url, ({ url }) => void seen.push(url!));
    await run({ source: bucket.open('', { endpoint: proxy.url }), destination: openDirectory('destination', root), includes: '/a/b' });
    await proxy.close();
    const tree = survey(join(root, 'destination'));
    expect([...tree.keys()].sort()).toEqual(['', 'a', 'a/b', 'a/b/file']);
    expect(tree.get('a')).toMatchObject({ mode: 0o711 });
    expect(seen.filter(url => url.includes('list-type') && !url.includes('max-keys')).every(url => url.includes('prefix=a%2Fb'))).toBe(true);
  }));
});

describe('a store that fails', () => {
  const withFaults = async (fault: (method: string, url: string) => Fault, use: (url: string) => Promise<void>) => {
    const proxy = await startFaultyProxy(buckets.url, ({ method, url }) => fault(method!, url!));
    try {
      await use(proxy.url);
    } finally {
      await proxy.close();
    }
  };

  test('one object is denied, another arrives garbled, a third is cut short: the rest is copied, the next run repairs', async () => withFolder(async root => {
    const bucket = await buckets.make();
    for (const key of ['denied', 'garbled', 'good', 'short']) await bucket.put(key, `content of ${key}`.repeat(100));
    mkdirSync(join(root, 'destination'));
    const faults: Record<string, Fault> = { denied: { status: 403, code: 'AccessDenied' }, garbled: 'garble', short: 'cut' };
    await withFaults((method, url) => method === 'GET' ? faults[/\/(\w+)\?x-id=GetObject/.exec(url)?.[1] ?? ''] : undefined, async url => {
      const { result, failures, counters } = await run({ source: bucket.open('', { endpoint: url }), destination: openDirectory('destination', root) });
      expect(result).toMatchObject({ status: 'ERROR', transfer: { status: 'ERROR' } });
      expect(failures.map(({ path }) => path).sort()).toEqual(['/denied', '/garbled', '/short']);
      expect(failures.map(({ message }) => message).join()).toMatch(/injected AccessDenied/);
      expect(counters.FilesTransferred).toBe(1);
    });
    expect(readdirSync(join(root, 'destination'))).toEqual(['good']);
    expect((await run({ source: bucket.open(), destination: openDirectory('destination', root) })).counters).toMatchObject({ FilesTransferred: 3 });
  }));

  test('passing errors are retried', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/file'), 'x');
    let left = 2;
    await withFaults(method => method === 'PUT' && left-- > 0 ? { status: 503, code: 'SlowDown' } : undefined, async url => {
      expect((await run({ source: openDirectory('source', root), destination: bucket.open('', { endpoint: url }) })).result.status).toBe('SUCCESS');
    });
  }));

  test('the bytes of an object in parts count as written part by part, once each', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/large'), Buffer.alloc(SINGLE_REQUEST_BYTES + 7));
    let written = () => 0;
    let atLastPart = 0;
    const look = (method: string, url: string): Fault => {
      if (method === 'PUT' && url.includes('partNumber=5')) atLastPart = written(); // sent when at least two of the others have been, as three are under way at most
      return undefined;
    };
    await withFaults(look, async url => {
      const { counters } = await run({
        source: openDirectory('source', root),
        destination: bucket.open('', { endpoint: url }),
        onPhase: (_, transfer) => { written = () => transfer.counters.BytesWritten; },
      });
      expect(counters.BytesWritten).toBe(SINGLE_REQUEST_BYTES + 7);
    });
    expect(atLastPart).toBeGreaterThanOrEqual(16 * MIB);
    expect(atLastPart % (8 * MIB)).toBe(0);
  }));

  test('a write that is refused fails the item, a large one leaves no parts behind', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    const sizes = { good: 1, small: 1, large: SINGLE_REQUEST_BYTES + 1 };
    for (const [name, size] of Object.entries(sizes)) writeFileSync(join(root, 'source', name), Buffer.alloc(size));
    let aborted = 0;
    const fault = (method: string, url: string): Fault => {
      if (method === 'DELETE' && url.includes('uploadId')) aborted++;
      return method === 'PUT' && /small|partNumber=2/.test(url) ? { status: 403, code: 'AccessDenied' } : undefined;
    };
    await withFaults(fault, async url => {
      const { failures } = await run({ source: openDirectory('source', root), destination: bucket.open('', { endpoint: url }) });
      expect(failures.map(({ path }) => path).sort()).toEqual(['/large', '/small']);
    });
    expect({ keys: await bucket.keys(), aborted }).toEqual({ keys: ['good'], aborted: 1 });
  }));

  test('an item whose metadata cannot be read is neither copied nor deleted', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/file'), 'x');
    await bucket.put('file', 'y');
    await withFaults(method => method === 'HEAD' ? { status: 403, code: 'AccessDenied' } : undefined, async url => {
      const { failures, counters } = await run({
        source: openDirectory('source', root), destination: bucket.open('', { endpoint: url }), options: { PreserveDeletedFiles: 'REMOVE' },
      });
      expect({ failures: failures.map(({ phase, path }) => [phase, path]), deleted: counters.FilesDeleted })
        .toEqual({ failures: [['PREPARING', '/file']], deleted: 0 });
    });
  }));

  test.each([
    ['no such bucket', () => openS3({ endpoint: buckets.url, bucket: 'no-such-bucket', credentials }), /loc-destination: s3:\/\/no-such-bucket\/ cannot be used: NoSuchBucket/],
    ['nobody listens', () => openS3({ endpoint: 'http://127.0.0.1:1', bucket: 'bucket', credentials }), /loc-destination: .*ECONNREFUSED/],
  ])('%s: the run ends at once', async (_name, open, message) => withFolder(async root => {
    mkdirSync(join(root, 'source'));
    const { result } = await run({ source: openDirectory('source', root), destination: open() });
    expect(result.errorDetail).toMatch(/^Task failed to access location/);
    expect(result.errorDetail).toMatch(message);
  }));

  test('a listing that breaks off in the middle ends the run before anything is deleted', async () => withFolder(async root => {
    const bucket = await buckets.make();
    mkdirSync(join(root, 'destination'));
    writeFileSync(join(root, 'destination/precious'), 'x');
    await withFaults((_method, url) => url.includes('list-type') && !url.includes('max-keys') ? { status: 403, code: 'AccessDenied' } : undefined, async url => {
      const { result } = await run({
        source: bucket.open('', { endpoint: url }), destination: openDirectory('destination', root), options: { PreserveDeletedFiles: 'REMOVE' },
      });
      expect(result.errorDetail).toMatch(/^Task failed to access location loc-source: .*AccessDenied/);
    });
    expect(readdirSync(join(root, 'destination'))).toEqual(['precious']);
  }));

  test('a cancel ends requests under way', async () => withFolder(async root => {
    const bucket = await buckets.make();
    await bucket.put('file', 'x');
    mkdirSync(join(root, 'destination'));
    const cancel = new AbortController();
    await withFaults((_method, url) => {
      if (url.includes('GetObject')) cancel.abort();
      return undefined;
    }, async url => {
      const { result, failures } = await run({ source: bucket.open('', { endpoint: url }), destination: openDirectory('destination', root), signal: cancel.signal });
      expect({ code: result.errorCode, failures }).toEqual({ code: 'Cancelled', failures: [] });
    });
    expect(readdirSync(join(root, 'destination'))).toEqual([]);
  }));
});

test('a link in the place of a folder marker is no folder', async () => withFolder(async root => {
  const bucket = await buckets.make();
  mkdirSync(join(root, 'source/real'), { recursive: true });
  symlinkSync('real', join(root, 'source/link'));
  await run({ source: openDirectory('source', root), destination: bucket.open() });
  expect(await bucket.keys()).toEqual(['link', 'real/']);
}));
