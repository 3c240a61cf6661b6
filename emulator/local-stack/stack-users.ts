import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive } from './process-group';
import { makeFolder } from '../system/make-folder';
import { startOf } from '../system/process-start';

/** A command that works with the local stack right now. */
export interface StackUser {
  readonly pid: number;
  readonly started: string;
  /** The folder of the app that it works on. */
  readonly project: string;
  /** Whether it deploys the app, which two cannot do at the same time. */
  readonly deploys: boolean;
}

const FILE = /^\d+\.json$/;

/** Notes that this process works with the local stack. One that ends without a word is none any more. */
export function addUser(folder: string, project: string, deploys: boolean): void {
  const user: StackUser = { pid: process.pid, started: startOf(process.pid) ?? '', project, deploys };
  makeFolder(folder, 0o700);
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(user));
}

export function removeUser(folder: string): void {
  rmSync(join(folder, `${process.pid}.json`), { force: true });
}

/** The other processes that work with it and are alive. */
export function otherUsers(folder: string): StackUser[] {
  return filesIn(folder).flatMap(name => readUser(join(folder, name)) ?? []).filter(user => user.pid !== process.pid && isProcessAlive(user));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => FILE.test(name));
  } catch {
    return []; // nobody has used it yet, or it has been stopped
  }
}

function readUser(path: string): StackUser | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StackUser;
  } catch {
    return undefined; // it has just ended, or was killed as it began
  }
}
