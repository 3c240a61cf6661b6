import {
  chmodSync, lstatSync, lutimesSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync, utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';

/** What is expected of, or found at, one path. */
export interface Entry {
  readonly kind: 'file' | 'folder' | 'symlink';
  /** Content of a file, target of a link. */
  readonly content?: string;
  readonly mode?: number;
  /** Microseconds since 1970 (whole seconds before it). */
  readonly mtime: number;
}

/** By path without slashes at the ends; the root is ''. */
export type Tree = ReadonlyMap<string, Entry>;

const oddNames = ['a b', ' lead', 'é', 'e\u0301', '😀', '\ue000', '\u0001', 'new\nline', 'r\r', '*', 'a|b', 'back\\slash', '%41', 'a+b', '&<>"', '.hidden', '...', '~', '-'];
const name = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '1'), minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom(...oddNames) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }) },
).filter(text => text !== '.' && text !== '..' && !/[/\0]|\.snapshot$/.test(text) && Buffer.byteLength(text) <= 200);

const mtime = fc.oneof(
  fc.integer({ min: 0, max: 4e15 }),
  fc.constantFrom(0, 1, 999_999, 1_602_647_222_222_919, 1_700_000_000_000_000),
  fc.integer({ min: -1e9, max: -1 }).map(seconds => seconds * 1e6),
);
const fileMode = fc.constantFrom(0o644, 0o600, 0o755, 0o400, 0o777, 0o4755, 0o444);
const folderMode = fc.constantFrom(0o755, 0o700, 0o777, 0o1777, 0o750);
const content = fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 20 }), fc.integer({ min: 1, max: 300_000 }).map(length => 'x'.repeat(length)));

const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('file' as const), content, mode: fileMode, mtime }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('folder' as const), mode: folderMode, mtime }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('symlink' as const), content: fc.constantFrom('a', '../..', '/etc/passwd', 'é/😀', 'gone'), mtime }) },
);

/** Random trees; folders above an entry exist, also where the entry was drawn without them. */
export const anyTree: fc.Arbitrary<Tree> = fc.tuple(
  mtime,
  fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), entry), { maxLength: 25 }),
).map(([rootMtime, drawn]) => {
  const tree = new Map<string, Entry>([['', { kind: 'folder', mode: 0o755, mtime: rootMtime }]]);
  for (const [names, leaf] of drawn) {
    const folders = names.slice(0, -1).map((_, i) => names.slice(0, i + 1).join('/'));
    if (tree.has(names.join('/')) || folders.some(folder => tree.has(folder) && tree.get(folder)!.kind !== 'folder')) continue;
    for (const folder of folders) if (!tree.has(folder)) tree.set(folder, { kind: 'folder', mode: 0o755, mtime: leaf.mtime });
    tree.set(names.join('/'), leaf);
  }
  return tree;
});

/** Makes the tree below `root`. */
export function plant(root: string, tree: Tree): void {
  const paths = [...tree.keys()].sort((a, b) => depth(a) - depth(b));
  for (const path of paths) {
    const { kind, content: text = '' } = tree.get(path)!;
    if (kind === 'folder') mkdirSync(join(root, path), { recursive: true });
    else if (kind === 'file') writeFileSync(join(root, path), text);
    else symlinkSync(text, join(root, path));
  }
  for (const path of paths.reverse()) {
    const { kind, mode = 0, mtime: time } = tree.get(path)!;
    const seconds = time < 0 ? new Date(time / 1000) : (time + 0.5) / 1e6;
    if (kind === 'symlink') {
      lutimesSync(join(root, path), seconds, seconds);
      continue;
    }
    chmodSync(join(root, path), mode);
    utimesSync(join(root, path), seconds, seconds);
  }
}

/** The tree below `root` as it is. */
export function survey(root: string, path = '', tree = new Map<string, Entry>()): Map<string, Entry> {
  const full = join(root, path);
  const stats = lstatSync(full, { bigint: true });
  const time = stats.mtimeNs < 0n ? Math.floor(Number(stats.mtimeNs) / 1e9) * 1e6 : Number(stats.mtimeNs / 1000n);
  const mode = Number(stats.mode % 0o10000n);
  if (stats.isSymbolicLink()) {
    tree.set(path, { kind: 'symlink', content: readlinkSync(full), mtime: time });
  } else if (stats.isFile()) {
    tree.set(path, { kind: 'file', content: readFileSync(full, 'utf8'), mode, mtime: time });
  } else {
    tree.set(path, { kind: 'folder', mode, mtime: time });
    for (const child of readdirSync(full)) survey(root, path === '' ? child : `${path}/${child}`, tree);
  }
  return tree;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function depth(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

/** Runs with a new folder and removes it. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'engine-test-')));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
