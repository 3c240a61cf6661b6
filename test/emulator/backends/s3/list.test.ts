import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { decorate } from '../../../../emulator/backends/decorators/decorate';
import { DirectoryDryRun } from '../../../../emulator/backends/decorators/directory-dry-run';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { survey, withFolder } from '../../engine/tree';
import { NO_POSIX, run, startBuckets } from '../buckets';
import type { Bucket, Buckets } from '../buckets';

let buckets: Buckets;
let from: Bucket;

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

beforeEach(async () => {
  from = await buckets.make();
  await from.put('top/', 'at the top');
  await from.put('top/a/', 'one', { Metadata: { 'file-permissions': '040711' } });
  await from.put('top/a/file', 'x');
  await from.put('top/empty/', '');
});

afterAll(() => buckets?.close());

describe.each(['open', 'openElsewhere'] as const)('an object with the name of a folder, to a bucket that is there for %s', open => {
  test('keeps its content, and every change of that is seen and verified', async () => {
    const to = await buckets.make();
    const options = { ...NO_POSIX, VerifyMode: 'POINT_IN_TIME_CONSISTENT' } as const;
    const copy = () => run({ source: from.open('top'), destination: to[open]('to'), options });
    const first = await copy();
    expect(first.failures).toEqual([]);
    expect(first.counters).toMatchObject({ EstimatedBytesToTransfer: 14, BytesTransferred: 14, BytesWritten: 14, FilesVerified: 4 });
    expect(await to.head('to/a/')).toMatchObject({ ContentLength: 3, Metadata: { 'file-permissions': '040711' } });
    expect((await copy()).counters.FilesTransferred).toBe(0);

    await from.put('top/a/', 'two', { Metadata: { 'file-permissions': '040711' } });
    await from.put('top/empty/', 'three');
    expect((await copy()).counters).toMatchObject({ FilesTransferred: 2, BytesTransferred: 8 });
    expect([(await to.head('to/a/')).ETag, (await to.head('to/empty/')).ETag])
      .toEqual([(await from.head('top/a/')).ETag, (await from.head('top/empty/')).ETag]);
  });

  test('is a mismatch when it has other content by the time it is verified', async () => {
    const to = await buckets.make();
    const meddle = () => to.put('to/a/', 'eno', { Metadata: { 'file-permissions': '040711' } });
    const { failures } = await run({
      source: from.open('top'),
      destination: decorate(to[open]('to'), { endWriting: meddle }),
      options: { ...NO_POSIX, VerifyMode: 'ONLY_FILES_TRANSFERRED' },
    });
    expect(failures).toMatchObject([{ step: 'Verify', path: '/a/', message: expect.stringMatching(/^checksums differ/) }]);
  });
});

test('an object with the name of a folder becomes that folder, and fails if it has content: a folder has none', async () => withFolder(async root => {
  mkdirSync(join(root, 'destination'));
  const destination = () => openDirectory('destination', root);
  for (const to of [new DirectoryDryRun(destination(), 'destination', root), destination()]) {
    const { result, failures, counters } = await run({ source: from.open('top'), destination: to });
    expect({ status: result.status, failures: failures.map(({ path, message }) => [path, message]), bytes: counters.BytesWritten }).toEqual({
      status: 'ERROR',
      failures: [
        ['/', 'the object has 10 bytes of content, which a folder cannot have: only the folder is there'],
        ['/a/', 'the object has 3 bytes of content, which a folder cannot have: only the folder is there'],
      ],
      bytes: 1,
    });
  }
  const tree = survey(join(root, 'destination'));
  expect([...tree.keys()].sort()).toEqual(['', 'a', 'a/file', 'empty']);
  expect(tree.get('a')).toMatchObject({ mode: 0o711 });
}));
