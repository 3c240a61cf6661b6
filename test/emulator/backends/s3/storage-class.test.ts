import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { fromObject } from '../../../../emulator/backends/object-metadata';
import { fromListing } from '../../../../emulator/backends/s3/list';
import { SINGLE_REQUEST_BYTES } from '../../../../emulator/backends/s3/upload';
import type { Backend } from '../../../../emulator/engine/backend';
import type { Report } from '../../engine/run-transfer';
import { withFolder } from '../../engine/tree';
import { NO_POSIX, run, startBuckets } from '../buckets';
import type { Bucket, Buckets } from '../buckets';

const EXPIRY = 'expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"';

test.each([
  ['STANDARD', {}, {}, undefined],
  ['GLACIER_IR', {}, {}, undefined],
  ['GLACIER', {}, {}, true],
  ['DEEP_ARCHIVE', {}, {}, true],
  ['GLACIER', { RestoreStatus: { IsRestoreInProgress: true } }, { Restore: 'ongoing-request="true"' }, true],
  ['GLACIER', { RestoreStatus: { IsRestoreInProgress: false, RestoreExpiryDate: new Date() } }, { Restore: `ongoing-request="false", ${EXPIRY}` }, undefined],
] as const)('an object of class %s and %j in a listing, %j of its own: archived is %s', (StorageClass, listed, headed, archived) => {
  expect(fromListing('o', { StorageClass, ...listed }).object?.archived).toBe(archived);
  expect(fromObject('o', { StorageClass, ...headed }).object?.archived).toBe(archived);
});

describe('objects in an archive', () => {
  let buckets: Buckets;

  beforeAll(async () => {
    buckets = await startBuckets();
  }, 120_000);

  afterAll(() => buckets?.close());

  test.each(['CHANGED', 'ALL'] as const)('are skipped, and the run succeeds, with TransferMode %s', async TransferMode => withFolder(async root => {
    const [from, to] = [await buckets.make(), await buckets.make()];
    await from.put('cold', 'x', { StorageClass: 'DEEP_ARCHIVE' });
    await from.put('cool', 'x', { StorageClass: 'GLACIER_IR' });
    await from.put('old', 'new', { StorageClass: 'GLACIER' });
    await to.put('old', 'old');
    mkdirSync(join(root, 'destination'));
    for (const destination of [to.open(), openDirectory('destination', root)]) {
      const { result, outcomes, failures } = await run({
        source: from.open(), destination, options: { ...NO_POSIX, TransferMode, VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
      });
      expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
      expect(outcomes.filter(({ reason }) => reason === 'archived').map(({ item }) => item.key)).toEqual(['cold', 'old']);
    }
    expect([await to.keys(), (await to.head('old')).ContentLength, readdirSync(join(root, 'destination'))]).toEqual([['cool', 'old'], 3, ['cool']]);
  }));

  const LARGE = SINGLE_REQUEST_BYTES + 1; // in parts

  test.each<[string, string, (bucket: Bucket, root: string) => Backend, boolean?]>([
    ['a folder', 'GLACIER', (_, root) => openDirectory('source', root)],
    ['a bucket that is there for the store', 'DEEP_ARCHIVE', bucket => bucket.open(), true],
    ['a bucket that is elsewhere', 'GLACIER', bucket => bucket.openElsewhere()],
  ])('come from %s to %s: they are verified although they cannot be read, and get new content and metadata', async (_, storageClass, open, isWithinStore = false) => withFolder(async root => {
    const [from, to] = [await buckets.make(), await buckets.make()];
    mkdirSync(join(root, 'source'));
    const put = async (key: string, body: string, own: string) => {
      writeFileSync(join(root, 'source', key), body);
      utimesSync(join(root, 'source', key), 1e9, 1e9);
      chmodSync(join(root, 'source', key), own === 'new' ? 0o600 : 0o640);
      await from.put(key, body, { Metadata: { own } });
    };
    const copy = () => {
      const source = open(from, root);
      const options = { VerifyMode: 'ONLY_FILES_TRANSFERRED', ...source.kind === 'objects' && NO_POSIX } as const;
      return run({ source, destination: to.open(), storageClass, options });
    };
    for (const key of ['small', 'other', 'large']) await put(key, 'x'.repeat(key === 'large' ? LARGE : 50_000), 'old');
    const first = await copy();
    expect({ status: first.result.status, failures: first.failures }).toEqual({ status: 'SUCCESS', failures: [] });
    expect((await to.head('small')).StorageClass).toBe(storageClass);
    // of what was written, as it cannot be read
    const checksums = ({ outcomes }: Report, key: string) => outcomes.filter(({ what, item }) => what === 'Verified' && item.key === key).map(outcome => outcome.checksums);
    const checksumsOf = (body: string) => {
      const sha256 = createHash('sha256').update(body).digest('hex');
      return [isWithinStore ? undefined : { source: sha256, destination: sha256 }];
    };
    expect(checksums(first, 'small')).toEqual(checksumsOf('x'.repeat(50_000)));
    expect(checksums(first, 'large')).toEqual(checksumsOf('x'.repeat(LARGE)));

    await put('small', 'y'.repeat(60_000), 'old');
    await put('other', 'x'.repeat(50_000), 'new');
    const second = await copy();
    expect({ status: second.result.status, failures: second.failures }).toEqual({ status: 'SUCCESS', failures: [] });
    expect(second.outcomes.filter(({ what }) => what === 'Transferred').map(({ item }) => item.key).sort()).toEqual(expect.arrayContaining(['other', 'small']));
    expect(checksums(second, 'other')).toEqual(checksumsOf('x'.repeat(50_000)));
    // a copy of an archived object onto itself would have to read it
    expect(second.counters.BytesTransferred).toBe(60_000 + 50_000);
    expect([await to.head('small'), await to.head('other')]).toMatchObject([{ ContentLength: 60_000, StorageClass: storageClass }, { StorageClass: storageClass }]);
  }), 60_000);
});
