import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { TreeItem } from './source-tree';

export interface Destination {
  readonly client: S3Client;
  readonly bucket: string;
  /** Ends with a slash. */
  readonly prefix: string;
}

export interface Verification {
  /** Files and links whose every byte was compared. */
  readonly files: number;
  readonly bytes: number;
  /** Folders that the bucket has an object for. */
  readonly folders: number;
  /** What is wrong, one line each. */
  readonly problems: string[];
}

const PARALLEL = 8;

/** Compares a bucket with the tree that was to be copied there: every byte, and that there is nothing else. */
export async function verifyCopy(top: string, items: readonly TreeItem[], { client, bucket, prefix }: Destination): Promise<Verification> {
  const problems: string[] = [];
  const keys = new Set<string>();
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of page.Contents ?? []) keys.add(Key!.slice(prefix.length));
  }

  const expected = items.filter(item => !item.leftOut);
  let bytes = 0;
  const check = async (item: TreeItem) => {
    if (!keys.has(item.path)) {
      problems.push(`${item.path} is missing`);
      return;
    }
    const problem = await difference(top, item, client, { Bucket: bucket, Key: prefix + item.path });
    if (problem) problems.push(`${item.path} ${problem}`);
    bytes += item.size;
  };
  const queue = expected.values();
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    for (const item of queue) await check(item);
  }));

  const folders = new Set(expected.flatMap(({ path }) => foldersOf(path)));
  const wanted = new Set(expected.map(({ path }) => path));
  for (const key of keys) {
    if (!wanted.has(key) && !folders.has(key)) problems.push(`${key || prefix} should not be there`);
  }
  return { files: expected.length, bytes, folders: [...keys].filter(key => folders.has(key)).length, problems };
}

async function difference(top: string, item: TreeItem, client: S3Client, object: { Bucket: string; Key: string }): Promise<string | undefined> {
  const { Metadata = {} } = await client.send(new HeadObjectCommand(object));
  const permissions = Metadata['file-permissions'];
  if (!permissions?.endsWith(item.permissions)) return `has the permissions ${permissions} instead of ${item.permissions}`;
  const { Body } = await client.send(new GetObjectCommand(object));
  const here = item.target === undefined ? createReadStream(join(top, item.path)) : Readable.from([Buffer.from(item.target)]);
  return await sameBytes(here, Body as Readable) ? undefined : 'has other content';
}

/** Compares two streams, whatever the sizes of their pieces. */
async function sameBytes(left: Readable, right: Readable): Promise<boolean> {
  const other = right[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of left) {
    let piece: Buffer = chunk;
    while (piece.length > 0) {
      if (rest.length === 0) {
        const { value, done } = await other.next();
        if (done) return false;
        rest = value;
      }
      const length = Math.min(piece.length, rest.length);
      if (!piece.subarray(0, length).equals(rest.subarray(0, length))) return false;
      piece = piece.subarray(length);
      rest = rest.subarray(length);
    }
  }
  return rest.length === 0 && (await other.next()).done === true;
}

/** `a/b/c.txt` is in `a/b/`, in `a/`, and in the top itself. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return ['', ...names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`)];
}
