import { PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { translated } from '../../../../emulator/backends/decorators/metadata-translation';
import { DEFAULTS } from '../../engine/run-transfer';
import { NO_POSIX, run, startBuckets } from '../buckets';
import type { Bucket, Buckets } from '../buckets';
import { startFaultyProxy } from '../faulty-proxy';
import type { Fault } from '../faulty-proxy';

let buckets: Buckets;
let from: Bucket;
let to: Bucket;

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

beforeEach(async () => {
  [from, to] = [await buckets.make(), await buckets.make()];
});

afterAll(() => buckets?.close());

describe.each(['open', 'openElsewhere'] as const)('to a bucket that is there for %s', open => {
  test.each(['PRESERVE', 'NONE'] as const)('with ObjectTags %s, tags of the source replace those of the copy whenever that is written, or stay apart', async ObjectTags => {
    const copy = () => run({ source: from.open(), destination: to[open](), options: { ...NO_POSIX, ObjectTags } });
    const expected = (tags: object) => ObjectTags === 'PRESERVE' ? tags : {};
    await from.put('o', 'x', { Tagging: 'a=b%20c&d=' });
    await copy();
    expect(await to.tags('o')).toEqual(expected({ a: 'b c', d: '' }));
    await buckets.client.send(new PutObjectTaggingCommand({ Bucket: to.name, Key: 'o', Tagging: { TagSet: [{ Key: 'own', Value: '1' }] } }));

    expect((await copy()).counters.FilesTransferred).toBe(0); // tags alone are no change
    expect(await to.tags('o')).toEqual({ own: '1' });

    await from.put('o', 'x', { Metadata: { now: 'there' }, Tagging: 'e=f' });
    const { counters } = await copy();
    expect(counters).toMatchObject({ FilesTransferred: 1, EstimatedBytesToTransfer: 0, BytesTransferred: 0, BytesWritten: 0 });
    expect(await to.head('o')).toMatchObject({ Metadata: { now: 'there' } });
    expect(await to.tags('o')).toEqual(ObjectTags === 'PRESERVE' ? { e: 'f' } : { own: '1' }); // what was not to be copied was not touched
  });
});

test('tags come along where user metadata is left behind', async () => {
  await from.put('o', 'x', { Metadata: { 'own': 'thing', 'file-mtime': '1/0' }, Tagging: 'a=b' });
  await to.put('o', 'x');
  const S3 = { name: 'S3', posix: false } as const;
  const options = { ...DEFAULTS, ...NO_POSIX, ObjectMetadata: 'NONE' } as const;
  const { failures, counters } = await run({ ...translated({ source: from.open(), options }, S3, S3), destination: to.open() });
  expect({ failures, files: counters.FilesTransferred, bytes: counters.BytesWritten }).toEqual({ failures: [], files: 1, bytes: 0 });
  expect({ metadata: (await to.head('o')).Metadata, tags: await to.tags('o') }).toEqual({ metadata: { 'file-mtime': '1/0' }, tags: { a: 'b' } });
});

describe('a store without tags', () => {
  const withStore = async (fault: Fault, use: (url: string) => Promise<void>) => {
    const proxy = await startFaultyProxy(buckets.url, ({ url, headers }) => url!.includes('tagging') || headers['x-amz-tagging'] ? fault : undefined);
    try {
      await use(proxy.url);
    } finally {
      await proxy.close();
    }
  };

  test('as the source has none to lose', async () => withStore({ status: 501, code: 'NotImplemented' }, async endpoint => {
    await from.put('o', 'x');
    await to.put('o', 'x', { Metadata: { other: 'thing' } });
    const { failures, counters } = await run({ source: from.open('', { endpoint }), destination: to.open(), options: NO_POSIX });
    expect({ failures, files: counters.FilesTransferred }).toEqual({ failures: [], files: 1 });
  }));

  test('as the destination fails those with tags, and those alone', async () => withStore({ status: 501, code: 'NotImplemented' }, async endpoint => {
    await from.put('plain', 'x');
    await from.put('tagged', 'x', { Tagging: 'a=b' });
    const { failures } = await run({ source: from.open(), destination: to.open('', { endpoint }), options: NO_POSIX });
    expect(failures).toMatchObject([{ path: '/tagged', message: 'injected NotImplemented' }]);
    expect(await to.keys()).toEqual(['plain']);
  }));

  test('trouble in reading tags is no lack of them', async () => withStore({ status: 403, code: 'AccessDenied' }, async endpoint => {
    await from.put('o', 'x', { Tagging: 'a=b' });
    const { failures } = await run({ source: from.open('', { endpoint }), destination: to.open(), options: NO_POSIX });
    expect(failures).toMatchObject([{ path: '/o', message: 'injected AccessDenied' }]);
    expect(await to.keys()).toEqual([]);
  }));
});
