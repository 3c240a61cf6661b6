import fs, { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolders } from '../../../../emulator/backends/directory/folders';
import type { Folders } from '../../../../emulator/backends/directory/folders';
import { folders as support } from '../../../../emulator/backends/directory/handle';
import { NoFolderError } from '../../../../emulator/backends/directory/paths';
import { withPair } from '../../engine/pair';
import { survey, withFolder } from '../../engine/tree';

const descriptors = () => readdirSync('/proc/self/fd').length;

/** Where folders cannot be held open, paths are looked at again. */
function withoutHolding(): void {
  jest.replaceProperty(support, 'canBeHeld', false);
}

async function withFolders(use: (folders: Folders, root: string) => void | Promise<void>) {
  await withFolder(async root => {
    const folders = openFolders({ path: root });
    try {
      await use(folders, root);
    } finally {
      folders.close();
    }
  });
}

const read = (folders: Folders, key: string) => readFileSync(folders.of(key), 'utf8');

afterEach(() => jest.restoreAllMocks());

const testHeld = support.canBeHeld ? test : test.skip; // only Linux has it

describe.each(support.canBeHeld ? [true, false] : [false])('folders that can be held open: %s', canBeHeld => {
  beforeEach(() => canBeHeld || withoutHolding());

  test('items are found by their keys, the root too', () => withFolders((folders, root) => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    for (const name of ['top', 'a/b/low']) writeFileSync(join(root, name), name);
    expect(['top', 'a/b/low'].map(key => read(folders, key))).toEqual(['top', 'a/b/low']);
    expect(readdirSync(folders.folder('a'))).toEqual(['b']);
    expect(fs.lstatSync(folders.of('')).ino).toBe(fs.lstatSync(root).ino);
    expect(folders.stat('a/b').ino).toBe(fs.lstatSync(join(root, 'a/b'), { bigint: true }).ino);
  }));

  test('a link or a file in the place of a folder is named', () => withFolders((folders, root) => {
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'link'));
    writeFileSync(join(root, 'file'), '');
    for (const name of ['link', 'file']) {
      expect(() => folders.of(`${name}/below`)).toThrow(NoFolderError);
      expect(() => folders.of(`${name}/below`)).toThrow(`the folder above it, /${name}, is not a folder here but a file or link`);
    }
  }));

  test.each(['..', 'a/../..', './a', 'a//b', '/a', 'a\0'])('%j is no key', key => withFolders((folders, root) => {
    mkdirSync(join(root, 'a'));
    expect(() => folders.of(key)).toThrow('the name cannot be a path');
  }));

  test('a root that was replaced is refused', () => withFolder(async root => {
    mkdirSync(join(root, 'location'));
    const first = openFolders({ path: join(root, 'location') });
    renameSync(join(root, 'location'), join(root, 'moved'));
    mkdirSync(join(root, 'location'));
    expect(() => openFolders({ path: join(root, 'location'), identity: first.root.identity })).toThrow('the folder of the location has been replaced');
    first.close();
  }));

  test('a whole run copies, changes and deletes, and leaves nothing', () => withPair(async ({ source, destination, run }) => {
    mkdirSync(join(source, 'a/b'), { recursive: true });
    writeFileSync(join(source, 'a/b/small'), 'x');
    writeFileSync(join(source, 'a/large'), Buffer.alloc(300_000, 'x'));
    symlinkSync('large', join(source, 'a/link'));
    mkdirSync(join(destination, 'gone/below'), { recursive: true });
    const { result, failures } = await run({ options: { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
    expect(survey(destination)).toEqual(survey(source));
  }));
});

testHeld('what is reached from a folder that was opened is what was in it, whatever is put in its place', () => withFolders((folders, root) => {
  for (const folder of ['a', 'other']) {
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'file'), folder);
  }
  expect(read(folders, 'a/file')).toBe('a');
  renameSync(join(root, 'a'), join(root, 'moved'));
  symlinkSync('other', join(root, 'a'));
  expect(read(folders, 'a/file')).toBe('a');
  folders.forget();
  expect(() => read(folders, 'a/file')).toThrow(NoFolderError);
}));

testHeld('however many folders and however deep, few descriptors are open, and none at the end', () => withFolder(async root => {
  const depth = 300;
  const path = (levels: number) => Array.from({ length: levels }, (_, i) => `d${i}`).join('/');
  mkdirSync(join(root, path(depth)), { recursive: true });
  const before = descriptors();
  const folders = openFolders({ path: root });
  for (let level = depth; level >= 0; level--) {
    expect(folders.stat(path(level)).ino).toBe(fs.lstatSync(join(root, path(level)), { bigint: true }).ino);
    expect(descriptors()).toBeLessThan(before + 40);
  }
  folders.close();
  expect(descriptors()).toBe(before);
  expect(() => folders.folder('d0')).toThrow('the location is closed');
}));

testHeld('when no more files can be opened, folders that are not needed now are let go', () => withFolders((folders, root) => {
  for (let i = 0; i < 10; i++) mkdirSync(join(root, `d${i}/below`), { recursive: true });
  for (let i = 0; i < 10; i++) folders.folder(`d${i}`);
  const before = descriptors();
  const open = fs.openSync;
  let refused = 0;
  const spy = jest.spyOn(fs, 'openSync').mockImplementation((...args: Parameters<typeof open>) => {
    if (descriptors() < before) return open(...args);
    refused++;
    throw Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE' });
  });
  expect(folders.stat('d9/below').isDirectory()).toBe(true);
  spy.mockRestore();
  expect(refused).toBe(1);
}));

testHeld('a run leaves no descriptor open, whether it ends well or not', () => withPair(async ({ source, destination, run }) => {
  mkdirSync(join(source, 'a/b'), { recursive: true });
  for (const name of ['file', 'a/file', 'a/b/file']) writeFileSync(join(source, name), name);
  await run(); // whatever Node.js opens once
  rmSync(join(destination, 'a'), { recursive: true });
  const before = descriptors();
  await run({ options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
  expect(descriptors()).toBe(before);
  symlinkSync('/gone', join(destination, '.aws-datasync'));
  writeFileSync(join(source, 'file'), 'changed');
  expect((await run()).result.status).toBe('ERROR');
  expect(descriptors()).toBe(before);
  expect(existsSync('/gone')).toBe(false);
}));

testHeld('a location that is moved while it is opened and listed is still the one that was opened', () => withPair(async ({ root, source, destination, run }) => {
  writeFileSync(join(source, 'file'), 'own');
  const moved = join(realpathSync(root), 'moved');
  const { result } = await run({
    onPhase: phase => {
      if (phase !== 'TRANSFERRING') return;
      renameSync(source, moved);
      mkdirSync(source);
      writeFileSync(join(source, 'file'), 'new');
    },
  });
  expect(result.status).toBe('SUCCESS');
  expect(readFileSync(join(destination, 'file'), 'utf8')).toBe('own');
}));
