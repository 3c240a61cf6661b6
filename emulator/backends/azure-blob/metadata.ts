import type { BlobHTTPHeaders } from '@azure/storage-blob';
import type { Item, SystemMetadata } from '../../engine/backend';
import { FILE_METADATA, fromObject } from '../object-metadata';

/** What listings, properties and downloads tell of a blob alike. */
export interface DescribedBlob {
  readonly contentLength?: number;
  readonly etag?: string;
  readonly lastModified?: Date;
  readonly accessTier?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly contentMD5?: Uint8Array;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
}

/** The item that a blob is. */
export function fromBlob(key: string, blob: DescribedBlob): Item {
  const item = fromObject(key, {
    ContentLength: blob.contentLength,
    ETag: blob.etag,
    LastModified: blob.lastModified,
    StorageClass: blob.accessTier,
    Metadata: Object.fromEntries(Object.entries(blob.metadata ?? {}).map(([name, value]) => [fromBlobKey(name), value])),
    ContentType: blob.contentType,
    ContentEncoding: blob.contentEncoding,
    ContentLanguage: blob.contentLanguage,
    ContentDisposition: blob.contentDisposition,
    CacheControl: blob.cacheControl,
  });
  return { ...item, object: { ...item.object, ...(blob.contentMD5 && { md5: Buffer.from(blob.contentMD5).toString('hex') }) } };
}

/**
 * User metadata as blobs can have it.
 *
 * @throws Error when a key is none that Azure takes
 */
export function toBlobMetadata(user: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(user).map(([name, value]) => {
    const key = FILE_METADATA.includes(name) ? name.replace(/-/g, '_') : name;
    if (!/^[a-z_]\w*$/i.test(key)) throw new Error(`the user metadata '${name}' cannot be kept: in Azure its name must be a C# identifier`);
    return [key, value];
  }));
}

export function toHeaders(system: SystemMetadata = {}, md5?: Uint8Array): BlobHTTPHeaders {
  return {
    blobContentType: system.ContentType,
    blobContentEncoding: system.ContentEncoding,
    blobContentLanguage: system.ContentLanguage,
    blobContentDisposition: system.ContentDisposition,
    blobCacheControl: system.CacheControl,
    blobContentMD5: md5,
  };
}

/** Names are the same whatever their case; those of the service's own metadata have dashes everywhere else. */
function fromBlobKey(name: string): string {
  const lower = name.toLowerCase();
  const dashed = lower.replace(/_/g, '-');
  return FILE_METADATA.includes(dashed) ? dashed : lower;
}
