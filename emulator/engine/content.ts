import { createHash } from 'node:crypto';
import type { Content } from './backend';

/** All of a content that fits into memory. `sent` is told of each chunk. */
export async function collect({ item, chunks }: Content, sent?: (bytes: number) => void): Promise<Buffer> {
  let all = Buffer.allocUnsafe(item.size);
  let length = 0;
  for await (const chunk of chunks) {
    sent?.(chunk.length);
    if (length + chunk.length > all.length) all = Buffer.concat([all.subarray(0, length)], length + chunk.length); // more than was known
    length += chunk.copy(all, length); // a source may use it again for the next one
  }
  return all.subarray(0, length);
}

/** SHA-256 of a content, hex. */
export async function sha256Of({ chunks }: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
