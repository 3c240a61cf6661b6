import { Command } from 'commander';
import { bytes, items, printable } from './format';
import { addTransferOptions, prepareTransfer, TransferArguments } from './transfer-options';
import { aspectsOf } from '../engine/compare';
import { differences } from '../engine/explain';
import { progressOf } from '../engine/progress';
import type { ItemFailure, ItemOutcome, TransferRequest } from '../engine/types';

const EXAMPLES = `
Examples:
  what would a mirror change?
    $ npx cdk-datasync plan photos /mnt/backup/photos --preserve-deleted-files REMOVE --changes-only
  the same for a script, one JSON object per line
    $ npx cdk-datasync plan photos s3://archive/photos --s3-endpoint http://127.0.0.1:4566 --json | jq 'select(.action == "delete").path'

Neither side is changed. It goes the way of "run" with the same arguments and does what that then does, unless one of the sides changes in
between, or something fails that shows only when content is read or written: a file without the permission to read it, a full disk.
It ends with 1 if a location cannot be used or an item would fail, else with 0.`;

interface PlanArguments extends TransferArguments {
  readonly changesOnly?: boolean;
  readonly json?: boolean;
}

/** One line of a plan. */
export interface PlannedAction {
  readonly action: 'transfer' | 'metadata' | 'delete' | 'skip' | 'fail';
  /** Below the location, with a leading `/`; that of a folder ends with one too. */
  readonly path: string;
  readonly bytes?: number;
  readonly why: string;
}

/** Adds `plan` to the program. */
export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .summary('show what "run" would do, and why')
    .description('Shows what "run" with the same arguments would transfer, delete and skip, and why. Changes nothing.');
  addTransferOptions(command)
    .option('--changes-only', 'leave out what would be skipped')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, destination: string, args: PlanArguments) => {
      process.exitCode = await plan(source, destination, args) ? 0 : 1;
    });
}

async function plan(source: string, destination: string, args: PlanArguments): Promise<boolean> {
  const { transfer, request, close } = prepareTransfer(source, destination, args, true);
  let failed = 0;
  const print = (action: PlannedAction) => {
    if (action.action === 'fail') failed++;
    if (action.action === 'skip' && args.changesOnly) return;
    console.log(args.json ? JSON.stringify(action) : lineOf(action));
  };
  try {
    const result = await transfer.run({
      onPhase: () => undefined,
      onItem: outcome => print(actionOf(outcome, request)),
      onItemFailure: failure => print(failureOf(failure)),
    }, new AbortController().signal);
    const isPlanned = result.status === 'SUCCESS' || failed > 0;
    if (!isPlanned) {
      console.error(`ERROR ${result.errorCode}: ${printable(result.errorDetail ?? '')}`);
      return false;
    }
    const { itemsTransferred, itemsDeleted, itemsSkipped, bytesWritten } = progressOf(transfer.counters, args.taskMode);
    const summary = `would transfer ${items(itemsTransferred)} (${bytes(bytesWritten)}), delete ${itemsDeleted.toLocaleString('en')}, `
      + `skip ${itemsSkipped.toLocaleString('en')}, fail ${failed.toLocaleString('en')}`;
    if (args.json) console.error(summary);
    else console.log(summary);
    return failed === 0;
  } finally {
    close();
  }
}

function actionOf({ what, item, existing, change, reason }: ItemOutcome, { options, destination }: TransferRequest): PlannedAction {
  const path = `/${item.key}`;
  if (what === 'Deleted') return { action: 'delete', path, why: 'not at the source' };
  if (what === 'Skipped') return { action: 'skip', path, why: SKIPPED[reason!] };
  return {
    action: change === 'metadata' ? 'metadata' : 'transfer',
    path,
    ...(item.kind !== 'folder' && change === 'content' && { bytes: item.size }),
    why: options.TransferMode === 'ALL' ? 'TransferMode ALL' : differences(item, existing, aspectsOf(options, destination)).join(', '),
  };
}

const SKIPPED = {
  unchanged: 'unchanged',
  kept: 'differs, and OverwriteMode is NEVER',
  special: 'a device, a socket or a pipe',
  archived: 'archived, and not restored',
};

function failureOf({ path, message }: ItemFailure): PlannedAction {
  return { action: 'fail', path, why: message };
}

function lineOf({ action, path, bytes: size, why }: PlannedAction): string {
  return `${action.padEnd(8)}  ${printable(path)}  (${size === undefined ? '' : `${bytes(size)}, `}${printable(why)})`;
}
