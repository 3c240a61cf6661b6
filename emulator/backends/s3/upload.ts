import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ObjectName } from './copy';
import type { Content, WriteContext } from '../../engine/backend';

/** Objects up to this size go in one request, from memory: a multipart upload takes three more, and has an ETag that tells nothing of the content. */
export const SINGLE_REQUEST_BYTES = 32 * 1024 ** 2;
const PART_BYTES = 8 * 1024 ** 2;
const MAX_PARTS = 10_000;
const PARTS_AT_A_TIME = 3;

export type Destination = Pick<PutObjectCommandInput, 'Metadata' | 'StorageClass' | 'ContentType' | 'ContentEncoding' | 'ContentLanguage'
| 'ContentDisposition' | 'CacheControl' | 'Tagging'>;

/**
 * Writes an object that fits into one request. The SDK adds a checksum that the store verifies; the ETag proves it to us.
 * Gives its version, where the store keeps versions.
 */
export async function putBuffer(
  client: S3Client, name: ObjectName, body: Buffer, input: Destination, context: WriteContext,
): Promise<string | undefined> {
  const { bucket, key } = name;
  const answer = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...input }), { abortSignal: context.signal });
  const etag = answer.ETag?.replace(/"/g, '') ?? '';
  const isDigest = /^[0-9a-f]{32}$/.test(etag) && (answer.ServerSideEncryption ?? 'AES256') === 'AES256';
  if (isDigest && createHash('md5').update(body).digest('hex') !== etag) {
    throw new Error('the store has something else than what was sent: its ETag differs from the MD5');
  }
  context.written(body.length);
  return answer.VersionId;
}

/** As `putBuffer`, an object of any size in parts, a few of which are in memory. */
export async function putStream(
  client: S3Client, name: ObjectName, content: Content, input: Destination, context: WriteContext,
): Promise<string | undefined> {
  const { bucket, key } = name;
  const { size } = content.item;
  const { Tagging, ...params } = input;
  const body = Readable.from(copies(content.chunks, context));
  const upload = new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: body, ...params },
    tags: [...new URLSearchParams(Tagging)].map(([Key, Value]) => ({ Key, Value })), // after the last part: not every store takes them with the first
    partSize: Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS)),
    queueSize: PARTS_AT_A_TIME,
  });
  let counted = 0;
  const count = (bytes = 0) => { // each part when the store has it
    context.written(bytes - counted);
    counted = bytes;
  };
  upload.on('httpUploadProgress', ({ loaded }) => count(loaded));
  const abort = () => void upload.abort();
  context.signal.addEventListener('abort', abort, { once: true });
  try {
    const { VersionId: version } = await upload.done();
    count(size);
    return version;
  } finally {
    context.signal.removeEventListener('abort', abort);
    body.destroy();
  }
}

/** Chunks that the upload may keep: those of a source are only good until the next one. */
async function* copies(chunks: AsyncIterable<Buffer>, context: WriteContext): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    context.sent(chunk.length);
    yield Buffer.from(chunk);
  }
}
