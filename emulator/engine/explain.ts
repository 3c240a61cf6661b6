import type { Item } from './backend';
import { contentTagOf, sameTime, sameUserMetadata } from './compare';
import type { Aspects } from './compare';

/** What differs between an item and what the destination has of it, for people. What was compared is in `compare`. */
export function differences(source: Item, destination: Item | undefined, aspects: Aspects): string[] {
  if (!destination) return ['new'];
  if (destination.implicit && !source.implicit) return ['new metadata'];
  const found: string[] = [];
  const differ = (what: string, from: unknown, to: unknown) => {
    if (from !== to) found.push(`${what} ${String(to)} -> ${String(from)}`);
  };
  differ('kind', source.kind, destination.kind);
  differ('size', source.size, destination.size);
  if (source.target !== undefined && destination.target !== undefined) differ('target', source.target, destination.target);
  const [a, b] = [source.posix, destination.posix];
  if (a && b) {
    if ((aspects.mtime || source.kind !== 'folder') && !sameTime(a.mtime, b.mtime)) found.push(`mtime ${showTime(b.mtime)} -> ${showTime(a.mtime)}`);
    if (aspects.mode && source.kind !== 'symlink') differ('mode', octal(a.mode), octal(b.mode));
    if (aspects.uid) differ('uid', a.uid, b.uid);
    if (aspects.gid) differ('gid', a.gid, b.gid);
  } else if (a) {
    found.push('no metadata of a file yet');
  } else if (source.object && destination.object && source.size > 0 && contentTagOf(source.object) !== contentTagOf(destination.object)) {
    found.push('content');
  }
  if (source.object && destination.object && !sameUserMetadata(source, destination)) found.push('user metadata');
  return found.length > 0 ? found : ['differs'];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function showTime([seconds, nanoseconds]: readonly [number, number]): string {
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6));
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString(); // file systems know times that dates do not
}
