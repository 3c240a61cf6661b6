import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchRow, median } from './bench-row';
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
];

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
