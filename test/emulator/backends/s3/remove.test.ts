import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3DryRun } from '../../../../emulator/backends/decorators/s3-dry-run';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { withFolder } from '../../engine/tree';
import { credentials, run, startBuckets } from '../buckets';
import type { Bucket, Buckets } from '../buckets';

let buckets: Buckets;

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

afterAll(() => buckets?.close());

interface Case {
  /** Keys at the destination; the source has nothing but `f` at its top. */
  readonly before: readonly string[];
  readonly includes?: string;
  readonly excludes?: string;
  readonly after: readonly string[];
  readonly deleted: readonly string[];
}

/** Fills the bucket, tells what a dry run would delete, and removes for real. */
async function remove(bucket: Bucket, root: string, { before, includes, excludes }: Case): Promise<object> {
  for (const key of before) await bucket.put(key, '');
  mkdirSync(join(root, 'source'));
  writeFileSync(join(root, 'source/f'), '');
  const options = { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'POINT_IN_TIME_CONSISTENT' } as const;
  const source = () => openDirectory('source', root);
  const deletions = ({ outcomes }: Awaited<ReturnType<typeof run>>) => outcomes.filter(({ what }) => what === 'Deleted').map(({ item }) => item.key).sort();
  const planned = await run({ source: source(), destination: new S3DryRun(bucket.open()), includes, excludes, options: { ...options, VerifyMode: 'NONE' } });
  const { result, failures, ...report } = await run({ source: source(), destination: bucket.open(), includes, excludes, options });
  expect({ status: result.status, failures, deleted: deletions(report as typeof planned) }).toEqual({ status: 'SUCCESS', failures: [], deleted: deletions(planned) });
  const again = await run({ source: source(), destination: bucket.open(), includes, excludes, options });
  expect({ status: again.result.status, deleted: again.counters.FilesDeleted }).toEqual({ status: 'SUCCESS', deleted: 0 });
  return { after: (await bucket.keys()).filter(key => key !== 'f'), deleted: deletions(planned) };
}

test.each<[string, Case]>([
  ['a folder that is only a part of keys is no deletion', {
    before: ['a/b/x'], after: [], deleted: ['a/b/x'],
  }],
  ['the folder of an excluded object stays, the one beside it goes', {
    before: ['a/', 'a/x.tmp', 'b/', 'b/c/', 'b/c/y', 'z/', 'z/d/', 'z/d/y.tmp', 'z/e/'],
    excludes: '*.tmp',
    after: ['a/', 'a/x.tmp', 'z/', 'z/d/', 'z/d/y.tmp'],
    deleted: ['b/', 'b/c/', 'b/c/y', 'z/e/'],
  }],
  ['so does the folder of an object that is not included', {
    before: ['x/', 'x/y', 'x/z', 'w/'], includes: '/x/y', after: ['w/', 'x/', 'x/z'], deleted: ['x/y'],
  }],
  ['keys that no path can be go as others do', {
    before: ['/lead', 'a/', 'a//', 'a//b', 'c/', 'c/*|\\/', 'c/d', 'x//y', 'x/../z'],
    after: [],
    deleted: ['/lead', 'a/', 'a//', 'a//b', 'c/', 'c/*|\\/', 'c/d', 'x/../z', 'x//y'],
  }],
  ['unless they are excluded', {
    before: ['/lead.tmp', 'a/', 'a//b.tmp'], excludes: '*.tmp', after: ['/lead.tmp', 'a/', 'a//b.tmp'], deleted: [],
  }],
])('%s', async (_, each) => withFolder(async root => {
  const { after, deleted } = each;
  expect(await remove(await buckets.make(), root, each)).toEqual({ after, deleted });
}));

test('a store that does not list or delete makes items fail, and the rest goes', async () => withFolder(async root => {
  const bucket = await buckets.make();
  for (const key of ['a/', 'b', 'odd\u0001']) await bucket.put(key, '');
  mkdirSync(join(root, 'source'));
  const location = bucket.open();
  const items = ['b', 'a/', 'odd\u0001'].map(key => ({ key, kind: key.endsWith('/') ? 'folder' as const : 'file' as const, size: 0 }));
  const elsewhere = bucket.open('', { bucket: 'no-such-bucket', credentials });
  const { signal } = new AbortController();
  const gone = expect.objectContaining({ error: expect.stringContaining('bucket') });
  expect(await elsewhere.remove(items, signal)).toEqual([gone, gone, gone]);
  expect(await location.remove(items, signal)).toEqual(['removed', 'removed', 'removed']);
  expect(await bucket.keys()).toEqual([]);
  location.close();
  elsewhere.close();
}));
