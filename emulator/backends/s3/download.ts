import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectName } from './copy';
import { readTags } from './tags';
import type { Content, Item, ReadContext } from '../../engine/backend';
import { fromObject } from '../object-metadata';

/** Reads an object. Reading fails unless all of it arrives and, where the ETag is an MD5, is what the store has. */
export async function readObject(client: S3Client, name: ObjectName, itemKey: string, context: ReadContext): Promise<Content> {
  const { bucket, key, version } = name;
  const { signal, throttle, withTags } = context;
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }), { abortSignal: signal });
  const body = answer.Body as Readable;
  let item: Item = { ...fromObject(itemKey, answer), ...(version && { version }) };
  if (withTags && answer.TagCount) {
    try {
      item = { ...item, object: { ...item.object, tags: await readTags(client, name, signal) } };
    } catch (error) {
      body.destroy();
      throw error;
    }
  }
  const etag = item.object?.etag ?? '';
  const isDigest = /^[0-9a-f]{32}$/.test(etag) && (answer.ServerSideEncryption ?? 'AES256') === 'AES256' && !answer.SSECustomerAlgorithm;
  async function* chunks(): AsyncGenerator<Buffer> {
    const hash = isDigest ? createHash('md5') : undefined;
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (throttle?.limited) await throttle.take(chunk.length, signal);
      length += chunk.length;
      hash?.update(chunk);
      yield chunk;
    }
    if (length !== answer.ContentLength) throw new Error(`${length} bytes arrived of ${answer.ContentLength}`);
    if (hash && hash.digest('hex') !== etag) throw new Error('what arrived is not what the store has: its MD5 differs from the ETag');
  }
  return { item, chunks: chunks() };
}
