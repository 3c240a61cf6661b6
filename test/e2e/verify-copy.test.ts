/**
 * The demo is only worth something if it notices what is wrong.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { TreeItem } from '../../examples/local-demo/source-tree';
import { writeTree } from '../../examples/local-demo/source-tree';
import { verifyCopy } from '../../examples/local-demo/verify-copy';
import type { MiniStack } from '../support/ministack';
import { startMiniStack } from '../support/ministack';

const TREE: TreeItem[] = [
  { path: 'a/file', size: 3000, permissions: '644' },
  { path: 'a/empty', size: 0, permissions: '644' },
  { path: 'a/link', size: 4, permissions: '777', target: 'file' },
  { path: 'a/scratch.tmp', size: 10, permissions: '644', leftOut: 'excluded' },
];

let miniStack: MiniStack;
let client: S3Client;
let top: string;
let buckets = 0;

beforeAll(async () => {
  miniStack = await startMiniStack();
  client = new S3Client({ endpoint: miniStack.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, forcePathStyle: true });
  top = mkdtempSync(join(tmpdir(), 'verify-copy-'));
  await writeTree(top, TREE);
}, 300_000);

afterAll(async () => {
  client?.destroy();
  rmSync(top, { recursive: true, force: true });
  await miniStack?.close();
});

async function put(bucket: string, key: string, body: Buffer | string, permissions = '0100644'): Promise<void> {
  const object = { Bucket: bucket, Key: `p/${key}`, Body: body, ContentLength: Buffer.byteLength(body) };
  await client.send(new PutObjectCommand({ ...object, Metadata: { 'file-permissions': permissions } }));
}

const file = () => readFileSync(join(top, 'a', 'file'));

/** A bucket with a right copy, in which one thing is then made wrong. */
async function verify(spoil: (bucket: string) => Promise<unknown> = async () => undefined) {
  const bucket = `bucket-${buckets++}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  await put(bucket, '', '', '0040755');
  await put(bucket, 'a/', '', '0040755');
  await put(bucket, 'a/file', file());
  await put(bucket, 'a/empty', '');
  await put(bucket, 'a/link', 'file', '0120777');
  await spoil(bucket);
  return verifyCopy(top, TREE, { client, bucket, prefix: 'p/' });
}

test('a right copy has no problems', async () => {
  expect(await verify()).toEqual({ files: 3, bytes: 3004, folders: 2, problems: [] });
});

test.each<[string, (bucket: string) => Promise<unknown>, string]>([
  ['a missing file', bucket => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'p/a/file' })), 'a/file is missing'],
  ['one other byte', bucket => put(bucket, 'a/file', Buffer.concat([file().subarray(0, 2999), Buffer.from('x')])), 'a/file has other content'],
  ['a byte too few', bucket => put(bucket, 'a/file', file().subarray(0, 2999)), 'a/file has other content'],
  ['a byte too many', bucket => put(bucket, 'a/file', Buffer.concat([file(), Buffer.from('x')])), 'a/file has other content'],
  ['an empty file that is not', bucket => put(bucket, 'a/empty', 'x'), 'a/empty has other content'],
  ['a link to somewhere else', bucket => put(bucket, 'a/link', 'else', '0120777'), 'a/link has other content'],
  ['other permissions', bucket => put(bucket, 'a/file', file(), '0100755'), 'a/file has the permissions 0100755 instead of 644'],
  ['what was to be left out', bucket => put(bucket, 'a/scratch.tmp', 'x'), 'a/scratch.tmp should not be there'],
  ['a folder that nobody has', bucket => put(bucket, 'b/', ''), 'b/ should not be there'],
])('%s is noticed', async (_, spoil, problem) => {
  expect((await verify(spoil)).problems).toEqual([problem]);
});
