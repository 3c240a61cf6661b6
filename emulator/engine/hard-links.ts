import type { Item } from './backend';
import type { Change } from './compare';

/** A name of a file that has several at the source, and what the destination has under it. */
export interface Name {
  readonly item: Item;
  readonly existing?: Item;
  readonly change: Change;
}

/** A file at the destination that has a name, or several, of one file at the source. All are equally right or wrong. */
interface Candidate {
  readonly key: string;
  readonly change: Change;
  /** Names that it shares with the file at the source. */
  shared: number;
  /** All that it has. */
  readonly names: number;
}

/** One file at the source. */
interface Linked {
  /** A name that has the right file; others become names of that. */
  holder?: string;
  /** One of the names is to be written with all its content. */
  isSent?: boolean;
  readonly candidates: Map<string, Candidate>;
}

/** What is to be done about one name; `link` makes it one more name of the right file. */
export type HardLinkDecision = Change | 'link';

/**
 * Decides which names of a file that has several at the source are right at the destination, which takes having seen all of them. Nothing is
 * ever written to a file that has other names at the destination: what is left alone would change as well.
 */
export class HardLinks {
  private readonly files = new Map<string, Linked>();

  /** @param isKept whether what is at the destination stays as it is */
  constructor(private readonly isKept: boolean) {}

  /** Takes note of a name. */
  public note({ item, existing, change }: Name): void {
    const candidates = this.fileOf(item).candidates;
    if (!existing || change === 'content') return;
    const id = existing.hardLink ?? existing.key;
    const candidate = candidates.get(id);
    if (candidate) candidate.shared++;
    else candidates.set(id, { key: existing.key, change, shared: 1, names: existing.names ?? 1 });
  }

  /** To be asked once all names are noted, in their order. */
  public decide({ item, existing, change }: Name): HardLinkDecision {
    const file = this.fileOf(item);
    const best = this.bestOf(file);
    const isBest = best !== undefined && existing !== undefined && file.candidates.get(existing.hardLink ?? existing.key) === best;
    if (isBest && change === 'none') file.holder ??= item.key; // one whose metadata has to change first is none yet
    if (isBest || (this.isKept && existing)) return change;
    if (best || file.isSent) return 'link';
    file.isSent = true;
    return 'content';
  }

  /** The key of a name that the item can be one more name of. */
  public holderOf(item: Item): string | undefined {
    return this.files.get(item.hardLink ?? '')?.holder;
  }

  /** The item is at the destination now. */
  public written(item: Item): void {
    const file = this.files.get(item.hardLink ?? '');
    if (file) file.holder ??= item.key;
  }

  private fileOf({ hardLink }: Item): Linked {
    let file = this.files.get(hardLink!);
    if (!file) this.files.set(hardLink!, file = { candidates: new Map() });
    return file;
  }

  private bestOf({ candidates }: Linked): Candidate | undefined {
    const all = [...candidates.values()];
    return all.find(({ change }) => change === 'none') ?? (this.isKept ? undefined : all.find(({ shared, names }) => shared === names));
  }
}
