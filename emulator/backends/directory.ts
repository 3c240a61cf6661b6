import { createHash } from 'crypto';
import { accessSync, constants, linkSync, lstatSync, readlinkSync, rmdirSync, rmSync, symlinkSync, unlinkSync } from 'fs';
import { join } from 'path';
import { setImmediate } from 'timers/promises';
import { copySmall, placeBuffer, placeStream, readFile, sha256, SMALL } from './directory-copy';
import { DEFAULT_MODE, effective, mayChangeOwner, metadataFor, preservesAll, setLinkMetadata, setMetadata } from './directory-metadata';
import { makeFolder, NoFolderError, resolveLocation, SafePaths } from './directory-paths';
import { type Placement, Staging } from './directory-staging';
import { BatchWriter, DirectoryThread, WORTH_A_THREAD } from './directory-threads';
import { statItem, Walk } from './directory-walk';
import { sameMetadata, sameTime } from '../engine/compare';
import { collect } from '../engine/content';
import { codeOf, LocationError, messageOf } from '../engine/errors';
import type { Backend, Content, Item, ListRequest, ReadContext, Removal, WriteContext } from '../engine/types';

/**
 * Opens a folder as a location. `path` is relative to `root` or below it.
 *
 * Nothing outside `root` is ever read or written: links are copied as links, never followed, and a link in the place of a folder makes
 * what is below it fail. A file with several names has them at the destination, too. When the process may not change owners (it is not root), owners are
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
    directory.staging = staging === undefined ? undefined : new Staging(staging, folder);
    return directory;
  }

  public readonly kind = 'directory';
  public readonly writesAtOnce = 512;
  public readonly keepsOwner = mayChangeOwner();
  private folder = '';
  private paths = new SafePaths('');
  private staging: Staging | undefined;
  private smallFiles = 0;
  private batches: BatchWriter | undefined;

  constructor(private readonly path: string, private readonly root: string) {}

  public get extent(): string {
    return join(this.folder, '/');
  }

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
    for (;;) {
      signal.throwIfAborted();
      const thread = DirectoryThread.get(listed >= WORTH_A_THREAD);
      if (thread) return yield* thread.walk(this.folder, walk, signal);
      const items = walk.next();
      if (!items) return;
      listed += items.length;
      yield items;
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
      if (codeOf(error) === 'ENOENT' || error instanceof NoFolderError) return undefined;
      throw error;
    }
  }

  public async read(item: Item, context: ReadContext): Promise<Content> {
    const path = this.paths.now(item.key);
    if (item.kind !== 'symlink') return readFile(path, item, context);
    const target = Buffer.from(readlinkSync(path));
    async function* chunks() {
      yield target;
    }
    return { item: this.describe(item), chunks: chunks() };
  }

  public sha256(item: Item, signal: AbortSignal): string | Promise<string> {
    const path = this.paths.of(item.key);
    if (item.kind === 'symlink') return createHash('sha256').update(readlinkSync(path)).digest('hex');
    return sha256(path, item, signal);
  }

  public async beginWriting(): Promise<void> {
    try {
      this.staging = Staging.begin(this.folder);
    } catch (error) {
      throw new LocationError(`the folder ${this.folder} cannot be written to: ${messageOf(error)}`);
    }
  }

  public write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Item | undefined | Promise<Item | undefined> {
    const final = this.paths.of(item.key);
    if (item.kind === 'folder') {
      if (context.options.OverwriteMode === 'ALWAYS' || !exists(final)) return this.writeFolder(final, item, source, context);
      makeFolder(final, DEFAULT_MODE); // fails if it is something else
      return undefined;
    }
    if (item.kind === 'device' || item.kind === 'special') {
      throw new Error('a device cannot be made here: Node.js has no mknod; set PreserveDevices to NONE to leave devices out');
    }
    if (context.options.OverwriteMode === 'NEVER' && exists(final)) return undefined;
    if (item.kind === 'symlink' && item.target !== undefined) return this.writeLink(item.target, item, context);
    if (item.kind === 'file' && source instanceof DirectoryBackend && item.size <= SMALL && !context.throttle.limited) {
      if (++this.smallFiles > WORTH_A_THREAD && DirectoryThread.get()) return this.batchesFrom(source, context).write(item);
      return this.copySmall(item, source, context);
    }
    return this.writeContent(item, source, context);
  }

  public link(item: Item, first: string, { options }: WriteContext): Item | undefined {
    if (options.OverwriteMode === 'NEVER' && exists(this.paths.of(item.key))) return undefined;
    const path = this.paths.of(first);
    const found = statItem(this.folder, first);
    const isSame = found.kind === 'file' && found.size === item.size && (options.Mtime === 'NONE' || sameTime(found.posix!.mtime, item.posix!.mtime));
    if (!isSame) throw new Error('its first name is of another file now');
    const to = this.staging!.place(() => this.paths.of(item.key), () => undefined);
    this.staging!.opening(to.staged, () => linkSync(path, to.staged));
    this.staging!.move(to);
    return item;
  }

  public async writeMetadata(item: Item, _existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    const path = this.paths.of(item.key);
    if (item.kind === 'folder') {
      return item; // when its content is complete
    }
    const posix = metadataFor(item.posix ? item : await source.describe(item, context.signal));
    const found = statItem(this.folder, item.key);
    if (found.kind !== item.kind) throw new Error(`is a ${found.kind} at the destination now`);
    if (item.kind === 'symlink') setLinkMetadata(path, posix, this.keepsOwner, context);
    else setMetadata(path, posix, found.posix, this.keepsOwner, context);
    return item;
  }

  public finishFolder(item: Item, context: WriteContext): void {
    if (!item.posix) return;
    const path = this.paths.of(item.key);
    const found = statItem(this.folder, item.key);
    if (found.kind !== 'folder') throw new Error(`is a ${found.kind} at the destination now`);
    const wanted = effective(item.posix, found.posix, context.options);
    const everything = { mtime: true, mode: true, uid: this.keepsOwner, gid: this.keepsOwner };
    if (!sameMetadata(wanted, found.posix!, everything)) setMetadata(path, item.posix, found.posix, this.keepsOwner, context);
  }

  public async remove(items: readonly Item[]): Promise<Removal[]> {
    return items.map(item => {
      try {
        const path = this.paths.of(item.key);
        this.staging!.opening(path, () => item.kind === 'folder' ? rmdirSync(path) : unlinkSync(path));
        return 'removed';
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return 'removed';
        return codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST' ? 'kept' : { error: messageOf(error) };
      }
    });
  }

  public async endWriting(): Promise<void> {
    this.batches?.end();
    this.batches = undefined;
    this.staging?.end();
    this.staging = undefined;
  }

  public close(): void {}

  private batchesFrom(source: DirectoryBackend, context: WriteContext): BatchWriter {
    const folders = { from: source.folder, to: this.folder, staging: this.staging!.path };
    return this.batches ??= new BatchWriter(folders, context, item => this.copySmall(item, source, context));
  }

  private copySmall(item: Item, source: DirectoryBackend, context: WriteContext): Item | Promise<Item> {
    const path = source.paths.of(item.key);
    const to = this.place(item, () => this.paths.of(item.key), context);
    return copySmall(path, item, this.staging!, to, context) ?? this.writeContent(item, source, context);
  }

  private place(item: Item, final: Placement['final'], context: WriteContext): Placement {
    const posix = metadataFor(item);
    const found = preservesAll(context.options) ? undefined : this.lookUp(item.key)?.posix;
    const kept = found && { mode: found.mode, uid: found.uid, gid: found.gid }; // the times are those of the new content
    return this.staging!.place(final, target => setMetadata(target, posix, kept, this.keepsOwner, context));
  }

  private lookUp(key: string): Item | undefined {
    try {
      return statItem(this.folder, key);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  private writeFolder(path: string, item: Item, source: Backend, context: WriteContext): Item | Promise<Item> {
    const mode = context.options.PosixPermissions === 'PRESERVE' ? 0o700 : DEFAULT_MODE;
    const kept = this.lookUp(item.key)?.posix;
    this.staging!.opening(path, () => makeFolder(path, mode));
    if (item.posix) return item; // its metadata when its content is complete
    if (!item.implicit) {
      return Promise.resolve(source.describe(item, context.signal)).then(found => {
        if (!found.posix) setMetadata(path, metadataFor(found), kept, this.keepsOwner, context);
        return found;
      });
    }
    if (item.key !== '') setMetadata(path, metadataFor(item), kept, this.keepsOwner, context);
    return item;
  }

  private writeLink(target: string, item: Item, context: WriteContext): Item {
    context.sent(item.size);
    const posix = metadataFor(item);
    const to = this.staging!.place(() => this.paths.of(item.key), path => setLinkMetadata(path as string, posix, this.keepsOwner, context));
    this.staging!.opening(to.staged, () => symlinkSync(target, to.staged));
    try {
      to.finish(to.staged);
      this.staging!.move(to);
    } catch (error) {
      rmSync(to.staged, { force: true });
      throw error;
    }
    context.written(item.size);
    return item;
  }

  private async writeContent(item: Item, source: Backend, context: WriteContext): Promise<Item> {
    const content = await source.read(item, context);
    const fresh = content.item.posix && item.posix
      ? { ...content.item, posix: { ...content.item.posix, atime: item.posix.atime } } // as it was before anything was read
      : content.item;
    if (fresh.kind === 'symlink') {
      const target = await collect(content);
      return this.writeLink(target.toString(), { ...fresh, target: target.toString() }, context);
    }
    const to = this.place(fresh, () => this.paths.now(item.key), context);
    if (fresh.size > SMALL) {
      await placeStream(content.chunks, this.staging!, to, context);
      return fresh;
    }
    const buffer = await collect(content, context.sent);
    placeBuffer(buffer, this.staging!, to);
    context.written(buffer.length);
    return fresh;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
