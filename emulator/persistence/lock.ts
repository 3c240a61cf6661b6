import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from '../system/process-start';

/** Folders in use by this process: two emulators in one process have the same process id. */
const taken = new Set<string>();

/** The file of a process that has the folder, or is about to take it: its name tells which, so that it is complete as soon as it is there. */
const LOCK = /^lock\.([1-9]\d*)(?:\.(\d+))?$/;

/** Of two that come at the same moment each may see the other: both step back and try again after a while that differs. */
const ATTEMPTS = 8;
const LONGEST_PAUSE_MS = 40;

/**
 * Takes a folder for this process, until it ends or lets it go.
 *
 * Each process makes a file of its own first and looks for those of others then, so whoever comes later sees whoever came first: at most one gets the
 * folder. What a dead process has left behind has a name that no process that is alive can have, so it can be removed at any time.
 *
 * @throws Error when a process that is alive has it
 */
export function lock(folder: string): void {
  if (taken.has(folder)) throw inUse(folder, ownFile());
  for (let attempt = 1; ; attempt++) {
    makeOwnFile(folder);
    const others = readdirSync(folder).filter(name => LOCK.test(name) && name !== ownFile());
    const alive = others.find(isAlive);
    if (alive === undefined) {
      others.forEach(name => rmSync(join(folder, name), { force: true }));
      taken.add(folder);
      return;
    }
    rmSync(join(folder, ownFile()), { force: true });
    if (attempt === ATTEMPTS) throw inUse(folder, alive);
    pause(Math.random() * LONGEST_PAUSE_MS);
  }
}

export function unlock(folder: string): void {
  taken.delete(folder);
  rmSync(join(folder, ownFile()), { force: true });
}

function ownFile(): string {
  return `lock.${identityOf(process.pid)!}`;
}

function makeOwnFile(folder: string): void {
  const name = ownFile();
  try {
    closeSync(openSync(join(folder, name), 'wx', 0o600));
  } catch (error) {
    // Without a start time the file is one of another life: in a container it gets the same id each time. With one, another copy of this code has it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || LOCK.exec(name)![2] !== undefined) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? inUse(folder, name) : error;
    }
  }
}

function inUse(folder: string, name: string): Error {
  const [, pid] = LOCK.exec(name)!;
  return new Error(`the state folder ${folder} is in use by process ${pid}; take another, or remove its file '${name}' if that is no emulator`);
}

function isAlive(name: string): boolean {
  const [, pid] = LOCK.exec(name)!;
  return name === `lock.${identityOf(Number(pid))}`;
}

/** Keeps the whole thread waiting: nothing can be done without the folder. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** A process that is alive, by its id and when it started. Where that is not known, the id has to do. */
function identityOf(pid: number): string | undefined {
  const started = startOf(pid);
  return started === '' ? String(pid) : started && `${pid}.${started}`;
}
