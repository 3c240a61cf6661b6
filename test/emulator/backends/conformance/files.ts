import { setMaxListeners } from 'node:events';
import type { Backend, Item, ItemKind, WriteContext } from '../../../../emulator/engine/backend';
import { collect } from '../../../../emulator/engine/content';
import { Filter } from '../../../../emulator/engine/filter';
import type { TransferOptions } from '../../../../emulator/engine/request';
import { DEFAULTS } from '../../engine/run-transfer';

/** What the suite writes and reads, and how it does. */

export const { signal } = new AbortController();
setMaxListeners(0, signal); // every request listens for a cancel
export const MIB = 1024 * 1024;

export const TIME = 1_600_000_000;

export interface TestFile {
  readonly item: Item;
  readonly content: Buffer;
}

function itemOf(key: string, kind: ItemKind, size: number, seconds = TIME): Item {
  const [uid, gid] = [process.getuid!(), process.getgid!()];
  return { key, kind, size, posix: { mode: kind === 'folder' ? 0o750 : 0o640, uid, gid, mtime: [seconds, 0], atime: [seconds, 0] } };
}

export function fileOf(key: string, content: Buffer, seconds?: number): TestFile {
  return { item: itemOf(key, 'file', content.length, seconds), content };
}

export function folderOf(key: string): TestFile {
  return { item: itemOf(key, 'folder', 0), content: Buffer.alloc(0) };
}

export function linkOf(key: string, target: string): TestFile {
  return { item: { ...itemOf(key, 'symlink', target.length), target }, content: Buffer.from(target) };
}

/** As much of a source as writers ask for: a file system with one file, in memory. */
export function sourceOf({ item, content }: TestFile): Backend {
  async function* chunks() {
    for (let at = 0; at < content.length; at += MIB) yield content.subarray(at, at + MIB);
  }
  return { kind: 'directory', keepsOwner: true, describe: () => item, read: async () => ({ item, chunks: chunks() }) } as Partial<Backend> as Backend;
}

export async function* broken(content: Buffer): AsyncGenerator<Buffer> {
  yield content.subarray(0, content.length / 2);
  throw new Error('the cable is cut');
}

export function contextOf(options: Partial<TransferOptions> = {}): { readonly context: WriteContext; sent(): number; written(): number } {
  let [sent, written] = [0, 0];
  const context: WriteContext = {
    options: { ...DEFAULTS, ...options },
    signal,
    throttle: { limited: false, take: async () => undefined },
    sent: bytes => { sent += bytes; },
    written: bytes => { written += bytes; },
  };
  return { context, sent: () => sent, written: () => written };
}

export async function listed(backend: Backend, filter = new Filter([], [])): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of backend.list({ filter, signal })) items.push(...batch);
  return items;
}

export async function contentOf(backend: Backend, item: Item): Promise<Buffer> {
  return collect(await backend.read(item, { signal }));
}

export function inByteOrder(keys: readonly string[]): string[] {
  return [...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** Bytes that are text, and never the same for long. */
export function noise(size: number): Buffer {
  return Buffer.from(Array.from({ length: Math.ceil(size / 8) }, (_, i) => String(i).padStart(8, '.')).join('').slice(0, size));
}
