import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { BenchRow, ratioOf } from './bench-row';

const run = promisify(execFile);

const REPOSITORY = path.resolve(__dirname, '..');
const ENTRY = 'src/task-execution/handler/index.ts';
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
      const startOnly = await bundleLikeTheHandler('bench/handler/start-only.ts');
      const { ratio, a, b } = await ratioOf(quick ? 3 : 40, () => coldImport(BUNDLE), () => coldImport(startOnly));
      return { value: ratio, detail: `handler ${a.toFixed(1)} ms, start only ${b.toFixed(1)} ms (${Math.round(fs.statSync(startOnly).size / 1000)} KB)` };
    },
  },
];

/** Bundles with the very arguments that the project bundles its handler with, so that only the code differs. */
async function bundleLikeTheHandler(entry: string): Promise<string> {
  const { tasks } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, '.projen', 'tasks.json'), 'utf8'));
  const steps: { execArgs?: string[] }[] = Object.values<{ steps?: { execArgs?: string[] }[] }>(tasks).flatMap(task => task.steps ?? []);
  const bundling = steps.find(({ execArgs }) => execArgs?.includes(ENTRY))?.execArgs;
  if (!bundling) throw new Error(`no task bundles ${ENTRY}`);
  const outfile = path.join(REPOSITORY, '.local', 'bench', `${path.basename(entry, '.ts')}.js`);
  const args = bundling.slice(1)
    .map(arg => arg === ENTRY ? entry : arg.startsWith('--outfile=') ? `--outfile=${outfile}` : arg);
  await run(path.join(REPOSITORY, 'node_modules', '.bin', 'esbuild'), [...args, '--log-level=error'], { cwd: REPOSITORY });
  return outfile;
}

/** Milliseconds of the import alone, in a process of its own: what Lambda waits for before the first invocation. */
async function coldImport(file: string): Promise<number> {
  const script = 'const start = process.hrtime.bigint(); require(process.argv[1]); console.log(Number(process.hrtime.bigint() - start) / 1e6);';
  const { stdout } = await run(process.execPath, ['-e', script, file]);
  return Number(stdout);
}
