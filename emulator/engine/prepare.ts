import { compare, needsDescription, type Change } from './compare';
import { mergeJoin, type Pair } from './merge';
import { mapLimit } from './pool';
import type { Run } from './run';
import type { Item } from './types';

/** Requests for metadata side by side; stores that need them answer each in milliseconds. */
const DESCRIPTIONS = 48;

/** Lists and compares both sides and leaves the lists of what to transfer and what to delete. */
export async function prepare(run: Run): Promise<void> {
  const { options, manifest } = run.request;
  await manifest?.load(run.signal);
  const listed = run.list('source', item => run.tally.listed('AtSource', item));
  if (options.TransferMode === 'ALL') {
    for await (const batch of listed) for (const item of batch) plan(run, item, undefined, 'content');
    return;
  }
  const guard = new UnknownContent();
  for await (const pairs of mergeJoin(listed, run.list('destination'))) {
    const described = await mapLimit(pairs, DESCRIPTIONS, pair => describe(run, pair));
    for (const { source, destination, failure } of described) {
      guard.note(source, destination);
      if (source && failure !== undefined) run.fail('Prepare', source, failure);
      else if (source) prepareItem(run, source, destination, guard);
      else if (destination && options.PreserveDeletedFiles === 'REMOVE') prepareDeletion(run, destination, guard);
    }
  }
}

/** Folders that could not be listed: what lies below them on that side is not known, so nothing there may be deleted or overwritten. */
class UnknownContent {
  private source: string | undefined;
  private destination: string | undefined;

  public note(source: Item | undefined, destination: Item | undefined): void {
    if (source?.kind === 'folder' && source.error !== undefined) this.source = source.key;
    if (destination?.kind === 'folder' && destination.error !== undefined) this.destination = destination.key;
  }

  public atSource(key: string): boolean {
    return this.source !== undefined && key.startsWith(this.source);
  }

  public atDestination(key: string): boolean {
    return this.destination !== undefined && key.startsWith(this.destination) && key !== this.destination;
  }
}

async function describe(run: Run, pair: Pair): Promise<Pair & { readonly failure?: unknown }> {
  const { source, destination } = pair;
  if (!source || !destination || !needsDescription(source, destination)) return pair;
  try {
    return {
      source: await run.request.source.describe(source, run.signal),
      destination: await run.request.destination.describe(destination, run.signal),
    };
  } catch (failure) {
    run.signal.throwIfAborted();
    return { ...pair, failure };
  }
}

function prepareItem(run: Run, source: Item, destination: Item | undefined, guard: UnknownContent): void {
  const { options } = run.request;
  if (source.error !== undefined) return run.fail(source.kind === 'folder' ? 'List' : 'Prepare', source, source.error);
  if (guard.atDestination(source.key)) return run.fail('Prepare', source, 'the folder above it at the destination cannot be listed');
  if (isUnwanted(run, source)) return run.settle('Skipped', source, { reason: 'special' });
  if (!destination) return plan(run, source, undefined, 'content');
  if (destination.error !== undefined) return run.fail('Prepare', source, destination.error);
  const change: Change = compare(source, destination, run.aspects);
  if (change !== 'none' && options.OverwriteMode === 'ALWAYS') return plan(run, source, destination, change);
  run.settle('Skipped', source, { existing: destination, reason: change === 'none' ? 'unchanged' : 'kept' });
  if (source.kind === 'folder' && options.OverwriteMode === 'ALWAYS') run.folders.push(source); // new content changes its times
}

/** Sockets and pipes are never copied, devices only on demand. */
export function isUnwanted(run: Run, item: Item): boolean {
  return item.kind === 'special' || (item.kind === 'device' && run.request.options.PreserveDevices === 'NONE');
}

function plan(run: Run, item: Item, existing: Item | undefined, change: Exclude<Change, 'none'>): void {
  const compared = run.request.options.TransferMode === 'CHANGED';
  if (!compared) {
    if (item.error !== undefined) return run.fail(item.kind === 'folder' ? 'List' : 'Prepare', item, item.error);
    if (isUnwanted(run, item)) return run.settle('Skipped', item, { reason: 'special' });
  }
  run.tally.planned(item, change === 'content' ? item.size : 0, compared);
  run.work.push({ item, existing, change });
}

function prepareDeletion(run: Run, destination: Item, guard: UnknownContent): void {
  run.tally.listed('AtDestinationForDelete', destination);
  if (destination.key === '' || destination.error !== undefined || guard.atSource(destination.key)) return;
  run.tally.plannedDelete(destination);
  run.deletions.push(destination);
}
