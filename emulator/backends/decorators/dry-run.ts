import type { Backend, Content, Item, ItemKind, ListRequest, ReadContext, Removal, WriteContext } from '../../engine/backend';

/**
 * A destination that is read and never changed: it answers every change as the real one would, so that a dry run takes the same way
 * as the run. What shows only when content is read or written (permissions, a full disk) it cannot know.
 */
export abstract class DryRun implements Backend {
  public readonly kind: Backend['kind'];
  public readonly lacks?: readonly ItemKind[];
  public readonly keepsOwner: boolean;

  constructor(protected readonly real: Backend) {
    this.kind = real.kind;
    this.lacks = real.lacks;
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

  public unreadable(item: Item): string | undefined {
    return this.real.unreadable?.(item);
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
  protected pass(item: Item, source: Backend, context: WriteContext): Item {
    const problem = source.unreadable?.(item);
    if (problem) throw new Error(problem);
    context.sent(item.size);
    context.written(item.size);
    return item;
  }
}
