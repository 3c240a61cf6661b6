import type { Item } from './backend';

/**
 * Finds what folders cannot hold and stores of objects can: an object `a` beside objects `a/...`. The object, which comes first, is copied,
 * and nothing below its name is. Items have to come in the order of their keys.
 */
export class NameClash {
  /** Objects whose names the coming keys begin with. */
  private readonly objects: string[] = [];
  private below: string | undefined;

  /** Does the item lie below the name of an object? */
  public isBelowObject({ key, kind }: Item): boolean {
    if (this.below !== undefined && key.startsWith(this.below)) return true;
    while (this.objects.length > 0 && !key.startsWith(this.objects[this.objects.length - 1])) this.objects.pop();
    if (kind === 'folder' && this.objects.includes(key.slice(0, -1))) {
      this.below = key;
      return true;
    }
    if (kind !== 'folder') this.objects.push(key);
    return false;
  }
}
