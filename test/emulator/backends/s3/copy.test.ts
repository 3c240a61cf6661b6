import type { Setup } from '../../engine/run-transfer';
import { NO_POSIX, run, startBuckets } from '../buckets';
import type { Buckets } from '../buckets';

const MIB = 1024 * 1024;
let buckets: Buckets;

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

afterAll(() => buckets?.close());

describe('a copy from S3 to S3', () => {
  test('takes user metadata, system metadata and tags along, and sees changes of them', async () => {
    const [from, to] = [await buckets.make(), await buckets.make()];
    await from.put('dir/ö+ %', 'x', { Metadata: { own: 'thing' }, ContentType: 'text/plain', ContentEncoding: 'gzip', Tagging: 'a=b' });
    await from.put('untagged', 'x', { Tagging: 'a=b' });
    const copy = (options: Setup['options'] = {}) => run({ source: from.open(), destination: to.open('to'), options: { ...NO_POSIX, ...options } });
    expect((await copy({ VerifyMode: 'POINT_IN_TIME_CONSISTENT' })).result.status).toBe('SUCCESS');
    expect(await to.head('to/dir/ö+ %')).toMatchObject({ Metadata: { own: 'thing' }, ContentType: 'text/plain', ContentEncoding: 'gzip' });
    expect(await to.tags('to/dir/ö+ %')).toEqual({ a: 'b' });
    expect((await copy()).counters).toMatchObject({ FilesTransferred: 0, FilesSkipped: 4 });

    await from.put('dir/ö+ %', 'x', { Metadata: { own: 'other' } });
    await from.put('untagged', 'y');
    expect((await copy({ ObjectTags: 'NONE' })).counters).toMatchObject({ FilesTransferred: 2 });
    expect(await to.head('to/dir/ö+ %')).toMatchObject({ Metadata: { own: 'other' } });
    expect(await to.tags('to/dir/ö+ %')).toEqual({ a: 'b' }); // left alone: only metadata was to change
  });

  test('takes metadata and tags along from one store to another', async () => {
    const [from, to] = [await buckets.make(), await buckets.make()];
    await from.put('small', 'x', { Metadata: { own: 'thing' }, ContentType: 'text/plain', Tagging: 'a=b%20c&d=' });
    await from.put('large', Buffer.alloc(9 * MIB), { Tagging: 'a=b' });
    const copy = (ObjectTags: 'PRESERVE' | 'NONE') => run({ source: from.open(), destination: to.openElsewhere(ObjectTags), options: { ...NO_POSIX, ObjectTags } });
    expect((await copy('PRESERVE')).result.status).toBe('SUCCESS');
    expect(await to.head('PRESERVE/small')).toMatchObject({ Metadata: { own: 'thing' }, ContentType: 'text/plain' });
    expect([await to.tags('PRESERVE/small'), await to.tags('PRESERVE/large')]).toEqual([{ a: 'b c', d: '' }, { a: 'b' }]);
    await copy('NONE');
    expect([await to.tags('NONE/small'), await to.tags('NONE/large')]).toEqual([{}, {}]);
  });

  test('reads more than one page on both sides', async () => {
    const [from, to] = [await buckets.make(), await buckets.make()];
    for (let i = 0; i < 40; i++) await from.put(`f${i % 7}/k${i}`, 'x');
    const copy = () => run({ source: from.open('', { pageSize: 7 }), destination: to.open('', { pageSize: 3 }), options: NO_POSIX });
    expect((await copy()).counters).toMatchObject({ FilesTransferred: 47, FilesSkipped: 1 });
    expect((await copy()).counters).toMatchObject({ FilesTransferred: 0, FilesSkipped: 48 });
  });
});

test.each([
  ['', ''], ['', 'p'], ['p', ''], ['p', '/p/'], ['p/q', 'p'],
])('%j and %j in one bucket overlap: nothing is copied or deleted', async (from, to) => {
  const bucket = await buckets.make();
  for (const key of ['a', 'p/a', 'p/q/a']) await bucket.put(key, key);
  const before = await bucket.keys();
  const { result } = await run({ source: bucket.open(from), destination: bucket.open(to), options: { ...NO_POSIX, PreserveDeletedFiles: 'REMOVE' } });
  expect(result).toMatchObject({ status: 'ERROR', errorCode: 'LocationsOverlap', errorDetail: expect.stringContaining(`(${buckets.url}/bucket-`) });
  expect(await bucket.keys()).toEqual(before);
});

test.each(['localhost', 'LOCALHOST', '127.1'])('one bucket behind two spellings of one endpoint, the other with %s: nothing is copied or deleted', async host => {
  const bucket = await buckets.make();
  for (const key of ['a', 'p/a']) await bucket.put(key, key);
  const before = await bucket.keys();
  const endpoint = buckets.url.replace('127.0.0.1', host);
  const { result } = await run({ source: bucket.open(), destination: bucket.open('p', { endpoint }), options: { ...NO_POSIX, PreserveDeletedFiles: 'REMOVE' } });
  expect(result).toMatchObject({ status: 'ERROR', errorCode: 'LocationsOverlap' });
  expect(await bucket.keys()).toEqual(before);
});

test('prefixes that only begin alike are apart', async () => {
  const bucket = await buckets.make();
  for (const key of ['p/a', 'pq/a']) await bucket.put(key, key);
  expect((await run({ source: bucket.open('p'), destination: bucket.open('pq'), options: NO_POSIX })).result.status).toBe('SUCCESS');
});
