import { lstatSync, symlinkSync } from 'node:fs';
import { copySmall, placeBuffer, placeStream, SMALL } from './copy';
import type { Folders } from './folders';
import { posixMetadata, preservesAll, setLinkMetadata, setMetadata } from './metadata';
import type { Kept } from './metadata';
import type { Placement, Staging } from './staging';
import { onDisk } from './undecodable-names';
import { statItem } from './walk';
import type { Content, Item, WriteContext } from '../../engine/backend';
import { collect } from '../../engine/content';
import { codeOf } from '../../engine/errors';

/** As much as writing a small file needs of the run that it is done for. */
export type BriefContext = Pick<WriteContext, 'options' | 'sent' | 'written'>;

/** Writes files and links into a folder: each grows in the working folder of the run, and has its name, and its metadata, once it is complete. */
export class FileWriter {
  /** @param keepsOwner whether this process may set owners */
  constructor(private readonly folders: Folders, private readonly staging: Staging, private readonly keepsOwner: boolean) {}

  /** Is there something of that name that has to stay? */
  public isKept({ key }: Item, { options }: BriefContext): boolean {
    return options.OverwriteMode === 'NEVER' && exists(this.folders.of(key));
  }

  /** Copies a small file of another folder in one go. False, with nothing done, if it is not what was listed any more. */
  public copySmall(from: Folders, item: Item, context: BriefContext): boolean {
    const to = this.place(item, context);
    return copySmall(from.of(item.key), item, this.staging, to, context);
  }

  /** Writes the content of a file, which is `item` by now. */
  public async writeFile({ chunks }: Content, item: Item, context: WriteContext): Promise<Item> {
    const to = this.place(item, context);
    if (item.size > SMALL) {
      await placeStream(chunks, this.staging, to, context);
      return item;
    }
    const buffer = await collect({ item, chunks }, context.sent);
    placeBuffer(buffer, this.staging, to);
    context.written(buffer.length);
    return item;
  }

  public writeLink(target: string, item: Item, context: BriefContext): Item {
    context.sent(item.size);
    const posix = posixMetadata(item);
    const kept = this.keptBy(item, context);
    const finish = (path: number | string) => setLinkMetadata(path as string, posix, kept, this.keepsOwner, context);
    const to = this.staging.place(item.key, finish);
    try {
      this.staging.opening(item.key, () => symlinkSync(target, this.staging.pathOf(to)));
      finish(this.staging.pathOf(to));
      this.staging.move(to);
    } catch (error) {
      this.staging.drop(to);
      throw error;
    }
    context.written(item.size);
    return item;
  }

  private place(item: Item, context: BriefContext): Placement {
    const posix = posixMetadata(item);
    const kept = this.keptBy(item, context);
    return this.staging.place(item.key, target => setMetadata(target as number, posix, kept, this.keepsOwner, context));
  }

  /** What new content gets from what it replaces: not its times, and nothing from an item of another kind. */
  private keptBy(item: Item, { options }: BriefContext): Kept {
    const found = preservesAll(options) ? undefined : findItem(this.folders, item.key);
    return found?.posix && found.kind === item.kind ? { mode: found.posix.mode, uid: found.posix.uid, gid: found.posix.gid } : undefined;
  }
}

export function findItem(folders: Folders, key: string): Item | undefined {
  try {
    return statItem(folders, key);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function exists(path: string): boolean {
  return lstatSync(onDisk(path), { throwIfNoEntry: false }) !== undefined;
}

/** Throws if the item cannot be made in a folder. */
export function refuseDevice({ kind }: Item): void {
  if (kind === 'device' || kind === 'special') throw new Error('a device cannot be made here: Node.js has no mknod; set PreserveDevices to NONE to leave devices out');
}
