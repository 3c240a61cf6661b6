import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { openDirectory } from '../../../emulator/backends/directory';
import { DirectoryPreview } from '../../../emulator/backends/preview';
import type { Backend, TransferOptions } from '../../../emulator/engine/types';
import { transfer } from '../engine/run-transfer';
import { anyTree, parentOf, plant, survey, withFolder, type Entry, type Tree } from '../engine/tree';

interface Case {
  readonly source: Tree;
  readonly destination: Tree;
  readonly options: Partial<TransferOptions>;
  readonly taskMode: 'BASIC' | 'ENHANCED';
  readonly includes?: string;
  readonly excludes?: string;
}

/** A destination with a part of the source as it is, and things of its own: also files where the source has folders, and the reverse. */
function mixed(source: Tree, own: Tree, keep: readonly boolean[]): Tree {
  const tree = new Map<string, Entry>(own);
  let next = 0;
  for (const [path, entry] of source) {
    if (path !== '' && keep[next++ % keep.length] && !tree.has(path) && tree.get(parentOf(path))?.kind === 'folder') tree.set(path, entry);
  }
  return tree;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  source: anyTree,
  own: anyTree,
  keep: fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
  options: fc.record({
    OverwriteMode: fc.constantFrom('ALWAYS' as const, 'NEVER' as const),
    TransferMode: fc.constantFrom('CHANGED' as const, 'CHANGED' as const, 'ALL' as const),
    PreserveDeletedFiles: fc.constantFrom('PRESERVE' as const, 'REMOVE' as const),
    PosixPermissions: fc.constantFrom('PRESERVE' as const, 'NONE' as const),
  }).filter(({ TransferMode, PreserveDeletedFiles }) => TransferMode === 'CHANGED' || PreserveDeletedFiles === 'PRESERVE'),
  taskMode: fc.constantFrom('BASIC' as const, 'ENHANCED' as const),
  includes: fc.option(fc.constantFrom('/a*', '/a|/b', '/a/b*|/-'), { nil: undefined }),
  excludes: fc.option(fc.constantFrom('*b', '/a/*', '*/-|*.a', '*😀*'), { nil: undefined }),
}).map(({ source, own, keep, ...rest }) => ({ ...rest, source, destination: mixed(source, own, keep) }));

/** What became of each item, without the content of the texts of failures, which are the system's. */
async function outcomes(one: Case, source: Backend, destination: Backend): Promise<object> {
  const report = await transfer({ ...one, source, destination });
  const seen = [
    ...report.outcomes.map(({ what, item, change, reason }) => [what, item.key, change, reason].join(' ')),
    ...report.failures.map(({ path, phase }) => `failed ${path} ${phase}`),
  ];
  const { BytesTransferred, BytesCompressed, ...counters } = report.counters;
  // what was sent of an item that could not be put in its place is not foreseen
  const sent = report.failures.length === 0 ? { BytesTransferred, BytesCompressed } : {};
  return { seen: seen.sort(), status: report.result.status, counters: { ...counters, ...sent } };
}

test('a dry run tells what the run then does, item by item and number by number, and changes nothing', async () => {
  await fc.assert(fc.asyncProperty(anyCase, async one => withFolder(async root => {
    const from = join(root, 'source');
    const to = join(root, 'destination');
    plant(from, one.source);
    plant(to, one.destination);

    const planned = await outcomes(one, openDirectory(from, from), new DirectoryPreview(openDirectory(to, to), to, to));
    expect(survey(to)).toEqual(one.destination);
    expect(survey(from)).toEqual(one.source);

    expect(await outcomes(one, openDirectory(from, from), openDirectory(to, to))).toEqual(planned);
  })), { numRuns: 60 });
}, 60_000);

test('a destination that does not exist is told before anything else', async () => {
  await withFolder(async root => {
    mkdirSync(join(root, 'source'));
    const missing = join(root, 'missing');
    const { result } = await transfer({
      source: openDirectory('source', root), destination: new DirectoryPreview(openDirectory(missing, missing), missing, missing),
    });
    expect(result).toMatchObject({
      status: 'ERROR', errorDetail: `Task failed to access location loc-destination: the folder ${missing} does not exist; create it`,
    });
  });
});
