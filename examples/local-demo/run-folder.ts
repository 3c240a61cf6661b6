import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'fs';
import { join } from 'path';
import { LOCAL_FOLDER } from './venv';

/** A folder for what lives as long as this process at most. */
export interface RunFolder {
  readonly path: string;
  remove(): void;
}

const RUNS = join(LOCAL_FOLDER, 'run');

/** Makes a folder that is removed when this process exits, and removes those of processes that had no time for that. */
export function makeRunFolder(name: string): RunFolder {
  mkdirSync(RUNS, { recursive: true });
  for (const left of readdirSync(RUNS).filter(isAbandoned)) removeFolder(join(RUNS, left));
  const path = mkdtempSync(join(RUNS, `${name}-${process.pid}-`));
  const onExit = () => removeFolder(path);
  process.once('exit', onExit);
  return {
    path,
    remove: () => {
      process.removeListener('exit', onExit);
      removeFolder(path);
    },
  };
}

function isAbandoned(folder: string): boolean {
  const pid = Number(/-(\d+)-[^-]*$/.exec(folder)?.[1]);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM'; // somebody else's process is alive, too
  }
}

/** Best effort: a process that was just killed may still be writing, and the next run removes what is left. */
function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch { /* see above */ }
}
