import { createHash } from 'node:crypto';
import type { BlobClient, BlockBlobClient, BlockBlobUploadOptions } from '@azure/storage-blob';
import { fromBlob } from './metadata';
import type { Content, Item, ReadContext, WriteContext } from '../../engine/backend';

/** Blobs up to this size go in one request; it is also the smallest block of a larger one. */
export const SINGLE_BLOCK_BYTES = 8 * 1024 ** 2;
const MAX_BLOCKS = 50_000;

/** What a blob is written with. */
export type BlobSettings = Pick<BlockBlobUploadOptions, 'blobHTTPHeaders' | 'metadata' | 'tags' | 'tier'>;

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

/** Writes a blob that fits into one request; the store refuses what does not have the MD5. */
export async function putBuffer(client: BlockBlobClient, body: Buffer, settings: BlobSettings, context: WriteContext): Promise<void> {
  const blobHTTPHeaders = { ...settings.blobHTTPHeaders, blobContentMD5: createHash('md5').update(body).digest() };
  await client.upload(body, body.length, { ...settings, blobHTTPHeaders, abortSignal: context.signal });
  context.written(body.length);
}

/** As `putBuffer`, a blob of any size in blocks: one is sent while the next one is read. Nothing is to be seen of it before the last is there. */
export async function putStream(client: BlockBlobClient, content: Content, settings: BlobSettings, context: WriteContext): Promise<void> {
  const { signal: abortSignal } = context;
  const hash = createHash('md5');
  const ids: string[] = [];
  let sending = Promise.resolve();
  for await (const block of blocks(content, context)) {
    hash.update(block);
    await sending;
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64'); // all of the same length
    ids.push(id);
    const transactionalContentMD5 = createHash('md5').update(block).digest();
    sending = client.stageBlock(id, block, block.length, { transactionalContentMD5, abortSignal }).then(() => context.written(block.length));
    sending.catch(() => undefined); // looked at when its turn comes
  }
  await sending;
  await client.commitBlockList(ids, { ...settings, blobHTTPHeaders: { ...settings.blobHTTPHeaders, blobContentMD5: hash.digest() }, abortSignal });
}

async function* blocks({ item, chunks }: Content, context: WriteContext): AsyncGenerator<Buffer> {
  const size = Math.max(SINGLE_BLOCK_BYTES, Math.ceil(item.size / MAX_BLOCKS));
  let block = Buffer.allocUnsafe(size);
  let length = 0;
  for await (const chunk of chunks) {
    context.sent(chunk.length);
    for (let at = 0; at < chunk.length;) {
      const copied = chunk.copy(block, length, at);
      at += copied;
      length += copied;
      if (length < size) continue;
      yield block;
      block = Buffer.allocUnsafe(size);
      length = 0;
    }
  }
  if (length > 0) yield block.subarray(0, length);
}
