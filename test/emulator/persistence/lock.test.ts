import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock, unlock } from '../../../emulator/persistence/lock';
import { eventually } from '../../support/eventually';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-lock-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const files = () => readdirSync(folder);
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
  expect(() => lock(folder)).toThrow(`the state folder ${folder} is in use by process ${process.pid}; take another, or remove its file 'lock.${process.pid}`);
  unlock(folder);
  expect(files()).toEqual([]);
  lock(folder);
  unlock(folder);
});

test('a process that is alive keeps it, one that was killed does not, even if its parent does not care', async () => {
  const { pid, end } = await holder();
  try {
    expect(() => lock(folder)).toThrow(`is in use by process ${pid}; take another, or remove its file 'lock.${pid}`);
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
  writeFileSync(join(folder, `lock.${process.ppid}.1`), '');
  lock(folder);
  expect(files()).toEqual([expect.stringMatching(new RegExp(`^lock\\.${process.pid}\\.\\d+$`))]);
  unlock(folder);
});

test.each(['4194305', '4194305.17', String(process.pid), `${process.pid}.1`])('what process %s has left behind is no obstacle', left => {
  writeFileSync(join(folder, `lock.${left}`), '');
  lock(folder);
  expect(files()).toHaveLength(1);
  unlock(folder);
});

test('of many that come at the same moment, to what a dead one has left, at most one gets it at a time', async () => {
  writeFileSync(join(folder, 'lock.4194305.17'), '');
  // Each takes it as often as it can, and says so while nobody else can be in it.
  const script = `
    require('tsx/cjs');
    const { lock, unlock } = require(${JSON.stringify(LOCK)});
    const { mkdirSync, rmdirSync } = require('node:fs');
    let held = 0;
    for (let round = 0; round < 60; round++) {
      try { lock(process.argv[1]); } catch (error) { if (/in use/.test(error.message)) continue; throw error; }
      mkdirSync(process.argv[1] + '/inside'); // fails if somebody else has it
      rmdirSync(process.argv[1] + '/inside');
      unlock(process.argv[1]);
      held++;
    }
    console.log(held);`;
  const counts = await Promise.all(Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, ['-e', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [[code], printed] = await Promise.all([once(child, 'exit'), once(child.stdout, 'data')]);
    expect(code).toBe(0);
    return Number(printed);
  }));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  expect(files()).toEqual([]);
});
