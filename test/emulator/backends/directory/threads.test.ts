import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { DirectoryThread } from '../../../../emulator/backends/directory/threads';
import { transfer } from '../../engine/run-transfer';
import type { Report, Setup } from '../../engine/run-transfer';
import { plant, survey, withFolder } from '../../engine/tree';
import type { Entry } from '../../engine/tree';

const FOLDERS = 12;
const FILES = 100;
const NAMES = ['é', '😀 ', 'new\nline', '-rf', 'a|b'];

/** Enough for threads to be worth it: they take over after the first half thousand. */
function largeTree(): Map<string, Entry> {
  const mtime = 1_602_647_222_222_919;
  const tree = new Map<string, Entry>([['', { kind: 'folder', mode: 0o755, mtime }]]);
  for (let i = 0; i < FOLDERS; i++) {
    const folder = `${NAMES[i % NAMES.length]}${i}`;
    tree.set(folder, { kind: 'folder', mode: 0o750, mtime: mtime + i });
    for (let j = 0; j < FILES; j++) {
      const path = `${folder}/${j}`;
      if (j % 50 === 1) tree.set(path, { kind: 'symlink', content: `../gone/${j}`, mtime: mtime + j });
      else tree.set(path, { kind: 'file', content: path.repeat(j), mode: j % 2 ? 0o644 : 0o4755, mtime: mtime + j });
    }
  }
  return tree;
}

interface Pair {
  readonly source: string;
  readonly destination: string;
  run(setup?: Partial<Setup>): Promise<Report>;
}

/** Runs with two folders, the first with the large tree in it, when the threads are ready. */
async function withPair(use: (pair: Pair) => Promise<void>) {
  await withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    mkdirSync(destination);
    plant(source, largeTree());
    while (!DirectoryThread.get()) await setTimeout(5);
    await use({
      source,
      destination,
      run: setup => transfer({ source: openDirectory('source', root), destination: openDirectory('destination', root), ...setup }),
    });
  });
}

const walked = jest.spyOn(DirectoryThread.prototype, 'walk');
const byThread = jest.spyOn(DirectoryThread.prototype, 'copy');

beforeEach(() => {
  walked.mockClear();
  byThread.mockClear();
});

test('a large tree is listed and copied by threads, as it is', () => withPair(async ({ destination, run }) => {
  const { result, failures, counters } = await run();
  expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
  expect(survey(destination)).toEqual(largeTree());
  const bytes = [...largeTree().values()].reduce((sum, { kind, content = '' }) => sum + (kind === 'folder' ? 0 : Buffer.byteLength(content)), 0);
  expect(counters).toMatchObject({ BytesTransferred: bytes, BytesWritten: bytes });
  expect(walked).toHaveBeenCalled();
  expect(byThread).toHaveBeenCalled();

  const again = await run();
  expect({ status: again.result.status, transferred: again.counters.FilesTransferred }).toEqual({ status: 'SUCCESS', transferred: 0 });
}));

test('what cannot be copied fails alone', () => withPair(async ({ destination, run }) => {
  const path = 'é10/80';
  mkdirSync(join(destination, path, 'not empty'), { recursive: true });
  const { result, failures, counters } = await run();
  expect(result.status).toBe('ERROR');
  expect(failures.map(({ step, path: failed, code }) => ({ step, failed, code }))).toEqual([{ step: 'Transfer', failed: `/${path}`, code: 'EISDIR' }]);
  expect(counters.FilesTransferred).toBe(largeTree().size - 1);
}));

test('what has changed since it was listed is copied as it is now', () => withPair(async ({ source, destination, run }) => {
  const path = 'é10/80';
  const { result } = await run({
    onPhase: phase => {
      if (phase !== 'TRANSFERRING') return;
      writeFileSync(join(source, path), 'something else');
      utimesSync(join(source, path), 1_700_000_000, 1_700_000_000);
    },
  });
  expect(result.status).toBe('SUCCESS');
  expect(readFileSync(join(destination, path), 'utf8')).toBe('something else');
}));

test('OverwriteMode NEVER keeps what has appeared since it was listed', () => withPair(async ({ destination, run }) => {
  const path = 'é10/80';
  const { outcomes } = await run({
    options: { OverwriteMode: 'NEVER' },
    onPhase: phase => {
      if (phase !== 'TRANSFERRING') return;
      mkdirSync(join(destination, 'é10'));
      writeFileSync(join(destination, path), 'mine');
    },
  });
  expect(readFileSync(join(destination, path), 'utf8')).toBe('mine');
  expect(outcomes.filter(({ what }) => what === 'Skipped').map(({ item }) => item.key)).toEqual(['', 'é10/', 'é10/80']);
}));

test('a cancel keeps what was copied and leaves nothing half done', () => withPair(async ({ source, destination, run }) => {
  const abort = new AbortController();
  byThread.mockImplementationOnce(function (this: DirectoryThread, request) {
    abort.abort();
    return DirectoryThread.prototype.copy.call(this, request);
  });
  const { result } = await run({ signal: abort.signal });
  expect(result).toMatchObject({ status: 'ERROR', errorCode: 'Cancelled' });
  expect(existsSync(join(destination, '.aws-datasync'))).toBe(false);
  const copied = [...survey(destination)].filter(([, { kind }]) => kind === 'file');
  expect(copied.length).toBeGreaterThan(500);
  const original = survey(source);
  for (const [path, entry] of copied) expect(entry).toEqual(original.get(path));
}));

test('transfers side by side do not meet', () => withPair(first => withPair(async second => {
  const change = ({ source }: Pair) => (phase: string) => {
    if (phase !== 'TRANSFERRING') return;
    for (let i = 60; i < 99; i++) writeFileSync(join(source, 'é10', String(i)), `changed in ${source}`);
  };
  const reports = await Promise.all([first, second].map(pair => pair.run({ onPhase: change(pair) })));
  expect(reports.map(({ result }) => result.status)).toEqual(['SUCCESS', 'SUCCESS']);
  for (const { source, destination } of [first, second]) {
    expect(survey(destination)).toEqual(survey(source));
    expect(readFileSync(join(destination, 'é10/80'), 'utf8')).toBe(`changed in ${source}`);
  }
})));

test('a run that begins just as idle threads are let go does without', () => withPair(async ({ destination, run }) => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  try {
    await run();
    rmSync(destination, { recursive: true });
    mkdirSync(destination);
    jest.advanceTimersByTime(60_000);
    const report = await run();
    expect(report.result.status).toBe('SUCCESS');
  } finally {
    jest.useRealTimers();
  }
}));

test('when a thread ends in the middle, nothing is lost', () => withPair(async ({ destination, run }) => {
  byThread.mockImplementationOnce(function (this: DirectoryThread, request) {
    const answer = DirectoryThread.prototype.copy.call(this, request);
    void (this as unknown as { worker: Worker }).worker.terminate();
    return answer;
  });
  const { result, failures } = await run();
  expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
  expect(survey(destination)).toEqual(largeTree());
}));

test('nothing is left in the destination when all is done', () => withPair(async ({ destination, run }) => {
  await run();
  rmSync(join(destination, 'é0'), { recursive: true });
  await run();
  expect(readdirSync(destination).filter(name => name.startsWith('.'))).toEqual([]);
}));
