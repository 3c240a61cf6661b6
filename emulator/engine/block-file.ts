import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a block is. */
export interface Block {
  readonly at: number;
  readonly bytes: number;
}

/** Blocks of records in a temporary file, as JSON. The file is made when it is needed and has no name: nothing is ever left behind. */
export class BlockFile<T> {
  private file: number | undefined;
  private end = 0;

  public append(records: readonly T[]): Block {
    this.file ??= openNameless();
    const content = Buffer.from(JSON.stringify(records));
    for (let at = 0; at < content.length;) at += writeSync(this.file, content, at, content.length - at, this.end + at);
    const block = { at: this.end, bytes: content.length };
    this.end += content.length;
    return block;
  }

  public load({ at, bytes }: Block): T[] {
    const content = Buffer.allocUnsafe(bytes);
    for (let done = 0; done < bytes;) done += readSync(this.file!, content, done, bytes - done, at + done);
    return JSON.parse(content.toString()) as T[];
  }

  public close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-'));
  try {
    return openSync(join(folder, 'work'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
