import { accessSync, constants, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DryRun } from './dry-run';
import type { Backend, Item, Removal, WriteContext } from '../../engine/backend';
import { sameMetadata } from '../../engine/compare';
import { codeOf, LocationError, messageOf } from '../../engine/errors';
import { refuseDevice } from '../directory/file-writer';
import { effective } from '../directory/metadata';
import { NoFolderError, parentOf, pathOf, resolveLocation } from '../directory/paths';
import { isMountPoint, readSystemMounts, systemMountOf } from '../directory/system-mounts';
import type { SystemMount } from '../directory/system-mounts';
import { keyOfName, onDisk } from '../directory/undecodable-names';

/** A dry run's view of a folder that `openDirectory` opened with the same arguments. */
export class DirectoryDryRun extends DryRun {
  private folder = '';
  private mounts = readSystemMounts();
  /** Paths that are gone as far as the dry run goes. */
  private readonly removed = new Set<string>();

  constructor(real: Backend, private readonly path: string, private readonly root: string) {
    super(real);
  }

  public async access(): Promise<void> {
    await this.real.access();
    this.folder = resolveLocation(this.path, this.root);
    this.mounts = readSystemMounts();
  }

  public async beginWriting(): Promise<void> {
    try {
      accessSync(this.folder, constants.W_OK + constants.X_OK);
    } catch (error) {
      throw new LocationError(`the folder ${this.folder} cannot be written to: ${messageOf(error)}`);
    }
  }

  public write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Item | undefined {
    const found = this.kindAt(pathOf(item.key));
    const isKept = found !== undefined && context.options.OverwriteMode === 'NEVER';
    if (isKept && item.kind !== 'folder') return undefined;
    refuseDevice(item);
    if (found === 'file' && item.kind === 'folder') throw new Error('is a folder at the source, but a file or link with its name is at the destination');
    if (found === 'folder' && item.kind !== 'folder') throw new Error(`is a ${item.kind} at the source, but a folder with its name is at the destination`);
    if (!isKept && !(found && item.kind === 'folder')) this.refuseMounted(pathOf(item.key), item.kind !== 'folder');
    return isKept ? undefined : this.pass(item.kind === 'folder' ? { ...item, size: 0 } : item, source, context);
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

  private mountOf(path: string): SystemMount | undefined {
    return systemMountOf(this.full(path), this.mounts);
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
