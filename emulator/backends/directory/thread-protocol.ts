import type { Root } from './folders';
import type { Packed } from './pack';
import type { SharedStaging } from './staging';
import type { Frame, WalkScope } from './walk';
import type { FilterRule, TransferOptions } from '../../engine/request';

/** What a thread is asked, and what it answers. Each request has an id, and each answer the id of its request; the first, with the id 0, says that it is ready. */
export type ThreadRequest = WalkRequest | LeaveRequest | CopyRequest | EndRequest;

export interface ThreadAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: ThreadFailure;
}

export interface ThreadFailure {
  readonly message: string;
  readonly code?: string;
}

/** Lists the next items of a walk that has begun elsewhere. Answered with `Packed`, or with undefined at the end. */
export interface WalkRequest {
  readonly kind: 'walk';
  readonly walk: number;
  /** How far the walk has come. With the first request only. */
  readonly begun?: {
    readonly scope: WalkScope;
    readonly includes: readonly FilterRule[];
    readonly excludes: readonly FilterRule[];
    readonly frames: Frame[];
  };
}

/** No more of this walk is wanted. */
export interface LeaveRequest {
  readonly kind: 'leave';
  readonly walk: number;
}

/** Copies small files from one folder to another. Answered with `Copied`. */
export interface CopyRequest {
  readonly kind: 'copy';
  readonly from: Root;
  readonly to: Root;
  readonly staging: SharedStaging;
  readonly options: TransferOptions;
  readonly keepsOwner: boolean;
  readonly items: Packed;
}

/** No more is to be copied by way of this working folder. */
export interface EndRequest {
  readonly kind: 'end';
  /** Its id. */
  readonly run: string;
}

/** All files were copied, but for the exceptions. */
export interface Copied {
  readonly sent: number;
  readonly written: number;
  readonly exceptions: readonly CopyException[];
}

/** A file that was not copied: since OverwriteMode NEVER keeps what is there, since it has changed since it was listed, or since that failed. */
export interface CopyException {
  readonly index: number;
  readonly reason: 'kept' | 'changed' | ThreadFailure;
}
