import type { Filter } from './filter';
import type { TransferOptions } from './request';

/** Seconds and nanoseconds since 1970. */
export type Time = readonly [seconds: number, nanoseconds: number];

export interface PosixMetadata {
  /** Permission bits only (07777); the type is the item's `kind`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Time;
  readonly atime: Time;
  /** In place of the ids, from a file system that has names only. */
  readonly userName?: string;
  readonly groupName?: string;
}

/** What an object store knows of an object. */
export interface ObjectMetadata {
  readonly etag?: string;
  /** MD5 of the content, hex, where a store keeps it apart from the ETag. */
  readonly md5?: string;
  /** Milliseconds since 1970. */
  readonly lastModified?: number;
  readonly storageClass?: string;
  /** Its content cannot be read before it is restored. */
  readonly archived?: boolean;
  /** User metadata, keys without `x-amz-meta-`; only known after `describe`. */
  readonly user?: Readonly<Record<string, string>>;
  /** Content-Type and the like; only known after `describe`. */
  readonly system?: SystemMetadata;
  /** Only known after `read` or `describe` with them. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SystemMetadata {
  readonly ContentType?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentDisposition?: string;
  readonly CacheControl?: string;
}

export type ItemKind = 'file' | 'folder' | 'symlink' | 'device' | 'special';

/** A file, folder, link or object below a location. Plain JSON, so that work lists can be kept on disk. */
export interface Item {
  /** Path relative to the location, `/` between names, `/` at the end of a folder, '' for the location itself. */
  readonly key: string;
  readonly kind: ItemKind;
  /** Bytes of content; of a symlink the bytes of its target; of a folder 0, unless its object holds something. */
  readonly size: number;
  readonly posix?: PosixMetadata;
  readonly object?: ObjectMetadata;
  /** The destination has no place for it, whatever its kind. */
  readonly placeless?: boolean;
  /** Of a file with several names: what they have in common. */
  readonly hardLink?: string;
  /** How many names it has, if several: also those outside of the location, and those that the filters leave out. */
  readonly names?: number;
  /** Target of a symlink, where listing tells it. */
  readonly target?: string;
  /** A folder that exists only because keys lie below it. */
  readonly implicit?: boolean;
  /** An implicit folder that can be nothing else: a bucket itself has no metadata. */
  readonly bare?: boolean;
  /** Version of an object that is to be taken instead of the latest. */
  readonly version?: string;
  /** Version that an object became when it was written, where the store keeps versions. */
  readonly writtenVersion?: string;
  /** SHA-256, hex, of the content that it was written with, where that cannot be read again. */
  readonly writtenSha256?: string;
  /** Why this item, or all that is below this folder, could not be listed, or cannot be copied. */
  readonly error?: string;
  /** Of a folder, or of what may be one by now: what is in it is not known. */
  readonly unlisted?: boolean;
  readonly errorCode?: string;
}

/** What a destination needs to know to write one item. */
export interface WriteContext {
  readonly options: TransferOptions;
  readonly storageClass?: string;
  readonly signal: AbortSignal;
  readonly throttle: Throttled;
  /** Called as content is read from the source. */
  sent(bytes: number): void;
  /** Called as content is written to the destination. */
  written(bytes: number): void;
}

export interface Throttled {
  /** True while a limit is set. */
  readonly limited: boolean;
  /** Resolves when that many bytes may be sent. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

export interface ListRequest {
  /** The `identity` of the other side: a listing that meets it rejects with a `FatalError`, since the two overlap. */
  readonly apartFrom?: string;
  readonly filter: Filter;
  readonly signal: AbortSignal;
}

/** Content of one item together with what is known of the item at the moment of reading. */
export interface Content {
  readonly item: Item;
  /** Chunks of at most a few MiB. Fails when the content is not what `item` says (integrity, changed while read). */
  readonly chunks: AsyncIterable<Buffer>;
}

/** What became of an item that was to be removed; `kept`: a folder that still holds something the filters leave alone. */
export type Removal = 'removed' | 'kept' | { readonly error: string };

/** Where a backend's items are, for copies within a store: whoever knows the store knows what else there is to it. */
export interface Origin {
  /** What names the store, and how this process reaches it. */
  readonly store: string;
}

/**
 * One side of a transfer: a folder, a bucket, a container, or a decorator around one.
 *
 * What goes wrong with the whole location (`access`, `list`, `beginWriting`) is a `LocationError` and ends the run. What goes wrong with one item
 * is any Error, thrown or rejected with: the item fails, and the run goes on. Nothing is done again that failed; a store's client may have tried
 * several times. After `signal` has fired, whatever is under way ends soon with an error. `test/emulator/backends/conformance/` checks all of this.
 */
export interface Backend {
  /** What it holds. */
  readonly kind: 'directory' | 'objects';
  /** Kinds of items that cannot be here, whatever the options say: on their way here they are skipped. @default - none */
  readonly lacks?: readonly ItemKind[];
  /** False when this process may not set owners here: ownership is then neither written nor compared. */
  readonly keepsOwner: boolean;
  /** Items that can be on their way here at a time. @default 32: enough for a store with a few ms per request */
  readonly writesAtOnce?: number;
  /** Where it is, below all that it is inside of: of two places that overlap, one begins with the other. Known after `access`. */
  readonly extent: string;
  /** What tells its folder from all others on this machine. Known after `access`. @default - it has none */
  readonly identity?: string;
  /**
   * Where its items are, if what is read of them is what the store has: those in one store can be copied without being read. Known after `access`.
   * @default - nowhere: who copies from it reads
   */
  readonly origin?: Origin;
  /** What it is, whatever its name: of two places that overlap, an extent of one begins with an extent of the other. @default - `extent` alone */
  extents?(): readonly string[] | Promise<readonly string[]>;
  /** Has to come before everything else, and may come again. Rejects with a `LocationError` when the location cannot be used at all. */
  access(): Promise<void>;
  /**
   * Everything below the location in the byte order of keys, parents before children, each once, in batches that may be empty; the location itself comes
   * first. Folders that only keys lie below are `implicit` ones. What the filter leaves out may be left out. An item that cannot be listed has an `error`.
   * Rejects with a `LocationError` when the listing cannot go on, and with the reason of the signal.
   */
  list(request: ListRequest): AsyncIterable<Item[]>;
  /**
   * Looks the item up again, with all metadata; with an object's tags only on demand. Fails when it is gone; a folder of a store of objects is
   * `implicit` then.
   */
  describe(item: Item, signal: AbortSignal, withTags?: boolean): Item | Promise<Item>;
  /** The item of that key. Undefined when there is none, also when what should be a folder above is none; fails when nobody can tell. */
  find(key: string, signal: AbortSignal, version?: string): Promise<Item | undefined>;
  /** Why the content of an item cannot be read, as far as a look at it tells. @default - nothing does */
  unreadable?(item: Item): string | undefined;
  /** Opens the content of a file or symlink. Fails when it is gone; the chunks fail when they are not what `item` says. */
  read(item: Item, context: ReadContext): Promise<Content>;
  /** SHA-256 of the content of a file or symlink, hex. Fails as `read` does. */
  sha256(item: Item, signal: AbortSignal): string | Promise<string>;
  /** Called once before the first change. Rejects with a `LocationError`. */
  beginWriting(): Promise<void>;
  /**
   * Writes one file, symlink or folder, replacing what is there; the folder above is there already, where there are folders. Nobody ever sees half of it:
   * until all is written, and when it fails, what was there stays. Gives the item as it was when it was read, or undefined when OverwriteMode NEVER kept
   * what was there (which stores of objects look for only with TransferMode ALL: otherwise `existing` tells).
   */
  write(item: Item, existing: Item | undefined, source: Backend, context: WriteContext): Item | undefined | Promise<Item | undefined>;
  /** In place of `write` when the source is in the same store, as `origin` tells. @default - there is no better way than to read and to write */
  copyFrom?(source: Backend, item: Item, existing: Item | undefined, context: WriteContext): Item | undefined | Promise<Item | undefined>;
  /** Makes the item one more name of the file that is there under the key `other`. Throws if that is not the file it should be. */
  link?(item: Item, other: string, context: WriteContext): Item | undefined;
  /** Changes only metadata of an item whose content is right. Gives the item as `write` does. */
  writeMetadata(item: Item, existing: Item, source: Backend, context: WriteContext): Promise<Item>;
  /** Settles what can only be set when the content of a folder is complete (its times). Called deepest folder first. */
  finishFolder(item: Item, context: WriteContext): void | Promise<void>;
  /**
   * Removes items (folders are empty by then, as far as the transfer knows). One result per item, in their order; what is not there counts as removed.
   * Never rejects because of an item.
   */
  remove(items: readonly Item[], signal: AbortSignal): Promise<Removal[]>;
  /** Called once at the end, also after a failure: removes what only the run needed. */
  endWriting(): Promise<void>;
  /** Lets go of connections, also of a backend that was never accessed or is closed already. */
  close(): void;
}

export interface ReadContext {
  readonly signal: AbortSignal;
  readonly throttle?: Throttled;
  /** Whether to read an object's tags, too. @default false */
  readonly withTags?: boolean;
}
