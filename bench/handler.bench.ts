import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { BenchRow } from './bench-row';
import { ratioOf } from './bench-row';
import { bundleLikeTheHandler } from './handler/bundle';

const run = promisify(execFile);

const REPOSITORY = path.resolve(__dirname, '..');
const BUNDLE = path.join(REPOSITORY, 'assets', 'task-execution', 'handler', 'index.js');

export const rows: BenchRow[] = [
  {
    name: 'handler: size of the bundle',
    budget: 350,
    unit: 'KB',
    run: async () => {
      const { size } = fs.statSync(BUNDLE);
      return { value: size / 1000, detail: `${size} bytes, minified, the SDK inside` };
    },
  },
  {
    name: 'handler: cold import, against a handler that only sends StartTaskExecution',
    budget: 1.15,
    unit: 'x',
    run: async ({ quick }) => {
      const startOnly = path.join(REPOSITORY, '.local', 'bench', 'start-only.js');
      await bundleLikeTheHandler('bench/handler/start-only.ts', startOnly);
      const { ratio, a, b } = await ratioOf(quick ? 3 : 40, () => coldImport(BUNDLE), () => coldImport(startOnly));
      return { value: ratio, detail: `handler ${a.toFixed(1)} ms, start only ${b.toFixed(1)} ms (${Math.round(fs.statSync(startOnly).size / 1000)} KB)` };
    },
  },
];

/** Milliseconds of the processor for the import alone, in a process of its own: what Lambda waits for before the first invocation. */
async function coldImport(file: string): Promise<number> {
  const script = 'const before = process.cpuUsage(); require(process.argv[1]); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);';
  const { stdout } = await run(process.execPath, ['-e', script, file]);
  return Number(stdout);
}
