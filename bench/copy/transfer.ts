import type { Backend } from '../../emulator/engine/backend';
import type { TransferOptions } from '../../emulator/engine/request';
import { Transfer } from '../../emulator/engine/transfer';
import { DEFAULTS } from '../../test/emulator/engine/run-transfer';

/**
 * Milliseconds of one transfer, which has to end well and to have copied that many items. Nothing is verified by default, as neither rsync nor
 * rclone reads everything again.
 */
export async function timeTransfer(source: Backend, destination: Backend, items: number, options: Partial<TransferOptions> = {}): Promise<number> {
  const transfer = new Transfer({ source, destination, options: { ...DEFAULTS, ...options }, includes: [], excludes: [], taskMode: 'ENHANCED' });
  const start = performance.now();
  const { status, errorDetail } = await transfer.run({ onPhase: () => undefined }, new AbortController().signal);
  const elapsed = performance.now() - start;
  source.close();
  destination.close();
  if (status !== 'SUCCESS' || transfer.counters.FilesTransferred !== items) {
    throw new Error(`${transfer.counters.FilesTransferred} of ${items} files were transferred: ${errorDetail ?? 'no error'}`);
  }
  return elapsed;
}
