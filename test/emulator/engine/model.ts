import { bytesOf, parentOf } from './wide-tree';
import type { Node, WideTree } from './wide-tree';
import type { TransferOptions } from '../../../emulator/engine/request';

/** A transfer between two folders, as a model of it and the engine both take it. */
export interface ModelCase {
  readonly source: WideTree;
  readonly destination: WideTree;
  readonly options: Pick<TransferOptions,
  'OverwriteMode' | 'TransferMode' | 'PreserveDeletedFiles' | 'PosixPermissions' | 'Uid' | 'Gid' | 'Mtime' | 'Atime' | 'PreserveDevices' | 'VerifyMode'>;
  readonly includes?: string;
  readonly excludes?: string;
}

export interface Expected {
  /** The destination at the end. A time of `ANY` is not known. */
  readonly tree: WideTree;
  /** Paths of what fails, a folder's with a slash at the end. */
  readonly failed: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
}

/** The time of the run, or one that depends on its course. */
export const ANY = -1;

/**
 * What a transfer between two folders has to do, written down as plainly as it can be: whole trees in memory, one rule after the other. It has
 * nothing from the engine, so that no mistake is in both.
 */
export function expectedOf({ source, destination, options, includes, excludes }: ModelCase): Expected {
  const isOdd = (path: string) => Buffer.from(Buffer.from(path, 'latin1').toString()).toString('latin1') !== path;
  const isIncluded = (path: string) => includes === undefined || matches(includes, path);
  const isLeftOut = (path: string) => isReserved(path) || (excludes !== undefined && matches(excludes, path));
  const isSelected = (path: string) => path === '' || (isIncluded(path) && !isLeftOut(path));
  const isSkipped = ({ kind }: Node) => kind === 'pipe' || kind === 'socket' || (kind === 'device' && options.PreserveDevices === 'NONE');
  const isAbove = (path: string) => source.get(path)!.kind === 'folder' && !isLeftOut(path)
    && [...source].some(([other, node]) => other.startsWith(`${path}/`) && isSelected(other) && !isSkipped(node));
  const keyOf = (path: string, tree: WideTree) => tree.get(path)!.kind === 'folder' && path !== '' ? `${path}/` : path;

  // what happens in a folder changes its time
  const tree = new Map([...destination].map(([path, node]) => [path, node.kind === 'folder' ? { ...node, mtime: ANY } : node]));
  const failed = new Set<string>();
  const deleted = new Set<string>();
  const fail = (path: string) => failed.add(keyOf(path, source));

  // what the source lacks goes first, from the bottom up; a folder only if nothing is left in it
  if (options.PreserveDeletedFiles === 'REMOVE') {
    for (const path of [...destination.keys()].sort().reverse()) {
      const there = source.get(path);
      const isLacking = there === undefined || (there.kind === 'folder') !== (destination.get(path)!.kind === 'folder');
      const isBelowUnknown = path.split('/').some((_, i, names) => i > 0 && isOdd(names.slice(0, i).join('/')) && source.get(names.slice(0, i).join('/'))?.kind === 'folder');
      if (path === '' || !isSelected(path) || !isLacking || isBelowUnknown) continue;
      if ([...tree.keys()].some(other => other.startsWith(`${path}/`))) continue;
      tree.delete(path);
      deleted.add(keyOf(path, destination));
    }
  }

  const names = [...source.keys()].filter(path => isSelected(path) || isAbove(path)).sort();
  /** Whether the destination's has the content of the source's, and whether all else that counts is the same. */
  const compared = (path: string): 'new' | 'other' | 'metadata' | 'same' => {
    const [from, to] = [source.get(path)!, destination.get(path)];
    if (options.TransferMode === 'ALL' || !to || (from.kind === 'folder') !== (to.kind === 'folder')) return 'new';
    if (from.kind !== 'folder' && (from.kind !== to.kind || from.content.length !== to.content.length || from.mtime !== to.mtime)) return 'other';
    if (from.kind === 'symlink' && from.content !== to.content) return 'other';
    const isSame = (options.PosixPermissions === 'NONE' || from.kind === 'symlink' || from.mode === to.mode)
      && (options.Uid === 'NONE' || from.uid === to.uid) && (options.Gid === 'NONE' || from.gid === to.gid) && (options.Mtime === 'NONE' || from.mtime === to.mtime);
    return isSame ? 'same' : 'metadata';
  };
  /** What an item is after it was written; what it replaces keeps what is not preserved, if it is of the same kind. */
  const written = (from: Node, replaced: Node | undefined, isContent: boolean, file: string): Node => {
    const kept = replaced?.kind === from.kind ? replaced : undefined;
    return {
      ...from,
      file,
      mode: from.kind === 'symlink' || options.PosixPermissions === 'PRESERVE' ? from.mode : kept?.mode ?? 0o755,
      uid: options.Uid === 'NONE' ? kept?.uid ?? process.geteuid!() : from.uid,
      gid: options.Gid === 'NONE' ? kept?.gid ?? process.getegid!() : from.gid,
      mtime: options.Mtime === 'PRESERVE' ? from.mtime : isContent || !kept || from.kind === 'folder' ? ANY : kept.mtime,
    };
  };

  /** The names of one file, those that can be written to. */
  const groups = new Map<string, string[]>();
  for (const path of names) {
    const from = source.get(path)!;
    const above = tree.get(parentOf(path));
    const there = tree.get(path);
    if (isOdd(path)) {fail(path);} else if (isSkipped(from)) {continue;} else if (path !== '' && above?.kind !== 'folder') {fail(path);} else if (from.kind === 'folder') {
      if (there && there.kind !== 'folder') fail(path);
      else if (!there) tree.set(path, written(from, undefined, true, `made-${path}`));
      else if (options.OverwriteMode === 'ALWAYS') tree.set(path, written(from, there, false, there.file));
    } else if (there?.kind === 'folder') {
      if (options.OverwriteMode === 'ALWAYS') fail(path);
    } else if (from.kind === 'device') {
      const change = compared(path);
      if (there && options.OverwriteMode === 'NEVER') continue;
      if (change === 'new' || change === 'other') fail(path); // nothing here can make one
      else if (change === 'metadata') tree.set(path, written(from, there, false, there!.file));
    } else if (from.kind === 'symlink') {
      const change = compared(path);
      if (!there || (change !== 'same' && options.OverwriteMode === 'ALWAYS')) tree.set(path, written(from, there, change !== 'metadata', `made-${path}`));
    } else {
      groups.set(from.file, [...groups.get(from.file) ?? [], path]);
    }
  }

  const before = new Map(tree);
  const existing = (path: string) => before.get(path);
  for (const [file, paths] of groups) {
    const from = source.get(paths[0])!;
    /** The destination's file has no other names than these. */
    const isOwn = (there: Node) => [...destination].every(([path, { file: other }]) => other !== there.file || paths.includes(path));
    const isRight = (path: string) => compared(path) === 'same' || (compared(path) === 'metadata' && isOwn(existing(path)!) && options.OverwriteMode === 'ALWAYS');
    const first = paths.find(path => compared(path) === 'same') ?? paths.find(isRight);
    const there = first === undefined ? undefined : existing(first)!;
    const change = first === undefined ? 'new' : compared(first);
    for (const path of paths) {
      const kept = existing(path);
      if (options.OverwriteMode === 'NEVER' && kept) continue;
      if (change === 'same') tree.set(path, there!);
      else if (change === 'metadata') tree.set(path, written(from, there, false, there!.file));
      else tree.set(path, written(from, firstKept(paths, existing, options), true, `made-${file}`));
    }
  }
  return { tree, failed, deleted };
}

/** What the new file replaces under the name that is written first. */
function firstKept(paths: readonly string[], existing: (path: string) => Node | undefined, { OverwriteMode }: ModelCase['options']): Node | undefined {
  const first = paths.find(path => OverwriteMode === 'ALWAYS' || !existing(path));
  return first === undefined ? undefined : existing(first);
}

/** A pattern names a path, or a folder above it. */
export function matches(value: string, path: string): boolean {
  return value.split('|').some(pattern => {
    const expression = bytesOf(pattern).replace(/\/$/, '').replace(/[.+?^${}()[\]\\]/g, '\\$&').replace(/\*/g, '[^]*');
    return new RegExp(`^${expression}(/[^]*)?$`).test(`/${path}`);
  });
}

function isReserved(path: string): boolean {
  return path.endsWith('.snapshot') || path.includes('.snapshot/') || ['.aws-datasync', '.awssync', '.zfs'].some(each => path === each || path.startsWith(`${each}/`));
}
