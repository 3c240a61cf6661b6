import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { SINGLE_REQUEST_BYTES } from '../../../../emulator/backends/s3/upload';
import type { Backend } from '../../../../emulator/engine/backend';
import { sasToken } from '../../../support/azurite';
import { withFolder } from '../../engine/tree';
import { NO_POSIX, run, startBuckets } from '../buckets';
import type { Buckets } from '../buckets';
import { startContainers } from '../containers';
import type { Containers } from '../containers';

let buckets: Buckets;
let containers: Containers;

beforeAll(async () => { [buckets, containers] = await Promise.all([startBuckets(), startContainers()]); }, 120_000);

afterAll(async () => {
  await buckets?.close();
  await containers?.close();
});

describe('a copy between S3 and Azure', () => {
  const METADATA = { own_thing: 'yes' };
  const SYSTEM = { ContentType: 'text/plain', ContentEncoding: 'gzip', ContentLanguage: 'de', ContentDisposition: 'inline', CacheControl: 'no-store' };

  test('objects come there and back with content, user and system metadata, tags and metadata of files', async () => withFolder(async root => {
    const [from, container, to] = [await buckets.make(), await containers.make(), await buckets.make()];
    await from.put('dir/ö+ %', 'x', { Metadata: { ...METADATA, 'file-mtime': '1/2' }, ...SYSTEM, Tagging: 'a=b%20c&d=' });
    await from.put('large', Buffer.alloc(SINGLE_REQUEST_BYTES + 1), { Tagging: 'a=b' });
    mkdirSync(join(root, 'source'));
    writeFileSync(join(root, 'source/was-a-file'), 'x');
    await run({ source: openDirectory('source', root), destination: from.open() });
    const steps: Array<[() => Backend, () => Backend]> = [[from.open, container.open], [container.open, to.open]];
    for (const [source, destination] of steps) {
      const { result, failures } = await run({ source: source(), destination: destination(), options: { ...NO_POSIX, VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
      expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
      const again = await run({ source: source(), destination: destination(), options: NO_POSIX });
      expect(again.outcomes.filter(({ what, item }) => what === 'Transferred' && item.kind === 'file')).toEqual([]);
    }
    expect(await container.head('dir/ö+ %')).toMatchObject({
      metadata: { ...METADATA, file_mtime: '1/2' }, tagCount: 2, contentType: 'text/plain', contentEncoding: 'gzip', contentLanguage: 'de',
    });
    expect(await to.head('dir/ö+ %')).toMatchObject({ Metadata: { ...METADATA, 'file-mtime': '1/2' }, ...SYSTEM });
    expect([await to.tags('dir/ö+ %'), await to.tags('large')]).toEqual([{ a: 'b c', d: '' }, { a: 'b' }]);
    expect((await to.head('was-a-file')).Metadata).toEqual((await from.head('was-a-file')).Metadata);
  }));

  test('other content of the same size is found by its MD5, other metadata without the content', async () => {
    const [from, container] = [await buckets.make(), await containers.make()];
    const copy = () => run({ source: from.open(), destination: container.open(), options: { ...NO_POSIX, ObjectTags: 'NONE' } });
    await from.put('a', 'one', { Metadata: METADATA, Tagging: 'a=b' });
    await from.put('b', 'one');
    await copy();
    await from.put('a', 'one', { Metadata: { own_thing: 'no' }, ContentType: 'text/html' });
    await from.put('b', 'two');
    const { counters } = await copy();
    expect(counters).toMatchObject({ FilesTransferred: 2, BytesTransferred: 3 });
    expect(await container.head('a')).toMatchObject({ metadata: { own_thing: 'no' }, contentType: 'text/html', contentMD5: expect.anything() });
    expect((await container.head('a')).tagCount).toBeUndefined();
    expect((await copy()).counters.FilesTransferred).toBe(0);
  });

  test.each(['to', 'from'] as const)('%s Azure, tags come along with metadata alone, and an object with the name of a folder keeps its content', async direction => {
    const [bucket, container] = [await buckets.make(), await containers.make()];
    const put = async (own_thing: string, tags: Record<string, string>) => {
      if (direction === 'from') return container.put('dir/', 'x', { metadata: { own_thing }, tags });
      await bucket.put('dir/', 'x', { Metadata: { own_thing } });
      await bucket.tag('dir/', tags); // MiniStack keeps tags when an object is written again
    };
    const tagsOfCopy = async () => direction === 'to' ? (await container.client.getBlobClient('dir/').getTags()).tags : bucket.tags('dir/');
    const [source, destination] = direction === 'to' ? [bucket.open, container.open] : [container.open, bucket.open];
    const copy = () => run({ source: source(), destination: destination(), options: { ...NO_POSIX, VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    for (const [own, tags, bytes] of [['one', { a: 'b', c: 'd' }, 1], ['two', { a: 'c' }, 0], ['three', {}, 0]] as const) {
      await put(own, tags);
      const { failures, counters } = await copy();
      expect({ failures, bytes: counters.BytesWritten, tags: await tagsOfCopy() }).toEqual({ failures: [], bytes, tags });
    }
  });

  test('user metadata that Azure cannot have fails the object alone', async () => {
    const [from, container] = [await buckets.make(), await containers.make()];
    await from.put('bad', 'x', { Metadata: { 'own-thing': 'yes' } });
    await from.put('good', 'x');
    const { failures } = await run({ source: from.open(), destination: container.open(), options: NO_POSIX });
    expect(failures).toMatchObject([{ path: '/bad', message: "the user metadata 'own-thing' cannot be kept: in Azure its name must be a C# identifier" }]);
    expect(await container.keys()).toEqual(['good']);
  });

  test('tags that the token may not read fail the blob alone', async () => {
    const [container, to] = [await containers.make(), await buckets.make()];
    await container.put('tagged', 'x', { tags: { a: 'b' } });
    await container.put('untagged', 'x');
    const copy = (ObjectTags: 'PRESERVE' | 'NONE') => run({
      source: container.open([], { sasToken: sasToken(container.name, 'rl') }), destination: to.open(), options: { ...NO_POSIX, ObjectTags },
    });
    expect((await copy('PRESERVE')).failures).toMatchObject([{ path: '/tagged', code: expect.stringContaining('Authorization') }]);
    expect((await copy('NONE')).failures).toEqual([]);
  });
});
