import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const NEWLINE = 0x0a;

/** Reads on in a log that another process writes. */
export class LogTail {
  private position: number;

  /** What stands in the file by now is not read. */
  constructor(private readonly file: string) {
    this.position = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The lines since the last call; one without an end waits for the next call. Nothing when the file has been cleared away. */
  public read(): string {
    let descriptor: number;
    try {
      descriptor = openSync(this.file, 'r');
    } catch {
      return '';
    }
    try {
      const added = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - this.position));
      const lines = added.subarray(0, added.subarray(0, readSync(descriptor, added, 0, added.length, this.position)).lastIndexOf(NEWLINE) + 1);
      this.position += lines.length;
      return lines.toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  }
}
