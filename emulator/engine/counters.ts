import type { Item } from './backend';
import type { Counters, Step } from './outcome';
import type { TaskMode } from './request';

export function newCounters(): Counters {
  return {
    EstimatedFilesToTransfer: 0,
    EstimatedBytesToTransfer: 0,
    EstimatedFilesToDelete: 0,
    FilesTransferred: 0,
    BytesTransferred: 0,
    BytesCompressed: 0,
    BytesWritten: 0,
    FilesSkipped: 0,
    FilesVerified: 0,
    FilesDeleted: 0,
    FilesPrepared: 0,
    FilesListed: { AtSource: 0, AtDestinationForDelete: 0 },
    FilesFailed: { Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 },
    EstimatedFoldersToTransfer: 0,
    EstimatedFoldersToDelete: 0,
    FoldersPrepared: 0,
    FoldersTransferred: 0,
    FoldersSkipped: 0,
    FoldersVerified: 0,
    FoldersDeleted: 0,
    FoldersListed: { AtSource: 0, AtDestinationForDelete: 0 },
    FoldersFailed: { List: 0, Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 },
  };
}

/** Names of what is counted for every item: to put them together each time takes longer than to count. */
const FILES = { Transferred: 'FilesTransferred', Skipped: 'FilesSkipped', Verified: 'FilesVerified', Deleted: 'FilesDeleted' } as const;
const FOLDERS = { Transferred: 'FoldersTransferred', Skipped: 'FoldersSkipped', Verified: 'FoldersVerified', Deleted: 'FoldersDeleted' } as const;

/** Counts items the way the task mode wants it: Basic has one count for files and folders, Enhanced has two and some more. */
export class ItemCounter {
  /** Items that failed or differed, by step; unlike the counters of the API in both modes. */
  public readonly failures: Record<Step, number> = { List: 0, Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 };

  constructor(public readonly counters: Counters, private readonly mode: TaskMode) {}

  public count(what: 'Transferred' | 'Skipped' | 'Verified' | 'Deleted', item: Item): void {
    this.counters[(this.isFolder(item) ? FOLDERS : FILES)[what]]++;
  }

  public listed(where: 'AtSource' | 'AtDestinationForDelete', item: Item): void {
    if (this.mode === 'ENHANCED') (item.kind === 'folder' ? this.counters.FoldersListed : this.counters.FilesListed)[where]++;
  }

  /** The item is on the list of what to transfer; `compared` is false with TransferMode ALL, where nothing is "prepared". */
  public planned(item: Item, bytes: number, compared: boolean): void {
    this.counters[`Estimated${this.noun(item)}ToTransfer`]++;
    this.counters.EstimatedBytesToTransfer += bytes;
    if (this.mode === 'ENHANCED' && compared) this.counters[`${this.noun(item)}Prepared`]++;
  }

  public plannedDelete(item: Item): void {
    this.counters[`Estimated${this.noun(item)}ToDelete`]++;
    if (this.mode === 'BASIC') this.counters.EstimatedFilesToTransfer++;
  }

  /** A folder that was to be deleted holds something that is left alone. */
  public keptAfterAll(item: Item): void {
    this.counters[`Estimated${this.noun(item)}ToDelete`]--;
    if (this.mode === 'BASIC') this.counters.EstimatedFilesToTransfer--;
  }

  public failed(step: Step, item: Item): void {
    this.failures[step]++;
    if (this.mode === 'BASIC') return;
    if (item.kind === 'folder') this.counters.FoldersFailed[step]++;
    else this.counters.FilesFailed[step === 'List' ? 'Prepare' : step]++;
  }

  private noun(item: Item): 'Files' | 'Folders' {
    return this.isFolder(item) ? 'Folders' : 'Files';
  }

  private isFolder({ kind }: Item): boolean {
    return this.mode === 'ENHANCED' && kind === 'folder';
  }
}
