import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientEnvironment } from './client';
import { startEmulator } from '../../../emulator';
import { ensureVenv } from '../../../emulator/local-stack/venv';
import { run } from '../../support/run';

const page = readFileSync(join(__dirname, '../../../docs/emulator.md'), 'utf8');

/** What a person types in the section, and what is printed then. */
function session(heading: string): { commands: string[]; output: string } {
  const [, block] = page.split(`## ${heading}\n`)[1].split('```');
  const commands: string[] = [];
  const output: string[] = [];
  for (const line of block.replace(/\\\n/g, '').split('\n').slice(1)) {
    if (line.startsWith('$ ')) commands.push(line.slice(2));
    else if (line) output.push(line);
  }
  return { commands, output: `${output.join('\n')}\n` };
}

test('the first transfer goes as the documentation shows it', async () => {
  const python = await ensureVenv({ requirements: join(__dirname, 'requirements.txt') });
  const folder = mkdtempSync(join(tmpdir(), 'datasync-first-transfer-'));
  mkdirSync(join(folder, 'files')); // as before `serve`
  const emulator = await startEmulator({ port: 0, root: join(folder, 'files') });
  const { commands, output } = session('A first transfer');
  const described = commands.findIndex(command => command.includes('describe-task-execution'));
  // A person is slower than the copy; a script has to wait for it.
  commands.splice(described, 0, `until [[ $(${commands[described]}) =~ SUCCESS|ERROR ]]; do sleep 0.2; done`);
  writeFileSync(join(folder, 'session.sh'), ['set -euo pipefail', `aws() { ${python} -m awscli "$@"; }`, ...commands].join('\n'));
  try {
    expect(await run('bash', ['session.sh'], { cwd: folder, env: clientEnvironment(emulator.url, folder) })).toBe(output);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true });
  }
});
