import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = path.resolve(__dirname, '..', '..');

/** The entry of the functions' bundle. */
export const HANDLER_ENTRY = 'src/task-execution/handler/index.ts';

/** Bundles with the very arguments that the project bundles its functions with, so that only the code differs. */
export async function bundleLikeTheHandler(entry: string, outfile: string): Promise<void> {
  const { tasks } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, '.projen', 'tasks.json'), 'utf8'));
  const steps = Object.values<{ steps?: Array<{ execArgs?: string[] }> }>(tasks).flatMap(task => task.steps ?? []);
  const bundling = steps.find(({ execArgs }) => execArgs?.[0] === 'esbuild' && execArgs.includes(HANDLER_ENTRY))?.execArgs;
  if (!bundling) throw new Error(`no task bundles ${HANDLER_ENTRY}`);
  const args = bundling.slice(1).map(arg => arg === HANDLER_ENTRY ? entry : arg.startsWith('--outfile=') ? `--outfile=${outfile}` : arg);
  await promisify(execFile)(path.join(REPOSITORY, 'node_modules', '.bin', 'esbuild'), [...args, '--log-level=error'], { cwd: REPOSITORY });
}
