import { DryRun } from './dry-run';
import type { Backend, Item, Removal, WriteContext } from '../../engine/backend';
import { Filter } from '../../engine/filter';
import { mustBeRewritten, refuseDevice } from '../s3/copy';

/** A dry run's view of a bucket. */
export class S3DryRun extends DryRun {
  /** Keys that are gone as far as the dry run goes. */
  private readonly removed = new Set<string>();

  public async write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Promise<Item | undefined> {
    refuseDevice(item);
    const { OverwriteMode: overwrite, TransferMode: mode } = context.options;
    if (overwrite === 'NEVER' && mode === 'ALL' && await this.exists(item, context.signal)) return undefined;
    return this.pass(item, source, context);
  }

  public async writeMetadata(item: Item, existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    return mustBeRewritten(item, existing) ? await this.write(item, existing, source, context) ?? item : item;
  }

  public async remove(items: readonly Item[], signal: AbortSignal): Promise<Removal[]> {
    const results: Removal[] = [];
    for (const { key } of items) {
      const isKept = key.endsWith('/') && await this.holdsMore(key, signal);
      if (!isKept) this.removed.add(key);
      results.push(isKept ? 'kept' : 'removed');
    }
    return results;
  }

  private async holdsMore(folder: string, signal: AbortSignal): Promise<boolean> {
    const below = new Filter([{ Value: `/${folder.replace(/[*|\\]/g, '\\$&')}*` }], []);
    for await (const items of this.real.list({ filter: below, signal })) {
      if (items.some(({ key, implicit }) => !implicit && key.startsWith(folder) && key !== folder && !this.removed.has(key))) return true;
    }
    return false;
  }

  private async exists(item: Item, signal: AbortSignal): Promise<boolean> {
    try {
      return !(await this.real.describe(item, signal)).implicit;
    } catch (error) {
      if ((error as { $metadata?: object }).$metadata) throw error; // the store's trouble, not the object's absence
      return false;
    }
  }
}
