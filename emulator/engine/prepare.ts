import type { Item } from './backend';
import { compare, isContentInDoubt, needsDescription } from './compare';
import type { Change } from './compare';
import type { HardLinkDecision, Name } from './hard-links';
import { mergeJoin } from './merge';
import type { Pair } from './merge';
import { NameClash } from './name-clash';
import { mapLimit } from './pool';
import { reasonToSkip } from './run';
import type { TransferRun } from './run';
import { UnknownContent } from './unknown-content';
import { WorkList } from './work-list';

/** Requests for metadata side by side; stores that need them answer each in milliseconds. */
const DESCRIPTIONS = 48;

/** Lists and compares both sides and leaves the lists of what to transfer and what to delete. */
export async function prepare(run: TransferRun): Promise<void> {
  const { manifest, source, destination } = run.request;
  await manifest?.load(run.signal);
  const found: Found = {
    unknown: new UnknownContent(),
    clash: source.kind === 'objects' && destination.kind === 'directory' ? new NameClash() : undefined,
    names: new WorkList(),
  };
  try {
    await prepareListed(run, found);
    for (const batch of found.names.forward()) for (const name of batch) settle(run, name, run.hardLinks.decide(name));
  } finally {
    found.names.close();
  }
}

async function prepareListed(run: TransferRun, found: Found): Promise<void> {
  const { options } = run.request;
  const listed = run.list('source', item => run.counter.listed('AtSource', item));
  if (options.TransferMode === 'ALL') {
    for await (const batch of listed) for (const item of batch) prepareItem(run, item, undefined, found);
    return;
  }
  const onListed = options.PreserveDeletedFiles === 'REMOVE' ? (item: Item) => run.counter.listed('AtDestinationForDelete', item) : undefined;
  for await (const pairs of mergeJoin(listed, run.list('destination', onListed))) {
    const described = await mapLimit(pairs, DESCRIPTIONS, pair => describe(run, pair));
    for (const pair of described) {
      found.unknown.note(pair.source, pair.destination);
      if (pair.source && pair.failure !== undefined) run.fail('Prepare', pair.source, pair.failure);
      else if (pair.source) prepareItem(run, pair.source, pair.destination, found, pair.isSameContent);
      else if (pair.destination && isRemovable(run, pair.destination)) prepareDeletion(run, pair.destination, found.unknown);
    }
  }
}

/** What was found on the way that concerns items which come later. */
interface Found {
  readonly unknown: UnknownContent;
  readonly clash?: NameClash;
  /** Names of files that have several: what is to be done about one depends on all. */
  readonly names: WorkList<Name>;
}

interface DescribedPair extends Pair {
  readonly failure?: unknown;
  /** What a look at the contents has shown, where they were in doubt. */
  readonly isSameContent?: boolean;
}

/** At once where listing has told all that there is to know. */
function describe(run: TransferRun, pair: Pair): DescribedPair | Promise<DescribedPair> {
  const { source, destination } = pair;
  if (!source || !destination || !(needsDescription(source, destination) || isContentInDoubt(source, destination))) return pair;
  return lookAt(run, pair, source, destination);
}

async function lookAt(run: TransferRun, pair: Pair, source: Item, destination: Item): Promise<DescribedPair> {
  const { request, signal } = run;
  try {
    if (needsDescription(source, destination)) {
      source = await request.source.describe(source, signal);
      destination = await request.destination.describe(destination, signal);
    }
    if (!isContentInDoubt(source, destination)) return source === pair.source ? pair : { source, destination };
    const isSameContent = await request.source.sha256(source, signal) === await request.destination.sha256(destination, signal);
    return { source, destination, isSameContent };
  } catch (failure) {
    run.signal.throwIfAborted();
    return { ...pair, failure };
  }
}

function prepareItem(run: TransferRun, source: Item, destination: Item | undefined, { unknown, clash, names }: Found, isSameContent?: boolean): void {
  if (source.error !== undefined) return run.fail(source.kind === 'folder' ? 'List' : 'Prepare', source, source.error);
  if (clash?.isBelowObject(source)) return run.fail('Prepare', source, 'the folder that it would be in has the name of an object', { code: 'NameClash' });
  if (unknown.atDestination(source.key)) return run.fail('Prepare', source, 'the folder above it at the destination cannot be listed');
  const reason = reasonToSkip(run, source);
  if (reason) return run.settle('Skipped', source, { reason });
  // a link whose target cannot be told is another one than the source's, which can
  if (destination?.error !== undefined && destination.kind !== 'symlink') return run.fail('Prepare', source, destination.error);
  const name: Name = { item: source, existing: destination, change: destination ? compare(source, destination, run.aspects, isSameContent) : 'content' };
  if (source.hardLink === undefined || !run.request.destination.link) return settle(run, name, changeAlone(name));
  run.hardLinks.note(name);
  names.push(name);
}

/** What has to be done to a name for itself: if its file has others, it gets one of its own rather than metadata which all would have. */
function changeAlone({ item, existing, change }: Name): Change {
  const isShared = (existing?.names ?? 1) > 1 && (item.kind === 'file' || item.kind === 'symlink');
  return change === 'metadata' && isShared ? 'content' : change;
}

function settle(run: TransferRun, name: Name, decision: HardLinkDecision): void {
  const { item, existing } = name;
  const isReplaced = run.request.options.OverwriteMode === 'ALWAYS';
  if (decision !== 'none' && (isReplaced || !existing)) return plan(run, name, decision);
  run.settle('Skipped', item, { existing, reason: decision === 'none' ? 'unchanged' : 'kept' });
  if (item.kind === 'folder' && isReplaced) run.folders.push(item); // new content changes its times
}

/** Is it to go when the source does not have it? Not a folder that only is above what the filters let through, or only a part of keys. */
export function isRemovable({ request, filter }: TransferRun, { key, kind, implicit }: Item): boolean {
  if (request.options.PreserveDeletedFiles !== 'REMOVE' || key === '' || implicit) return false;
  return kind !== 'folder' || filter.isIncluded(key.slice(0, -1));
}

function plan(run: TransferRun, name: Name, decision: Exclude<HardLinkDecision, 'none'>): void {
  const { item, existing } = name;
  run.counter.planned(item, decision === 'content' ? item.size : 0, run.request.options.TransferMode === 'CHANGED');
  if (decision === 'link') run.links.push({ item, existing, change: 'content', alone: changeAlone(name) });
  else run.work.push({ item, existing, change: decision });
}

function prepareDeletion(run: TransferRun, destination: Item, unknown: UnknownContent): void {
  if (unknown.atSource(destination.key)) return;
  run.counter.plannedDelete(destination);
  run.deletions.push(destination);
}
