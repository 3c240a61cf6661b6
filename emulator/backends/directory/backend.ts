import { createHash } from 'node:crypto';
import { accessSync, constants, readlinkSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BatchCopy } from './batch-copy';
import { readFile, sha256, SMALL } from './copy';
import { exists, FileWriter, findItem, refuseDevice } from './file-writer';
import { openFolders } from './folders';
import type { Folders } from './folders';
import { holdItem, statHandle } from './handle';
import type { Handle } from './handle';
import { DEFAULT_MODE, effective, mayChangeOwner, posixMetadata, setLinkMetadata, setMetadata } from './metadata';
import { makeFolder, NoFolderError, refuseOutside, resolveLocation } from './paths';
import { Staging } from './staging';
import { namesOfFolder, readSystemMounts } from './system-mounts';
import { DirectoryThread, WORTH_A_THREAD } from './threads';
import { onDisk } from './undecodable-names';
import { statItem, toItem, Walk } from './walk';
import { allowWorkingFolder } from './working-folder';
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

/**
 * Called by a program of our own that makes one run and ends: what pays off in a server only is left out, and the working directory may change for
 * a moment while names are looked up.
 */
export function prepareForOneRun(): void {
  allowWorkingFolder();
  DirectoryThread.listOnce();
}

/** What another folder needs to know of this one. */
interface DirectoryOrigin extends Origin {
  readonly folders: Folders;
}

class DirectoryBackend implements Backend {
  public readonly kind = 'directory';
  public readonly writesAtOnce = 512;
  public readonly keepsOwner = mayChangeOwner();
  public origin: DirectoryOrigin | undefined;
  private folder = '';
  private opened: Folders | undefined;
  private staging: Staging | undefined;
  private writer: FileWriter | undefined;
  private smallFiles = 0;
  private batches: BatchCopy | undefined;

  constructor(private readonly path: string, private readonly root: string) {}

  public get extent(): string {
    return join(this.folder, '/');
  }

  public get identity(): string | undefined {
    return this.opened?.root.identity;
  }

  public extents(): string[] {
    const { path, mount } = this.folders.pathAndMount ?? { path: realpathSync.native(this.folder) };
    return namesOfFolder(path, readSystemMounts(), mount).concat(join(path, '/'));
  }

  public async access(): Promise<void> {
    this.folder = resolveLocation(this.path, this.root);
    this.close();
    this.hold(openFolders({ path: this.folder }));
    try {
      const found = this.folders.pathAndMount?.path ?? this.folder;
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
      this.writer = new FileWriter(this.folders, this.staging, this.keepsOwner);
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
    if (this.writer!.isKept(item, context)) return undefined;
    refuseDevice(item);
    if (item.kind === 'symlink' && item.target !== undefined) return this.writer!.writeLink(item.target, item, context);
    return this.writeContent(item, source, context);
  }

  /** Small files in one go, and many of them by way of other threads. */
  public copyFrom(source: Backend, item: Item, existing: Item | undefined, context: WriteContext): Item | undefined | Promise<Item | undefined> {
    if (item.kind !== 'file' || item.size > SMALL || context.throttle.limited) return this.write(item, existing, source, context);
    if (this.writer!.isKept(item, context)) return undefined;
    if (++this.smallFiles > WORTH_A_THREAD && DirectoryThread.get()) return this.batchesFrom(source, context).copy(item);
    return this.copySmall(item, source, context);
  }

  public link(item: Item, other: string, context: WriteContext): Item | undefined {
    if (this.writer!.isKept(item, context)) return undefined;
    const found = statItem(this.folders, other);
    const isSame = found.kind === 'file' && found.size === item.size && (context.options.Mtime === 'NONE' || sameTime(found.posix!.mtime, item.posix!.mtime));
    if (!isSame) throw new Error('its other name is of another file now');
    this.staging!.link(other, item.key);
    return item;
  }

  public async writeMetadata(item: Item, _existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    if (item.kind === 'folder') return item; // when its content is complete
    const posix = posixMetadata(item.posix ? item : await source.describe(item, context.signal));
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
    this.writer = undefined;
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

  private batchesFrom(source: Backend, context: WriteContext): BatchCopy {
    const folders = { from: originOf(source).root, to: this.folders.root, staging: this.staging!.shared, keepsOwner: this.keepsOwner };
    return this.batches ??= new BatchCopy(folders, context, item => this.copySmall(item, source, context));
  }

  private copySmall(item: Item, source: Backend, context: WriteContext): Item | Promise<Item> {
    return this.writer!.copySmall(originOf(source), item, context) ? item : this.writeContent(item, source, context);
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

  private writeFolder(item: Item, source: Backend, context: WriteContext): Item | Promise<Item> {
    const mode = context.options.PosixPermissions === 'PRESERVE' ? 0o700 : DEFAULT_MODE;
    const kept = findItem(this.folders, item.key)?.posix;
    this.staging!.opening(item.key, () => makeFolder(this.folders.of(item.key), mode));
    if (item.posix) return item; // its metadata when its content is complete
    const finish = (found: Item) => this.change(item, held => setMetadata(held, posixMetadata(found), kept, this.keepsOwner, context));
    if (!item.implicit) {
      return Promise.resolve(source.describe(item, context.signal)).then(found => {
        if (!found.posix) finish(found);
        return found;
      });
    }
    if (item.key !== '') finish(item);
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
      return this.writer!.writeLink(target, { ...fresh, target }, context);
    }
    return this.writer!.writeFile(content, fresh, context);
  }
}

function originOf(source: Backend): Folders {
  return (source.origin as DirectoryOrigin).folders;
}
