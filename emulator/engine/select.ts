import type { Item } from './backend';
import type { Filter } from './filter';
import { isReserved } from './filter';

/**
 * Keeps of a listing what the filters let through. Folders above an included item come along, but only once one turns up that needs them.
 * `onListed` sees what is included, before exclusion.
 */
export async function* select(
  listing: AsyncIterable<Item[]>, filter: Filter, needsFolder: (item: Item) => boolean, onListed?: (item: Item) => void,
): AsyncGenerator<Item[]> {
  let ancestors: Item[] = [];
  for await (const batch of listing) {
    const selected: Item[] = [];
    for (const item of batch) {
      const path = item.kind === 'folder' ? item.key.slice(0, -1) : item.key;
      if (isReserved(path)) continue;
      if (ancestors.length > 0) ancestors = ancestors.filter(folder => item.key.startsWith(folder.key));
      const isRoot = item.key === '';
      const isAncestorOnly = !isRoot && !filter.isIncluded(path);
      if (isAncestorOnly && (item.kind !== 'folder' || !filter.entersFolder(path))) continue;
      if (!isRoot && filter.isExcluded(path)) {
        if (!isAncestorOnly) onListed?.(item);
        continue;
      }
      if (isAncestorOnly && item.error === undefined) {
        ancestors.push(item);
        continue;
      }
      if (ancestors.length > 0 && needsFolder(item)) {
        for (const folder of ancestors) {
          onListed?.(folder);
          selected.push(folder);
        }
        ancestors = [];
      }
      onListed?.(item);
      selected.push(item);
    }
    if (selected.length > 0) yield selected;
  }
}
