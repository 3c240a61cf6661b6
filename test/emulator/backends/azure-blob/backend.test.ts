import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import type { Backend } from '../../../../emulator/engine/backend';
import { sasToken } from '../../../support/azurite';
import { anyTree, plant, survey, withFolder } from '../../engine/tree';
import type { Tree } from '../../engine/tree';
import { run } from '../buckets';
import { startContainers } from '../containers';
import type { Containers } from '../containers';
import { startFaultyProxy } from '../faulty-proxy';
import type { Fault } from '../faulty-proxy';

const MIB = 1024 * 1024;
let containers: Containers;
const newContainer: Containers['make'] = access => containers.make(access);

beforeAll(async () => { containers = await startContainers(); }, 120_000);
afterAll(() => containers?.close());

/** What is left of a tree in a container: files, and the folders above them without metadata. */
function filesOf(tree: Tree): Record<string, unknown> {
  return Object.fromEntries([...tree].filter(([, { kind }]) => kind === 'file'));
}

/** As a blob's name must be. */
function isPossible(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return !/[\\\u0000-\u001f\u007f-\u009f\ud800-\uffff]/.test(path);
}

describe('folder to Azure', () => {
  test('and back: files come back the same, folders as far as there are files in them, and a second run has nothing to do', async () => {
    const container = await newContainer();
    let number = 0;
    await fc.assert(fc.asyncProperty(anyTree, async drawn => withFolder(async root => {
      const tree = new Map([...drawn].filter(([path]) => isPossible(path)));
      const location = () => container.open([`p${number}`]);
      number++;
      plant(join(root, 'source'), tree);
      mkdirSync(join(root, 'back'));
      const steps: Array<[() => Backend, () => Backend]> = [
        [() => openDirectory('source', root), location],
        [location, () => openDirectory('back', root)],
      ];
      for (const [source, destination] of steps) {
        const { result, failures } = await run({ source: source(), destination: destination(), options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
        expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
        const again = await run({ source: source(), destination: destination() });
        expect({ failures: again.failures, files: again.outcomes.filter(({ what, item }) => what === 'Transferred' && item.kind === 'file') })
          .toEqual({ failures: [], files: [] });
      }
      expect(filesOf(survey(join(root, 'back')))).toEqual(filesOf(tree));
    })), { numRuns: 12 });
  }, 120_000);
});

/** A folder with one of everything. */
function plantSample(root: string): void {
  mkdirSync(join(root, 'source/dir/empty'), { recursive: true });
  writeFileSync(join(root, 'source/dir/file'), 'hello');
  chmodSync(join(root, 'source/dir/file'), 0o640);
  utimesSync(join(root, 'source/dir/file'), 1_602_647_222, 1_602_647_222);
  symlinkSync('file', join(root, 'source/dir/link'));
}

describe('folder to Azure, in detail', () => {
  test('metadata has names that Azure takes; folders and links are skipped, also with TransferMode ALL', async () => withFolder(async root => {
    const container = await newContainer();
    plantSample(root);
    for (const TransferMode of ['CHANGED', 'ALL'] as const) {
      const { result, outcomes, counters } = await run({
        source: openDirectory('source', root),
        destination: container.open(['a', 'ü']),
        options: { TransferMode, VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
        storageClass: 'Cool',
      });
      expect(result.status).toBe('SUCCESS');
      expect(outcomes.filter(({ what }) => what === 'Skipped').map(({ item, reason }) => [item.key, reason]))
        .toEqual([['', 'placeless'], ['dir/', 'placeless'], ['dir/empty/', 'placeless'], ['dir/link', 'placeless']]);
      expect(counters).toMatchObject({ FilesTransferred: 1, BytesTransferred: 5, BytesWritten: 5, FilesVerified: 1 });
    }
    expect(await container.keys()).toEqual(['a/ü/dir/file']);
    expect(await container.head('a/ü/dir/file')).toMatchObject({
      blobType: 'BlockBlob',
      accessTier: 'Cool',
      metadata: { user_agent: 'aws-datasync', file_permissions: '100640', file_mtime: '1602647222/0', file_owner: expect.stringMatching(/^\d+$/) },
    });
  }));

  test('only metadata changed: no content is sent, the tier stays', async () => withFolder(async root => {
    const container = await newContainer();
    plantSample(root);
    const copy = () => run({ source: openDirectory('source', root), destination: container.open(), options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' }, storageClass: 'Cool' });
    await copy();
    chmodSync(join(root, 'source/dir/file'), 0o600);
    const { result, counters } = await copy();
    expect({ status: result.status, files: counters.FilesTransferred, bytes: counters.BytesTransferred }).toEqual({ status: 'SUCCESS', files: 1, bytes: 0 });
    expect(await container.head('dir/file')).toMatchObject({ accessTier: 'Cool', metadata: { file_permissions: '100600' } });
  }));

  test('a blob beyond one request goes in blocks, and the store gets its MD5', async () => withFolder(async root => {
    const container = await newContainer();
    for (const folder of ['source', 'back']) mkdirSync(join(root, folder));
    const content = Buffer.alloc(20 * MIB + 7, 'some content ');
    writeFileSync(join(root, 'source/large'), content);
    const up = await run({ source: openDirectory('source', root), destination: container.open(), options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    expect({ status: up.result.status, sent: up.counters.BytesTransferred, written: up.counters.BytesWritten })
      .toEqual({ status: 'SUCCESS', sent: content.length, written: content.length });
    const { committedBlocks } = await container.client.getBlockBlobClient('large').getBlockList('committed');
    expect(committedBlocks!.map(({ size }) => size)).toEqual([8 * MIB, 8 * MIB, 4 * MIB + 7]);
    expect((await container.head('large')).contentMD5).toBeDefined();
    await run({ source: container.open(), destination: openDirectory('back', root) });
    expect(readFileSync(join(root, 'back/large')).equals(content)).toBe(true);
  }));

  test('into the archive: what was sent is verified, as it cannot be read again, and the next run has nothing to do', async () => withFolder(async root => {
    const container = await newContainer();
    plantSample(root);
    writeFileSync(join(root, 'source/large'), Buffer.alloc(9 * MIB));
    const copy = () => run({
      source: openDirectory('source', root), destination: container.open(), options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' }, storageClass: 'Archive',
    });
    const { result, counters, failures } = await copy();
    expect({ status: result.status, failures, verified: counters.FilesVerified }).toEqual({ status: 'SUCCESS', failures: [], verified: 2 });
    expect((await container.head('large')).accessTier).toBe('Archive');
    expect((await copy()).counters.FilesTransferred).toBe(0);
  }));

  test('OverwriteMode NEVER keeps blobs, also with TransferMode ALL; REMOVE deletes others', async () => withFolder(async root => {
    const container = await newContainer();
    plantSample(root);
    for (const key of ['dir/file', 'stale', 'gone/stale']) await container.put(key, 'old');
    for (const TransferMode of ['ALL', 'CHANGED'] as const) {
      const { counters } = await run({ source: openDirectory('source', root), destination: container.open(), options: { OverwriteMode: 'NEVER', TransferMode } });
      expect(counters.BytesTransferred).toBe(0);
    }
    expect((await container.head('dir/file')).contentLength).toBe(3);
    const { counters } = await run({ source: openDirectory('source', root), destination: container.open(), options: { PreserveDeletedFiles: 'REMOVE' } });
    expect(counters.FilesDeleted).toBe(2); // gone/ was only a part of a name
    expect(await container.keys()).toEqual(['dir/file']);
    expect((await container.head('dir/file')).contentLength).toBe(5);
  }));

  test.each(['back\\slash', 'bell\u0007', 'new\nline'])('the name %j cannot be: the item fails alone', async name => withFolder(async root => {
    const container = await newContainer();
    plantSample(root);
    writeFileSync(join(root, 'source', name), 'x');
    const { failures } = await run({ source: openDirectory('source', root), destination: container.open() });
    expect(failures).toMatchObject([{ path: `/${name}`, message: 'the name of a blob cannot have a backslash or a control character in it' }]);
    expect(await container.keys()).toEqual(['dir/file']);
  }));

  test('the limit of the bandwidth holds', async () => withFolder(async root => {
    const container = await newContainer();
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/file'), Buffer.alloc(MIB));
    const started = performance.now();
    await run({ source: openDirectory('source', root), destination: container.open(), options: { BytesPerSecond: 2 * MIB } });
    expect(performance.now() - started).toBeGreaterThan(350);
  }));
});

describe('Azure to folder', () => {
  test('blobs without metadata of files get the defaults, blobs of every type are read, and pages are put together', async () => withFolder(async root => {
    const container = await newContainer();
    for (let i = 0; i < 9; i++) await container.put(`d${i % 2}/b${i}`, 'x');
    await container.client.getAppendBlobClient('append').create();
    await container.client.getAppendBlobClient('append').appendBlock('log', 3);
    await container.client.getPageBlobClient('page').create(512);
    mkdirSync(join(root, 'destination'));
    const { result, counters } = await run({
      source: container.open([], { pageSize: 4 }), destination: openDirectory('destination', root), options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
    });
    expect({ status: result.status, items: counters.FilesTransferred + counters.FilesSkipped }).toEqual({ status: 'SUCCESS', items: 14 });
    const tree = survey(join(root, 'destination'));
    expect([tree.get('append'), tree.get('d1'), tree.get('page')!.content!.length]).toMatchObject([{ content: 'log', mode: 0o755 }, { mode: 0o755 }, 512]);
  }));

  test('what cannot be read and what has no path fails alone', async () => withFolder(async root => {
    const container = await newContainer();
    for (const key of ['in//x', '/lead', 'good']) await container.put(key, 'x');
    await container.put('archived', 'x', { tier: 'Archive' });
    await container.put('cold', 'x', { tier: 'Cold' });
    mkdirSync(join(root, 'location/destination'), { recursive: true });
    const { result, failures } = await run({ source: container.open(), destination: openDirectory('location/destination', root) });
    expect(result.status).toBe('ERROR');
    expect(failures.map(({ path, message }) => [path, message.split(':')[0]]).sort()).toEqual([
      ['//lead', 'the key cannot be transferred'],
      ['/archived', 'the blob is in the archive tier'],
      ['/cold', 'the blob is in the cold tier, which is not supported'],
      ['/in//x', 'the key cannot be transferred'],
    ]);
    expect([...survey(root).keys()].sort()).toEqual(['', 'location', 'location/destination', 'location/destination/good', 'location/destination/in']);
  }));

  test('an order that is not that of bytes ends the run', async () => withFolder(async root => {
    const container = await newContainer();
    for (const key of ['😀', '\ue000']) await container.put(key, 'x');
    mkdirSync(join(root, 'destination'));
    const { result } = await run({ source: container.open(), destination: openDirectory('destination', root) });
    expect(result).toMatchObject({ status: 'ERROR', errorDetail: expect.stringContaining('listing is not in the order of keys') });
  }));
});

describe('a store that fails', () => {
  const withFaults = async (fault: (method: string, url: string) => Fault, use: (url: string) => Promise<void>) => {
    const proxy = await startFaultyProxy(containers.url, ({ method, url }) => fault(method!, url!));
    try {
      await use(proxy.url);
    } finally {
      await proxy.close();
    }
  };

  test('one blob is denied, another arrives garbled, a third is cut short: the rest is copied, the next run repairs', async () => withFolder(async root => {
    const container = await newContainer();
    for (const key of ['denied', 'garbled', 'good', 'short']) await container.put(key, `content of ${key}`.repeat(100));
    mkdirSync(join(root, 'destination'));
    const faults: Record<string, Fault> = { denied: { status: 403, code: 'AuthorizationFailure' }, garbled: 'garble', short: 'cut' };
    await withFaults((method, url) => method === 'GET' ? faults[/\/(\w+)\?/.exec(url)?.[1] ?? ''] : undefined, async endpoint => {
      const { result, failures, counters } = await run({ source: container.open([], { endpoint }), destination: openDirectory('destination', root) });
      expect(result).toMatchObject({ status: 'ERROR', transfer: { status: 'ERROR' } });
      expect(failures.map(({ path }) => path).sort()).toEqual(['/denied', '/garbled', '/short']);
      expect(failures.map(({ message }) => message).join()).toContain('its MD5 differs');
      expect(counters.FilesTransferred).toBe(1);
    });
    expect(readdirSync(join(root, 'destination'))).toEqual(['good']);
    expect((await run({ source: container.open(), destination: openDirectory('destination', root) })).counters).toMatchObject({ FilesTransferred: 3 });
  }));

  test('passing errors are retried', async () => withFolder(async root => {
    const container = await newContainer();
    plantSample(root);
    let left = 2;
    await withFaults(method => method === 'PUT' && left-- > 0 ? { status: 503, code: 'ServerBusy' } : undefined, async endpoint => {
      expect((await run({ source: openDirectory('source', root), destination: container.open([], { endpoint }) })).result.status).toBe('SUCCESS');
    });
  }));

  test('a block that is refused fails the item, and nothing is to be seen of it', async () => withFolder(async root => {
    const container = await newContainer();
    mkdirSync(join(root, 'source'));
    for (const [name, size] of [['good', 1], ['large', 17 * MIB]] as const) writeFileSync(join(root, 'source', name), Buffer.alloc(size));
    let blocks = 0;
    await withFaults((_, url) => url.includes('comp=block&') && ++blocks === 2 ? { status: 403, code: 'AuthorizationFailure' } : undefined, async endpoint => {
      const { failures } = await run({ source: openDirectory('source', root), destination: container.open([], { endpoint }) });
      expect(failures.map(({ path }) => path)).toEqual(['/large']);
    });
    expect(await container.keys()).toEqual(['good']);
  }));

  test('a listing that breaks off in the middle ends the run before anything is deleted', async () => withFolder(async root => {
    const container = await newContainer();
    for (const key of ['a', 'b', 'c']) await container.put(key, 'x');
    mkdirSync(join(root, 'destination'));
    writeFileSync(join(root, 'destination/precious'), 'x');
    await withFaults((_, url) => url.includes('marker=') ? { status: 403, code: 'AuthorizationFailure' } : undefined, async endpoint => {
      const { result } = await run({
        source: container.open([], { endpoint, pageSize: 1 }), destination: openDirectory('destination', root), options: { PreserveDeletedFiles: 'REMOVE' },
      });
      expect(result.errorDetail).toMatch(/^Task failed to access location loc-source: azure-blob:.*AuthorizationFailure/);
    });
    expect(readdirSync(join(root, 'destination'))).toEqual(['precious']);
  }));

  test('a cancel ends requests under way', async () => withFolder(async root => {
    const container = await newContainer();
    await container.put('file', 'x');
    mkdirSync(join(root, 'destination'));
    const cancel = new AbortController();
    await withFaults((_, url) => {
      if (/\/file\?/.test(url)) cancel.abort();
      return undefined;
    }, async endpoint => {
      const { result, failures } = await run({ source: container.open([], { endpoint }), destination: openDirectory('destination', root), signal: cancel.signal });
      expect({ code: result.errorCode, failures }).toEqual({ code: 'Cancelled', failures: [] });
    });
    expect(readdirSync(join(root, 'destination'))).toEqual([]);
  }));

  test.each<[string, () => Promise<Backend>, RegExp]>([
    ['a token for another container', async () => (await newContainer()).open([], { sasToken: sasToken('another') }), /loc-source: azure-blob:\S+ cannot be used: AuthorizationFailure/],
    ['no token for a container that is not public', async () => (await newContainer()).open([], { sasToken: undefined }), /cannot be used: /],
    ['nobody listens', async () => (await newContainer()).open([], { endpoint: 'http://127.0.0.1:1' }), /ECONNREFUSED/],
  ])('%s: the run ends at once', async (_, open, message) => withFolder(async root => {
    mkdirSync(join(root, 'destination'));
    const { result } = await run({ source: await open(), destination: openDirectory('destination', root) });
    expect(result.errorDetail).toMatch(/^Task failed to access location/);
    expect(result.errorDetail).toMatch(message);
  }));

  test('a public container needs no token', async () => withFolder(async root => {
    const container = await newContainer('container');
    await container.put('file', 'hello');
    mkdirSync(join(root, 'destination'));
    expect((await run({ source: container.open([], { sasToken: undefined }), destination: openDirectory('destination', root) })).result.status).toBe('SUCCESS');
    expect(readFileSync(join(root, 'destination/file'), 'utf8')).toBe('hello');
  }));
});
