import { closeSync, constants, fstatSync, openSync, promises, readSync, renameSync, rmSync, writeSync } from 'fs';
import { toItem } from './directory-walk';
import type { Content, Item, ReadContext, WriteContext } from '../engine/types';

/** Files up to this size are copied at once by plain system calls; larger ones chunk by chunk, giving way to others. */
export const SMALL = 256 * 1024;
const CHUNK = 2 * 1024 * 1024;
/** With a limit set: small enough for a steady rate. */
const LIMITED_CHUNK = 64 * 1024;

/** Not through a link that has taken the file's place, and not waiting for a pipe that has. */
const READ = constants.O_RDONLY + constants.O_NOFOLLOW + constants.O_NONBLOCK;
const CREATE = constants.O_WRONLY + constants.O_CREAT + constants.O_EXCL;

const CHANGED = 'changed while it was read';

/** Where a new file grows before it replaces what has its name: nobody ever sees half a file. */
export interface Placement {
  readonly staged: string;
  readonly final: string;
  /** Sets mode, owner and times through the open file. */
  readonly finish: (fd: number) => void;
}

const small = Buffer.allocUnsafeSlow(SMALL + 1);

/** Copies a small file in one go. Gives undefined, and does nothing, if it is not what was listed any more. */
export function copySmall(from: string, item: Item, to: Placement, context: WriteContext): Item | undefined {
  const content = readSmall(from, item, small);
  if (!content) return undefined;
  context.sent(content.length);
  placeBuffer(content, to);
  context.written(content.length);
  return item;
}

/** Reads a file into a buffer that has room for one byte more. Gives undefined if it is not what it was. */
function readSmall(path: string, item: Item, buffer: Buffer): Buffer | undefined {
  const file = openSync(path, READ);
  try {
    const length = readSync(file, buffer, 0, buffer.length, 0);
    const isWhole = length === item.size && isUnchanged(item, toItem(item.key, fstatSync(file, { bigint: true })));
    return isWhole ? buffer.subarray(0, length) : undefined;
  } finally {
    closeSync(file);
  }
}

/** Writes content that is in memory. Handing any of these calls to another thread costs more than the call itself. */
export function placeBuffer(content: Buffer, to: Placement): void {
  const target = openSync(to.staged, CREATE, 0o600);
  try {
    try {
      for (let done = 0; done < content.length;) done += writeSync(target, content, done, content.length - done);
      to.finish(target);
    } finally {
      closeSync(target);
    }
    renameSync(to.staged, to.final);
  } catch (error) {
    rmSync(to.staged, { force: true });
    throw error;
  }
}

/** Writes content as it comes. */
export async function placeStream(chunks: AsyncIterable<Buffer>, to: Placement, context: WriteContext): Promise<void> {
  let target: promises.FileHandle | undefined;
  try {
    try {
      for await (const chunk of chunks) {
        context.signal.throwIfAborted();
        context.sent(chunk.length);
        target ??= await promises.open(to.staged, CREATE, 0o600); // in the loop, so that a failure ends the reading too
        for (let done = 0; done < chunk.length;) done += (await target.write(chunk, done, chunk.length - done)).bytesWritten;
        context.written(chunk.length);
      }
      target ??= await promises.open(to.staged, CREATE, 0o600);
      to.finish(target.fd);
    } finally {
      await target?.close();
    }
    renameSync(to.staged, to.final);
  } catch (error) {
    rmSync(to.staged, { force: true });
    throw error;
  }
}

/** Opens a file that was listed. What is read is what one and the same version of the file held, or reading fails. */
export function readFile(path: string, item: Item, context: ReadContext): Content | Promise<Content> {
  const isSmall = item.kind === 'file' && item.size <= SMALL && item.posix !== undefined && !context.throttle?.limited;
  const content = isSmall ? readSmall(path, item, Buffer.allocUnsafe(item.size + 1)) : undefined;
  return content ? { item, chunks: only(content) } : openFile(path, item.key, context);
}

async function* only(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}

async function openFile(path: string, key: string, { signal, throttle }: ReadContext): Promise<Content> {
  const file = await promises.open(path, READ);
  let item: Item;
  try {
    item = toItem(key, await file.stat({ bigint: true }));
    if (item.kind !== 'file') throw new Error(`is a ${item.kind} now, not a file`);
  } catch (error) {
    await file.close();
    throw error;
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, Math.max(item.size, 1)));
      let length = 0;
      for (;;) {
        signal.throwIfAborted();
        const wanted = throttle?.limited ? Math.min(LIMITED_CHUNK, buffer.length) : buffer.length;
        const { bytesRead } = await file.read(buffer, 0, wanted, null);
        if (bytesRead === 0) break;
        if (throttle?.limited) await throttle.take(bytesRead, signal);
        length += bytesRead;
        if (length > item.size) throw new Error(CHANGED);
        yield buffer.subarray(0, bytesRead);
      }
      if (length !== item.size || !isUnchanged(item, toItem(key, await file.stat({ bigint: true })))) throw new Error(CHANGED);
    } finally {
      await file.close();
    }
  }
  return { item, chunks: chunks() };
}

/** Size and times of a file are what they were. */
function isUnchanged(before: Item, after: Item): boolean {
  const [a, b] = [before.posix!.mtime, after.posix!.mtime];
  return after.kind === 'file' && before.size === after.size && a[0] === b[0] && a[1] === b[1];
}
