import type { Block } from './block-file';
import { BlockFile } from './block-file';

const BLOCK = 2048;

/** A list of any length in little memory: full blocks go to a temporary file as JSON. */
export class WorkList<T> {
  /** Number of records. */
  public length = 0;
  private block: T[] = [];
  private readonly blocks: Block[] = [];
  private readonly file = new BlockFile<T>();

  public push(record: T): void {
    this.block.push(record);
    this.length++;
    if (this.block.length < BLOCK) return;
    this.blocks.push(this.file.append(this.block));
    this.block = [];
  }

  /** Blocks of records in the order in which they were pushed. */
  public *forward(): Generator<T[]> {
    for (const block of this.blocks) yield this.file.load(block);
    yield this.block;
  }

  /** Blocks of records, the last record first. */
  public *backward(): Generator<T[]> {
    yield [...this.block].reverse();
    for (let i = this.blocks.length - 1; i >= 0; i--) yield this.file.load(this.blocks[i]).reverse();
  }

  public close(): void {
    this.file.close();
    this.blocks.length = 0;
    this.block = [];
  }
}
