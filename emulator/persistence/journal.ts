import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lock, unlock } from './lock';
import { decode, encode } from './plain';

const HEADER = { journal: 'datasync-emulator', version: 1 };

/** What was noted of one thing last. */
export interface Entry {
  readonly key: string;
  readonly kind: string;
  /** Plain data, times and maps. */
  readonly value: object;
}

/**
 * A file of things by their keys that outlives the process, even if it is killed: each change is a line at its end, which counts when it is complete.
 */
export class Journal {
  /**
   * Opens the journal in a folder, which is made if it is not there, and reads what it holds, in the order in which the things first came up.
   *
   * @throws Error when another process has it open, or when it is not a journal that this version knows
   */
  static open(path: string): { journal: Journal; entries: Entry[] } {
    const folder = resolve(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    lock(folder);
    try {
      const journal = join(folder, 'journal.ndjson');
      const entries = read(journal);
      // Written anew, so that it does not grow from one start to the next; and in one go, so that it is whole at any moment.
      const file = openSync(`${journal}.new`, 'w', 0o600); // it holds the secrets of locations
      writeFileSync(file, [HEADER, ...entries].map(line => `${encode(line)}\n`).join(''));
      fsyncSync(file);
      renameSync(`${journal}.new`, journal);
      return { journal: new Journal(folder, file), entries };
    } catch (error) {
      unlock(folder);
      throw error;
    }
  }

  private isOpen = true;

  private constructor(private readonly folder: string, private readonly file: number) {}

  /** Notes what there is of a thing now, or that it is gone. If that fails, it says so on the error output and notes nothing any more. */
  write(key: string, kind: string, value: object | undefined): void {
    if (!this.isOpen) return;
    try {
      writeFileSync(this.file, `${encode({ key, kind, value })}\n`);
    } catch (error) {
      // Half a line may be there: nothing may come behind it.
      console.error(`The state in ${this.folder} cannot be written: ${(error as Error).message}. What changes from now on is lost when the emulator ends.`);
      this.close();
    }
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.file);
    unlock(this.folder);
  }
}

function read(path: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n').slice(0, -1); // what is behind the last line break was cut off by a kill
  const entries = new Map<string, Entry>();
  lines.forEach((line, index) => {
    const entry = parse(path, line, index + 1);
    if (index === 0) {
      if (entry.journal !== HEADER.journal || entry.version !== HEADER.version) {
        throw new Error(`${path} is not a journal of this version of the emulator; take another folder`);
      }
    } else if (entry.value === undefined) {
      entries.delete(entry.key);
    } else {
      entries.set(entry.key, entry);
    }
  });
  return [...entries.values()];
}

function parse(path: string, line: string, number: number): any {
  try {
    return decode(line);
  } catch (error) {
    throw new Error(`${path} is damaged in line ${number}: ${(error as Error).message}; take another folder, or remove that line`);
  }
}
