import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, PutObjectTaggingCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { S3Client, StorageClass } from '@aws-sdk/client-s3';
import type { Item, WriteContext } from '../../engine/backend';
import { mapLimit } from '../../engine/pool';

/** CopyObject takes objects up to here; larger ones are copied part by part. */
const COPY_LIMIT = 5 * 1024 ** 3;
const PART = 512 * 1024 ** 2;
const PARTS_AT_A_TIME = 4;

export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  /** Of a source: a version other than the latest. */
  readonly version?: string;
}

/** Is a copy of the object onto itself no way to give it new metadata? There has to be one, which can be read and is not too large. */
export function mustBeRewritten({ size }: Item, existing: Item): boolean {
  return existing.implicit === true || existing.object?.archived === true || size > COPY_LIMIT;
}

/** Throws if the item can be no object. */
export function refuseDevice({ kind }: Item): void {
  if (kind === 'device' || kind === 'special') throw new Error('a device cannot be an object; set PreserveDevices to NONE to leave devices out');
}

/** A copy that the store makes itself. */
export interface ServerCopy {
  readonly from: ObjectName;
  readonly to: ObjectName;
  readonly item: Item;
  readonly storageClass: StorageClass;
  /** Asked for, with the tags that are wanted, only where the store does not carry over metadata by itself. */
  readonly describe: () => Item | Promise<Item>;
}

/** Gives the version of the copy, where the store keeps versions. */
export async function copyObject(
  client: S3Client, copy: ServerCopy, context: WriteContext, limit = COPY_LIMIT, part = PART,
): Promise<string | undefined> {
  if (copy.item.size > limit) return copyInParts(client, copy, context, part);
  await context.throttle.take(copy.item.size, context.signal);
  const { CopyObjectResult: result, VersionId: version } = await client.send(new CopyObjectCommand({
    Bucket: copy.to.bucket,
    Key: copy.to.key,
    CopySource: copySource(copy.from),
    MetadataDirective: 'COPY',
    TaggingDirective: context.options.ObjectTags === 'PRESERVE' ? 'COPY' : 'REPLACE',
    StorageClass: copy.storageClass,
  }), { abortSignal: context.signal });
  if (result?.ETag === undefined) throw new Error('the store did not confirm the copy');
  return version;
}

async function copyInParts(client: S3Client, copy: ServerCopy, context: WriteContext, part: number): Promise<string | undefined> {
  const { bucket: Bucket, key: Key } = copy.to;
  const { signal: abortSignal } = context;
  const described = await copy.describe();
  const tags = Object.entries(described.object?.tags ?? {}).map(([Name, Value]) => ({ Key: Name, Value }));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({
    Bucket,
    Key,
    ...described.object?.system,
    Metadata: { ...described.object?.user },
    StorageClass: copy.storageClass,
  }), { abortSignal });
  try {
    const starts = Array.from({ length: Math.ceil(described.size / part) }, (_, i) => i * part);
    const Parts = await mapLimit(starts, PARTS_AT_A_TIME, async start => {
      const end = Math.min(start + part, described.size);
      await context.throttle.take(end - start, abortSignal);
      const PartNumber = start / part + 1;
      const { CopyPartResult: result } = await client.send(new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        CopySource: copySource(copy.from),
        CopySourceRange: `bytes=${start}-${end - 1}`,
        CopySourceIfMatch: described.object?.etag, // all parts of the same version
      }), { abortSignal });
      return { PartNumber, ETag: result?.ETag };
    });
    const command = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
    const { VersionId: version } = await client.send(command, { abortSignal });
    if (tags.length > 0) await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: tags } }), { abortSignal });
    return version;
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

export function copySource({ bucket, key, version }: ObjectName): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}${version ? `?versionId=${encodeURIComponent(version)}` : ''}`;
}
