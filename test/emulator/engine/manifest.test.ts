import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DEFAULTS } from './run-transfer';
import { anyTree, parentOf, plant, survey, withFolder } from './tree';
import type { Tree } from './tree';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import type { Manifest, ManifestEntry } from '../../../emulator/engine/manifest';
import { sortKeys } from '../../../emulator/engine/order';
import { Transfer } from '../../../emulator/engine/transfer';

/** A manifest in memory, in batches of three. */
function manifestOf(paths: readonly string[]): Manifest {
  const entries: ManifestEntry[] = sortKeys([...paths]).map((key, line) => ({ key, line: line + 1 }));
  return {
    load: async () => undefined,
    * entries() {
      for (let at = 0; at < entries.length; at += 3) yield entries.slice(at, at + 3);
    },
    close: () => undefined,
  };
}

/** What has to be at the destination: what was there, and over it what is listed, with the folders above that. */
function expected(source: Tree, destination: Tree, listed: readonly string[]): Map<string, unknown> {
  const result = new Map<string, unknown>(destination);
  for (const path of listed) {
    for (let each = path; each !== ''; each = parentOf(each)) result.set(each, source.get(each));
  }
  return result;
}

test('of any tree exactly what is listed arrives, as it is, and everything else stays', async () => {
  const picked = fc.infiniteStream(fc.boolean());
  await fc.assert(fc.asyncProperty(anyTree, fc.constantFrom('CHANGED', 'ALL'), picked, async (tree, TransferMode, picks) => withFolder(async root => {
    const listed = [...tree.keys()].filter(path => tree.get(path)!.kind !== 'folder' && picks.next().value);
    plant(join(root, 'source'), tree);
    mkdirSync(join(root, 'destination'));
    plant(join(root, 'destination'), new Map([['', { kind: 'folder', mode: 0o700, mtime: 1e15 }], ['own', { kind: 'file', mode: 0o600, mtime: 1e15 }]]));
    const before = survey(join(root, 'destination'));
    const [source, destination] = [openDirectory('source', root), openDirectory('destination', root)];
    const options = { ...DEFAULTS, TransferMode, VerifyMode: 'POINT_IN_TIME_CONSISTENT' } as const;
    const failures: unknown[] = [];
    const observer = { onPhase: () => undefined, onItemFailure: (failure: unknown) => void failures.push(failure) };
    for (const _ of [1, 2]) {
      const one = new Transfer({ source, destination, options, includes: [], excludes: [], manifest: manifestOf(listed), taskMode: 'ENHANCED' });
      const { status } = await one.run(observer, new AbortController().signal);
      expect({ status, failures, listed: one.counters.FilesListed.AtSource, verified: one.counters.FilesVerified })
        .toEqual({ status: 'SUCCESS', failures: [], listed: listed.length, verified: listed.length });
    }
    const after = survey(join(root, 'destination'));
    const wanted = expected(tree, before, listed);
    // the location itself is not listed: writing into it changes its time
    for (const each of [after, wanted]) each.delete('');
    expect(after).toEqual(wanted);
  })), { numRuns: 40 });
}, 60_000);
