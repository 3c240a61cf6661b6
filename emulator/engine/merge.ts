import type { Item } from './backend';
import { compareKeys } from './order';

export interface Pair {
  readonly source?: Item;
  readonly destination?: Item;
}

/** Walks two ordered listings side by side. Neither is ever held in memory. */
export async function* mergeJoin(source: AsyncIterable<Item[]>, destination: AsyncIterable<Item[]>): AsyncGenerator<Pair[]> {
  const left = new Cursor(source);
  const right = new Cursor(destination);
  try {
    for (;;) {
      if (left.needsMore) await left.load();
      if (right.needsMore) await right.load();
      const pairs: Pair[] = [];
      // as far as the batches at hand reach: beyond their end the other side's next key is not known
      while (!left.needsMore && !right.needsMore) {
        const [a, b] = [left.item, right.item];
        if (!a && !b) break;
        const order = !a ? 1 : !b ? -1 : compareKeys(a.key, b.key);
        pairs.push({ source: order <= 0 ? a : undefined, destination: order >= 0 ? b : undefined });
        if (order <= 0) left.index++;
        if (order >= 0) right.index++;
      }
      if (pairs.length > 0) yield pairs;
      else if (left.done && right.done) return;
    }
  } finally {
    await left.close();
    await right.close();
  }
}

/** Position in a listing, and the check that it really is in order. */
class Cursor {
  public index = 0;
  public done = false;
  private batch: Item[] = [];
  private last: string | undefined;
  private readonly batches: AsyncIterator<Item[]>;

  constructor(listing: AsyncIterable<Item[]>) {
    this.batches = listing[Symbol.asyncIterator]();
  }

  public get needsMore(): boolean {
    return !this.done && this.index >= this.batch.length;
  }

  public get item(): Item | undefined {
    return this.batch[this.index];
  }

  public async load(): Promise<void> {
    const next = await this.batches.next();
    this.index = 0;
    this.done = next.done === true;
    this.batch = next.done ? [] : next.value;
    for (const { key } of this.batch) {
      if (this.last !== undefined && compareKeys(this.last, key) >= 0) {
        throw new Error(`listing is not in the order of keys: ${JSON.stringify(key)} came after ${JSON.stringify(this.last)}`);
      }
      this.last = key;
    }
  }

  public async close(): Promise<void> {
    await this.batches.return?.();
  }
}
