import * as fc from 'fast-check';
import type { ModelCase } from './model';
import { anyEdits, anyWideTree, derive } from './wide-tree';

/** Another one each time; `FUZZ_SEED` repeats a run. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** How many cases a property is tried with. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
/** Time for them, in ms, on whatever machine. */
export const LIMIT = RUNS * 20_000;
const isRoot = process.geteuid?.() === 0;
const ids = isRoot ? fc.constantFrom('INT_VALUE' as const, 'INT_VALUE' as const, 'NONE' as const) : fc.constant('NONE' as const);

const anyOptions: fc.Arbitrary<ModelCase['options']> = fc.record({
  OverwriteMode: fc.constantFrom('ALWAYS' as const, 'ALWAYS' as const, 'NEVER' as const),
  TransferMode: fc.constantFrom('CHANGED' as const, 'CHANGED' as const, 'CHANGED' as const, 'ALL' as const),
  PreserveDeletedFiles: fc.constantFrom('PRESERVE' as const, 'REMOVE' as const),
  PosixPermissions: fc.constantFrom('PRESERVE' as const, 'PRESERVE' as const, 'NONE' as const),
  Uid: ids,
  Gid: ids,
  Mtime: fc.constantFrom('PRESERVE' as const, 'PRESERVE' as const, 'NONE' as const),
  PreserveDevices: fc.constantFrom('NONE' as const, 'NONE' as const, 'PRESERVE' as const),
  VerifyMode: fc.constantFrom('NONE' as const, 'ONLY_FILES_TRANSFERRED' as const, 'POINT_IN_TIME_CONSISTENT' as const),
}).map(options => ({
  ...options,
  Atime: options.Mtime === 'PRESERVE' ? 'BEST_EFFORT' as const : 'NONE' as const,
  PreserveDeletedFiles: options.TransferMode === 'ALL' ? 'PRESERVE' as const : options.PreserveDeletedFiles,
}));

/** Two trees that have something in common, and how to copy the one to the other. */
export const anyCase: fc.Arbitrary<ModelCase> = fc.record({
  source: anyWideTree,
  extras: anyWideTree,
  edits: anyEdits,
  options: anyOptions,
  includes: fc.option(fc.constantFrom('/a', '/a/b', '/a*', '/b/a|/c', '/a/b/c|/-*'), { nil: undefined }),
  excludes: fc.option(fc.constantFrom('*.tmp', '*/b', '/a/*', '*c', '*😀*|*/-n'), { nil: undefined }),
}).map(({ source, extras, edits, ...rest }) => ({ ...rest, source, destination: derive(source, edits, extras) }));
