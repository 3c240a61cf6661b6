import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NO_POSIX, run, startBuckets, type Buckets } from './buckets';
import { openDirectory } from '../../../emulator/backends/directory';
import { fromListing } from '../../../emulator/backends/s3-list';
import { fromObject } from '../../../emulator/backends/s3-metadata';
import { withFolder } from '../engine/tree';

const EXPIRY = 'expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"';

test.each([
  ['STANDARD', {}, {}, undefined],
  ['GLACIER_IR', {}, {}, undefined],
  ['GLACIER', {}, {}, true],
  ['DEEP_ARCHIVE', {}, {}, true],
  ['GLACIER', { RestoreStatus: { IsRestoreInProgress: true } }, { Restore: 'ongoing-request="true"' }, true],
  ['GLACIER', { RestoreStatus: { IsRestoreInProgress: false, RestoreExpiryDate: new Date() } }, { Restore: `ongoing-request="false", ${EXPIRY}` }, undefined],
] as const)('of class %s and %j in a listing, %j of its own: archived is %s', (StorageClass, listed, headed, archived) => {
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
});
