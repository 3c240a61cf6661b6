import type { Block } from './block-file';
import { BlockFile } from './block-file';

/** Records sorted in memory at a time, and records of each sorted run in memory while runs are merged. */
const RUN = 65_536;
const BLOCK = 256;

/** A list of any length in little memory that is read in order: sorted runs go to a temporary file and are merged as they are read. */
export class SortedList<T> {
  private pending: T[] = [];
  private readonly runs: Block[][] = [];
  private readonly file = new BlockFile<T>();

  /**
   * @param compare equal records keep the order in which they were pushed
   */
  constructor(private readonly compare: (one: T, other: T) => number, private readonly runLength = RUN) {}

  public push(record: T): void {
    this.pending.push(record);
    if (this.pending.length >= this.runLength) this.spill();
  }

  /** Everything, in order. May be read more than once. */
  public inOrder(): Generator<T> {
    this.pending.sort(this.compare);
    const runs = [...this.runs.map(blocks => this.read(blocks)), this.pending.values()];
    return this.merge(runs);
  }

  public close(): void {
    this.file.close();
    this.runs.length = 0;
    this.pending = [];
  }

  private spill(): void {
    const sorted = this.pending.sort(this.compare);
    const blocks: Block[] = [];
    for (let at = 0; at < sorted.length; at += BLOCK) blocks.push(this.file.append(sorted.slice(at, at + BLOCK)));
    this.runs.push(blocks);
    this.pending = [];
  }

  private *read(blocks: readonly Block[]): Generator<T> {
    for (const block of blocks) yield* this.file.load(block);
  }

  /** Halves all the way down, so that a record meets few others. */
  private *merge(runs: ReadonlyArray<Iterator<T>>): Generator<T> {
    const half = Math.floor(runs.length / 2);
    const [left, right] = half === 0 ? [undefined, runs[0]] : [this.merge(runs.slice(0, half)), this.merge(runs.slice(half))];
    let one = left?.next();
    let other = right.next();
    while (!other.done || (one && !one.done)) {
      if (other.done || (one && !one.done && this.compare(one.value, other.value) <= 0)) {
        yield one!.value as T;
        one = left!.next();
      } else {
        yield other.value;
        other = right.next();
      }
    }
  }
}
