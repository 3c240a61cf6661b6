import { createHash } from 'node:crypto';
import { toUserMetadata } from './object-metadata';
import type { Backend, Content, Item, SystemMetadata, WriteContext } from '../engine/backend';
import type { TransferOptions } from '../engine/request';

/** What a store of objects takes from the other side, whatever that is. */

/** Opens what is to become an object: its tags come along if they are wanted, and its time of access is the one from before it was read. */
export async function readSource(source: Backend, item: Item, context: WriteContext): Promise<Content> {
  const { item: found, chunks } = await source.read(item, { ...context, withTags: context.options.ObjectTags === 'PRESERVE' });
  const fresh = found.posix && item.posix ? { ...found, posix: { ...found.posix, atime: item.posix.atime } } : found;
  return { item: fresh, chunks };
}

/** Content whose SHA-256 is known once all of it has been taken: for what cannot be read again where it goes. */
export function hashed({ item, chunks }: Content): Content & { sha256(): string } {
  const hash = createHash('sha256');
  async function* taken(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { item, chunks: taken(), sha256: () => hash.digest('hex') };
}

/** Looks up what is to become an object, for its metadata only: its tags come along if they are wanted. */
export function describeSource(source: Backend, item: Item, { options, signal }: WriteContext): Item | Promise<Item> {
  return source.kind === 'directory' ? item : source.describe(item, signal, options.ObjectTags === 'PRESERVE');
}

/** Metadata for an object: one that was an object keeps its own, one that was a file gets what the service makes of a file's. */
export function objectMetadata(item: Item, source: Backend, options: TransferOptions): { user: Record<string, string>; system?: SystemMetadata } {
  return source.kind === 'objects' ? { user: { ...item.object?.user }, system: item.object?.system } : { user: toUserMetadata(item, options) };
}
