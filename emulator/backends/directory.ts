import { createHash } from 'crypto';
import {
  accessSync, chmodSync, constants, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmdirSync, rmSync, symlinkSync,
  unlinkSync,
} from 'fs';
import { join } from 'path';
import { setImmediate } from 'timers/promises';
import { copySmall, placeBuffer, placeStream, readFile, SMALL, type Placement } from './directory-copy';
import { mayChangeOwner, metadataFor, setLinkMetadata, setMetadata } from './directory-metadata';
import { makeFolder, resolveLocation, SafePaths } from './directory-paths';
import { BatchWriter, DirectoryThread, WORTH_A_THREAD } from './directory-threads';
import { statItem, Walk } from './directory-walk';
import { sameMetadata } from '../engine/compare';
import { codeOf, LocationError, messageOf } from '../engine/errors';
import type { Backend, Content, Item, ListRequest, ReadContext, Removal, WriteContext } from '../engine/types';

const WORKING_FOLDER = '.aws-datasync';

/**
 * Opens a folder as a location. `path` is relative to `root` or below it.
 *
 * Nothing outside `root` is ever read or written: links are copied as links, never followed, and a link in the place of a folder makes
 * what is below it fail. Hard links are copied as separate files. When the process may not change owners (it is not root), owners are
 * neither set nor compared, and the run still succeeds.
 */
export function openDirectory(path: string, root: string): Backend {
  return new DirectoryBackend(path, root);
}

/** A folder that another thread has opened, and, to write to it, a folder in it that belongs to this thread. */
export function resumeDirectory(folder: string, staging?: string): Backend {
  return DirectoryBackend.at(folder, staging);
}

class DirectoryBackend implements Backend {
  public static at(folder: string, staging?: string): DirectoryBackend {
    const directory = new DirectoryBackend(folder, folder);
    directory.folder = folder;
    directory.paths = new SafePaths(folder);
    directory.staging = staging;
    return directory;
  }

  public readonly kind = 'directory';
  public readonly writesAtOnce = 512;
  public readonly keepsOwner = mayChangeOwner();
  private folder = '';
  private paths = new SafePaths('');
  private staging: string | undefined;
  private stagedFiles = 0;
  private smallFiles = 0;
  private batches: BatchWriter | undefined;

  constructor(private readonly path: string, private readonly root: string) {}

  public async access(): Promise<void> {
    this.folder = resolveLocation(this.path, this.root);
    this.paths = new SafePaths(this.folder);
    try {
      accessSync(this.folder, constants.R_OK + constants.X_OK);
    } catch (error) {
      throw new LocationError(`the folder ${this.folder} cannot be read (${codeOf(error)})`);
    }
  }

  public async *list({ filter, signal }: ListRequest): AsyncGenerator<Item[]> {
    const walk = new Walk(this.folder, filter);
    yield [walk.start()];
    let listed = 0;
    for (let items = walk.next(); items; items = walk.next()) {
      signal.throwIfAborted();
      yield items;
      listed += items.length;
      const thread = listed >= WORTH_A_THREAD ? DirectoryThread.get() : undefined;
      if (thread) return yield* thread.walk(this.folder, walk, signal);
      await setImmediate();
    }
  }

  public describe(item: Item): Item {
    this.paths.of(item.key);
    const found = statItem(this.folder, item.key);
    if (found.error !== undefined) throw new Error(found.error);
    return found;
  }

  public async find(key: string): Promise<Item | undefined> {
    try {
      return this.describe({ key, kind: key.endsWith('/') ? 'folder' : 'file', size: 0 });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  public async read(item: Item, context: ReadContext): Promise<Content> {
    const path = this.paths.of(item.key);
    if (item.kind !== 'symlink') return readFile(path, item, context);
    const target = Buffer.from(readlinkSync(path));
    async function* chunks() {
      yield target;
    }
    return { item: this.describe(item), chunks: chunks() };
  }

  public sha256(item: Item, signal: AbortSignal): string | Promise<string> {
    const path = this.paths.of(item.key);
    const hash = createHash('sha256');
    if (item.kind === 'symlink') return hash.update(readlinkSync(path)).digest('hex');
    if (item.size <= SMALL) return hash.update(readFileSync(path)).digest('hex');
    return Promise.resolve(readFile(path, item, { signal })).then(async ({ chunks }) => {
      for await (const chunk of chunks) hash.update(chunk);
      return hash.digest('hex');
    });
  }

  public async beginWriting(): Promise<void> {
    try {
      const working = join(this.folder, WORKING_FOLDER);
      makeFolder(working, 0o700);
      removeLeftovers(working);
      this.staging = mkdtempSync(join(working, `run-${process.pid}-`));
    } catch (error) {
      throw new LocationError(`the folder ${this.folder} cannot be written to: ${messageOf(error)}`);
    }
  }

  public write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Item | undefined | Promise<Item | undefined> {
    const final = this.paths.of(item.key);
    if (item.kind === 'folder') {
      if (context.options.OverwriteMode === 'ALWAYS' || !exists(final)) return this.writeFolder(final, item, source, context);
      makeFolder(final, 0o700); // fails if it is something else
      return undefined;
    }
    if (item.kind === 'device' || item.kind === 'special') {
      throw new Error('a device cannot be made here: Node.js has no mknod; set PreserveDevices to NONE to leave devices out');
    }
    if (context.options.OverwriteMode === 'NEVER' && exists(final)) return undefined;
    if (item.kind === 'symlink' && item.target !== undefined) return this.writeLink(final, item.target, item, context);
    if (item.kind === 'file' && source instanceof DirectoryBackend && item.size <= SMALL && !context.throttle.limited) {
      if (++this.smallFiles > WORTH_A_THREAD && DirectoryThread.get()) return this.batchesFrom(source, context).write(item);
      return this.copySmall(item, source, context);
    }
    return this.writeContent(final, item, source, context);
  }

  public async writeMetadata(item: Item, _existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    const path = this.paths.of(item.key);
    if (item.kind === 'folder') {
      makeWritable(path); // the rest when its content is complete
      return item;
    }
    const posix = metadataFor(item.posix ? item : await source.describe(item, context.signal));
    const found = statItem(this.folder, item.key);
    if (found.kind !== item.kind) throw new Error(`is a ${found.kind} at the destination now`);
    if (item.kind === 'symlink') setLinkMetadata(path, posix, this.keepsOwner, context);
    else setMetadata(path, posix, this.keepsOwner, context);
    return item;
  }

  public finishFolder(item: Item, context: WriteContext): void {
    if (!item.posix) return;
    const path = this.paths.of(item.key);
    const found = statItem(this.folder, item.key);
    if (found.kind !== 'folder') throw new Error(`is a ${found.kind} at the destination now`);
    const everything = { mtime: true, mode: true, uid: true, gid: true };
    if (!sameMetadata(item.posix, found.posix!, everything)) setMetadata(path, item.posix, this.keepsOwner, context);
  }

  public async remove(items: readonly Item[]): Promise<Removal[]> {
    return items.map(item => {
      try {
        const path = this.paths.of(item.key);
        if (item.kind === 'folder') rmdirSync(path);
        else unlinkSync(path);
        return 'removed';
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return 'removed';
        return codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST' ? 'kept' : { error: messageOf(error) };
      }
    });
  }

  public async endWriting(): Promise<void> {
    if (this.staging === undefined) return;
    this.batches?.end();
    try {
      rmSync(this.staging, { recursive: true, force: true });
      rmdirSync(join(this.folder, WORKING_FOLDER));
    } catch {
      // another run still works in it, or it cannot be removed: it is never listed, and a later run takes it away
    }
    this.staging = undefined;
    this.batches = undefined;
    this.paths.forget();
  }

  public close(): void {}

  private batchesFrom(source: DirectoryBackend, context: WriteContext): BatchWriter {
    const folders = { from: source.folder, to: this.folder, staging: this.staging! };
    return this.batches ??= new BatchWriter(folders, context, item => this.copySmall(item, source, context));
  }

  private copySmall(item: Item, source: DirectoryBackend, context: WriteContext): Item | Promise<Item> {
    const final = this.paths.of(item.key);
    return copySmall(source.paths.of(item.key), item, this.place(final, item, context), context)
      ?? this.writeContent(final, item, source, context);
  }

  private place(final: string, item: Item, context: WriteContext): Placement {
    const posix = metadataFor(item);
    return {
      staged: join(this.staging!, String(this.stagedFiles++)),
      final,
      finish: fd => setMetadata(fd, posix, this.keepsOwner, context),
    };
  }

  private writeFolder(path: string, item: Item, source: Backend, context: WriteContext): Item | Promise<Item> {
    if (exists(path)) makeWritable(path);
    else makeFolder(path, 0o700);
    if (item.posix) return item; // its metadata when its content is complete
    if (!item.implicit) {
      return Promise.resolve(source.describe(item, context.signal)).then(found => {
        if (!found.posix) setMetadata(path, metadataFor(found), this.keepsOwner, context);
        return found;
      });
    }
    if (item.key !== '') setMetadata(path, metadataFor(item), this.keepsOwner, context);
    return item;
  }

  private writeLink(path: string, target: string, item: Item, context: WriteContext): Item {
    context.sent(item.size);
    const staged = join(this.staging!, String(this.stagedFiles++));
    symlinkSync(target, staged);
    try {
      setLinkMetadata(staged, metadataFor(item), this.keepsOwner, context);
      renameSync(staged, path);
    } catch (error) {
      rmSync(staged, { force: true });
      throw error;
    }
    context.written(item.size);
    return item;
  }

  private async writeContent(final: string, item: Item, source: Backend, context: WriteContext): Promise<Item> {
    const content = await source.read(item, context);
    const fresh = content.item.posix && item.posix
      ? { ...content.item, posix: { ...content.item.posix, atime: item.posix.atime } } // as it was before anything was read
      : content.item;
    if (fresh.kind === 'symlink') {
      const target = await collect(content.chunks);
      return this.writeLink(final, target.toString(), { ...fresh, target: target.toString() }, context);
    }
    const to = this.place(final, fresh, context);
    if (fresh.size > SMALL) {
      await placeStream(content.chunks, to, context);
      return fresh;
    }
    const buffer = await collect(content.chunks);
    context.sent(buffer.length);
    placeBuffer(buffer, to);
    context.written(buffer.length);
    return fresh;
  }
}

/** Removes what runs of processes that were killed have left. */
function removeLeftovers(working: string): void {
  for (const name of readdirSync(working)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(working, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Lets this process write into a folder whose mode forbids it; the final mode is set when the content is complete. */
function makeWritable(path: string): void {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) throw new Error('is a folder at the source, but a file or link with its name is at the destination');
  const mode = stats.mode % 0o10000;
  if (process.geteuid?.() !== 0 && Math.floor(mode / 0o100) % 0o10 !== 7) chmodSync(path, 0o700);
}
