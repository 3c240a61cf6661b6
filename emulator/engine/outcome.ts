import type { Item } from './backend';

export type Phase = 'PREPARING' | 'TRANSFERRING' | 'VERIFYING';

/** What was to be done to an item. */
export type Step = 'List' | 'Prepare' | 'Transfer' | 'Verify' | 'Delete';

/** One item that failed, or that differs after the copy. The run goes on and ends in ERROR. */
export interface ItemFailure {
  readonly phase: Phase;
  readonly step: Step;
  /** At the source; of a deletion, and of what only the destination has, at the destination. */
  readonly item: Item;
  /** Path below the location, with a leading `/`. */
  readonly path: string;
  readonly message: string;
  /** A short name for it, where there is one: of a system call, of a store, or of our own. */
  readonly code?: string;
  /** What is at the destination, where that is known, and, of a transfer, what was to be done to it. */
  readonly existing?: Item;
  readonly change?: 'content' | 'metadata';
  readonly checksums?: Checksums;
}

/** SHA-256 of the content on both sides, hex. */
export interface Checksums {
  readonly source: string;
  readonly destination: string;
}

/** Why an item is skipped that is not even compared. */
export type ReasonToSkip = 'special' | 'placeless' | 'archived';

/** What became of one item that did not fail. */
export interface ItemOutcome {
  readonly what: 'Transferred' | 'Skipped' | 'Verified' | 'Deleted';
  /** At the source; of a deletion at the destination. */
  readonly item: Item;
  /** What is at the destination: before it was transferred, because of which it was skipped, or what it was verified against. */
  readonly existing?: Item;
  /** Of a transfer: everything, or only metadata. */
  readonly change?: 'content' | 'metadata';
  /**
   * Why it was skipped: nothing differs, OverwriteMode NEVER kept what was there, it is a socket, a pipe or an undesired device, the destination
   * has no place for such items, or it is an object in an archive.
   */
  readonly reason?: 'unchanged' | 'kept' | ReasonToSkip;
  /** Of what was verified and has content. */
  readonly checksums?: Checksums;
}

export interface TransferObserver {
  onPhase(phase: Phase): void;
  /** Called once per item and outcome, so twice for one that is transferred and then verified. Must be quick and must not throw. */
  onItem?(outcome: ItemOutcome): void;
  onItemFailure?(failure: ItemFailure): void;
}

export interface PhaseResult {
  readonly status: 'PENDING' | 'SUCCESS' | 'ERROR';
  /** Wall time in milliseconds; always 0 in Enhanced mode, as the service reports it. */
  readonly durationMs: number;
}

/** The outcome of one execution. */
export interface TransferResult {
  readonly status: 'SUCCESS' | 'ERROR';
  readonly errorCode?: string;
  readonly errorDetail?: string;
  readonly prepare: PhaseResult;
  readonly transfer: PhaseResult;
  readonly verify: PhaseResult;
}

/**
 * The counters of DescribeTaskExecution, live. In Basic mode `Files*` count folders too and the `Folders*` and the other Enhanced-only
 * members stay 0; in Enhanced mode folders are counted apart. The location itself counts as one folder.
 */
export interface Counters {
  EstimatedFilesToTransfer: number;
  EstimatedBytesToTransfer: number;
  EstimatedFilesToDelete: number;
  FilesTransferred: number;
  BytesTransferred: number;
  BytesCompressed: number;
  BytesWritten: number;
  FilesSkipped: number;
  FilesVerified: number;
  FilesDeleted: number;
  FilesPrepared: number;
  readonly FilesListed: { AtSource: number; AtDestinationForDelete: number };
  readonly FilesFailed: { Prepare: number; Transfer: number; Verify: number; Delete: number };
  EstimatedFoldersToTransfer: number;
  EstimatedFoldersToDelete: number;
  FoldersPrepared: number;
  FoldersTransferred: number;
  FoldersSkipped: number;
  FoldersVerified: number;
  FoldersDeleted: number;
  readonly FoldersListed: { AtSource: number; AtDestinationForDelete: number };
  readonly FoldersFailed: { List: number; Prepare: number; Transfer: number; Verify: number; Delete: number };
}
