import type { Item, Removal } from './backend';
import { Pool } from './pool';
import type { LinkWork, TransferRun, Work } from './run';
import { verifiesTransferred } from './verify';
import { isWithinStore } from './within-store';

const TASKS = 32;
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;
const DELETIONS = 500;

/** Carries out what was prepared: deletions first (they free space and names), then content, then the times of folders. */
export async function copy(run: TransferRun): Promise<void> {
  const { destination } = run.request;
  const context = run.context;
  if (run.work.length + run.links.length + run.deletions.length > 0) {
    try {
      await run.usable('destination', backend => backend.beginWriting());
      await removeAll(run);
      await writeAll(run);
      await linkAll(run);
    } finally {
      await destination.endWriting();
    }
  }
  for (const batch of run.folders.backward()) {
    for (const folder of batch) {
      run.signal.throwIfAborted();
      try {
        await destination.finishFolder(folder, context);
      } catch (error) {
        run.fail('Transfer', folder, error);
      }
    }
  }
}

async function removeAll(run: TransferRun): Promise<void> {
  for (const batch of run.deletions.backward()) {
    for (let at = 0; at < batch.length; at += DELETIONS) {
      run.signal.throwIfAborted();
      const items = batch.slice(at, at + DELETIONS);
      const results = await run.request.destination.remove(items, run.signal);
      results.forEach((result, i) => settleRemoved(run, items[i], result));
    }
  }
}

function settleRemoved(run: TransferRun, item: Item, result: Removal): void {
  if (result === 'removed') return run.settle('Deleted', item);
  if (result !== 'kept') return run.fail('Delete', item, result.error);
  if (item.error !== undefined && item.unlisted) return run.fail('Delete', item, item.error);
  run.kept.add(item.key);
  run.counter.keptAfterAll(item);
}

async function writeAll(run: TransferRun): Promise<void> {
  const { source, destination } = run.request;
  const pool = new Pool(Math.min(source.writesAtOnce ?? TASKS, destination.writesAtOnce ?? TASKS), BYTES_IN_FLIGHT);
  try {
    for (const batch of run.work.forward()) {
      for (const work of batch) {
        run.signal.throwIfAborted();
        // a folder has to be there before what goes into it
        if (work.item.kind === 'folder' && destination.kind === 'directory') await writeOne(run, work);
        else await pool.start(work.item.size, () => writeOne(run, work));
      }
    }
  } finally {
    await pool.drain();
  }
}

async function linkAll(run: TransferRun): Promise<void> {
  for (const batch of run.links.forward()) {
    for (const work of batch) {
      run.signal.throwIfAborted();
      const other = run.hardLinks.holderOf(work.item);
      if (other === undefined) await writeOne(run, work); // what was to be linked to has failed
      else await linkOne(run, work, other);
    }
  }
}

async function linkOne(run: TransferRun, { alone, ...work }: LinkWork, other: string): Promise<void> {
  let linked: Item | undefined;
  try {
    linked = run.request.destination.link!(work.item, other, run.context);
  } catch {
    // the other name is in another file system, or is of another file now
    if (alone === 'none') run.settle('Skipped', work.item, { existing: work.existing, reason: 'unchanged' });
    else await writeOne(run, { ...work, change: alone });
    return;
  }
  settleWritten(run, work, linked);
}

async function writeOne(run: TransferRun, work: Work): Promise<void> {
  const { source, destination } = run.request;
  const { item, existing, change } = work;
  try {
    let written: Item | undefined = item;
    if (change === 'metadata' && existing) written = await destination.writeMetadata(item, existing, source, run.context);
    else if (isWithinStore(source, destination)) written = await destination.copyFrom!(source, item, existing, run.context);
    else written = await destination.write(item, existing, source, run.context);
    settleWritten(run, work, written);
  } catch (error) {
    run.fail('Transfer', item, error, { existing, change });
  }
}

function settleWritten(run: TransferRun, { item, existing, change }: Work, written: Item | undefined): void {
  if (!written) return run.settle('Skipped', item, { existing, reason: 'kept' });
  run.hardLinks.written(item);
  if (item.kind === 'folder') run.folders.push(written);
  if (item.kind === 'folder' && item.size > 0 && run.request.destination.kind === 'directory') {
    const message = `the object has ${item.size} bytes of content, which a folder cannot have: only the folder is there`;
    return run.fail('Transfer', item, message, { existing, change });
  }
  run.settle('Transferred', written, { existing, change });
  if (verifiesTransferred(run.request.options)) run.transferred.push(written);
}
