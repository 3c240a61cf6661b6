import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandOutput, S3Client, _Object } from '@aws-sdk/client-s3';
import type { Item } from '../../engine/backend';
import { isArchived } from '../object-metadata';

/** What a listing tells of an object. */
export function fromListing(key: string, object: _Object): Item {
  return {
    key,
    kind: key.endsWith('/') ? 'folder' : 'file',
    size: object.Size ?? 0,
    object: {
      etag: object.ETag?.replace(/"/g, ''),
      lastModified: object.LastModified?.getTime(),
      storageClass: object.StorageClass,
      archived: isArchived(object.StorageClass, object.RestoreStatus?.RestoreExpiryDate !== undefined),
    },
  };
}

/** Pages of objects below a prefix; the next page is on its way while one is worked on. */
export async function* pages(client: S3Client, bucket: string, prefix: string, signal: AbortSignal, size?: number): AsyncGenerator<_Object[]> {
  const load = (token?: string): Promise<ListObjectsV2CommandOutput> => {
    // URL encoding: XML cannot hold control characters, which keys may
    const command = new ListObjectsV2Command({
      Bucket: bucket, Prefix: prefix, ContinuationToken: token, MaxKeys: size, EncodingType: 'url', OptionalObjectAttributes: ['RestoreStatus'],
    });
    const page = client.send(command, { abortSignal: signal });
    page.catch(() => undefined); // looked at when its turn comes
    return page;
  };
  let page: Promise<ListObjectsV2CommandOutput> | undefined = load();
  while (page) {
    const answer: ListObjectsV2CommandOutput = await page;
    const { Contents: objects = [], NextContinuationToken: token } = answer;
    page = answer.IsTruncated && token ? load(token) : undefined;
    yield answer.EncodingType === 'url' ? objects.map(object => ({ ...object, Key: decodeURIComponent(object.Key!.replace(/\+/g, ' ')) })) : objects;
  }
}
