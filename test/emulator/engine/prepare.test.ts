import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { intercept } from './intercept';
import { SKIPPED, testAsRoot, withPair } from './pair';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import type { ListRequest } from '../../../emulator/engine/backend';

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
