import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Room that is kept free behind the last line, for what follows from a request that was accepted: larger than any few lines are. */
const RESERVE_BYTES = 1024 * 1024;

const ZEROS = Buffer.alloc(64 * 1024);

/** Writes a part of a buffer to a place of a file, and tells how much of it. Tests have one that fails. */
export type Writer = (file: number, bytes: Buffer, offset: number, length: number, position: number) => number;

/** A file of lines that only grows. What fails half-way leaves no trace. */
export class JournalFile {
  /** @param end where the last line ends */
  public static open(path: string, end: number, write: Writer = writeSync): JournalFile {
    return new JournalFile(openSync(path, end === 0 ? 'w+' : 'r+', 0o600), end, write);
  }

  private reserved: number;

  private constructor(private readonly file: number, private end: number, private readonly write: Writer) {
    this.reserved = end;
    ftruncateSync(file, end);
  }

  /** @throws Error of the system when there is no room */
  public append(line: Buffer): void {
    if (this.reserved < this.end) this.cut();
    try {
      this.fill(line, this.end);
    } catch (error) {
      // Half a line must never be followed by another: the file ends behind the last whole one again, if need be before the next is written.
      this.reserved = -1;
      this.cut();
      throw error;
    }
    this.end += line.length;
    this.reserved = Math.max(this.reserved, this.end);
  }

  /**
   * Makes sure that the next lines have room, whoever else fills the disk.
   *
   * @throws Error of the system when there is none
   */
  public reserve(): void {
    if (this.reserved - this.end >= RESERVE_BYTES) return;
    if (this.reserved < this.end) this.cut();
    while (this.reserved - this.end < 2 * RESERVE_BYTES) {
      this.fill(ZEROS, this.reserved);
      this.reserved += ZEROS.length;
    }
  }

  public sync(): void {
    fsyncSync(this.file);
  }

  public close(): void {
    try {
      ftruncateSync(this.file, this.end);
    } finally {
      closeSync(this.file);
    }
  }

  private cut(): void {
    ftruncateSync(this.file, this.end);
    this.reserved = this.end;
  }

  private fill(bytes: Buffer, position: number): void {
    for (let done = 0; done < bytes.length;) done += this.write(this.file, bytes, done, bytes.length - done, position + done);
  }
}
