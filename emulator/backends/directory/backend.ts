import { createHash } from 'crypto';
import { accessSync, constants, lstatSync, readlinkSync, realpathSync, rmdirSync, symlinkSync, unlinkSync } from 'fs';
import { join } from 'path';
import { setImmediate } from 'timers/promises';
import { copySmall, placeBuffer, placeStream, readFile, sha256, SMALL } from './copy';
import { openFolders, type Folders, type Root } from './folders';
import { holdItem, statHandle, type Handle } from './handle';
import { DEFAULT_MODE, effective, type Kept, mayChangeOwner, metadataFor, preservesAll, setLinkMetadata, setMetadata } from './metadata';
import { namesOfFolder, readMounts } from './mounts';
import { makeFolder, NoFolderError, refuseOutside, resolveLocation } from './paths';
import { type Placement, Staging, type SharedStaging } from './staging';
import { BatchWriter, DirectoryThread, WORTH_A_THREAD } from './threads';
import { onDisk } from './undecodable-names';
import { statItem, toItem, Walk } from './walk';
import type { Backend, Content, Item, ListRequest, Origin, PosixMetadata, ReadContext, Removal, WriteContext } from '../../engine/backend';
import { sameMetadata, sameTime } from '../../engine/compare';
import { collect } from '../../engine/content';
import { codeOf, LocationError, messageOf } from '../../engine/errors';

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

/** A folder that another thread has opened, and, to write to it, the working folder that the run has there. */
export function resumeDirectory(root: Root, writing?: { readonly staging: SharedStaging; readonly thread: number }): Backend {
  const folders = openFolders(root);
  try {
    return DirectoryBackend.at(folders, writing && Staging.join(writing.staging, folders, writing.thread));
  } catch (error) {
    folders.close();
    throw error;
  }
}

/** What another folder needs to know of this one. */
interface DirectoryOrigin extends Origin {
  readonly folders: Folders;
}

class DirectoryBackend implements Backend {
  public static at(folders: Folders, staging: Staging | undefined): DirectoryBackend {
    const directory = new DirectoryBackend('', '');
    directory.hold(folders);
    directory.staging = staging;
    return directory;
  }

  public readonly kind = 'directory';
  public readonly writesAtOnce = 512;
  public readonly keepsOwner = mayChangeOwner();
  public origin: DirectoryOrigin | undefined;
  private folder = '';
  private opened: Folders | undefined;
  private staging: Staging | undefined;
  private smallFiles = 0;
  private batches: BatchWriter | undefined;

  constructor(private readonly path: string, private readonly root: string) {}

  public get extent(): string {
    return join(this.folder, '/');
  }

  public get identity(): string | undefined {
    return this.opened?.root.identity;
  }

  public extents(): string[] {
    const { path, mount } = this.folders.whereabouts ?? { path: realpathSync.native(this.folder) };
    return namesOfFolder(path, readMounts(), mount).concat(join(path, '/'));
  }

  public async access(): Promise<void> {
    this.folder = resolveLocation(this.path, this.root);
    this.close();
    this.hold(openFolders({ path: this.folder }));
    try {
      const found = this.folders.whereabouts?.path ?? this.folder;
      if (found !== this.folder) refuseOutside(found, this.folder, this.root); // a folder on the way has just been replaced
      accessSync(this.folders.of(''), constants.R_OK + constants.X_OK);
    } catch (error) {
      this.close();
      throw error instanceof LocationError ? error : new LocationError(`the folder ${this.folder} cannot be read (${codeOf(error)})`);
    }
  }

  public async *list({ filter, signal, apartFrom }: ListRequest): AsyncGenerator<Item[]> {
    const walk = new Walk({ root: this.folders.root, apartFrom }, filter);
    try {
      yield* this.listFrom(walk, signal);
    } finally {
      walk.close();
    }
  }

  private async *listFrom(walk: Walk, signal: AbortSignal): AsyncGenerator<Item[]> {
    yield [walk.start()];
    let listed = 0;
    for (;;) {
      signal.throwIfAborted();
      const thread = DirectoryThread.toList(listed);
      if (thread) return yield* thread.walk(walk, signal);
      const items = walk.next();
      if (!items) return;
      listed += items.length;
      yield items;
      await setImmediate();
    }
  }

  public describe(item: Item): Item {
    const found = statItem(this.folders, item.key);
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
    const locate = () => this.folders.of(item.key);
    if (item.kind !== 'symlink') return readFile(locate, item, context);
    const target = Buffer.from(readlinkSync(locate()));
    async function* chunks() {
      yield target;
    }
    return { item: this.describe(item), chunks: chunks() };
  }

  public sha256(item: Item, signal: AbortSignal): string | Promise<string> {
    const locate = () => this.folders.of(item.key);
    if (item.kind === 'symlink') return createHash('sha256').update(readlinkSync(locate())).digest('hex');
    return sha256(locate, item, signal);
  }

  public async beginWriting(): Promise<void> {
    try {
      this.staging = await Staging.begin(this.folders);
    } catch (error) {
      throw new LocationError(`the folder ${this.folder} cannot be written to: ${messageOf(error)}`);
    }
  }

  public write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Item | undefined | Promise<Item | undefined> {
    const final = this.folders.of(item.key);
    if (item.kind === 'folder') {
      if (context.options.OverwriteMode === 'ALWAYS' || !exists(final)) return this.writeFolder(item, source, context);
      makeFolder(final, DEFAULT_MODE); // fails if it is something else
      return undefined;
    }
    if (context.options.OverwriteMode === 'NEVER' && exists(final)) return undefined;
    if (item.kind === 'device' || item.kind === 'special') {
      throw new Error('a device cannot be made here: Node.js has no mknod; set PreserveDevices to NONE to leave devices out');
    }
    if (item.kind === 'symlink' && item.target !== undefined) return this.writeLink(item.target, item, context);
    return this.writeContent(item, source, context);
  }

  /** Small files in one go, and many of them by way of other threads. */
  public copyFrom(source: Backend, item: Item, existing: Item | undefined, context: WriteContext): Item | undefined | Promise<Item | undefined> {
    if (item.kind !== 'file' || item.size > SMALL || context.throttle.limited) return this.write(item, existing, source, context);
    if (context.options.OverwriteMode === 'NEVER' && exists(this.folders.of(item.key))) return undefined;
    if (++this.smallFiles > WORTH_A_THREAD && DirectoryThread.get()) return this.batchesFrom(source, context).write(item);
    return this.copySmall(item, source, context);
  }

  public link(item: Item, other: string, { options }: WriteContext): Item | undefined {
    if (options.OverwriteMode === 'NEVER' && exists(this.folders.of(item.key))) return undefined;
    const found = statItem(this.folders, other);
    const isSame = found.kind === 'file' && found.size === item.size && (options.Mtime === 'NONE' || sameTime(found.posix!.mtime, item.posix!.mtime));
    if (!isSame) throw new Error('its other name is of another file now');
    this.staging!.link(other, item.key);
    return item;
  }

  public async writeMetadata(item: Item, _existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    if (item.kind === 'folder') return item; // when its content is complete
    const posix = metadataFor(item.posix ? item : await source.describe(item, context.signal));
    this.change(item, (held, found) => {
      if (item.kind === 'symlink') setLinkMetadata(this.folders.of(item.key), posix, found, this.keepsOwner, context);
      else setMetadata(held, posix, found, this.keepsOwner, context);
    });
    return item;
  }

  public finishFolder(item: Item, context: WriteContext): void {
    const { posix } = item;
    if (!posix) return;
    this.change(item, (held, found) => {
      const wanted = effective(posix, found, context.options);
      const everything = { mtime: true, mode: true, uid: this.keepsOwner, gid: this.keepsOwner };
      if (!sameMetadata(wanted, found, everything)) setMetadata(held, posix, found, this.keepsOwner, context);
    });
  }

  public async remove(items: readonly Item[]): Promise<Removal[]> {
    const removed = items.map(item => {
      try {
        const unlink = item.kind === 'folder' ? rmdirSync : unlinkSync;
        this.staging!.opening(item.key, () => unlink(onDisk(this.folders.of(item.key))));
        return 'removed';
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return 'removed';
        return codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST' ? 'kept' : { error: messageOf(error) };
      }
    });
    this.folders.forget(); // what is removed may come again
    return removed;
  }

  public async endWriting(): Promise<void> {
    await this.batches?.end();
    this.batches = undefined;
    this.staging?.end();
    this.staging = undefined;
    this.opened?.forget(); // so that a folder that was replaced meanwhile is not taken for complete
  }

  public close(): void {
    this.opened?.close();
    this.opened = undefined;
    this.origin = undefined;
  }

  private hold(folders: Folders): void {
    this.opened = folders;
    this.origin = { store: 'directory', folders };
  }

  private get folders(): Folders {
    if (!this.opened) throw new Error('the location is not open');
    return this.opened;
  }

  private batchesFrom(source: Backend, context: WriteContext): BatchWriter {
    const folders = { from: (source.origin as DirectoryOrigin).folders.root, to: this.folders.root, staging: this.staging!.shared };
    return this.batches ??= new BatchWriter(folders, context, item => this.copySmall(item, source, context));
  }

  private copySmall(item: Item, source: Backend, context: WriteContext): Item | Promise<Item> {
    const to = this.place(item, context);
    const from = (source.origin as DirectoryOrigin).folders.of(item.key);
    return copySmall(from, item, this.staging!, to, context) ?? this.writeContent(item, source, context);
  }

  private place(item: Item, context: WriteContext): Placement {
    const posix = metadataFor(item);
    const kept = this.keptBy(item, context);
    return this.staging!.place(item.key, target => setMetadata(target as number, posix, kept, this.keepsOwner, context));
  }

  /** What new content gets from what it replaces: not its times, and nothing from an item of another kind. */
  private keptBy(item: Item, { options }: WriteContext): Kept {
    const found = preservesAll(options) ? undefined : this.lookUp(item.key);
    return found?.posix && found.kind === item.kind ? { mode: found.posix.mode, uid: found.posix.uid, gid: found.posix.gid } : undefined;
  }

  /** Does something to an item that is there, and stays the one that it is meanwhile. */
  private change({ key, kind }: Pick<Item, 'key' | 'kind'>, act: (held: Handle, found: PosixMetadata) => void): void {
    const held = holdItem(this.folders.of(key));
    try {
      const found = toItem(key, statHandle(held));
      if (found.kind !== kind) throw new Error(`is a ${found.kind} at the destination now`);
      act(held, found.posix!);
    } finally {
      held.close();
    }
  }

  private lookUp(key: string): Item | undefined {
    try {
      return statItem(this.folders, key);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  private writeFolder(item: Item, source: Backend, context: WriteContext): Item | Promise<Item> {
    const mode = context.options.PosixPermissions === 'PRESERVE' ? 0o700 : DEFAULT_MODE;
    const kept = this.lookUp(item.key)?.posix;
    this.staging!.opening(item.key, () => makeFolder(this.folders.of(item.key), mode));
    if (item.posix) return item; // its metadata when its content is complete
    const finish = (found: Item) => this.change(item, held => setMetadata(held, metadataFor(found), kept, this.keepsOwner, context));
    if (!item.implicit) {
      return Promise.resolve(source.describe(item, context.signal)).then(found => {
        if (!found.posix) finish(found);
        return found;
      });
    }
    if (item.key !== '') finish(item);
    return item;
  }

  private writeLink(target: string, item: Item, context: WriteContext): Item {
    context.sent(item.size);
    const posix = metadataFor(item);
    const kept = this.keptBy(item, context);
    const finish = (path: number | string) => setLinkMetadata(path as string, posix, kept, this.keepsOwner, context);
    const to = this.staging!.place(item.key, finish);
    try {
      this.staging!.opening(item.key, () => symlinkSync(target, this.staging!.pathOf(to)));
      finish(this.staging!.pathOf(to));
      this.staging!.move(to);
    } catch (error) {
      this.staging!.drop(to);
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
      const bytes = await collect(content);
      const target = bytes.toString();
      if (!Buffer.from(target).equals(bytes)) throw new Error('the target of the link is not UTF-8');
      return this.writeLink(target, { ...fresh, target }, context);
    }
    const to = this.place(fresh, context);
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
  return lstatSync(onDisk(path), { throwIfNoEntry: false }) !== undefined;
}
