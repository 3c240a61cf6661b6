import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders in use by this process: two emulators in one process have the same process id. */
const taken = new Set<string>();

/**
 * Takes a folder for this process, until it ends or lets it go.
 *
 * @throws Error when a process that is alive has it
 */
export function lock(folder: string): void {
  const path = join(folder, 'lock');
  for (;;) {
    try {
      if (taken.has(folder)) throw inUse(folder, process.pid);
      writeFileSync(path, identityOf(process.pid)!, { flag: 'wx' });
      taken.add(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = readFileSync(path, 'utf8');
      if (isAlive(owner)) throw inUse(folder, parseInt(owner));
      rmSync(path, { force: true }); // left behind by a kill
    }
  }
}

export function unlock(folder: string): void {
  taken.delete(folder);
  rmSync(join(folder, 'lock'), { force: true });
}

function inUse(folder: string, pid: number): Error {
  return new Error(`the state folder ${folder} is in use by process ${pid}; take another, or remove its file 'lock' if that is no emulator`);
}

/** Without a start time, this process does not count: in a container it gets the same id each time. */
function isAlive(identity: string): boolean {
  return identity !== String(process.pid) && /^[1-9]\d*( \d+)?$/.test(identity) && identityOf(parseInt(identity)) === identity;
}

/**
 * A process that is alive, by its id and when it started: the id alone may be another one's by now.
 * Where there is no /proc, as on macOS, the id has to do.
 */
function identityOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return exists(pid) ? String(pid) : undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from the third on; the second is a name, which may hold anything
  const [state, startTime] = [fields[0], fields[19]];
  return 'ZX'.includes(state) ? undefined : `${pid} ${startTime}`; // dead, and nobody has asked for its exit code yet
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
