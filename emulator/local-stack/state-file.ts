import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './ministack';

/** How the emulator of a local stack was started. */
export interface StackSettings {
  readonly root: string;
  readonly mounts: Readonly<Record<string, string>>;
  /** A plan of what is to go wrong, as JSON. */
  readonly faults?: string;
}

/** What `up` writes, and `down`, `status`, `env`, `cdk` and `deploy` read. */
export interface LocalStackState extends StackSettings {
  readonly version: 1;
  readonly miniStack: Server;
  /** Missing for the moment between the two starts. */
  readonly emulator?: Server;
}

const NAME = 'local-stack.json';

/** Undefined if there is none, or one that another version has written. */
export function readState(folder: string): LocalStackState | undefined {
  const path = join(folder, NAME);
  if (!existsSync(path)) return undefined;
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as LocalStackState;
    return state.version === 1 && state.miniStack ? state : undefined;
  } catch {
    return undefined;
  }
}

/** In one step: a reader sees the file of before or this one. */
export function writeState(folder: string, state: LocalStackState): void {
  const draft = join(folder, `${NAME}.draft`);
  writeFileSync(draft, JSON.stringify(state, undefined, 2), { mode: 0o600 });
  renameSync(draft, join(folder, NAME));
}

export function removeState(folder: string): void {
  rmSync(join(folder, NAME), { force: true });
}
