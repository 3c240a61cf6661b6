import type { Backend, Item, WriteContext } from './backend';
import { aspectsOf } from './compare';
import type { Aspects, Change } from './compare';
import type { newCounters } from './counters';
import { ItemCounter } from './counters';
import { errorName, FatalError, LocationError, messageOf } from './errors';
import { Filter } from './filter';
import { HardLinks } from './hard-links';
import { listDestination, listSource } from './manifest';
import type { Manifest } from './manifest';
import type { ItemFailure, ItemOutcome, Phase, ReasonToSkip, Step, TransferObserver } from './outcome';
import type { TransferRequest } from './request';
import { select } from './select';
import type { Throttle } from './throttle';
import { WorkList } from './work-list';

/** One thing to do at the destination. */
export interface Work {
  readonly item: Item;
  readonly existing?: Item;
  readonly change: Exclude<Change, 'none'>;
}

/** A name of a file that has several, to be linked. */
export interface LinkWork extends Work {
  /** What has to be done to it if it cannot be linked. */
  readonly alone: Change;
}

const STEP_PHASES: Record<Step, Phase> = {
  List: 'PREPARING', Prepare: 'PREPARING', Transfer: 'TRANSFERRING', Delete: 'TRANSFERRING', Verify: 'VERIFYING',
};

/** What the phases of one run share, and the lists that one leaves to the next. */
export class TransferRun {
  public readonly counter: ItemCounter;
  public readonly filter: Filter;
  public readonly aspects: Aspects;
  public readonly context: WriteContext;
  /** To transfer, parents first. */
  public readonly work = new WorkList<Work>();
  /** Further names to give to files, once these are there. */
  public readonly links = new WorkList<LinkWork>();
  /** Files with several names. */
  public readonly hardLinks: HardLinks;
  /** To delete, parents first (so it is read backward). */
  public readonly deletions = new WorkList<Item>();
  /** Folders that were to be deleted and still hold something that the filters leave alone. */
  public readonly kept = new Set<string>();
  /** Folders whose times have to be set when their content is complete. */
  public readonly folders = new WorkList<Item>();
  /** What was transferred and has to be verified, in order of completion. */
  public readonly transferred = new WorkList<Item>();

  constructor(
    public readonly request: TransferRequest,
    counters: ReturnType<typeof newCounters>,
    throttle: Throttle,
    public readonly signal: AbortSignal,
    private readonly observer: TransferObserver,
  ) {
    this.counter = new ItemCounter(counters, request.taskMode);
    this.filter = new Filter(request.includes, request.excludes);
    this.aspects = aspectsOf(request.options, request.destination);
    this.hardLinks = new HardLinks(request.options.OverwriteMode === 'NEVER');
    this.context = {
      options: request.options,
      storageClass: request.storageClass,
      signal,
      throttle,
      sent: bytes => {
        counters.BytesTransferred += bytes;
        counters.BytesCompressed += bytes; // nothing is compressed on the way
      },
      written: bytes => {
        counters.BytesWritten += bytes;
      },
    };
  }

  public list(side: 'source' | 'destination', onListed?: (item: Item) => void): AsyncIterable<Item[]> {
    const { manifest, destination } = this.request;
    if (manifest) return this.guarded(side, this.listed(side, manifest, destination.kind === 'directory', onListed));
    const apartFrom = this.request[side === 'source' ? 'destination' : 'source'].identity;
    const listing = this.request[side].list({ filter: this.filter, signal: this.signal, apartFrom });
    return select(this.guarded(side, listing), this.filter, item => reasonToSkip(this, item) === undefined, onListed);
  }

  /** Turns the failure of a whole location into the text the service has for it. */
  public async usable<T>(side: 'source' | 'destination', use: (backend: Backend) => Promise<T>): Promise<T> {
    try {
      return await use(this.request[side]);
    } catch (error) {
      throw this.located(side, error);
    }
  }

  /** Counts what became of an item, and tells about it. */
  public settle(what: ItemOutcome['what'], item: Item, details?: Omit<ItemOutcome, 'what' | 'item'>): void {
    this.counter.count(what, item);
    this.observer.onItem?.({ what, item, ...details });
  }

  public fail(step: Step, item: Item, error: unknown, details?: Pick<ItemFailure, 'code' | 'existing' | 'change' | 'checksums'>): void {
    if (this.signal.aborted) return; // not the item's fault
    this.counter.failed(step, item);
    const code = item.errorCode ?? errorName(error);
    this.observer.onItemFailure?.({ phase: STEP_PHASES[step], step, item, path: `/${item.key}`, message: messageOf(error), code, ...details });
  }

  public close(): void {
    for (const list of [this.work, this.links, this.deletions, this.folders, this.transferred]) list.close();
    this.request.manifest?.close();
  }

  private async *listed(side: 'source' | 'destination', manifest: Manifest, withFolders: boolean, onListed?: (item: Item) => void): AsyncGenerator<Item[]> {
    const list = side === 'source' ? listSource : listDestination;
    for await (const items of list(this.request[side], manifest, withFolders, this.signal)) {
      if (onListed) items.forEach(onListed);
      yield items;
    }
  }

  private async *guarded(side: 'source' | 'destination', listing: AsyncIterable<Item[]>): AsyncGenerator<Item[]> {
    try {
      yield* listing;
    } catch (error) {
      throw this.located(side, error);
    }
  }

  private located(side: 'source' | 'destination', error: unknown): unknown {
    if (!(error instanceof LocationError)) return error;
    return new FatalError('LocationAccessFailed', `Task failed to access location ${this.request.locationNames?.[side] ?? side}: ${error.message}`);
  }
}

/** Sockets and pipes are never copied, devices only on demand, and neither what cannot be read nor what the destination has no place for. */
export function reasonToSkip({ request }: Pick<TransferRun, 'request'>, { kind, size, object, placeless }: Item): ReasonToSkip | undefined {
  if (object?.archived) return 'archived';
  if (placeless) return 'placeless';
  if (kind === 'special' || (kind === 'device' && request.options.PreserveDevices === 'NONE')) return 'special';
  const isContent = kind === 'folder' && size > 0; // an object that holds something has a place wherever objects have
  return !isContent && request.destination.lacks?.includes(kind) ? 'placeless' : undefined;
}
