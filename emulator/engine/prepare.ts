import { compare, needsDescription, type Change } from './compare';
import { HardLinks, type OtherName } from './hard-links';
import { mergeJoin, type Pair } from './merge';
import { NameClash } from './name-clash';
import { mapLimit } from './pool';
import type { Run } from './run';
import type { Item } from './types';
import { UnknownContent } from './unknown-content';

/** Requests for metadata side by side; stores that need them answer each in milliseconds. */
const DESCRIPTIONS = 48;

/** Lists and compares both sides and leaves the lists of what to transfer and what to delete. */
export async function prepare(run: Run): Promise<void> {
  const { options, manifest, source, destination } = run.request;
  await manifest?.load(run.signal);
  const found: Found = {
    unknown: new UnknownContent(),
    clash: source.kind === 'objects' && destination.kind === 'directory' ? new NameClash() : undefined,
    links: destination.link ? new HardLinks() : undefined,
  };
  const listed = run.list('source', item => run.tally.listed('AtSource', item));
  if (options.TransferMode === 'ALL') {
    for await (const batch of listed) for (const item of batch) prepareItem(run, item, undefined, found);
    return;
  }
  const onListed = options.PreserveDeletedFiles === 'REMOVE' ? (item: Item) => run.tally.listed('AtDestinationForDelete', item) : undefined;
  for await (const pairs of mergeJoin(listed, run.list('destination', onListed))) {
    const described = await mapLimit(pairs, DESCRIPTIONS, pair => describe(run, pair));
    for (const pair of described) {
      found.unknown.note(pair.source, pair.destination);
      if (pair.source && pair.failure !== undefined) run.fail('Prepare', pair.source, pair.failure);
      else if (pair.source) prepareItem(run, pair.source, pair.destination, found);
      else if (pair.destination && isRemovable(run, pair.destination)) prepareDeletion(run, pair.destination, found.unknown);
    }
  }
}

/** What was found on the way that concerns items which come later. */
interface Found {
  readonly unknown: UnknownContent;
  readonly clash?: NameClash;
  readonly links?: HardLinks;
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

function prepareItem(run: Run, source: Item, destination: Item | undefined, { unknown, clash, links }: Found): void {
  const { options } = run.request;
  if (source.error !== undefined) return run.fail(source.kind === 'folder' ? 'List' : 'Prepare', source, source.error);
  if (clash?.isBelowObject(source)) return run.fail('Prepare', source, 'the folder that it would be in has the name of an object', { code: 'NameClash' });
  if (unknown.atDestination(source.key)) return run.fail('Prepare', source, 'the folder above it at the destination cannot be listed');
  const reason = reasonToSkip(run, source);
  if (reason) return run.settle('Skipped', source, { reason });
  const otherName = links?.note(source, destination);
  if (!destination) return plan(run, source, undefined, 'content', otherName);
  if (destination.error !== undefined) return run.fail('Prepare', source, destination.error);
  let change: Change = compare(source, destination, run.aspects);
  if (otherName && !otherName.isLinked) change = 'content';
  if (change !== 'none' && options.OverwriteMode === 'ALWAYS') return plan(run, source, destination, change, otherName);
  run.settle('Skipped', source, { existing: destination, reason: change === 'none' ? 'unchanged' : 'kept' });
  if (source.kind === 'folder' && options.OverwriteMode === 'ALWAYS') run.folders.push(source); // new content changes its times
}

/** Sockets and pipes are never copied, devices only on demand, and neither what cannot be read nor what the destination has no place for. */
export function reasonToSkip({ request }: Run, { kind, size, object }: Item): 'special' | 'archived' | undefined {
  if (object?.archived) return 'archived';
  if (kind === 'special' || (kind === 'device' && request.options.PreserveDevices === 'NONE')) return 'special';
  const isContent = kind === 'folder' && size > 0; // an object that holds something has a place wherever objects have
  return !isContent && request.destination.lacks?.includes(kind) ? 'special' : undefined;
}

/** Is it to go when the source does not have it? Not what could not be listed, nor a folder that is only a part of keys. */
export function isRemovable({ request }: Run, { key, error, implicit }: Item): boolean {
  return request.options.PreserveDeletedFiles === 'REMOVE' && key !== '' && error === undefined && !implicit;
}

function plan(run: Run, item: Item, existing: Item | undefined, change: Exclude<Change, 'none'>, otherName: OtherName | undefined): void {
  const isLink = otherName !== undefined && change === 'content';
  run.tally.planned(item, change === 'content' && !isLink ? item.size : 0, run.request.options.TransferMode === 'CHANGED');
  if (isLink) run.links.push({ item, existing, change, first: otherName.first });
  else run.work.push({ item, existing, change });
}

function prepareDeletion(run: Run, destination: Item, unknown: UnknownContent): void {
  if (unknown.atSource(destination.key)) return;
  run.tally.plannedDelete(destination);
  run.deletions.push(destination);
}
