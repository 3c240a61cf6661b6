/**
 * The demo as a reader runs it.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');
const MINUTE = 60_000;
const ARN = 'arn:aws:datasync:us-east-1:000000000000:task/task-[0-9a-f]{17}/execution/exec-[0-9a-f]{17}';

interface Demo {
  readonly child: ChildProcessWithoutNullStreams;
  readonly code: Promise<number | null>;
  /** All that it wrote so far. */
  output(): string;
}

function start(...args: string[]): Demo {
  const child = spawn(process.execPath, ['--import', 'tsx', join('examples', 'local-demo', 'demo.ts'), ...args], { cwd: REPOSITORY });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => { output += chunk; });
  return { child, output: () => output, code: new Promise(resolve => child.once('close', resolve)) };
}

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const demo = start(...args);
  return { code: await demo.code, output: demo.output() };
}

test.each([
  ['on deploy', [], 'SUCCESS'],
  ['on schedule', ['--schedule'], 'Waiting for the schedule'],
])('it copies %s, compares every byte and says so', async (_, args, word) => {
  const { code, output } = await run(...args);
  expect(output).toContain(word);
  expect(output).toMatch(new RegExp(`^TaskExecutionArn: ${ARN}$`, 'm'));
  expect(output).toMatch(/^ {2}verified +1,\d{3} files/m);
  expect(output).toMatch(/^ {2}excluded +45 files/m);
  expect(output).toMatch(/^ {2}not included +15 files/m);
  expect({ code, error: /error.*/.exec(output)?.[0] }).toEqual({ code: 0, error: undefined });
}, 5 * MINUTE);

test('a taken port is one clear line', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, output } = await run('--port', String(port));
  server.close();
  expect(output).toContain(`error: port ${port} cannot be used (EADDRINUSE); take another --port, or leave it out for one that is free\n`);
  expect(output).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
}, 2 * MINUTE);

test.each([[['--port', '99999']], [['--port', 'x']], [['--bogus']]])('%j is one clear line', async args => {
  const { code, output } = await run(...args);
  expect(output).toMatch(/^error: .*\n$/);
  expect(code).toBe(1);
}, MINUTE);

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])('%s stops everything that was started', async signal => {
  const demo = start();
  while (!demo.output().includes('\nDeploying\n')) {
    if (demo.child.exitCode !== null) throw new Error(demo.output());
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const started = descendantsOf(demo.child.pid!);
  expect(started.length).toBeGreaterThanOrEqual(2); // MiniStack and the emulator
  expect(runFoldersOf(demo.child.pid!)).not.toEqual([]);

  demo.child.kill(signal);
  expect(await demo.code).toBe(130);
  expect(demo.output()).toMatch(/\nStopped\n$/);
  await allGone(started);
  expect(runFoldersOf(demo.child.pid!)).toEqual([]);
}, 2 * MINUTE);

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function processes(): Process[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n').map(line => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), state };
  });
}

function descendantsOf(pid: number, all = processes()): number[] {
  return all.filter(({ parent }) => parent === pid).flatMap(child => [child.pid, ...descendantsOf(child.pid, all)]);
}

/** A killed process may take a moment to go, and is a zombie (Z) until somebody asks for its end. */
async function allGone(pids: number[]): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const left = processes().filter(({ pid, state }) => pids.includes(pid) && !state.startsWith('Z'));
    if (left.length === 0) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('there are processes left');
}

function runFoldersOf(pid: number): string[] {
  return readdirSync(join(REPOSITORY, '.local', 'run')).filter(name => name.includes(`-${pid}-`));
}
