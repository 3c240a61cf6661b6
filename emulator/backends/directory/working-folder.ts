import { constants, openSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { folders, O_PATH, pathTo } from './handle';

/** A path that leads back to where the process was started, if its working directory may change for a moment. */
let home: string | undefined;

/**
 * Lets walks change the working directory of this process while they look names up, and nothing else is done: half of what a path through `/proc`
 * costs is the way to the folder. Only for a program of our own, in which nobody else has relative paths under way.
 *
 * @returns forbids it again
 */
export function allowWorkingFolder(): () => void {
  const forbid = () => { home = undefined; };
  if (home !== undefined || !folders.canBeHeld || !isMainThread) return forbid;
  try {
    const back = pathTo(openSync('.', O_PATH + constants.O_DIRECTORY));
    process.chdir(back);
    home = back;
  } catch {
    // there is no way back to where it is: it stays there
  }
  return forbid;
}

/** One folder after the other, for system calls that do not wait. `leave` has to come before anything else is done. */
export class WorkingFolder {
  private current: string | undefined;

  /** May the working directory be changed? */
  public get isAllowed(): boolean {
    return home !== undefined;
  }

  /**
   * Goes into a folder: what is in it has its name for a path then.
   *
   * @param folder what tells the folder from those that were entered before
   * @param locate the path of the folder
   */
  public enter(folder: string, locate: (folder: string) => string): void {
    if (folder === this.current) return;
    process.chdir(locate(folder));
    this.current = folder;
  }

  public leave(): void {
    if (this.current !== undefined) process.chdir(home!);
    this.current = undefined;
  }
}
