import { randomInt } from 'node:crypto';
import {
  appendFileSync, chmodSync, closeSync, constants, linkSync, lstatSync, mkdirSync, openSync, readlinkSync, readSync, renameSync, rmdirSync, statSync,
  symlinkSync, unlinkSync, writeSync,
} from 'node:fs';
import type { Folders } from './folders';
import { holdFolder, identityOf, statHandle } from './handle';
import type { Handle } from './handle';
import { MOUNTED, nameBeside, removeLeftovers, removeTree, RUN_PREFIX } from './leftovers';
import { claim, timeOfClaim } from './owner';
import type { Owner } from './owner';
import { makeFolder, parentOf, pathOf } from './paths';
import { onDisk } from './undecodable-names';
import { codeOf } from '../../engine/errors';
import { WORKING_FOLDER } from '../../engine/filter';

/** Where a new file or link grows before it replaces what has its name: nobody ever sees half a file. */
export interface Placement {
  /** Of the item that it becomes. */
  readonly key: string;
  readonly name: string;
  /** In the folder of the item, since that is mounted from elsewhere, and not in the working folder. */
  readonly isBeside: boolean;
  /** Sets mode, owner and times, of a file through its descriptor, of a link by its path. Absent: it has them, and it cannot be copied. */
  readonly finish?: (target: number | string) => void;
}

/** The working folder of a run, for another thread to have one of its own in it. */
export interface SharedStaging {
  readonly id: string;
  readonly path: string;
  readonly identity: string;
}

const CREATE = constants.O_WRONLY + constants.O_CREAT + constants.O_EXCL;
const READ = constants.O_RDONLY + constants.O_NOFOLLOW;
const CHUNK = 1024 * 1024;
/** Names of several threads in one folder do not meet. */
const NAMES_PER_THREAD = 1_000_000_000;

/** What a run puts into a folder on the way, and what it changes of folders that it must write into. */
export class Staging {
  /** Makes the working folder and, in it, one of this run. Removes what runs that were killed have left. */
  public static async begin(folders: Folders): Promise<Staging> {
    const opened = new Map<string, number>();
    const { id, working, run } = withFolderOpen(folders, WORKING_FOLDER, opened, () => makeWorkingFolders(folders));
    try {
      const owner = await claim(run.path);
      await removeLeftovers(folders, working.path, id, timeOfClaim(run.path));
      return new Staging(id, folders, run, 0, { working, owner, opened });
    } catch (error) {
      run.close();
      working.close();
      throw error;
    }
  }

  /** A part of it for a thread that writes to the same folders. */
  public static join({ id, path, identity }: SharedStaging, folders: Folders, thread: number): Staging {
    const run = holdFolder(path);
    try {
      if (identityOf(statHandle(run)) !== identity) throw new Error('the working folder has been replaced');
      const name = `thread-${thread}`; // threads that share a folder wait for each other
      mkdirSync(`${run.path}/${name}`, { mode: 0o700 });
      return new Staging(id, folders, holdFolder(`${run.path}/${name}`), thread);
    } finally {
      run.close();
    }
  }

  private files = 0;
  /** Folders that are mounted from elsewhere: nothing can be moved into them, so new files grow in them. */
  private readonly mounted = new Set<string>();

  /** @param whole what only the run itself has: a thread of it may not make folders writable, either */
  private constructor(
    private readonly id: string, private readonly folders: Folders, private readonly folder: Handle, private readonly thread: number,
    private readonly whole?: { readonly working: Handle; readonly owner: Owner; readonly opened: Map<string, number> },
  ) {}

  public get shared(): SharedStaging {
    const { path } = this.folder;
    return { id: this.id, path: this.folder.descriptor === undefined ? path : `${path}/.`, identity: identityOf(statHandle(this.folder)) };
  }

  /** A place for a new item. */
  public place(key: string, finish?: Placement['finish']): Placement {
    const number = this.files++;
    const isBeside = this.mounted.size > 0 && this.mounted.has(parentOf(pathOf(key)));
    return { key, finish, isBeside, name: isBeside ? nameBeside(this.id, this.thread * NAMES_PER_THREAD + number) : String(number) };
  }

  /** Where it is, until the next folder is needed. */
  public pathOf({ key, name, isBeside }: Placement): string {
    return `${isBeside ? this.folders.folder(parentOf(pathOf(key))) : this.folder.path}/${name}`;
  }

  /** Gives what was staged its name. */
  public move(placement: Placement): void {
    try {
      this.rename(placement);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV' || !placement.finish) throw error;
      this.noteMounted(parentOf(pathOf(placement.key)));
      const beside = this.place(placement.key, placement.finish);
      try {
        this.opening(placement.key, () => this.copy(placement, beside));
        this.rename(beside);
      } catch (failure) {
        this.drop(beside);
        throw failure;
      }
      this.drop(placement);
    }
  }

  /** Gives the file with the key `other` one more name. Throws with the code EXDEV if that is in another mount. */
  public link(other: string, key: string): void {
    try {
      this.linkOnce(other, key);
    } catch (error) {
      const folder = parentOf(pathOf(key));
      if (codeOf(error) !== 'EXDEV' || this.mounted.has(folder)) throw error;
      this.noteMounted(folder);
      this.linkOnce(other, key);
    }
  }

  /** Takes away what did not get its name. */
  public drop(placement: Placement): void {
    try {
      unlinkSync(this.pathOf(placement));
    } catch {
      // it was not there, or a later run takes it away
    }
  }

  /** Does something to what has this key; if the folder above forbids it, with that folder made writable until the end. */
  public opening<T>(key: string, act: () => T): T {
    return withFolderOpen(this.folders, pathOf(key), this.whole?.opened, act);
  }

  /** Takes away the staged and gives folders the modes back that they had. */
  public end(): void {
    if (this.whole) this.endWhole(this.whole);
    this.folder.close();
  }

  private endWhole({ working, owner, opened }: NonNullable<Staging['whole']>): void {
    owner.end();
    try {
      removeTree(working.path, `${RUN_PREFIX}${this.id}`);
      rmdirSync(this.folders.of(WORKING_FOLDER));
    } catch {
      // another run still works in it, or it cannot be removed: it is never listed, and a later run takes it away
    }
    working.close();
    for (const [folder, mode] of opened) {
      try {
        chmodSync(onDisk(this.folders.folder(folder)), mode);
      } catch {
        // it has been replaced or removed since
      }
    }
  }

  private linkOnce(other: string, key: string): void {
    const to = this.place(key);
    try {
      this.opening(key, () => linkSync(this.folders.of(other), this.pathOf(to)));
      this.rename(to);
    } catch (error) {
      this.drop(to);
      throw error;
    }
  }

  private rename(placement: Placement): void {
    this.opening(placement.key, () => renameSync(this.pathOf(placement), this.folders.of(placement.key)));
  }

  /** For the next run, if this one does not come to its end. */
  private noteMounted(folder: string): void {
    appendFileSync(`${this.folder.path}/${MOUNTED}`, `${JSON.stringify(folder)}\n`, { mode: 0o600 });
    this.mounted.add(folder);
  }

  private copy(from: Placement, to: Placement): void {
    const source = this.pathOf(from);
    if (lstatSync(source).isSymbolicLink()) {
      const target = readlinkSync(source, 'buffer');
      symlinkSync(target, this.pathOf(to));
      return to.finish!(this.pathOf(to));
    }
    const input = openSync(source, READ);
    try {
      const output = openSync(this.pathOf(to), CREATE, 0o600);
      try {
        copyContent(input, output);
        to.finish!(output);
      } finally {
        closeSync(output);
      }
    } finally {
      closeSync(input);
    }
  }
}

/** Another run may just be removing the working folder as the last one in it. */
function makeWorkingFolders(folders: Folders, attempts = 10): { readonly id: string; readonly working: Handle; readonly run: Handle } {
  makeFolder(folders.of(WORKING_FOLDER), 0o700);
  const id = String(randomInt(2 ** 47));
  let working: Handle | undefined;
  try {
    working = holdFolder(folders.of(WORKING_FOLDER), WORKING_FOLDER);
    mkdirSync(`${working.path}/${RUN_PREFIX}${id}`, { mode: 0o700 });
    return { id, working, run: holdFolder(`${working.path}/${RUN_PREFIX}${id}`) };
  } catch (error) {
    working?.close();
    if (attempts > 1 && (codeOf(error) === 'ENOENT' || codeOf(error) === 'EEXIST')) return makeWorkingFolders(folders, attempts - 1);
    throw error;
  }
}

/** The service is root everywhere; here the mode of a folder of one's own may forbid what has to be done in it. */
function withFolderOpen<T>(folders: Folders, path: string, opened: Map<string, number> | undefined, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) !== 'EACCES' || !opened || !makeWritable(folders, parentOf(path), opened)) throw error;
    return act();
  }
}

function makeWritable(folders: Folders, folder: string, opened: Map<string, number>): boolean {
  const path = onDisk(folders.folder(folder));
  const stats = statSync(path);
  const mode = stats.mode % 0o10000;
  const others = mode % 0o100;
  if (!stats.isDirectory() || stats.uid !== process.geteuid?.() || Math.floor(mode / 0o100) % 0o10 === 7) return false;
  chmodSync(path, 0o700 + others);
  if (!opened.has(folder)) opened.set(folder, mode);
  return true;
}

function copyContent(from: number, to: number): void {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let length = readSync(from, buffer); length > 0; length = readSync(from, buffer)) {
    for (let done = 0; done < length;) done += writeSync(to, buffer, done, length - done);
  }
}
