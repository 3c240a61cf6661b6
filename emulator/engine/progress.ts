import type { Counters } from './outcome';
import type { TaskMode } from './request';

/** What one item costs besides its bytes, in bytes: so that many small files move a bar as well as few large ones. */
const ITEM = 64 * 1024;

/** How far a transfer is, in numbers for people: files, folders and links are all items, in both task modes. */
export interface Progress {
  /** Of all that is to be transferred and deleted, from 0 to 1. Grows only as far as it is prepared. */
  readonly fraction: number;
  /** To be transferred or deleted. */
  readonly itemsPlanned: number;
  readonly itemsTransferred: number;
  readonly itemsDeleted: number;
  readonly itemsSkipped: number;
  readonly itemsVerified: number;
  readonly bytesPlanned: number;
  readonly bytesWritten: number;
}

export function progressOf(counters: Counters, mode: TaskMode): Progress {
  // Basic mode counts deletions among the transfers
  const deletions = mode === 'BASIC' ? 0 : counters.EstimatedFilesToDelete + counters.EstimatedFoldersToDelete;
  const itemsPlanned = counters.EstimatedFilesToTransfer + counters.EstimatedFoldersToTransfer + deletions;
  const itemsTransferred = counters.FilesTransferred + counters.FoldersTransferred;
  const itemsDeleted = counters.FilesDeleted + counters.FoldersDeleted;
  const planned = counters.EstimatedBytesToTransfer + itemsPlanned * ITEM;
  const done = counters.BytesWritten + (itemsTransferred + itemsDeleted) * ITEM;
  return {
    fraction: planned === 0 ? 0 : Math.min(1, done / planned),
    itemsPlanned,
    itemsTransferred,
    itemsDeleted,
    itemsSkipped: counters.FilesSkipped + counters.FoldersSkipped,
    itemsVerified: counters.FilesVerified + counters.FoldersVerified,
    bytesPlanned: counters.EstimatedBytesToTransfer,
    bytesWritten: counters.BytesWritten,
  };
}
