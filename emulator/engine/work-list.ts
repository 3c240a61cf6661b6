import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const BLOCK = 2048;

/** A list of any length in little memory: full blocks go to a temporary file as JSON. */
export class WorkList<T> {
  /** Number of records. */
  public length = 0;
  private block: T[] = [];
  private readonly blocks: { readonly at: number; readonly bytes: number }[] = [];
  private file: number | undefined;
  private end = 0;

  public push(record: T): void {
    this.block.push(record);
    this.length++;
    if (this.block.length >= BLOCK) this.spill();
  }

  /** Blocks of records in the order in which they were pushed. */
  public *forward(): Generator<T[]> {
    for (let i = 0; i < this.blocks.length; i++) yield this.load(i);
    yield this.block;
  }

  /** Blocks of records, the last record first. */
  public *backward(): Generator<T[]> {
    yield [...this.block].reverse();
    for (let i = this.blocks.length - 1; i >= 0; i--) yield this.load(i).reverse();
  }

  public close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.blocks.length = 0;
    this.block = [];
  }

  private spill(): void {
    this.file ??= openNameless();
    const content = Buffer.from(JSON.stringify(this.block));
    for (let at = 0; at < content.length;) at += writeSync(this.file, content, at, content.length - at, this.end + at);
    this.blocks.push({ at: this.end, bytes: content.length });
    this.end += content.length;
    this.block = [];
  }

  private load(index: number): T[] {
    const { at, bytes } = this.blocks[index];
    const content = Buffer.allocUnsafe(bytes);
    for (let done = 0; done < bytes;) done += readSync(this.file!, content, done, bytes - done, at + done);
    return JSON.parse(content.toString()) as T[];
  }
}

/** A file without a name: nothing is left behind however the process ends. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-'));
  try {
    return openSync(join(folder, 'work'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
