import { lstatSync, lutimesSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { hostname } from 'node:os';
import { readOwn } from './handle';
import { codeOf } from '../../engine/errors';

/** Says whose a folder of a run is. */
const RECORD = 'owner';
/** A run listens here as long as it lives. The kernel ends that when the process ends, whatever ends it. */
const SOCKET = 'owner.sock';
/** How often, in ms, a run shows that it lives, for those whom the socket tells nothing. */
const BEAT = 30_000;
/** A run that has not shown for so long, in ms, that it lives counts as dead. Its process may have been stopped for a while. */
export const DEAD_AFTER = 15 * 60_000;

interface OwnerRecord {
  /** Identifies a machine from its start to its end. Its processes may be in namespaces (containers) that do not see each other. */
  readonly boot: string;
  /** Number of the mounted file system on that machine: sockets are found only through the same one. */
  readonly device: string;
  /** Absent where the file system has no sockets. */
  readonly socket?: true;
}

export interface Owner {
  /** The run has ended. To be called while the folder is still held. */
  end(): void;
}

/** Marks a folder as that of a run of this process. */
export async function claim(folder: string): Promise<Owner> {
  const server = await listen(`${folder}/${SOCKET}`);
  const record: OwnerRecord = { ...machineAndDevice(folder), ...(server && { socket: true }) };
  const path = `${folder}/${RECORD}`;
  writeFileSync(path, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  const beat = setInterval(() => {
    try {
      lutimesSync(path, new Date(), new Date());
    } catch {
      // the folder has been removed: the run will see it
    }
  }, BEAT).unref();
  return {
    end: () => {
      clearInterval(beat);
      server?.close();
    },
  };
}

/**
 * Does the run that has claimed a folder still live? On one machine the socket tells, also across containers, where process ids
 * mean nothing. For a run on another machine, and where the file system has no sockets, the time of its last sign of life tells.
 *
 * @param now ms, by the clock that gives files their times
 */
export async function isOwnerAlive(folder: string, now: number): Promise<boolean> {
  const record = readRecord(folder);
  const here = machineAndDevice(folder);
  if (record?.socket && record.boot === here.boot && record.device === here.device) return answers(`${folder}/${SOCKET}`);
  return now - lastSign(folder) < DEAD_AFTER;
}

/** The time of a folder's claim, by the clock that gives files their times: that of a server may differ from this machine's. */
export function timeOfClaim(folder: string): number {
  return lstatSync(`${folder}/${RECORD}`).mtimeMs;
}

function lastSign(folder: string): number {
  try {
    return timeOfClaim(folder);
  } catch {
    return lstatSync(`${folder}/.`).mtimeMs; // not yet claimed, or of another version
  }
}

function readRecord(folder: string): Partial<OwnerRecord> | undefined {
  try {
    return JSON.parse(readOwn(`${folder}/${RECORD}`));
  } catch {
    return undefined;
  }
}

function machineAndDevice(folder: string): { readonly boot: string; readonly device: string } {
  return { boot: BOOT, device: String(lstatSync(`${folder}/.`).dev) };
}

const BOOT = readBoot();

/** Elsewhere than on Linux a machine has no such number, but a name of its own. */
function readBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return hostname();
  }
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer(socket => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen(path, () => resolve(server));
    server.unref();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', error => {
      socket.destroy();
      resolve(codeOf(error) !== 'ECONNREFUSED' && codeOf(error) !== 'ENOENT'); // a queue that is full is a sign of life
    });
  });
}
