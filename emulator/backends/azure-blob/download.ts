import { createHash } from 'node:crypto';
import type { BlobClient } from '@azure/storage-blob';
import { fromBlob } from './metadata';
import type { Content, Item, ReadContext } from '../../engine/backend';

/** Reads a blob. Reading fails unless all of it arrives and, where the store knows the MD5, is what the store has. */
export async function readBlob(client: BlobClient, itemKey: string, { signal, throttle, withTags }: ReadContext): Promise<Content> {
  const answer = await client.download(0, undefined, { abortSignal: signal });
  const body = answer.readableStreamBody as AsyncIterable<Buffer> & { destroy(): void };
  let item: Item = fromBlob(itemKey, answer);
  if (withTags && answer.tagCount) {
    try {
      item = { ...item, object: { ...item.object, tags: (await client.getTags({ abortSignal: signal })).tags } };
    } catch (error) {
      body.destroy();
      throw error;
    }
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    const hash = answer.contentMD5 && createHash('md5');
    let length = 0;
    for await (const chunk of body) {
      if (throttle?.limited) await throttle.take(chunk.length, signal);
      length += chunk.length;
      hash?.update(chunk);
      yield chunk;
    }
    if (length !== answer.contentLength) throw new Error(`${length} bytes arrived of ${answer.contentLength}`);
    if (hash && !hash.digest().equals(answer.contentMD5!)) throw new Error('what arrived is not what the store has: its MD5 differs');
  }
  return { item, chunks: chunks() };
}
