import { accessSync, constants, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sameMetadata } from '../../engine/compare';
import { codeOf, LocationError, messageOf } from '../../engine/errors';
import { Filter } from '../../engine/filter';
import type { Backend, Content, Item, ListRequest, ReadContext, Removal, WriteContext } from '../../engine/types';
import { effective } from '../directory/metadata';
import { isMountPoint, mountOf, readMounts, type Mount } from '../directory/mounts';
import { NoFolderError, parentOf, pathOf, resolveLocation } from '../directory/paths';
import { keyOfName, onDisk } from '../directory/undecodable-names';
import { mustBeRewritten } from '../s3/copy';

/**
 * A destination that is read and never changed: it answers every change as the real one would, so that a dry run takes the same way
 * as the run. What shows only when content is read or written (permissions, a full disk) it cannot know.
 */
abstract class Preview implements Backend {
  public readonly kind: Backend['kind'];
  public readonly keepsOwner: boolean;

  constructor(protected readonly real: Backend) {
    this.kind = real.kind;
    this.keepsOwner = real.keepsOwner;
  }

  public get extent(): string {
    return this.real.extent;
  }

  public get identity(): string | undefined {
    return this.real.identity;
  }

  public extents(): readonly string[] | Promise<readonly string[]> {
    return this.real.extents?.() ?? [];
  }

  public access(): Promise<void> {
    return this.real.access();
  }

  public list(request: ListRequest): AsyncIterable<Item[]> {
    return this.real.list(request);
  }

  public describe(item: Item, signal: AbortSignal, withTags?: boolean): Item | Promise<Item> {
    return this.real.describe(item, signal, withTags);
  }

  public find(key: string, signal: AbortSignal, version?: string): Promise<Item | undefined> {
    return this.real.find(key, signal, version);
  }

  public read(item: Item, context: ReadContext): Promise<Content> {
    return this.real.read(item, context);
  }

  public sha256(item: Item, signal: AbortSignal): string | Promise<string> {
    return this.real.sha256(item, signal);
  }

  public async beginWriting(): Promise<void> {}

  public abstract write(item: Item, existing: Item | undefined, source: Backend, context: WriteContext): Item | undefined | Promise<Item | undefined>;

  public async writeMetadata(item: Item, _existing: Item, _source: Backend, _context: WriteContext): Promise<Item> {
    return item;
  }

  public finishFolder(_item: Item, _context: WriteContext): void | Promise<void> {}

  public abstract remove(items: readonly Item[], signal: AbortSignal): Promise<Removal[]>;

  public async endWriting(): Promise<void> {}

  public close(): void {
    this.real.close();
  }

  /** Counts the content as if it had been sent. */
  protected pass(item: Item, context: WriteContext): Item {
    context.sent(item.size);
    context.written(item.size);
    return item;
  }
}

/** A dry run's view of a folder that `openDirectory` opened with the same arguments. */
export class DirectoryPreview extends Preview {
  private folder = '';
  private mounts = readMounts();
  /** Paths that are gone as far as the dry run goes. */
  private readonly removed = new Set<string>();

  constructor(real: Backend, private readonly path: string, private readonly root: string) {
    super(real);
  }

  public async access(): Promise<void> {
    await this.real.access();
    this.folder = resolveLocation(this.path, this.root);
    this.mounts = readMounts();
  }

  public async beginWriting(): Promise<void> {
    try {
      accessSync(this.folder, constants.W_OK + constants.X_OK);
    } catch (error) {
      throw new LocationError(`the folder ${this.folder} cannot be written to: ${messageOf(error)}`);
    }
  }

  public write(item: Item, _existing: Item | undefined, _source: Backend, context: WriteContext): Item | undefined {
    const found = this.kindAt(pathOf(item.key));
    const isKept = found !== undefined && context.options.OverwriteMode === 'NEVER';
    if (isKept && item.kind !== 'folder') return undefined;
    if (item.kind === 'device' || item.kind === 'special') throw new Error('a device cannot be made here: Node.js has no mknod');
    if (found === 'file' && item.kind === 'folder') throw new Error('is a folder at the source, but a file or link with its name is at the destination');
    if (found === 'folder' && item.kind !== 'folder') throw new Error(`is a ${item.kind} at the source, but a folder with its name is at the destination`);
    if (!isKept && !(found && item.kind === 'folder')) this.refuseMounted(pathOf(item.key), item.kind !== 'folder');
    return isKept ? undefined : this.pass(item.kind === 'folder' ? { ...item, size: 0 } : item, context);
  }

  public link(item: Item, other: string, { options }: WriteContext): Item | undefined {
    const path = pathOf(item.key);
    const found = this.kindAt(path);
    if (found !== undefined && options.OverwriteMode === 'NEVER') return undefined;
    if (found === 'folder') throw new Error('a folder with its name is at the destination');
    this.refuseMounted(path, true);
    if (this.mountOf(path) !== this.mountOf(other)) throw new Error('the other name is in another mount');
    return item;
  }

  public async writeMetadata(item: Item): Promise<Item> {
    if (item.kind !== 'folder') this.refuseReadOnly(pathOf(item.key)); // a folder when its content is complete
    return item;
  }

  public finishFolder(item: Item, { options }: WriteContext): void {
    const path = pathOf(item.key);
    if (!item.posix || !this.isReadOnly(path)) return;
    const { posix } = this.real.describe(item, new AbortController().signal) as Item;
    const everything = { mtime: true, mode: true, uid: this.keepsOwner, gid: this.keepsOwner };
    if (!sameMetadata(effective(item.posix, posix, options), posix!, everything)) this.refuseReadOnly(path);
  }

  public async remove(items: readonly Item[]): Promise<Removal[]> {
    return items.map(item => {
      try {
        const path = pathOf(item.key);
        this.refuseMounted(path, true);
        if (item.kind === 'folder' && this.namesIn(path).some(name => !this.removed.has(`${path}/${name}`))) return 'kept';
        this.removed.add(path);
        return 'removed';
      } catch (error) {
        return codeOf(error) === 'ENOENT' ? 'removed' : { error: messageOf(error) };
      }
    });
  }

  private full(path: string): string {
    return join(this.folder, path);
  }

  private mountOf(path: string): Mount | undefined {
    return mountOf(this.full(path), this.mounts);
  }

  private isReadOnly(path: string): boolean {
    return this.mountOf(path)?.isReadOnly === true;
  }

  private namesIn(path: string): string[] {
    return readdirSync(onDisk(this.full(path)), { encoding: 'buffer' }).map(keyOfName);
  }

  /** Throws if nothing can be made or removed at the path: what is mounted there cannot be replaced. */
  private refuseMounted(path: string, isReplaced: boolean): void {
    if (isReplaced && isMountPoint(this.full(path), this.mounts)) throw new Error('EBUSY: something is mounted there');
    this.refuseReadOnly(parentOf(path));
  }

  private refuseReadOnly(path: string): void {
    if (this.isReadOnly(path)) throw new Error('EROFS: read-only file system');
  }

  /** What is at the path, if anything: a folder, or something that is none. */
  private kindAt(path: string): 'folder' | 'file' | undefined {
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const above = this.lookUp(path.slice(0, slash));
      if (above === undefined) return undefined;
      if (above === 'file') throw new NoFolderError(path.slice(0, slash));
    }
    return this.lookUp(path);
  }

  private lookUp(path: string): 'folder' | 'file' | undefined {
    if (this.removed.has(path)) return undefined;
    const stats = lstatSync(onDisk(this.full(path)), { throwIfNoEntry: false });
    if (!stats) return undefined;
    return stats.isDirectory() ? 'folder' : 'file';
  }
}

/** A dry run's view of a bucket. */
export class S3Preview extends Preview {
  /** Keys that are gone as far as the dry run goes. */
  private readonly removed = new Set<string>();

  public async write(item: Item, _existing: Item | undefined, _source: Backend, context: WriteContext): Promise<Item | undefined> {
    if (item.kind === 'device' || item.kind === 'special') throw new Error('a device cannot be an object; set PreserveDevices to NONE to leave devices out');
    const { OverwriteMode: overwrite, TransferMode: mode } = context.options;
    if (overwrite === 'NEVER' && mode === 'ALL' && await this.exists(item, context.signal)) return undefined;
    return this.pass(item, context);
  }

  public async writeMetadata(item: Item, existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    return mustBeRewritten(item, existing) ? await this.write(item, existing, source, context) ?? item : item;
  }

  public async remove(items: readonly Item[], signal: AbortSignal): Promise<Removal[]> {
    const results: Removal[] = [];
    for (const { key } of items) {
      const isKept = key.endsWith('/') && await this.holdsMore(key, signal);
      if (!isKept) this.removed.add(key);
      results.push(isKept ? 'kept' : 'removed');
    }
    return results;
  }

  private async holdsMore(folder: string, signal: AbortSignal): Promise<boolean> {
    const below = new Filter([{ Value: `/${folder.replace(/[*|\\]/g, '\\$&')}*` }], []);
    for await (const items of this.real.list({ filter: below, signal })) {
      if (items.some(({ key, implicit }) => !implicit && key.startsWith(folder) && key !== folder && !this.removed.has(key))) return true;
    }
    return false;
  }

  private async exists(item: Item, signal: AbortSignal): Promise<boolean> {
    try {
      return !(await this.real.describe(item, signal)).implicit;
    } catch (error) {
      if ((error as { $metadata?: object }).$metadata) throw error; // the store's trouble, not the object's absence
      return false;
    }
  }
}
