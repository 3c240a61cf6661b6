import type { Item } from './backend';
import { sameMetadata, sameUserMetadata } from './compare';
import type { Aspects } from './compare';
import { mergeJoin } from './merge';
import type { Checksums } from './outcome';
import { Pool } from './pool';
import { isRemovable } from './prepare';
import type { TransferOptions } from './request';
import { reasonToSkip } from './run';
import type { TransferRun } from './run';
import { UnknownContent } from './unknown-content';

/** Items verified side by side. */
const TASKS = 16;
const BYTES_IN_FLIGHT = 256 * 1024 * 1024;

/** Compares content (SHA-256 of both sides, read again) and metadata, and counts what differs as failed. */
export async function verify(run: TransferRun): Promise<void> {
  const pool = new Pool(TASKS, BYTES_IN_FLIGHT);
  try {
    if (run.request.options.VerifyMode === 'POINT_IN_TIME_CONSISTENT') await verifyEverything(run, pool);
    else await verifyTransferred(run, pool);
  } finally {
    await pool.drain();
  }
}

/** Does verification go by what was transferred? */
export function verifiesTransferred({ VerifyMode: mode, OverwriteMode: overwrite }: TransferOptions): boolean {
  return mode === 'ONLY_FILES_TRANSFERRED' || (mode === 'POINT_IN_TIME_CONSISTENT' && overwrite === 'NEVER');
}

async function verifyTransferred(run: TransferRun, pool: Pool): Promise<void> {
  for (const batch of run.transferred.forward()) {
    for (const item of batch) {
      run.signal.throwIfAborted();
      await pool.start(item.size, () => verifyItem(run, item, item));
    }
  }
}

/**
 * Lists both sides again. Not a mismatch: what only the destination has, unless the run was to remove it, and a difference that
 * OverwriteMode NEVER leaves on purpose (then what was transferred is compared, and everything else only has to be there).
 */
async function verifyEverything(run: TransferRun, pool: Pool): Promise<void> {
  const keepsDifferences = run.request.options.OverwriteMode === 'NEVER';
  if (keepsDifferences) await verifyTransferred(run, pool);
  const unknown = new UnknownContent();
  for await (const pairs of mergeJoin(run.list('source'), run.list('destination'))) {
    for (const { source, destination } of pairs) {
      run.signal.throwIfAborted();
      unknown.note(source, destination);
      if (run.request.manifest && source?.error !== undefined) continue; // it has failed before, and there is nothing to verify
      if (!source) {
        const isUnexpected = destination && isRemovable(run, destination) && !run.kept.has(destination.key) && !unknown.atSource(destination.key);
        if (isUnexpected) run.fail('Verify', destination, 'exists only at the destination', { code: 'FileNotAtSource' });
      } else if (source.error !== undefined || (!destination && !reasonToSkip(run, source) && !(keepsDifferences && await isThere(run, source)))) {
        run.fail('Verify', source, source.error ?? 'is missing at the destination');
      } else if (destination && !keepsDifferences && !reasonToSkip(run, source)) {
        await pool.start(source.size, () => verifyItem(run, source, destination));
      }
    }
  }
}

/** Has the destination something else in its place, such as a folder of that name? */
async function isThere({ request, signal }: TransferRun, { key }: Item): Promise<boolean> {
  return await request.destination.find(key, signal) !== undefined;
}

async function verifyItem(run: TransferRun, source: Item, destination: Item): Promise<void> {
  const { request, signal } = run;
  try {
    if (!source.implicit) {
      const from = await request.source.describe({ ...source, writtenSha256: undefined }, signal);
      const to = await request.destination.describe({ ...destination, version: undefined }, signal);
      const { difference, checksums } = await compareThoroughly(run, from, to);
      if (difference !== undefined) return run.fail('Verify', from, difference, { existing: to, checksums });
      return run.settle('Verified', from, { existing: to, checksums });
    }
    run.settle('Verified', source);
  } catch (error) {
    run.fail('Verify', source, error);
  }
}

async function compareThoroughly(
  { request, aspects, signal }: TransferRun, from: Item, to: Item,
): Promise<{ difference?: string; checksums?: Checksums }> {
  if (from.kind !== to.kind) return { difference: `is a ${from.kind} at the source and a ${to.kind} at the destination` };
  if (from.size !== to.size) return { difference: `has ${from.size} bytes at the source and ${to.size} bytes at the destination` };
  if (from.kind !== 'file' && from.size === 0) return { difference: metadataDifference(from, to, aspects) };
  // nothing was read of what the store has copied by itself
  if (to.object?.archived && to.writtenSha256 === undefined) return { difference: metadataDifference(from, to, aspects) };
  const checksums = { source: await request.source.sha256(from, signal), destination: await request.destination.sha256(to, signal) };
  const { source, destination } = checksums;
  if (source !== destination) return { difference: `checksums differ: ${source} at the source, ${destination} at the destination`, checksums };
  return { difference: metadataDifference(from, to, aspects), checksums };
}

function metadataDifference(from: Item, to: Item, aspects: Aspects): string | undefined {
  if (from.object && to.object) {
    return sameUserMetadata(from, to) ? undefined : `user metadata differs: ${userMetadata(from)} at the source, ${userMetadata(to)} at the destination`;
  }
  if (!from.posix) return undefined; // an object that was never a file has no metadata that a file could keep
  if (!to.posix) return to.implicit ? undefined : 'has no POSIX metadata at the destination';
  const compared = from.kind === 'symlink' ? { ...aspects, mode: false } : aspects;
  return sameMetadata(from.posix, to.posix, compared) ? undefined : `metadata differs: ${show(from)} at the source, ${show(to)} at the destination`;
}

function userMetadata({ object }: Item): string {
  return JSON.stringify(object?.user ?? {});
}

function show({ posix }: Item): string {
  const { mode, uid, gid, mtime } = posix!;
  return `mode=${mode.toString(8).padStart(4, '0')} uid=${uid} gid=${gid} mtime=${mtime.join('/')}`;
}
