import { createHash } from 'node:crypto';
import type { BlockBlobClient, BlockBlobUploadOptions } from '@azure/storage-blob';
import type { Content, WriteContext } from '../../engine/backend';

/** Blobs up to this size go in one request; it is also the smallest block of a larger one. */
export const SINGLE_BLOCK_BYTES = 8 * 1024 ** 2;
const MAX_BLOCKS = 50_000;

/** What a blob is written with. */
export type BlobSettings = Pick<BlockBlobUploadOptions, 'blobHTTPHeaders' | 'metadata' | 'tags' | 'tier'>;

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
