import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claim, DEAD_AFTER } from '../../../../emulator/backends/directory/owner';
import { withPair } from '../../engine/pair';
import type { Pair } from '../../engine/pair';
import { withFolder } from '../../engine/tree';
import { testMounted, whileMounted } from '../mounted';

const ID = '123456';
const RUN = `run-${ID}`;
/** Process ids begin anew in it, as in a container. */
const NAMESPACE = ['unshare', '--pid', '--fork', '--kill-child'];

/** What a run leaves that is killed in the middle. */
function plantRun(destination: string): string {
  const run = join(destination, '.aws-datasync', RUN);
  mkdirSync(join(run, 'thread-1'), { recursive: true });
  for (const file of ['0', 'thread-1/0']) writeFileSync(join(run, file), 'half');
  return run;
}

const record = (run: string, change: object = {}) => writeFileSync(join(run, 'owner'), JSON.stringify({
  boot: existsSync('/proc') ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '', device: String(lstatSync(run).dev), socket: true, ...change,
}));

/** Another process that claims the folder of a run and lives until it is killed. */
async function startOwner(run: string, namespace: readonly string[] = []) {
  const script = `require('net').createServer().listen(${JSON.stringify(join(run, 'owner.sock'))}, () => console.log('ready'))`;
  const [program, ...args] = [...namespace, process.execPath, '-e', script];
  const owner = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(owner.stdout, 'data');
  record(run);
  return {
    kill: async () => {
      const closed = once(owner, 'close'); // when its child in the namespace has ended, too
      owner.kill('SIGKILL');
      await closed;
    },
  };
}

function longAgo(path: string): void {
  const time = Date.now() / 1000 - DEAD_AFTER / 1000 - 60;
  utimesSync(path, time, time);
}

/** Runs with something to write, and says what other runs have in the working folder then. */
async function leftAfterRun({ source, destination, run }: Pair): Promise<string[]> {
  writeFileSync(join(source, 'file'), String(Math.random()));
  const { result, failures } = await run();
  expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
  const working = join(destination, '.aws-datasync');
  return existsSync(working) ? readdirSync(working) : [];
}

function mayUnshare(): boolean {
  try {
    execFileSync(NAMESPACE[0], [...NAMESPACE.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canUnshare = mayUnshare();

describe.each([
  ['of another process', [], true],
  [`in another namespace of process ids${canUnshare ? '' : ' (SKIPPED: none can be made here)'}`, NAMESPACE, canUnshare],
])('a run %s', (_, namespace, isPossible) => {
  (isPossible && process.platform === 'linux' ? test : test.skip)('keeps what is its own as long as it lives; what it leaves when it is killed is removed', () => withPair(async pair => {
    const folder = plantRun(pair.destination);
    const owner = await startOwner(folder, namespace);
    try {
      longAgo(join(folder, 'owner')); // that does not count while it answers
      expect(await leftAfterRun(pair)).toEqual([RUN]);
      expect(readFileSync(join(folder, 'thread-1/0'), 'utf8')).toBe('half');
    } finally {
      await owner.kill();
    }
    expect(existsSync(join(folder, 'owner.sock'))).toBe(true);
    expect(await leftAfterRun(pair)).toEqual([]);
  }));
});

test('a run of this process is left alone by others, and gone when it has ended', () => withPair(async pair => {
  const folder = plantRun(pair.destination);
  const owner = await claim(folder);
  expect(await leftAfterRun(pair)).toEqual([RUN]);
  owner.end();
  expect(await leftAfterRun(pair)).toEqual([]);
}));

describe('where no socket tells, the time of the last sign of life does', () => {
  test.each([
    ['another machine, or this one before it was started anew', (folder: string) => record(folder, { boot: 'other' })],
    ['another mount of the same file system', (folder: string) => record(folder, { device: '0' })],
    ['a file system without sockets', (folder: string) => record(folder, { socket: undefined })],
    ['a record that was not finished', (folder: string) => writeFileSync(join(folder, 'owner'), '{"boot":')],
  ])('%s', (_, write) => withPair(async pair => {
    const folder = plantRun(pair.destination);
    write(folder);
    expect(await leftAfterRun(pair)).toEqual([RUN]);
    longAgo(join(folder, 'owner'));
    expect(await leftAfterRun(pair)).toEqual([]);
  }));

  test('a run that has not yet claimed its folder', () => withPair(async pair => {
    const folder = plantRun(pair.destination);
    expect(await leftAfterRun(pair)).toEqual([RUN]);
    longAgo(folder);
    expect(await leftAfterRun(pair)).toEqual([]);
  }));

  test('a run shows again and again that it lives', () => withFolder(async folder => {
    mkdirSync(join(folder, 'owner.sock')); // so that there can be no socket
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    try {
      const owner = await claim(folder);
      expect(JSON.parse(readFileSync(join(folder, 'owner'), 'utf8'))).not.toHaveProperty('socket');
      longAgo(join(folder, 'owner'));
      const before = lstatSync(join(folder, 'owner')).mtimeMs;
      jest.advanceTimersByTime(DEAD_AFTER / 4);
      expect(lstatSync(join(folder, 'owner')).mtimeMs).toBeGreaterThan(before + DEAD_AFTER);
      owner.end();
      const after = lstatSync(join(folder, 'owner')).mtimeMs;
      jest.advanceTimersByTime(DEAD_AFTER);
      expect(lstatSync(join(folder, 'owner')).mtimeMs).toBe(after);
    } finally {
      jest.useRealTimers();
    }
  }));
});

test.each(['owner', 'mounted'])('a pipe or a link that was planted as %s is neither waited for nor followed', name => withPair(async pair => {
  const folder = plantRun(pair.destination);
  longAgo(folder);
  execFileSync('mkfifo', [join(folder, name)]);
  longAgo(folder);
  if (name === 'owner') longAgo(join(folder, name));
  await leftAfterRun(pair);
  const second = plantRun(pair.destination);
  writeFileSync(join(pair.root, 'outside'), 'x');
  symlinkSync(join(pair.root, 'outside'), join(second, name === 'owner' ? 'owner' : 'link'));
  longAgo(second);
  await leftAfterRun(pair);
  expect(readFileSync(join(pair.root, 'outside'), 'utf8')).toBe('x');
}));

test('a link in the folder of a killed run is removed, and what it leads to is not', () => withPair(async pair => {
  const folder = plantRun(pair.destination);
  mkdirSync(join(pair.root, 'outside'));
  writeFileSync(join(pair.root, 'outside/file'), 'x');
  symlinkSync(join(pair.root, 'outside'), join(folder, 'thread-2'));
  longAgo(folder);
  expect(await leftAfterRun(pair)).toEqual([]);
  expect(readdirSync(join(pair.root, 'outside'))).toEqual(['file']);
}));

testMounted('what a killed run was writing into mounted folders is removed, and nothing else', () => withPair(async pair => {
  const { root, source, destination } = pair;
  for (const folder of ['elsewhere', 'source/mounted', 'destination/mounted', 'outside']) mkdirSync(join(root, folder));
  const folder = plantRun(destination);
  writeFileSync(join(folder, 'thread-1/mounted'), '"mounted"\n"gone"\n"../outside"\n"unfinish');
  writeFileSync(join(source, 'mounted/new'), 'x');
  await whileMounted([['--bind', join(root, 'elsewhere'), join(destination, 'mounted')]], async () => {
    const [ours, others] = [`.aws-datasync-${ID}-1000000000`, '.aws-datasync-1234567-0'];
    for (const place of ['elsewhere', 'outside']) for (const name of [ours, others]) writeFileSync(join(root, place, name), 'half');
    longAgo(folder);
    await leftAfterRun(pair);
    expect(readdirSync(join(root, 'elsewhere')).sort()).toEqual([others, 'new']);
    expect(readdirSync(join(root, 'outside')).sort()).toEqual([ours, others].sort());
  });
}));
