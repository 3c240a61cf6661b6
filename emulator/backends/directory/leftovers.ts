import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import type { Folders } from './folders';
import { holdFolder, readOwn } from './handle';
import { isOwnerAlive } from './owner';
import { NoFolderError, pathOf } from './paths';
import { codeOf } from '../../engine/errors';
import { WORKING_FOLDER } from '../../engine/filter';

/** How the folder of a run begins in the working folder; its id comes after that. */
export const RUN_PREFIX = 'run-';
/** Where a run, and each thread of it, notes the mounted folders in which its files grow: a JSON string a line. */
export const MOUNTED = 'mounted';

/** The name of what a run is writing into a folder that is mounted from elsewhere. */
export function nameBeside(run: string, number: number): string {
  return `${WORKING_FOLDER}-${run}-${number}`;
}

/**
 * Removes what runs have left that were killed, also in mounted folders. What cannot be removed stays for a later run.
 *
 * @param working path of the working folder
 * @param own id of the run that cleans up
 * @param now ms, by the clock that gives files their times
 */
export async function removeLeftovers(folders: Folders, working: string, own: string, now: number): Promise<void> {
  for (const name of readdirSync(working)) {
    if (!name.startsWith(RUN_PREFIX) || name === `${RUN_PREFIX}${own}`) continue;
    try {
      const run = holdFolder(`${working}/${name}`);
      try {
        if (await isOwnerAlive(run.path, now)) continue;
        for (const folder of mountedOf(run.path)) removeBeside(folders, folder, name.slice(RUN_PREFIX.length));
      } finally {
        run.close();
      }
      removeTree(working, name);
    } catch {
      // somebody else's, or another run is removing it, too
    }
  }
}

/** Removes a folder with all that is in it, and follows no link, whatever is put in the place of a folder meanwhile. */
export function removeTree(parent: string, name: string): void {
  const folder = holdFolder(`${parent}/${name}`);
  try {
    for (const entry of readdirSync(folder.path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(folder.path, entry.name);
      else unlinkSync(`${folder.path}/${entry.name}`);
    }
  } finally {
    folder.close();
  }
  rmdirSync(`${parent}/${name}`);
}

/** The mounted folders that a run and its threads have written to. */
function mountedOf(run: string): string[] {
  const threads = readdirSync(run, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => `${run}/${entry.name}`);
  return [run, ...threads].flatMap(folder => {
    try {
      const lines = readOwn(`${folder}/${MOUNTED}`).split('\n').slice(0, -1); // a line without an end was being written
      return lines.map(line => String(JSON.parse(line)));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  });
}

function removeBeside(folders: Folders, folder: string, run: string): void {
  const prefix = nameBeside(run, 0).slice(0, -1);
  try {
    const path = folders.folder(pathOf(folder)); // whoever may write here can have put anything into the list
    for (const name of readdirSync(path)) if (name.startsWith(prefix)) unlinkSync(`${path}/${name}`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && !(error instanceof NoFolderError)) throw error;
  }
}
