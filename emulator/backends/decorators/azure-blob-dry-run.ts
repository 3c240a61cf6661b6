import { DryRun } from './dry-run';
import type { Backend, Item, Removal, WriteContext } from '../../engine/backend';
import { refuseImpossible } from '../azure-blob/backend';

/** A dry run's view of a container. */
export class AzureBlobDryRun extends DryRun {
  public async write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Promise<Item | undefined> {
    refuseImpossible(item);
    const { OverwriteMode: overwrite, TransferMode: mode } = context.options;
    if (overwrite === 'NEVER' && mode === 'ALL' && await this.real.find(item.key, context.signal)) return undefined;
    return this.pass(item, source, context);
  }

  public async remove(items: readonly Item[]): Promise<Removal[]> {
    return items.map(() => 'removed');
  }
}
