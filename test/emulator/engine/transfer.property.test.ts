import { join } from 'node:path';
import * as fc from 'fast-check';
import { transfer } from './run-transfer';
import { anyTree, parentOf, plant, survey, withFolder } from './tree';
import type { Entry, Tree } from './tree';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import type { TransferOptions } from '../../../emulator/engine/request';

interface Case {
  readonly source: Tree;
  readonly destination: Tree;
  readonly options: Partial<TransferOptions>;
  readonly taskMode: 'BASIC' | 'ENHANCED';
  readonly includes?: string;
  readonly excludes?: string;
}

type Edit = 'same' | 'gone' | 'older' | 'longer' | 'chmod';

/** A destination that was once a copy of the source and has gone its own way since. */
function derive(source: Tree, edits: readonly Edit[], extras: Tree): Tree {
  const tree = new Map<string, Entry>([['', { kind: 'folder', mode: 0o755, mtime: 5e15 }]]);
  let next = 0;
  for (const [path, entry] of source) {
    if (path === '' || !tree.has(parentOf(path))) continue;
    const edit = edits[next++ % edits.length];
    if (edit === 'gone') continue;
    if (edit === 'older') tree.set(path, { ...entry, mtime: 42e6, ...(entry.kind === 'file' && { content: 'o'.repeat(Buffer.byteLength(entry.content!)) }) });
    else if (edit === 'longer' && entry.kind === 'file') tree.set(path, { ...entry, content: `${entry.content}!` });
    else if (edit === 'chmod' && entry.kind !== 'symlink') tree.set(path, { ...entry, mode: 0o711 });
    else tree.set(path, entry);
  }
  for (const [path, entry] of extras) if (!tree.has(path) && !source.has(path) && tree.get(parentOf(path))?.kind === 'folder') tree.set(path, entry);
  return tree;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  source: anyTree,
  extras: anyTree,
  edits: fc.array(fc.constantFrom<Edit>('same', 'gone', 'older', 'longer', 'chmod'), { minLength: 1, maxLength: 20 }),
  overwrite: fc.constantFrom('ALWAYS' as const, 'NEVER' as const),
  mode: fc.constantFrom('CHANGED' as const, 'ALL' as const),
  deleted: fc.constantFrom('PRESERVE' as const, 'REMOVE' as const),
  verify: fc.constantFrom('NONE' as const, 'ONLY_FILES_TRANSFERRED' as const, 'POINT_IN_TIME_CONSISTENT' as const),
  permissions: fc.constantFrom('PRESERVE' as const, 'NONE' as const),
  taskMode: fc.constantFrom('BASIC' as const, 'ENHANCED' as const),
  includes: fc.option(fc.constantFrom('/a*', '/a|/b', '/a/b*|/-', '/.*'), { nil: undefined }),
  excludes: fc.option(fc.constantFrom('*b', '/a/*', '*/-|*.a', '*😀*'), { nil: undefined }),
}).map(({ source, extras, edits, overwrite, mode, deleted, verify, permissions, ...rest }) => ({
  ...rest,
  source,
  destination: derive(source, edits, extras),
  options: {
    OverwriteMode: overwrite,
    TransferMode: mode,
    PreserveDeletedFiles: mode === 'ALL' ? 'PRESERVE' as const : deleted,
    VerifyMode: verify,
    PosixPermissions: permissions,
  },
}));

interface Expected {
  readonly tree: Map<string, Entry>;
  readonly transferred: Set<string>;
  readonly selected: string[];
}

/** The plainest copier there is: whole trees in memory, one rule after the other. */
function reference({ source, destination, options, includes, excludes }: Case): Expected {
  const toPattern = (text: string) => new RegExp(`^(${text.split('|').map(one => one.replace(/[.\\+]/g, '\\$&').replace(/\*/g, '[^]*')).join('|')})(/[^]*)?$`);
  const isWanted = (path: string) => (!includes || toPattern(includes).test(`/${path}`)) && !(excludes && toPattern(excludes).test(`/${path}`));
  const isExcluded = (path: string) => Boolean(excludes && toPattern(excludes).test(`/${path}`));
  const scope = (tree: Tree) => [...tree.keys()].filter(path => path === '' || isWanted(path)
    || (tree.get(path)!.kind === 'folder' && !isExcluded(path) && [...tree.keys()].some(other => other.startsWith(`${path}/`) && isWanted(other))));
  const tree = new Map(destination);
  const selected = scope(source);
  if (options.PreserveDeletedFiles === 'REMOVE') {
    for (const path of scope(destination).filter(each => each === '' || isWanted(each)).sort((a, b) => b.length - a.length)) {
      if (!source.has(path) && ![...tree.keys()].some(other => other.startsWith(`${path}/`))) tree.delete(path);
    }
  }
  const transferred = new Set<string>();
  for (const path of selected) {
    const [from, to] = [source.get(path)!, destination.get(path)];
    if (to && options.OverwriteMode === 'NEVER') continue;
    const comparesMode = options.PosixPermissions === 'PRESERVE' && from.kind !== 'symlink';
    const isSame = to && to.kind === from.kind && Buffer.byteLength(to.content ?? '') === Buffer.byteLength(from.content ?? '') && to.mtime === from.mtime
      && (from.kind !== 'symlink' || to.content === from.content) && (!comparesMode || to.mode === from.mode);
    if (!isSame || options.TransferMode === 'ALL') {
      transferred.add(path);
      tree.set(path, from);
    }
  }
  return { tree, transferred, selected };
}

test('folder to folder: any tree onto any older copy of it, under any options, ends like the reference copier', async () => {
  await fc.assert(fc.asyncProperty(anyCase, async one => withFolder(async root => {
    plant(join(root, 'source'), one.source);
    plant(join(root, 'destination'), one.destination);
    const [source, destination] = [openDirectory('source', root), openDirectory('destination', root)];
    const expected = reference(one);

    const { result, counters, failures } = await transfer({ ...one, source, destination });

    expect({ result: result.status, failures }).toEqual({ result: 'SUCCESS', failures: [] });
    const found = survey(join(root, 'destination'));
    expect([...found.keys()].sort()).toEqual([...expected.tree.keys()].sort());
    const settled = one.options.OverwriteMode === 'ALWAYS' ? new Set(expected.selected) : expected.transferred;
    for (const [path, entry] of expected.tree) {
      const actual = found.get(path)!;
      expect({ path, kind: actual.kind, content: actual.content }).toEqual({ path, kind: entry.kind, content: entry.content });
      // folders nobody settles get new times as their content changes
      if (settled.has(path) || entry.kind !== 'folder') expect({ path, mtime: actual.mtime }).toEqual({ path, mtime: entry.mtime });
      if (one.options.PosixPermissions === 'PRESERVE') expect({ path, mode: actual.mode }).toEqual({ path, mode: entry.mode });
    }
    const files = (paths: Iterable<string>) => [...paths].filter(path => one.taskMode === 'BASIC' || one.source.get(path)!.kind !== 'folder').length;
    const folders = (paths: Iterable<string>) => [...paths].length - files(paths);
    expect(counters).toMatchObject({
      FilesTransferred: files(expected.transferred),
      FoldersTransferred: folders(expected.transferred),
      FilesSkipped: files(expected.selected) - files(expected.transferred),
      FoldersSkipped: folders(expected.selected) - folders(expected.transferred),
      BytesWritten: counters.BytesTransferred,
    });
    expect(survey(join(root, 'source'))).toEqual(one.source);

    const again = await transfer({ ...one, source, destination, options: { ...one.options, TransferMode: 'CHANGED' } });
    expect(again.result.status).toBe('SUCCESS');
    expect(again.counters).toMatchObject({ FilesTransferred: 0, FoldersTransferred: 0, BytesTransferred: 0, FilesDeleted: 0, FoldersDeleted: 0 });
  })), { numRuns: 60 });
});
