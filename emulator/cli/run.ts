import type { Command } from 'commander';
import { bytes, duration, items, number, printable } from './format';
import type { StoreModules } from './place';
import { showProgress } from './run-progress';
import type { TransferArguments } from './transfer-options';
import { addTransferOptions, prepareTransfer } from './transfer-options';
import { UnmatchedIncludes } from './unmatched-includes';
import type { TransferResult } from '../engine/outcome';
import { progressOf } from '../engine/progress';
import type { TaskMode } from '../engine/request';
import type { Transfer } from '../engine/transfer';

const EXAMPLES = `
Examples:
  copy a folder to another, and compare every byte afterwards
    $ npx cdk-datasync run photos /mnt/backup/photos
  make a mirror: what is not at the source goes away
    $ npx cdk-datasync run photos /mnt/backup/photos --preserve-deleted-files REMOVE
  a folder to a bucket, at no more than 10 MiB per second, without temporary files
    $ npx cdk-datasync run photos s3://archive/photos --s3-endpoint http://127.0.0.1:4566 --bytes-per-second 10485760 --exclude '*.tmp'

See first what it would do: the same arguments with "plan". Ctrl-C stops it; what has been copied stays, and the next run goes on from there.
It ends with 0 if everything went well, else with 1.`;

/** Adds `run` to the program. */
export function registerRun(program: Command, modules: StoreModules): void {
  const command = program
    .command('run')
    .summary('copy once, without a client or a server')
    .description('Copies as a task of AWS DataSync does: lists and compares both sides, transfers what differs, verifies. Options have the names, the '
      + 'values and the defaults of the service: --task-mode ENHANCED verifies only what was transferred, and a copy between buckets knows no owners '
      + 'and no permissions.');
  addTransferOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, destination: string, args: TransferArguments) => {
      process.exitCode = await run(source, destination, args, modules) ? 0 : 1;
    });
}

async function run(source: string, destination: string, args: TransferArguments, modules: StoreModules): Promise<boolean> {
  const { transfer, request, close } = await prepareTransfer(source, destination, args, modules);
  const unmatched = new UnmatchedIncludes(request);
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop); // once: the second one ends the process
  const display = await showProgress(transfer.counters, args.taskMode, process.stderr);
  const began = performance.now();
  try {
    const result = await transfer.run({
      onPhase: phase => display.phase(phase),
      onItem: outcome => unmatched.note(outcome),
      onItemFailure: failure => {
        unmatched.note(failure);
        display.log(`failed: ${printable(failure.path)}: ${printable(failure.message)}`);
      },
    }, abort.signal);
    display.stop();
    if (result.transfer.status !== 'PENDING') { // else it ended before there was anything to sum up
      unmatched.warnings().forEach(line => console.error(line));
      console.log(summaryOf(transfer, args.taskMode, result, performance.now() - began));
    }
    if (result.status === 'SUCCESS') console.log('SUCCESS');
    else console.error(`ERROR ${result.errorCode}: ${printable(result.errorDetail ?? '')}`);
    return result.status === 'SUCCESS';
  } finally {
    display.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    close();
  }
}

function summaryOf({ counters }: Transfer, mode: TaskMode, { transfer }: TransferResult, ms: number): string {
  const { itemsTransferred, itemsDeleted, itemsSkipped, itemsVerified, bytesWritten } = progressOf(counters, mode);
  const rate = bytesWritten / Math.max(1, transfer.durationMs || ms) * 1000;
  return `transferred ${items(itemsTransferred)} (${bytes(bytesWritten)}, ${bytes(Math.round(rate))}/s), skipped ${number(itemsSkipped)}, `
    + `deleted ${number(itemsDeleted)}, verified ${number(itemsVerified)}, in ${duration(ms)}`;
}
