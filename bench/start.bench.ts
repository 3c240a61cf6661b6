import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from './bench-row';
import { median, ratioOf } from './bench-row';
import { PROGRAM } from '../emulator/local-stack/emulator-server';
import { cleanEnvironment } from '../test/support/clean-environment';

export const rows: BenchRow[] = [
  {
    name: 'emulator: first answer after the start of the process',
    budget: 300,
    unit: 'ms',
    run: async ({ quick }) => {
      const times: number[] = [];
      for (let round = 0; round < (quick ? 3 : 21); round++) times.push(await firstAnswer());
      return { value: median(times), detail: `from ${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms` };
    },
  },
  {
    name: 'start of the command (cdk-datasync --version) against node -e 0',
    budget: 2,
    unit: 'x',
    run: async ({ quick }) => {
      const { ratio, a, b } = await ratioOf(quick ? 3 : 21, async () => processTime([PROGRAM, '--version']), async () => processTime(['-e', '0']));
      return { value: ratio, detail: `${Math.round(a)} against ${Math.round(b)} ms` };
    },
  },
];

/** Milliseconds from the start to the end of a process of Node.js. */
function processTime(args: readonly string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - start;
}

/** Milliseconds from the start of `serve` to the answer of ListTasks. */
async function firstAnswer(): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'start-bench-'));
  const start = performance.now();
  const server = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--root', root], {
    env: cleanEnvironment(root), stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let output = '';
    while (!output.includes('\n')) output += (await once(server.stdout, 'data'))[0];
    const [, url] = /^listening on (http:\S+)/.exec(output)!;
    const response = await fetch(url, { method: 'POST', body: '{}', headers: { 'X-Amz-Target': 'FmrsService.ListTasks' } });
    await response.text();
    const elapsed = performance.now() - start;
    if (response.status !== 200) throw new Error(`the emulator answers with ${response.status}`);
    return elapsed;
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
    rmSync(root, { recursive: true });
  }
}
