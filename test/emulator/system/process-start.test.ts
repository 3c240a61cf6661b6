import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startOf } from '../../../emulator/system/process-start';

test('a process has one start for as long as it lives, and none once it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  await once(child, 'spawn');
  const started = startOf(child.pid!);
  expect(started).toEqual(expect.any(String));
  expect(startOf(child.pid!)).toBe(started);
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
  expect(startOf(child.pid!)).toBeUndefined();
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a process that started later has another start', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  await once(child, 'spawn');
  expect(Number(startOf(child.pid!))).toBeGreaterThan(Number(startOf(process.pid)));
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
});
