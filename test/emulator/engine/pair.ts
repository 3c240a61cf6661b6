import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { transfer } from './run-transfer';
import type { Report, Setup } from './run-transfer';
import { withFolder } from './tree';
import { openDirectory } from '../../../emulator/backends/directory/backend';

/** What a run says that did not take all of its items along. */
export const SKIPPED = /^Transfer and verification completed\. Selected files transferred except for files skipped due to errors\./;

export interface Pair {
  readonly root: string;
  readonly source: string;
  readonly destination: string;
  run(setup?: Partial<Setup>): Promise<Report>;
}

/** Runs with a folder that has `source` and `destination` in it. */
export async function withPair(use: (pair: Pair) => Promise<void>) {
  await withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    mkdirSync(source);
    mkdirSync(destination);
    await use({
      root,
      source,
      destination,
      run: setup => {
        utimesSync(destination, 1, 1); // so that the root always differs
        return transfer({ source: openDirectory('source', root), destination: openDirectory('destination', root), ...setup });
      },
    });
  });
}

/** Lets a user who is nobody in particular do it, with the folder as their own: root reads everything. */
export async function asNobody(folder: string, act: () => Promise<void>) {
  if (process.geteuid!() !== 0) return act();
  const nobody = 65534;
  execFileSync('chown', ['-R', `${nobody}:${nobody}`, folder]);
  process.seteuid!(nobody);
  try {
    await act();
  } finally {
    process.seteuid!(0);
  }
}

/** What only root can do is skipped elsewhere, and said to be. */
export const testAsRoot = process.geteuid!() === 0 ? test : test.skip; // nobody else can make a device
