import { createHash } from 'node:crypto';
import type { Content } from './backend';

/** All of a small content. `sent` is told of each chunk. */
export async function collect({ chunks }: Content, sent?: (bytes: number) => void): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) {
    sent?.(chunk.length);
    parts.push(Buffer.from(chunk)); // a source may use it again for the next one
  }
  return Buffer.concat(parts);
}

/** SHA-256 of a content, hex. */
export async function sha256Of({ chunks }: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
