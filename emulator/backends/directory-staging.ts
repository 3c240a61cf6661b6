import { chmodSync, constants, copyFileSync, lstatSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmdirSync, rmSync, symlinkSync } from 'fs';
import { dirname, join } from 'path';
import { makeFolder } from './directory-paths';
import { codeOf } from '../engine/errors';
import { WORKING_FOLDER } from '../engine/filter';

/** Where a new file or link grows before it replaces what has its name: nobody ever sees half a file. */
export interface Placement {
  readonly staged: string;
  /** The path of the item that it becomes, checked at that moment. */
  readonly final: () => string;
  /** Sets mode, owner and times, through the open file or by its path. */
  readonly finish: (target: number | string) => void;
}

/** What a run puts into a folder on the way, and what it changes of folders that it must write into. */
export class Staging {
  /** Makes the working folder and, in it, one of this run. */
  public static begin(folder: string): Staging {
    const opened = new Map<string, number>();
    const working = join(folder, WORKING_FOLDER);
    withFolderOpen(working, opened, () => makeFolder(working, 0o700));
    removeLeftovers(working);
    return new Staging(mkdtempSync(join(working, `run-${process.pid}-`)), folder, opened);
  }

  private files = 0;
  /** Folders that are mounted from elsewhere: nothing can be moved into them, so new files grow in them. */
  private readonly mounted = new Set<string>();

  /** @param opened modes of folders that were made writable; without it none may be */
  constructor(public readonly path: string, private readonly folder: string, private readonly opened?: Map<string, number>) {}

  /** A place for a new item. */
  public place(final: Placement['final'], finish: Placement['finish']): Placement {
    return { staged: this.name(final()), final, finish };
  }

  /** Gives what was staged its name. */
  public move({ staged, final: finalNow, finish }: Placement): void {
    const final = finalNow();
    try {
      this.opening(final, () => renameSync(staged, final));
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      this.mounted.add(dirname(final));
      const beside = this.name(final);
      try {
        this.opening(final, () => copy(staged, beside));
        finish(beside);
        renameSync(beside, final);
      } finally {
        rmSync(beside, { force: true });
      }
      rmSync(staged);
    }
  }

  /** Does something to what has this path; if the folder above forbids it, with that folder made writable until the end. */
  public opening<T>(path: string, act: () => T): T {
    return withFolderOpen(path, this.opened, act);
  }

  /** Takes away the staged and gives folders the modes back that they had. */
  public end(): void {
    try {
      rmSync(this.path, { recursive: true, force: true });
      rmdirSync(join(this.folder, WORKING_FOLDER));
    } catch {
      // another run still works in it, or it cannot be removed: it is never listed, and a later run takes it away
    }
    for (const [folder, mode] of this.opened ?? []) {
      try {
        chmodSync(folder, mode);
      } catch {
        // it has been replaced or removed since
      }
    }
  }

  private name(final: string): string {
    const number = this.files++;
    const parent = dirname(final);
    return this.mounted.has(parent) ? join(parent, `${WORKING_FOLDER}-${process.pid}-${number}`) : join(this.path, String(number));
  }
}

/** The service is root everywhere; here the mode of a folder of one's own may forbid what has to be done in it. */
function withFolderOpen<T>(path: string, opened: Map<string, number> | undefined, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) !== 'EACCES' || !opened || !makeWritable(dirname(path), opened)) throw error;
    return act();
  }
}

function makeWritable(folder: string, opened: Map<string, number>): boolean {
  const stats = lstatSync(folder);
  const mode = stats.mode % 0o10000;
  const others = mode % 0o100;
  if (!stats.isDirectory() || stats.uid !== process.geteuid?.() || Math.floor(mode / 0o100) % 0o10 === 7) return false;
  chmodSync(folder, 0o700 + others);
  if (!opened.has(folder)) opened.set(folder, mode);
  return true;
}

function copy(from: string, to: string): void {
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else copyFileSync(from, to, constants.COPYFILE_EXCL);
}

/** Removes what runs of processes that were killed have left. */
function removeLeftovers(working: string): void {
  for (const name of readdirSync(working)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(working, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
