import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, promises, readSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { holdItem, identityOf } from './handle';
import type { Placement, Staging } from './staging';
import { toItem } from './walk';
import type { Content, Item, ReadContext, WriteContext } from '../../engine/backend';
import { sha256Of } from '../../engine/content';
import { codeOf } from '../../engine/errors';

/** Files up to this size are copied at once by plain system calls; larger ones chunk by chunk, giving way to others. */
export const SMALL = 256 * 1024;
const CHUNK = 2 * 1024 * 1024;
/** With a limit set: small enough for a steady rate. */
const LIMITED_CHUNK = 64 * 1024;

/** Not through a link that has taken the file's place, and not waiting for a pipe that has. */
const READ = constants.O_RDONLY + constants.O_NOFOLLOW + constants.O_NONBLOCK;
/** Linux only. */
const UNSEEN = (constants as { O_NOATIME?: number }).O_NOATIME ?? 0;
const CREATE = constants.O_WRONLY + constants.O_CREAT + constants.O_EXCL;

const writeTo = promisify(write);

const CHANGED = 'changed while it was read';

const small = Buffer.allocUnsafeSlow(SMALL + 1);

/** Copies a small file in one go. Gives false, and does nothing, if it is not what was listed any more. */
export function copySmall(
  from: string, item: Item, staging: Staging, to: Placement, context: Pick<WriteContext, 'sent' | 'written'>,
): boolean {
  const content = readSmall(from, item, small)?.content;
  if (!content) return false;
  context.sent(content.length);
  placeBuffer(content, staging, to);
  context.written(content.length);
  return true;
}

/** Reads a file into a buffer that has room for one byte more. Gives undefined if it is not what it was. */
function readSmall(path: string, item: Item, buffer: Buffer): { readonly item: Item; readonly content: Buffer } | undefined {
  const file = openToRead(path);
  try {
    const length = readSync(file, buffer, 0, buffer.length, 0);
    const found = toItem(item.key, fstatSync(file, { bigint: true }));
    return length === item.size && isUnchanged(item, found) ? { item: found, content: buffer.subarray(0, length) } : undefined;
  } finally {
    closeSync(file);
  }
}

/** Whose file it is, and root, may read it without leaving a new time of access: the copy shall have the old one. */
function openToRead(path: string): number {
  try {
    return openSync(path, READ + UNSEEN);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    return openSync(path, READ);
  }
}

/** Writes content that is in memory. Handing any of these calls to another thread costs more than the call itself. */
export function placeBuffer(content: Buffer, staging: Staging, to: Placement): void {
  const target = openSync(staging.pathOf(to), CREATE, 0o600);
  try {
    try {
      for (let done = 0; done < content.length;) done += writeSync(target, content, done, content.length - done);
      to.finish!(target);
    } finally {
      closeSync(target);
    }
    staging.move(to);
  } catch (error) {
    staging.drop(to);
    throw error;
  }
}

/** Writes content as it comes. */
export async function placeStream(chunks: AsyncIterable<Buffer>, staging: Staging, to: Placement, context: WriteContext): Promise<void> {
  let target: number | undefined;
  const create = () => openSync(staging.pathOf(to), CREATE, 0o600);
  try {
    try {
      for await (const chunk of chunks) {
        context.signal.throwIfAborted();
        context.sent(chunk.length);
        target ??= create(); // in the loop, so that a failure ends the reading too
        for (let done = 0; done < chunk.length;) done += (await writeTo(target, chunk, done, chunk.length - done, null)).bytesWritten;
        context.written(chunk.length);
      }
      target ??= create();
      to.finish!(target);
    } finally {
      if (target !== undefined) closeSync(target);
    }
    staging.move(to);
  } catch (error) {
    staging.drop(to);
    throw error;
  }
}

/**
 * A file that was listed. What is read is what one and the same version of the file held, or reading fails. Nothing is open before the first chunk
 * is asked for, so that whoever gives up until then has nothing to close.
 *
 * @param locate gives the path, which is not good for long
 */
export function readFile(locate: () => string, item: Item, context: ReadContext): Content {
  const isSmall = item.kind === 'file' && item.size <= SMALL && item.posix !== undefined && !context.throttle?.limited;
  const read = isSmall ? readSmall(locate(), item, Buffer.allocUnsafe(item.size + 1)) : undefined;
  return read ? { item: read.item, chunks: only(read.content) } : readChunks(locate, item.key, context);
}

/** SHA-256 of a file that was listed, hex. */
export function sha256(locate: () => string, item: Item, signal: AbortSignal): string | Promise<string> {
  const read = item.size <= SMALL ? readSmall(locate(), item, small) : undefined;
  return read ? createHash('sha256').update(read.content).digest('hex') : sha256Of(readChunks(locate, item.key, { signal }));
}

async function* only(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}

/** Opens what is held by now, however long that takes. */
async function openHeld(path: string): Promise<promises.FileHandle> {
  const held = holdItem(path);
  const flags = held.descriptor === undefined ? READ : READ - constants.O_NOFOLLOW; // what is held is no link, or cannot be opened
  try {
    return await promises.open(held.path, flags + UNSEEN).catch((error: unknown) => {
      if (codeOf(error) !== 'EPERM') throw error;
      return promises.open(held.path, flags);
    });
  } finally {
    held.close();
  }
}

function readChunks(locate: () => string, key: string, { signal, throttle }: ReadContext): Content {
  const listed = lstatSync(locate(), { bigint: true });
  const item = toItem(key, listed);
  if (item.kind !== 'file') throw new Error(`is a ${item.kind} now, not a file`);
  async function* chunks(): AsyncGenerator<Buffer> {
    const file = await openHeld(locate());
    try {
      const opened = await file.stat({ bigint: true });
      if (identityOf(opened) !== identityOf(listed) || !isUnchanged(item, toItem(key, opened))) throw new Error(CHANGED);
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
