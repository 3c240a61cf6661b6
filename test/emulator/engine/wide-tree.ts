import { execFileSync } from 'node:child_process';
import {
  chmodSync, lchownSync, linkSync, lstatSync, lutimesSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync,
  symlinkSync, utimesSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';

/** What is at one path. */
export interface Node {
  readonly kind: 'file' | 'folder' | 'symlink' | 'pipe' | 'socket' | 'device';
  /** Content of a file, target of a link. */
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Microseconds since 1970. */
  readonly mtime: number;
  /** Names with the same value are names of one file. */
  readonly file: string;
}

/** By path without slashes at the ends, each character a byte, since names need not be UTF-8; the root is ''. */
export type WideTree = ReadonlyMap<string, Node>;

const isRoot = process.geteuid?.() === 0;

/** The bytes of a text, each as a character. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'x.tmp') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '-n', '--', 'new\nline', '*', '?', '[a]', 'a|b', 'back\\slash', ' ', 'é', '😀', '\ufffd', '...', 'k.snapshot', '.awssync', '.hidden', '\u0001',
    ).map(bytesOf),
  },
  { weight: 1, arbitrary: fc.constantFrom('\xff', '\xfe', 'a\xff', '\xc3', '\xed\xa0\x80', '\xf0\x9f') },
);

/** Sizes and times tell contents apart, as they have to for a transfer: which never reads what has both in common. */
const CONTENTS: ReadonlyArray<readonly [content: string, mtimes: readonly number[]]> = [
  ['', [0, 1_700_000_000_000_000]],
  ['AAAA', [1_500_000_000_000_000, 1_602_647_222_222_919]],
  ['BBBB', [1_400_000_000_000_000, 1_300_000_000_000_001]],
  ['longer content', [1_500_000_000_000_000, 1_400_000_000_000_000]],
];
const TARGETS = ['a', '../b', '/etc/passwd', 'nowhere'];

const content = fc.constantFrom(...CONTENTS).chain(([text, mtimes]) => fc.record({ content: fc.constant(text), mtime: fc.constantFrom(...mtimes) }));
const owner = isRoot ? fc.constantFrom(0, 0, 1000) : fc.constant(process.geteuid?.() ?? 0);
const group = isRoot ? fc.constantFrom(0, 0, 1000) : fc.constant(process.getegid?.() ?? 0);
const time = fc.constantFrom(1_500_000_000_000_000, 1_400_000_000_000_000);

type Drawn = Omit<Node, 'file'>;
const drawn: fc.Arbitrary<Drawn | 'link'> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('file' as const), mode: fc.constantFrom(0o644, 0o600, 0o4755), uid: owner, gid: group, both: content }).map(({ both, ...rest }) => ({ ...rest, ...both })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('folder' as const), content: fc.constant(''), mode: fc.constantFrom(0o755, 0o700), uid: owner, gid: group, mtime: time }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('symlink' as const), content: fc.constantFrom(...TARGETS), mode: fc.constant(0o777), uid: owner, gid: group, mtime: time }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pipe' as const, 'socket' as const, ...isRoot ? ['device' as const] : []), content: fc.constant(''), mode: fc.constant(0o644), uid: owner, gid: group, mtime: time,
    }),
  },
  { weight: 3, arbitrary: fc.constant('link' as const) },
);

let files = 0;

function folder(mtime: number): Node {
  return { kind: 'folder', content: '', mode: 0o755, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mtime, file: `new-${files++}` };
}

/** Adds an entry and the folders above it, unless something else has one of the names. */
function add(tree: Map<string, Node>, path: string, node: Node): void {
  const names = path.split('/');
  const above = names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
  if (tree.has(path) || above.some(each => (tree.get(each)?.kind ?? 'folder') !== 'folder')) return;
  for (const each of above) if (!tree.has(each)) tree.set(each, folder(1_500_000_000_000_000));
  tree.set(path, node);
}

/** Small trees with everything that a folder can hold. */
export const anyWideTree: fc.Arbitrary<WideTree> = fc.array(
  fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/')), drawn, fc.nat()), { maxLength: 8 },
).map(entries => {
  const tree = new Map<string, Node>([['', folder(1_500_000_000_000_000)]]);
  for (const [path, entry, which] of entries) {
    const named = [...tree.values()].filter(({ kind }) => kind === 'file');
    if (entry !== 'link') add(tree, path, { ...entry, file: `new-${files++}` });
    else if (named.length > 0) add(tree, path, named[which % named.length]);
  }
  return tree;
});

type Edit = 'same' | 'same' | 'gone' | 'other' | 'touched' | 'chmod' | 'chown' | 'apart' | 'joined';
export const anyEdits = fc.array(fc.constantFrom<Edit>('same', 'same', 'gone', 'other', 'touched', 'chmod', 'chown', 'apart', 'joined'), { minLength: 1, maxLength: 10 });

/** What became of a copy of a tree: changed, without some of it, linked otherwise, and with things of its own. */
export function derive(source: WideTree, edits: readonly Edit[], extras: WideTree): WideTree {
  const tree = new Map<string, Node>([['', folder(1_400_000_000_000_000)]]);
  const copies = new Map<string, Node>();
  let next = 0;
  for (const [path, node] of source) {
    if (path === '' || tree.get(parentOf(path))?.kind !== 'folder') continue;
    const edit = edits[next++ % edits.length];
    if (edit === 'gone' || extras.has(path)) continue;
    const copy = copies.get(node.file) ?? { ...node, file: `copy-${node.file}` };
    copies.set(node.file, copy);
    const earlier = [...tree.values()].filter(({ kind }) => kind === 'file');
    if (edit === 'joined' && node.kind === 'file' && earlier.length > 0) tree.set(path, earlier[next % earlier.length]);
    else if (edit === 'apart') tree.set(path, { ...node, file: `new-${files++}` });
    else if (edit === 'same' || edit === 'joined' || (node.kind !== 'file' && edit === 'other')) tree.set(path, copy);
    else change(tree, path, copy, edit);
  }
  for (const [path, node] of extras) if (path !== '') add(tree, path, node);
  return tree;
}

/** Changes a file under all its names so far; a later one gets what it was, in a file of its own. */
function change(tree: Map<string, Node>, path: string, node: Node, edit: Edit): void {
  const changed: Node = {
    ...node,
    file: `new-${files++}`,
    ...edit === 'other' && { content: 'BBBB', mtime: 1_300_000_000_000_001 },
    ...edit === 'touched' && node.kind !== 'file' && { mtime: 1_400_000_000_000_000 },
    ...edit === 'chmod' && node.kind !== 'symlink' && { mode: node.kind === 'folder' ? 0o711 : 0o640 },
    ...edit === 'chown' && isRoot && { uid: 2000 },
  };
  for (const [other, { file }] of tree) if (file === node.file) tree.set(other, changed);
  tree.set(path, changed);
}

/** The path of a name below a folder, in bytes. */
export function located(root: string, path: string): Buffer {
  return path === '' ? Buffer.from(root) : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** Makes the tree below `root`. */
export async function plantWide(root: string, tree: WideTree): Promise<void> {
  const paths = [...tree.keys()].sort((a, b) => depth(a) - depth(b));
  const made = new Map<string, Buffer>();
  mkdirSync(root, { recursive: true });
  for (const path of paths) {
    const { kind, content: text, file } = tree.get(path)!;
    const full = located(root, path);
    const first = made.get(file);
    if (path === '') continue;
    if (first && kind === 'file') linkSync(first, full);
    else if (kind === 'folder') mkdirSync(full);
    else if (kind === 'file') writeFileSync(full, text, 'latin1');
    else if (kind === 'symlink') symlinkSync(text, full);
    else await makeSpecial(root, kind, full);
    made.set(file, full);
  }
  for (const path of paths.reverse()) {
    const { kind, mode, uid, gid, mtime } = tree.get(path)!;
    const full = located(root, path);
    if (isRoot) lchownSync(full, uid, gid);
    if (kind !== 'symlink') chmodSync(full, mode);
    const seconds = (mtime + 0.5) / 1e6;
    if (kind === 'symlink') lutimesSync(full, seconds, seconds);
    else utimesSync(full, seconds, seconds);
  }
}

/** Under a name that a command can be given, then moved. */
async function makeSpecial(root: string, kind: 'pipe' | 'socket' | 'device', to: Buffer): Promise<void> {
  const place = mkdtempSync(`${root}/special-`);
  const made = join(place, 's');
  if (kind === 'pipe') execFileSync('mkfifo', [made]);
  else if (kind === 'device') execFileSync('mknod', [made, 'c', '1', '3']);
  const server = kind === 'socket' ? createServer() : undefined;
  if (server) await new Promise<void>(resolve => server.listen(made, resolve));
  renameSync(made, to);
  await new Promise<void>(resolve => server ? server.close(() => resolve()) : resolve());
  rmSync(place, { recursive: true });
}

/** The tree below `root` as it is. */
export function surveyWide(root: string, path = '', tree = new Map<string, Node>()): Map<string, Node> {
  const full = located(root, path);
  const stats = lstatSync(full, { bigint: true });
  const kind = stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symlink' : stats.isFIFO() ? 'pipe' : stats.isSocket() ? 'socket' : 'device';
  tree.set(path, {
    kind,
    content: kind === 'file' ? readFileSync(full, 'latin1') : kind === 'symlink' ? readlinkSync(full, 'latin1') : '',
    mode: Number(stats.mode % 0o10000n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtime: Number(stats.mtimeNs / 1000n),
    file: `${stats.dev}:${stats.ino}`,
  });
  if (kind === 'folder') for (const child of readdirSync(full, 'latin1')) surveyWide(root, path === '' ? child : `${path}/${child}`, tree);
  return tree;
}

function depth(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}
