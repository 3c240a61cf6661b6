import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MODULE = join(__dirname, '../../../emulator/cli/interruptible');

/** What becomes of a process that does this. */
function ended(action: string): { code: number | null; output: string } {
  const code = `const { interruptible } = require(${JSON.stringify(MODULE)});
    const pause = () => new Promise(passed => setTimeout(passed, 50));
    const ctrlC = async () => { process.kill(process.pid, 'SIGINT'); await pause(); };
    void interruptible(async signal => { ${action} }).then(result => console.error('done', result));`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--eval', code], { encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } });
  return { code: status, output: stderr };
}

test('what nobody interrupts ends as it would', () => {
  expect(ended('return 7;')).toEqual({ code: 0, output: 'done 7\n' });
});

test.each([
  ['rejects', 'await ctrlC(); signal.throwIfAborted();'],
  ['looked at the signal for the last time before', 'await ctrlC(); return 0;'],
  ['is interrupted twice', 'await ctrlC(); await ctrlC(); signal.throwIfAborted();'],
])('what %s is stopped, and its code is that of an interruption', (_, action) => {
  expect(ended(action)).toEqual({ code: 130, output: '\nStopping\nStopped\n' });
});
