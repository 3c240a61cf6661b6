import type { Item, ItemKind } from '../../engine/backend';

/** Items on their way between threads. As objects they would take longer to hand over than to list. */
export interface Packed {
  /** Keys with NUL between them, which no name can contain. */
  readonly keys: string;
  /** `COLUMNS` numbers for each item. */
  readonly numbers: Float64Array;
  /** Items that have more to them than the columns hold, by their place. */
  readonly others: ReadonlyArray<readonly [index: number, item: Item]>;
}

const KINDS: readonly ItemKind[] = ['file', 'folder', 'symlink', 'device', 'special'];
const COLUMNS = 9;
/** key, kind, size and posix */
const PLAIN = 4;

export function pack(items: readonly Item[]): Packed {
  const numbers = new Float64Array(items.length * COLUMNS);
  const others: Array<[number, Item]> = [];
  let keys = '';
  let at = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const { key, kind, size, posix } = item;
    keys += i === 0 ? key : `\0${key}`;
    if (!posix || isMore(item)) {
      others.push([i, item]);
      at += COLUMNS;
      continue;
    }
    numbers[at++] = KINDS.indexOf(kind);
    numbers[at++] = size;
    numbers[at++] = posix.mode;
    numbers[at++] = posix.uid;
    numbers[at++] = posix.gid;
    numbers[at++] = posix.mtime[0];
    numbers[at++] = posix.mtime[1];
    numbers[at++] = posix.atime[0];
    numbers[at++] = posix.atime[1];
  }
  return { keys, numbers, others };
}

/** Is there more to the item than the columns hold? */
function isMore(item: Item): boolean {
  let count = 0;
  for (const _ in item) count++;
  return count > PLAIN;
}

export function unpack({ keys, numbers: n, others }: Packed): Item[] {
  if (n.length === 0) return [];
  const items = keys.split('\0').map((key, i): Item => {
    const at = i * COLUMNS;
    return {
      key,
      kind: KINDS[n[at]],
      size: n[at + 1],
      posix: { mode: n[at + 2], uid: n[at + 3], gid: n[at + 4], mtime: [n[at + 5], n[at + 6]], atime: [n[at + 7], n[at + 8]] },
    };
  });
  for (const [i, item] of others) items[i] = item;
  return items;
}
