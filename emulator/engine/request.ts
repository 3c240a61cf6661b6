import type { Backend } from './backend';
import type { Manifest } from './manifest';

/** The members of the API's `Options` that decide what a transfer does, each with its effective value. */
export interface TransferOptions {
  readonly Atime: 'BEST_EFFORT' | 'NONE';
  /** Bytes per second over all streams; -1 is no limit. */
  readonly BytesPerSecond: number;
  readonly Gid: 'INT_VALUE' | 'NONE' | 'NAME' | 'BOTH';
  readonly Mtime: 'PRESERVE' | 'NONE';
  readonly ObjectMetadata: 'PRESERVE' | 'NONE';
  readonly ObjectTags: 'PRESERVE' | 'NONE';
  readonly OverwriteMode: 'ALWAYS' | 'NEVER';
  readonly PosixPermissions: 'PRESERVE' | 'NONE';
  readonly PreserveDeletedFiles: 'PRESERVE' | 'REMOVE';
  readonly PreserveDevices: 'PRESERVE' | 'NONE';
  readonly TransferMode: 'CHANGED' | 'ALL';
  readonly Uid: 'INT_VALUE' | 'NONE' | 'NAME' | 'BOTH';
  readonly VerifyMode: 'POINT_IN_TIME_CONSISTENT' | 'ONLY_FILES_TRANSFERRED' | 'NONE';
}

/** A filter in the shape of the API. */
export interface FilterRule {
  readonly FilterType?: string;
  readonly Value?: string;
}

export type TaskMode = 'BASIC' | 'ENHANCED';

/** One execution: what to copy from where to where, and how. */
export interface TransferRequest {
  readonly source: Backend;
  readonly destination: Backend;
  readonly options: TransferOptions;
  readonly includes: readonly FilterRule[];
  readonly excludes: readonly FilterRule[];
  /** What to transfer instead of everything: nothing else is listed, and nothing is deleted. */
  readonly manifest?: Manifest;
  readonly taskMode: TaskMode;
  /** Storage class of an S3 destination, access tier of one in Azure, as they call it. @default - the store's */
  readonly storageClass?: string;
  /** What to call the two locations in `Task failed to access location <name>: ...`. @default 'source' and 'destination' */
  readonly locationNames?: { readonly source: string; readonly destination: string };
}
