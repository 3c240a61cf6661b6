import type { Item } from '../engine/backend';

const UNSAFE = 'the key cannot be transferred: it starts with "/" or has "//", "/./" or "/../" in it';

/** Index of the first name in a key that no path can have, -1 if there is none. */
function unsafeAt(key: string): number {
  const end = key.endsWith('/') ? key.length - 1 : key.length;
  for (let start = 0; start <= end;) {
    const slash = key.indexOf('/', start);
    const stop = slash < 0 || slash > end ? end : slash;
    const name = key.slice(start, stop);
    if (name === '' || name === '.' || name === '..' || name.includes('\0')) return start;
    start = stop + 1;
  }
  return -1;
}

/** Completes an ordered run of objects with a folder before the first key below each folder. */
export class FolderTracker {
  private open: string[] = [];

  /** `describeFolder` tells of a folder whose own object the listing does not reach. */
  public async items(object: Item, describeFolder?: (key: string) => Promise<Item> | undefined): Promise<Item[]> {
    const { key } = object;
    const items: Item[] = [];
    const unsafe = unsafeAt(key);
    const safe = unsafe < 0 ? key : key.slice(0, unsafe);
    while (this.open.length > 0 && !key.startsWith(this.open[this.open.length - 1])) this.open.pop();
    const known = this.open[this.open.length - 1] ?? '';
    for (let slash = safe.indexOf('/', known.length); slash >= 0; slash = safe.indexOf('/', slash + 1)) {
      const folder = key.slice(0, slash + 1);
      this.open.push(folder);
      if (folder !== key) items.push(await describeFolder?.(folder) ?? { key: folder, kind: 'folder', size: 0, implicit: true });
    }
    if (key === known) return items;
    items.push(unsafe < 0 ? object : { key, kind: 'file', size: object.size, error: UNSAFE });
    return items;
  }
}
