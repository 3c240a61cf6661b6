import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client, type _Object } from '@aws-sdk/client-s3';
import type { Item } from '../engine/types';

const UNSAFE = 'the key cannot be transferred: it starts with "/" or has "//", "/./" or "/../" in it';

/** Index of the first name in a key that no path can have, -1 if there is none. */
function unsafeAt(key: string): number {
  const end = key.endsWith('/') ? key.length - 1 : key.length;
  for (let start = 0; start <= end;) {
    const slash = key.indexOf('/', start);
    const stop = slash < 0 || slash > end ? end : slash;
    const name = key.slice(start, stop);
    if (name === '' || name === '.' || name === '..' || name.includes('\0')) return start;
    start = stop + 1;
  }
  return -1;
}

/** Turns an ordered run of keys into items, with a folder item before the first key below each folder. */
export class FolderTracker {
  private open: string[] = [];

  /** `describeFolder` tells of a folder whose own object the listing does not reach. */
  public async items(key: string, object: _Object, describeFolder?: (key: string) => Promise<Item> | undefined): Promise<Item[]> {
    const items: Item[] = [];
    const unsafe = unsafeAt(key);
    const safe = unsafe < 0 ? key : key.slice(0, unsafe);
    while (this.open.length > 0 && !key.startsWith(this.open[this.open.length - 1])) this.open.pop();
    const known = this.open[this.open.length - 1] ?? '';
    for (let slash = safe.indexOf('/', known.length); slash >= 0; slash = safe.indexOf('/', slash + 1)) {
      const folder = key.slice(0, slash + 1);
      this.open.push(folder);
      if (folder !== key) items.push(await describeFolder?.(folder) ?? { key: folder, kind: 'folder', size: 0, implicit: true });
    }
    if (key === known) return items;
    const facts = { etag: object.ETag?.replace(/"/g, ''), lastModified: object.LastModified?.getTime(), storageClass: object.StorageClass };
    if (unsafe >= 0) items.push({ key, kind: 'file', size: object.Size ?? 0, error: UNSAFE });
    else if (key.endsWith('/')) items.push({ key, kind: 'folder', size: 0, object: facts });
    else items.push({ key, kind: 'file', size: object.Size ?? 0, object: facts });
    return items;
  }
}

/** Pages of objects below a prefix; the next page is on its way while one is worked on. */
export async function* pages(client: S3Client, bucket: string, prefix: string, signal: AbortSignal, size?: number): AsyncGenerator<_Object[]> {
  const load = (token?: string): Promise<ListObjectsV2CommandOutput> => {
    // URL encoding: XML cannot hold control characters, which keys may
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token, MaxKeys: size, EncodingType: 'url' });
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
