import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asNobody, testAsRoot, withPair } from './pair';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import type { Backend, ListRequest } from '../../../emulator/engine/backend';
import { eventually } from '../../support/eventually';

const MIB = 1024 * 1024;
const SKIPPED = /^Transfer and verification completed\. Selected files transferred except for files skipped due to errors\./;

/** The same backend with something done first. */
function intercept(backend: Backend, hooks: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get: (target, name) => {
      const own: unknown = hooks[name as keyof Backend] ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) as unknown : own;
    },
  });
}

describe('counters', () => {
  const plantFive = (source: string, destination: string) => {
    mkdirSync(join(source, 'folder'));
    writeFileSync(join(source, 'folder/new'), 'four');
    writeFileSync(join(source, 'same'), 'same');
    writeFileSync(join(destination, 'same'), 'same');
    for (const folder of [source, destination]) utimesSync(join(folder, 'same'), 1e9, 1e9);
    mkdirSync(join(destination, 'stale'));
    writeFileSync(join(destination, 'stale/file'), 'x');
  };

  test('Basic counts folders as files, the root and what is to be deleted too', () => withPair(async ({ source, destination, run }) => {
    plantFive(source, destination);
    const { counters, result, phases } = await run({ options: { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect(counters).toMatchObject({
      EstimatedFilesToTransfer: 3 + 2, // the root (its times), folder, folder/new, and two to delete
      EstimatedBytesToTransfer: 4,
      EstimatedFilesToDelete: 2,
      FilesTransferred: 3,
      BytesTransferred: 4,
      BytesCompressed: 4,
      BytesWritten: 4,
      FilesSkipped: 1,
      FilesVerified: 4,
      FilesDeleted: 2,
      FoldersTransferred: 0,
      FilesPrepared: 0,
    });
    expect(phases).toEqual(['PREPARING', 'TRANSFERRING', 'VERIFYING']);
    expect(result).toMatchObject({ status: 'SUCCESS', prepare: { status: 'SUCCESS' }, transfer: { status: 'SUCCESS' }, verify: { status: 'SUCCESS' } });
    expect(Math.min(result.prepare.durationMs, result.transfer.durationMs, result.verify.durationMs)).toBeGreaterThan(0);
    expect(readdirSync(destination)).toEqual(['folder', 'same']);
  }));

  test('Enhanced counts folders apart and says what it listed', () => withPair(async ({ source, destination, run }) => {
    plantFive(source, destination);
    const { counters, result, phases } = await run({ taskMode: 'ENHANCED', excludes: '*/same', options: { PreserveDeletedFiles: 'REMOVE' } });
    expect(counters).toMatchObject({
      EstimatedFilesToTransfer: 1,
      EstimatedFoldersToTransfer: 2,
      FilesPrepared: 1,
      FoldersPrepared: 2,
      FilesListed: { AtSource: 2, AtDestinationForDelete: 2 },
      FoldersListed: { AtSource: 2, AtDestinationForDelete: 2 },
      FilesTransferred: 1,
      FoldersTransferred: 2,
      FilesSkipped: 0,
      FilesDeleted: 1,
      FoldersDeleted: 1,
      FilesFailed: { Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 },
    });
    expect(phases).toEqual(['PREPARING', 'TRANSFERRING']);
    expect(result).toMatchObject({ prepare: { durationMs: 0 }, transfer: { durationMs: 0 }, verify: { status: 'PENDING', durationMs: 0 } });
  }));
});

describe('what is left alone', () => {
  test('REMOVE: filtered-out items, the folders above them, and working folders', () => withPair(async ({ destination, run }) => {
    mkdirSync(join(destination, 'old/deep'), { recursive: true });
    mkdirSync(join(destination, '.zfs'));
    writeFileSync(join(destination, 'old/deep/keep.tmp'), '');
    writeFileSync(join(destination, 'old/deep/go'), '');
    const { counters, result } = await run({ excludes: '*.tmp', options: { PreserveDeletedFiles: 'REMOVE' } });
    expect({ status: result.status, deleted: counters.FilesDeleted }).toEqual({ status: 'SUCCESS', deleted: 1 });
    expect(readdirSync(join(destination, 'old/deep'))).toEqual(['keep.tmp']);
    expect(readdirSync(destination).sort()).toEqual(['.zfs', 'old']);
  }));

  test('REMOVE: what lies below a source folder that cannot be listed', () => withPair(async ({ root, source, destination, run }) => {
    mkdirSync(join(source, 'locked'));
    mkdirSync(join(destination, 'locked'));
    writeFileSync(join(destination, 'locked/precious'), 'x');
    writeFileSync(join(destination, 'stale'), 'x');
    const backend = openDirectory('source', root);
    const blind = intercept(backend, {
      async *list(request: ListRequest) {
        for await (const batch of backend.list(request)) yield batch.map(item => item.key === 'locked/' ? { ...item, error: 'EACCES' } : item);
      },
    });
    const { result, counters, failures } = await run({ source: blind, options: { PreserveDeletedFiles: 'REMOVE' } });
    expect(result).toMatchObject({ status: 'ERROR', errorDetail: expect.stringMatching(SKIPPED), prepare: { status: 'ERROR' } });
    expect(failures).toMatchObject([{ phase: 'PREPARING', path: '/locked/', message: 'EACCES' }]);
    expect(counters.FilesDeleted).toBe(1);
    expect(readFileSync(join(destination, 'locked/precious'), 'utf8')).toBe('x');
  }));

  test('pipes are skipped', () => withPair(async ({ source, destination, run }) => {
    execFileSync('mkfifo', [join(source, 'pipe')]);
    expect((await run()).counters.FilesSkipped).toBe(1);
    expect(readdirSync(destination)).toEqual([]);
  }));
  testAsRoot('devices are skipped unless they are asked for, and then they fail clearly', () => withPair(async ({ source, run }) => {
    execFileSync('mknod', [join(source, 'null'), 'c', '1', '3']);
    expect((await run()).result.status).toBe('SUCCESS');
    const { result, failures } = await run({ options: { PreserveDevices: 'PRESERVE' } });
    expect({ status: result.status, failures }).toMatchObject({ status: 'ERROR', failures: [{ path: '/null', message: expect.stringContaining('no mknod') }] });
  }));
});

describe('items that fail', () => {
  test('a folder in the place of a file, a file in the place of a folder: the rest is copied', () => withPair(async ({ source, destination, run }) => {
    mkdirSync(join(source, 'b-folder'));
    for (const name of ['a-file', 'b-folder/inside', 'c-file']) writeFileSync(join(source, name), 'new');
    mkdirSync(join(destination, 'a-file'));
    writeFileSync(join(destination, 'b-folder'), 'old');
    const { result, failures, counters } = await run();
    expect(result).toMatchObject({ status: 'ERROR', errorDetail: expect.stringMatching(SKIPPED), transfer: { status: 'ERROR' } });
    expect(failures.map(({ path }) => path).sort()).toEqual(['/a-file', '/b-folder/', '/b-folder/inside']);
    expect(counters.FilesTransferred).toBe(2);
    expect(readdirSync(destination).sort()).toEqual(['a-file', 'b-folder', 'c-file']);
    expect(readFileSync(join(destination, 'b-folder'), 'utf8')).toBe('old');

    expect((await run({ options: { PreserveDeletedFiles: 'REMOVE' } })).result.status).toBe('SUCCESS');
    expect(readFileSync(join(destination, 'b-folder/inside'), 'utf8')).toBe('new');
  }));

  test('files that vanish or change under the copy', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'vanishing'), 'x');
    writeFileSync(join(source, 'growing'), 'x');
    writeFileSync(join(source, 'steady'), 'x');
    const { result, failures } = await run({
      onPhase: phase => {
        if (phase !== 'TRANSFERRING') return;
        rmSync(join(source, 'vanishing'));
        appendFileSync(join(source, 'growing'), 'y');
      },
    });
    expect(result.status).toBe('ERROR');
    expect(failures).toMatchObject([{ phase: 'TRANSFERRING', path: '/vanishing', message: expect.stringContaining('ENOENT') }]);
    expect(readFileSync(join(destination, 'growing'), 'utf8')).toBe('xy'); // changed before it was read: the new version, whole
    expect(readdirSync(destination).sort()).toEqual(['growing', 'steady']);
  }));

  test('what cannot be deleted: the rest is copied, and the transfer is in error', () => withPair(async ({ root, source, destination, run }) => {
    writeFileSync(join(source, 'new'), 'x');
    writeFileSync(join(destination, 'stale'), 'x');
    const stubborn = intercept(openDirectory('destination', root), { remove: async items => items.map(() => ({ error: 'it is in use' })) });
    const { result, failures } = await run({ destination: stubborn, options: { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'NONE' } });
    expect(result).toMatchObject({ status: 'ERROR', errorCode: 'FilesSkipped', prepare: { status: 'SUCCESS' }, transfer: { status: 'ERROR' } });
    expect(failures).toMatchObject([{ step: 'Delete', path: '/stale', message: 'it is in use' }]);
    expect(readdirSync(destination).sort()).toEqual(['new', 'stale']);
  }));

  test('a file that changes while it is read is not taken for either version', () => withPair(async ({ root, source, destination, run }) => {
    writeFileSync(join(source, 'large'), Buffer.alloc(5 * MIB));
    const backend = openDirectory('source', root);
    const slow = intercept(backend, {
      async read(item, context) {
        const content = await backend.read(item, context);
        async function* chunks() {
          for await (const chunk of content.chunks) {
            yield chunk;
            utimesSync(join(source, 'large'), 5, 5);
          }
        }
        return { ...content, chunks: chunks() };
      },
    });
    const { failures } = await run({ source: slow });
    expect(failures).toMatchObject([{ path: '/large', message: 'changed while it was read' }]);
    expect(readdirSync(destination)).toEqual([]);
  }));

  test('an unreadable file and an unreadable folder', () => withPair(({ root, source, run }) => asNobody(root, async () => {
    writeFileSync(join(source, 'file'), 'x', { mode: 0 });
    mkdirSync(join(source, 'folder'), { mode: 0 });
    const { failures } = await run();
    chmodSync(join(source, 'folder'), 0o700);
    expect(failures.map(({ path }) => path).sort()).toEqual(['/file', '/folder/']);
  })));

  test('a name that is not UTF-8 is told of, not lost in silence', () => withPair(async ({ source, run }) => {
    writeFileSync(Buffer.concat([Buffer.from(`${source}/bad-`), Buffer.from([0xff])]), 'x');
    const { failures } = await run();
    expect(failures).toMatchObject([{ phase: 'PREPARING', message: 'the name is not UTF-8' }]);
  }));

  test('names that are not UTF-8 are deleted at the destination as others are', () => withPair(async ({ destination, run }) => {
    const odd = (path: string) => Buffer.concat([Buffer.from(`${destination}/`), Buffer.from(path, 'latin1')]);
    mkdirSync(odd('folder\xff/in\xfe'), { recursive: true });
    for (const path of ['\xff', '\xfe', 'folder\xff/in\xfe/file', 'folder\xff/kept.tmp']) writeFileSync(odd(path), path);
    writeFileSync(join(destination, '\ufffd'), 'reads the same');
    const setup = { options: { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'POINT_IN_TIME_CONSISTENT' }, excludes: '*.tmp' } as const;
    expect(await run(setup)).toMatchObject({ result: { status: 'SUCCESS' }, counters: { FilesDeleted: 5 } });
    expect(readdirSync(destination, 'latin1')).toEqual(['folder\xff']);
    expect(readdirSync(odd('folder\xff'))).toEqual(['kept.tmp']);
    expect(await run({ options: setup.options })).toMatchObject({ result: { status: 'SUCCESS' }, counters: { FilesDeleted: 2 } });
    expect(readdirSync(destination)).toEqual([]);
  }));

  test('a folder above what is included is not deleted when that is', () => withPair(async ({ source, destination, run }) => {
    mkdirSync(join(source, 'p'));
    mkdirSync(join(destination, 'p'));
    writeFileSync(join(destination, 'p/x'), 'x');
    expect(await run({ includes: '/p/x', options: { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'POINT_IN_TIME_CONSISTENT' } }))
      .toMatchObject({ result: { status: 'SUCCESS' }, counters: { FilesDeleted: 1 } });
    expect(readdirSync(destination, { recursive: true })).toEqual(['p']);
  }));

  test('includes that match nothing but what is never copied make no folders, and no run fail', () => withPair(async ({ source, destination, run }) => {
    mkdirSync(join(source, 'p'));
    execFileSync('mkfifo', [join(source, 'p/pipe')]);
    expect(await run({ includes: '/p/pipe', options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } }))
      .toMatchObject({ result: { status: 'SUCCESS' }, counters: { FilesSkipped: 1 } });
    expect(readdirSync(destination)).toEqual([]);
  }));
});

describe('links never lead out', () => {
  test('a link in the place of a destination folder', () => withPair(async ({ root, source, destination, run }) => {
    mkdirSync(join(root, 'outside'));
    mkdirSync(join(source, 'folder'));
    writeFileSync(join(source, 'folder/file'), 'x');
    symlinkSync('../outside', join(destination, 'folder'));
    const { failures } = await run();
    expect(failures.map(({ path }) => path).sort()).toEqual(['/folder/', '/folder/file']);
    expect(readdirSync(join(root, 'outside'))).toEqual([]);
  }));

  test('a link to the outside in the source is copied as a link', () => withPair(async ({ source, destination, run }) => {
    symlinkSync('/etc', join(source, 'link'));
    const { counters } = await run({ options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect(counters).toMatchObject({ FilesTransferred: 2, FilesVerified: 2 });
    expect(lstatSync(join(destination, 'link')).isSymbolicLink()).toBe(true);
  }));

  test('a planted link in the place of the working folder', () => withPair(async ({ root, source, destination, run }) => {
    mkdirSync(join(root, 'outside'));
    symlinkSync('../outside', join(destination, '.aws-datasync'));
    writeFileSync(join(source, 'file'), 'x');
    const { result } = await run();
    expect(result.errorDetail).toMatch(/^Task failed to access location loc-destination: .* cannot be written to/);
    expect(readdirSync(join(root, 'outside'))).toEqual([]);
  }));
});

describe('the working folder', () => {
  test('is not even made when there is nothing to do', () => withPair(async ({ destination, run }) => {
    writeFileSync(join(destination, '.aws-datasync'), 'in the way');
    expect((await run({ options: { OverwriteMode: 'NEVER' } })).result.status).toBe('SUCCESS');
    expect((await run()).result.status).toBe('ERROR');
  }));
});

describe('whole locations', () => {
  test.each([
    ['missing', /loc-source: the folder .*\/missing does not exist; create it$/],
    ['../..', /loc-source: .* leads out of the root folder/],
    ['link-out', /loc-source: .* leads out of the root folder/],
    ['file', /loc-source: .* is not a folder$/],
  ])('%s', (path, message) => withPair(async ({ root, run }) => {
    symlinkSync('/etc', join(root, 'link-out'));
    writeFileSync(join(root, 'file'), '');
    const { result, phases } = await run({ source: openDirectory(path, root) });
    expect(result).toMatchObject({ status: 'ERROR', prepare: { status: 'ERROR' }, transfer: { status: 'PENDING' }, verify: { status: 'PENDING' } });
    expect(result.errorDetail).toMatch(/^Task failed to access location/);
    expect(result.errorDetail).toMatch(message);
    expect(phases).toEqual(['PREPARING']);
  }));
});

describe('phases', () => {
  test('last as long as what they do, at least a millisecond, in Basic mode', () => withPair(async ({ root, source, run }) => {
    writeFileSync(join(source, 'file'), 'x');
    const backend = openDirectory('source', root);
    const slow = intercept(backend, {
      access: async () => {
        await backend.access();
        await sleep(30);
      },
    });
    const began = performance.now();
    const { result } = await run({ source: slow, options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    const elapsed = performance.now() - began;
    const durations = [result.prepare, result.transfer, result.verify].map(({ durationMs }) => durationMs);
    expect(durations[0]).toBeGreaterThanOrEqual(25);
    for (const duration of durations) {
      expect(Number.isInteger(duration)).toBe(true);
      expect(duration).toBeGreaterThanOrEqual(1);
    }
    expect(durations.reduce((sum, duration) => sum + duration)).toBeLessThanOrEqual(elapsed + durations.length);
  }));

  test('take no time in Enhanced mode, as the service reports it', () => withPair(async ({ source, run }) => {
    writeFileSync(join(source, 'file'), 'x');
    const { result } = await run({ taskMode: 'ENHANCED', options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    expect(result).toMatchObject({
      prepare: { status: 'SUCCESS', durationMs: 0 }, transfer: { status: 'SUCCESS', durationMs: 0 }, verify: { status: 'SUCCESS', durationMs: 0 },
    });
  }));

  test('after one that broke off are pending, and the execution has an error with a code', () => withPair(async ({ root, run }) => {
    const destination = intercept(openDirectory('destination', root), { access: async () => Promise.reject(new Error('bug')) });
    const { result, phases } = await run({ destination });
    expect(result).toMatchObject({
      status: 'ERROR',
      errorCode: 'InternalFailure',
      errorDetail: 'Task execution failed: bug',
      prepare: { status: 'ERROR' },
      transfer: { status: 'PENDING', durationMs: 0 },
      verify: { status: 'PENDING', durationMs: 0 },
    });
    expect(phases).toEqual(['PREPARING']);
  }));

  test('do not begin after a cancel', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'file'), 'x');
    const cancel = new AbortController();
    const { result, phases } = await run({
      signal: cancel.signal, options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' }, onPhase: phase => phase === 'TRANSFERRING' && cancel.abort(),
    });
    expect(result).toMatchObject({
      status: 'ERROR', errorCode: 'Cancelled', prepare: { status: 'SUCCESS' }, transfer: { status: 'ERROR' }, verify: { status: 'PENDING' },
    });
    expect(phases).toEqual(['PREPARING', 'TRANSFERRING']);
    expect(readdirSync(destination)).toEqual([]);

    const before = new AbortController();
    before.abort();
    expect((await run({ signal: before.signal })).phases).toEqual([]);
  }));
});

describe('what is skipped', () => {
  test('is told with the reason, and with how the destination looks', () => withPair(async ({ source, destination, run }) => {
    for (const [name, content] of [['same', 'x'], ['other', 'right']] as const) {
      writeFileSync(join(source, name), content);
      utimesSync(join(source, name), 1e9, 1e9);
    }
    writeFileSync(join(destination, 'same'), 'x');
    utimesSync(join(destination, 'same'), 1e9, 1e9);
    writeFileSync(join(destination, 'other'), 'of its own');
    const { outcomes } = await run({ options: { OverwriteMode: 'NEVER' } });
    expect(outcomes.filter(({ item }) => item.key !== '')).toMatchObject([
      { what: 'Skipped', item: { key: 'other', size: 5 }, existing: { key: 'other', size: 10 }, reason: 'kept' },
      { what: 'Skipped', item: { key: 'same', size: 1 }, existing: { key: 'same', size: 1 }, reason: 'unchanged' },
    ]);
  }));

  test.each<[string, 'ALWAYS' | 'NEVER', boolean]>([['gets', 'ALWAYS', true], ['does not get', 'NEVER', false]])(
    'a folder that is the same and has new content %s the time of its source, with OverwriteMode %s', (_, OverwriteMode, isKept) => withPair(async ({ source, destination, run }) => {
      const time = (folder: string) => utimesSync(folder, 1e9, 1e9);
      for (const side of [source, destination]) mkdirSync(join(side, 'folder'));
      writeFileSync(join(source, 'folder/new'), 'x');
      for (const side of [source, destination]) time(join(side, 'folder'));
      const { outcomes } = await run({ options: { OverwriteMode } });
      expect(outcomes.filter(({ item }) => item.key === 'folder/').map(({ what }) => what)).toEqual(['Skipped']);
      expect(lstatSync(join(destination, 'folder')).mtimeMs === 1e12).toBe(isKept);
    }));
});

test('what cannot be prepared is counted as such, and a folder that cannot be listed apart', () => withPair(async ({ root, source, run }) => {
  const backend = openDirectory('source', root);
  mkdirSync(join(source, 'b'));
  for (const name of ['a', 'c']) writeFileSync(join(source, name), name);
  async function* list(request: ListRequest) {
    for await (const items of backend.list(request)) yield items.map(item => 'ab/'.includes(item.key) && item.key ? { ...item, error: 'EIO' } : item);
  }
  const { counters, failures } = await run({ source: intercept(backend, { list }), taskMode: 'ENHANCED' });
  expect(failures.map(({ step, path }) => `${step} ${path}`)).toEqual(['Prepare /a', 'List /b/']);
  expect([counters.FilesFailed.Prepare, counters.FoldersFailed.List]).toEqual([1, 1]);
}));

test('what cannot be looked at in the destination is not replaced, and what is below a folder of it fails', () => withPair(async ({ root, source, destination, run }) => {
  const backend = openDirectory('destination', root);
  mkdirSync(join(source, 'folder'));
  for (const name of ['file', 'folder/in', 'fine']) writeFileSync(join(source, name), 'new');
  mkdirSync(join(destination, 'folder'));
  writeFileSync(join(destination, 'file'), 'old');
  async function* list(request: ListRequest) {
    for await (const items of backend.list(request)) {
      yield items.filter(({ key }) => key !== 'folder/in').map(item => ['file', 'folder/'].includes(item.key) ? { ...item, error: 'EIO' } : item);
    }
  }
  const { failures } = await run({ destination: intercept(backend, { list }) });
  expect(failures.map(({ step, path, message }) => `${step} ${path}: ${message}`)).toEqual([
    'Prepare /file: EIO', 'Prepare /folder/: EIO', 'Prepare /folder/in: the folder above it at the destination cannot be listed',
  ]);
  expect([readFileSync(join(destination, 'file'), 'utf8'), readFileSync(join(destination, 'fine'), 'utf8'), existsSync(join(destination, 'folder/in'))]).toEqual(['old', 'new', false]);
}));

describe('cancel and limit', () => {
  test('a cancel in the middle of a large file keeps what is whole, and the next run repairs', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'a-small'), 'x');
    writeFileSync(join(source, 'b-large'), Buffer.alloc(MIB, 1));
    const cancel = new AbortController();
    const { result, counters } = await run({
      signal: cancel.signal,
      options: { BytesPerSecond: 1000 }, // a quarter of an hour if it stayed
      onPhase: (phase, one) => {
        if (phase !== 'TRANSFERRING') return;
        void eventually(async () => existsSync(join(destination, 'a-small')) && one.counters.BytesTransferred > 1).then(() => cancel.abort());
      },
    });
    expect(result).toMatchObject({ status: 'ERROR', errorCode: 'Cancelled', transfer: { status: 'ERROR' }, verify: { status: 'PENDING' } });
    expect(counters.BytesTransferred).toBeLessThan(MIB);
    expect(readdirSync(destination)).toEqual(['a-small']);

    expect((await run({ options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } })).result.status).toBe('SUCCESS');
    expect(readFileSync(join(destination, 'b-large')).equals(Buffer.alloc(MIB, 1))).toBe(true);
  }));

  test('a limit holds the bytes back, and can be lifted while the copy runs', () => withPair(async ({ source, run }) => {
    writeFileSync(join(source, 'file'), Buffer.alloc(3 * MIB, 1));
    let seen = -1;
    const { result, counters } = await run({
      options: { BytesPerSecond: 1 }, // weeks if it stayed
      onPhase: (phase, one) => {
        if (phase !== 'TRANSFERRING') return;
        void eventually(async () => one.counters.BytesTransferred > 0).then(() => {
          seen = one.counters.BytesTransferred;
          one.bytesPerSecond = -1;
        });
      },
    });
    expect(result.status).toBe('SUCCESS');
    expect(seen).toBeLessThan(3 * MIB);
    expect(counters.BytesTransferred).toBe(3 * MIB);
  }));
});
