import { timeTransfer } from './transfer';
import { openDirectory } from '../../emulator/backends/directory';

/** Copies `source` to `destination` below `root` and verifies all of it; prints the largest resident size of this process in MiB. */
async function main([root, files]: string[]): Promise<void> {
  await timeTransfer(openDirectory('source', root), openDirectory('destination', root), Number(files), {
    PreserveDeletedFiles: 'REMOVE',
    VerifyMode: 'POINT_IN_TIME_CONSISTENT',
  });
  console.log(process.resourceUsage().maxRSS / 1024);
}

void main(process.argv.slice(2));
