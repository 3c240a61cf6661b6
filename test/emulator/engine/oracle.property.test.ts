import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { ANY, expectedOf, matches } from './model';
import type { ModelCase } from './model';
import { transfer } from './run-transfer';
import type { Report } from './run-transfer';
import { withFolder } from './tree';
import { anyCase, LIMIT, RUNS, SEED } from './wide-case';
import { parentOf, plantWide, surveyWide } from './wide-tree';
import type { Node, WideTree } from './wide-tree';
import { openDirectory } from '../../../emulator/backends/directory/backend';

const isRoot = process.geteuid?.() === 0;

/** A tree for comparison: which names are of one file, without what tells files apart on a disk. */
function comparable(tree: WideTree, expected: WideTree = tree): object {
  const firsts = new Map<string, string>();
  return Object.fromEntries([...tree].sort(([a], [b]) => a < b ? -1 : 1).map(([path, { kind, content, mode, uid, gid, mtime, file }]) => {
    if (!firsts.has(file)) firsts.set(file, path);
    const isTimed = (expected.get(path)?.mtime ?? ANY) !== ANY;
    return [`/${path}`, {
      kind, content, uid, gid, ...kind !== 'symlink' && { mode }, ...isTimed && { mtime }, ...kind === 'file' && { sameAs: `/${firsts.get(file)}` },
    }];
  }));
}

function runOn(root: string, one: ModelCase): Promise<Report> {
  return transfer({ ...one, source: openDirectory('source', root), destination: openDirectory('destination', root) });
}

/** Runs once, and once more, and holds what comes of it against the model. */
async function check(one: ModelCase, root: string): Promise<void> {
  await plantWide(join(root, 'source'), one.source);
  await plantWide(join(root, 'destination'), one.destination);
  const expected = expectedOf(one);

  const { result, failures, outcomes } = await runOn(root, one);

  expect(comparable(surveyWide(join(root, 'destination')), expected.tree)).toEqual(comparable(expected.tree));
  expect(comparable(surveyWide(join(root, 'source')))).toEqual(comparable(one.source));
  const failed = failures.filter(({ phase }) => phase !== 'VERIFYING').map(({ path }) => path.slice(1));
  const wanted = [...expected.failed].map(decoded);
  expect(namesOf(failed)).toEqual(namesOf(wanted));
  expect(outcomes.filter(({ what }) => what === 'Deleted').length).toBe(expected.deleted.size);
  expect(result.status).toBe(expected.failed.size > 0 ? 'ERROR' : 'SUCCESS');

  if (one.options.Mtime === 'NONE') return; // then every run sees changes
  const again = await runOn(root, { ...one, options: { ...one.options, TransferMode: 'CHANGED' } });
  // What could not be written anew may still get the mode and the owner of the source: a device that is there already.
  const left = new Set([...expected.failed, ...wanted]);
  const changed = again.outcomes.filter(({ what, item }) => (what === 'Transferred' || what === 'Deleted') && !left.has(item.key));
  expect(changed.map(({ item }) => item.key)).toEqual([]);
  if (one.options.TransferMode === 'CHANGED') expect(again.result.status).toBe(result.status);
}

test(`a run does to any tree what an independent model of the service says (seed ${SEED})`, async () => {
  await fc.assert(fc.asyncProperty(anyCase, one => withFolder(root => check(one, root))), { numRuns: RUNS, seed: SEED });
}, LIMIT);

/** How rsync says what the excludes of `anyCase` say. */
const RSYNC_EXCLUDES: Readonly<Record<string, readonly string[]>> = {
  '*.tmp': ['*.tmp'], '*/b': ['b'], '/a/*': ['/a/*'], '*c': ['*c'], '*😀*|*/-n': ['*😀*', '-n'],
};

/** What `rsync -a` preserves. */
const ARCHIVE = { PosixPermissions: 'PRESERVE', Mtime: 'PRESERVE', Atime: 'BEST_EFFORT', Uid: isRoot ? 'INT_VALUE' : 'NONE', Gid: isRoot ? 'INT_VALUE' : 'NONE' } as const;

/**
 * The nearest case in which rsync has to do the same: it copies names that are not UTF-8 and those of snapshots, replaces files by folders,
 * leaves names of one file together that are names of several at the source, and gives new metadata to a file of which another name is excluded.
 */
function forRsync(one: ModelCase): ModelCase {
  const isCopied = (path: string) => isUtf8(decoded(path)) && !/\.snapshot|^\.awssync/.test(path);
  const source = new Map([...one.source].filter(([path]) => isCopied(path)));
  const destination = new Map<string, Node>();
  for (const [path, node] of one.destination) {
    const from = source.get(path);
    const isOther = from !== undefined && (from.kind === 'folder') !== (node.kind === 'folder');
    if (!isCopied(path) || isOther || (path !== '' && destination.get(parentOf(path))?.kind !== 'folder')) continue;
    const isExcluded = one.excludes !== undefined && matches(one.excludes, path);
    destination.set(path, { ...node, file: `${node.file} of ${(isExcluded ? undefined : from?.file) ?? path}` });
  }
  return {
    ...one,
    source,
    destination,
    includes: undefined,
    options: { ...one.options, ...ARCHIVE, OverwriteMode: 'ALWAYS', PreserveDevices: 'NONE' },
  };
}

function rsyncArguments({ options, excludes }: ModelCase): string[] {
  return [
    '-aH', '--no-D', '--numeric-ids',
    ...options.PreserveDeletedFiles === 'REMOVE' ? ['--delete'] : [],
    ...options.TransferMode === 'ALL' ? ['--ignore-times'] : [],
    ...(excludes === undefined ? [] : RSYNC_EXCLUDES[excludes]).map(pattern => `--exclude=${pattern}`),
  ];
}

const hasRsync = spawnSync('rsync', ['--version']).status === 0;

(hasRsync ? test : test.skip)(`a run leaves what rsync leaves, where both have the same options (seed ${SEED})${hasRsync ? '' : ' (SKIPPED: no rsync is installed)'}`, async () => {
  await fc.assert(fc.asyncProperty(anyCase.map(forRsync), one => withFolder(root => checkRsync(one, root))), { numRuns: RUNS, seed: SEED });
}, LIMIT);

async function checkRsync(one: ModelCase, root: string): Promise<void> {
  await plantWide(join(root, 'source'), one.source);
  for (const folder of ['destination', 'other']) await plantWide(join(root, folder), one.destination);
  const { status, stderr } = spawnSync('rsync', [...rsyncArguments(one), `${join(root, 'source')}/`, `${join(root, 'other')}/`], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect((await runOn(root, one)).result.status).toBe('SUCCESS');
  const found = surveyWide(join(root, 'destination'));
  // a folder that only the destination has gets a new time when something in it is deleted
  const timed = new Map([...found].map(([path, node]) => [path, one.source.has(path) || node.kind !== 'folder' ? node : { ...node, mtime: ANY }]));
  expect(comparable(found, timed)).toEqual(comparable(surveyWide(join(root, 'other')), timed));
}

/** Of those that are not UTF-8 only how many there are: a text cannot tell which. */
function namesOf(paths: readonly string[]): object {
  return { names: paths.filter(isUtf8).sort(), others: paths.filter(path => !isUtf8(path)).length };
}

function isUtf8(path: string): boolean {
  return !/[\udc80-\udcff]/u.test(path) && !path.includes('\ufffd');
}

function decoded(path: string): string {
  return Buffer.from(path, 'latin1').toString();
}
