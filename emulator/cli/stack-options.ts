import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { folder, mount, port } from './arguments';
import { faultPlan } from './fault-plan-argument';
import type { StackSettings } from '../local-stack/state-file';

/** What the parser makes of the options of `up` and `deploy`. */
export interface StackArguments {
  readonly root?: string;
  readonly mount?: Readonly<Record<string, string>>;
  readonly faults?: string;
  readonly port?: number;
}

/** Adds the options that say how the servers are started. */
export function addStackOptions(command: Command): Command {
  return command
    .option('--root <folder>', 'folder with the content of file systems: <root>/<kind>/<host or file system id>/<subdirectory> (default: one below the cache)', folder)
    .option('--mount <uri=folder>', 'a folder elsewhere for a file system: nfs://host/export=/data; repeatable', mount)
    .option('--faults <file>', 'plan of what is to go wrong on purpose, JSON', faultFile)
    .option('--port <number>', 'port of the emulator (default: any that is free)', port);
}

/** Absolute, because the servers do not run where the command does. */
export function settingsOf({ root, mount: mounts, faults, port: wanted }: StackArguments): Partial<StackSettings> & { readonly port?: number } {
  return {
    root: root === undefined ? undefined : resolve(root),
    mounts: mounts && Object.fromEntries(Object.entries(mounts).map(([uri, path]) => [uri, resolve(path)])),
    faults,
    port: wanted,
  };
}

/** The text, so that two plans can be told apart. */
function faultFile(path: string): string {
  faultPlan(path);
  return JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
}
