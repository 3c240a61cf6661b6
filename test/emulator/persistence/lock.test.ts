import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock, unlock } from '../../../emulator/persistence/lock';
import { eventually } from '../../support/emulator';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-lock-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'lock');
const LOCK = join(__dirname, '../../../emulator/persistence/lock.ts');
const onLinux = process.platform === 'linux' ? test : test.skip;

/** Another process that has the folder, behind a parent that never asks what became of it. */
async function holder(): Promise<{ pid: number; end(): Promise<void> }> {
  const take = `require('tsx/cjs'); require(${JSON.stringify(LOCK)}).lock(process.argv[1]); console.log(process.pid); setInterval(() => undefined, 1000);`;
  const parent = spawn('sh', ['-c', '"$@" & exec sleep 3600', 'sh', process.execPath, '-e', take, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(parent.stdout, 'data');
  return {
    pid: Number(printed),
    end: async () => {
      const ended = once(parent, 'exit');
      parent.kill('SIGKILL');
      await ended;
    },
  };
}

test('one at a time has it', () => {
  lock(folder);
  expect(() => lock(folder)).toThrow(`the state folder ${folder} is in use by process ${process.pid}; take another, or remove its file 'lock'`);
  unlock(folder);
  expect(existsSync(file())).toBe(false);
  lock(folder);
  unlock(folder);
});

test('a process that is alive keeps it, one that was killed does not, even if its parent does not care', async () => {
  const { pid, end } = await holder();
  try {
    expect(() => lock(folder)).toThrow(`is in use by process ${pid}; take another, or remove its file 'lock' if that is no emulator`);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => {
      try {
        lock(folder);
        return true;
      } catch {
        return false; // a signal takes a moment
      }
    });
    if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(' Z '); // it is still listed
    unlock(folder);
  } finally {
    await end();
  }
});

onLinux('a process that has got the id of the one that was killed does not keep it', () => {
  writeFileSync(file(), `${process.ppid} 1`);
  lock(folder);
  expect(readFileSync(file(), 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`));
  unlock(folder);
});

test.each(['4194305', '4194305 17', '', 'abc', '-1', '0', String(process.pid), `${process.pid} 1`])('%j, left behind by a kill, is no obstacle', left => {
  writeFileSync(file(), left);
  lock(folder);
  unlock(folder);
});
