import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Writer } from './journal-file';
import { JournalFile } from './journal-file';
import { linesOf } from './lines';
import { lock, unlock } from './lock';
import { decode, encode } from './serialization';
import { ServiceError } from '../errors';
import { makeFolder } from '../system/make-folder';

const HEADER = { journal: 'datasync-emulator', version: 1 };

/** How often what could not be written is tried again, if nothing else makes it so. */
const RETRY_MS = 1_000;

/** What was noted of one thing last. */
export interface JournalEntry {
  readonly key: string;
  readonly kind: string;
  /** Plain data, times and maps. */
  readonly value: object;
}

/**
 * A file of things by their keys that outlives the process, even if it is killed: each change is a line at its end, which counts when it is complete.
 * What cannot be written waits until it can.
 */
export class Journal {
  /**
   * Opens the journal in a folder, which is made if it is not there, and reads what it holds, in the order in which the things first came up.
   *
   * @param write how its file is written
   * @throws Error when another process has it open, when it is not a journal that this version knows, or when a new one has no room
   */
  public static open(path: string, write?: Writer): { journal: Journal; entries: JournalEntry[] } {
    const folder = resolve(path);
    makeFolder(folder, 0o700);
    lock(folder);
    try {
      const journal = join(folder, 'journal.ndjson');
      const { entries, end } = read(journal);
      return { journal: new Journal(folder, openFile(journal, entries, end, write)), entries };
    } catch (error) {
      unlock(folder);
      throw error;
    }
  }

  private isOpen = true;
  /** Lines by their keys that could not be written yet, the oldest first. */
  private readonly waiting = new Map<string, Buffer>();
  private retry?: NodeJS.Timeout;

  private constructor(private readonly folder: string, private readonly file: JournalFile) {}

  /** Notes what there is of a thing now, or that it is gone. Never fails: `confirm` tells whether everything is written. */
  public write(key: string, kind: string, value: object | undefined): void {
    if (!this.isOpen) return;
    this.waiting.set(key, Buffer.from(`${encode({ key, kind, value })}\n`));
    this.attempt(() => undefined);
  }

  /**
   * Makes sure that what is noted next can be written, before anything is done that would have to be noted.
   *
   * @throws ServiceError when it cannot
   */
  public reserve(): void {
    const error = this.attempt(() => this.file.reserve());
    if (error) throw notKept(this.folder, error, 'Nothing was changed.');
  }

  /**
   * Makes sure that everything that was noted is written.
   *
   * @throws ServiceError when it is not
   */
  public confirm(): void {
    const error = this.waiting.size > 0 ? this.attempt(() => undefined) : undefined;
    if (error) throw notKept(this.folder, error, 'It took place, and is written down as soon as that is possible.');
  }

  public close(): void {
    if (!this.isOpen) return;
    const error = this.attempt(() => undefined);
    if (error) console.error(`The state in ${this.folder} could not be written to its end: what changed last is lost.`);
    clearInterval(this.retry);
    this.isOpen = false;
    try {
      this.file.close();
    } finally {
      unlock(this.folder);
    }
  }

  /** Writes what waits, then does the rest. Says when that stops working, and when it works again. */
  private attempt(rest: () => void): Error | undefined {
    if (!this.isOpen) return undefined;
    try {
      for (const [key, line] of this.waiting) {
        this.file.append(line);
        this.waiting.delete(key);
      }
      rest();
    } catch (error) {
      if (!this.retry) {
        console.error(`The state in ${this.folder} cannot be written: ${(error as Error).message}. Requests that change something are refused until it can.`);
        this.retry = setInterval(() => this.attempt(() => this.file.reserve()), RETRY_MS).unref();
      }
      return error as Error;
    }
    if (this.retry) {
      clearInterval(this.retry);
      this.retry = undefined;
      console.error(`The state in ${this.folder} can be written again.`);
    }
    return undefined;
  }
}

function notKept(folder: string, error: Error, consequence: string): ServiceError {
  return new ServiceError(
    'InternalException', `The state in ${folder} cannot be written: ${error.message}. ${consequence} Make room on its disk, then try again.`, 500, 'InternalError',
  );
}

/** The journal without what does not count any more, so that it does not grow from one start to the next. Without room for another the old one has to do. */
function openFile(path: string, entries: readonly JournalEntry[], end: number, write: Writer | undefined): JournalFile {
  const temporary = `${path}.new`;
  let file: JournalFile | undefined;
  try {
    file = JournalFile.open(temporary, 0, write); // it holds the secrets of locations: only its owner can read it
    for (const line of [HEADER, ...entries]) file.append(Buffer.from(`${encode(line)}\n`));
    file.sync();
    renameSync(temporary, path); // in one go, so that it is whole at any moment
    return file;
  } catch (error) {
    file?.close();
    rmSync(temporary, { force: true });
    if (end === 0) throw error;
    return JournalFile.open(path, end, write);
  }
}

function read(path: string): { readonly entries: JournalEntry[]; readonly end: number } {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], end: 0 };
    throw error;
  }
  try {
    const entries = new Map<string, JournalEntry>();
    let end = 0;
    for (const line of linesOf(file)) {
      const entry = parse(path, line.text, line.number);
      if (line.number === 1) {
        if (entry.journal !== HEADER.journal || entry.version !== HEADER.version) {
          throw new Error(`${path} is not a journal of this version of the emulator; take another folder`);
        }
      } else if (entry.value === undefined) {
        entries.delete(entry.key);
      } else {
        entries.set(entry.key, entry);
      }
      ({ end } = line);
    }
    return { entries: [...entries.values()], end };
  } finally {
    closeSync(file);
  }
}

function parse(path: string, line: string, number: number): any {
  try {
    return decode(line);
  } catch (error) {
    throw new Error(`${path} is damaged in line ${number}: ${(error as Error).message}; take another folder, or remove that line`);
  }
}
