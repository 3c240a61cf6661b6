import fs, { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openFolders } from '../../../../emulator/backends/directory/folders';
import { folders as support } from '../../../../emulator/backends/directory/handle';
import { PlainPath, plainPaths } from '../../../../emulator/backends/directory/plain-path';
import { Walk } from '../../../../emulator/backends/directory/walk';
import type { Item } from '../../../../emulator/engine/backend';
import { Filter } from '../../../../emulator/engine/filter';
import { withFolder } from '../../engine/tree';
import { duringCalls } from '../file-system-calls';

/** Longer than a folder has to be unchanged. */
const settle = () => setTimeout(plainPaths.unchanged + 1);

function plant(root: string): void {
  for (const folder of ['a', 'a/b']) {
    mkdirSync(join(root, folder));
    for (let i = 0; i < 40; i++) writeFileSync(join(root, folder, `file-${i}`), folder);
    symlinkSync('file-1', join(root, folder, 'link'));
  }
}

type Before = (call: number, name: string, path: string) => void;

/** All that is in a folder, times of access apart, and how many names were looked up by a plain path. */
async function listed(root: string, before: Before = () => undefined): Promise<{ items: Item[]; plain: number }> {
  jest.spyOn(performance, 'now').mockReturnValue(0); // as fast as can be: a batch is never cut short
  const folders = openFolders({ path: root });
  const walk = new Walk({ root: folders.root }, new Filter([], []));
  const items: Item[] = [walk.start()];
  const names = `${realpathSync(root)}/`;
  let plain = 0;
  try {
    await duringCalls((call, name, path) => {
      if (name === 'lstatSync' && String(path).startsWith(names) && /\/(file-\d+|link|new)$/.test(String(path))) plain++;
      before(call, name, String(path));
    }, async () => {
      for (let batch = walk.next(); batch; batch = walk.next()) items.push(...batch);
    });
  } finally {
    walk.close();
    folders.close();
  }
  return { items: items.map(withoutAccess), plain };
}

const withoutAccess = (item: Item): Item => ({ ...item, posix: item.posix && { ...item.posix, atime: [0, 0] } });

afterEach(() => jest.restoreAllMocks());

if (support.canBeHeld) {
  const NAMES = 2 * 41;

  test('names in folders that do not change are looked up by plain paths, with the same result', () => withFolder(async root => {
    plant(root);
    await settle();
    const never = jest.replaceProperty(plainPaths, 'names', Infinity);
    const { items, plain } = await listed(root);
    expect(plain).toBe(0);
    expect(items).toHaveLength(NAMES + 3);
    never.restore();
    expect(await listed(root)).toEqual({ items, plain: NAMES });
  }));

  test('a folder that has just changed is looked into through its descriptor', () => withFolder(async root => {
    plant(root);
    jest.replaceProperty(plainPaths, 'unchanged', 60_000);
    expect((await listed(root)).plain).toBe(0);
  }));

  test('few names are not worth it', () => withFolder(async root => {
    plant(root);
    await settle();
    jest.replaceProperty(plainPaths, 'names', 20); // 41 names, one folder above one of them and two above the other
    expect((await listed(root)).plain).toBe(41);
  }));

  test.each([
    ['NFS', 0x6969], ['SMB', 0xff534d42], ['FUSE', 0x65735546], ['9p', 0x01021997],
  ])('a file system that others change without a word to this kernel, %s, is looked into through descriptors', (_, type) => withFolder(async root => {
    plant(root);
    await settle();
    jest.spyOn(fs, 'statfsSync').mockReturnValue({ type } as fs.StatsFs);
    expect((await listed(root)).plain).toBe(0);
  }));

  test('what is mounted into the folder of the location is looked into through descriptors', () => {
    const [location, mounted] = ['/dev', '/dev/shm'].map(path => ({ path, identity: fs.lstatSync(path, { bigint: true }) }));
    expect(PlainPath.of([mounted])?.path).toBe('/dev/shm');
    expect(PlainPath.of([location, mounted])).toBeUndefined();
  });

  test('what has another folder in its place is looked into through descriptors', () => {
    const [one, other] = ['/dev', '/dev/shm'].map(path => ({ path, identity: fs.lstatSync(path, { bigint: true }) }));
    expect(PlainPath.of([{ ...one, identity: other.identity }])).toBeUndefined();
  });

  test('a folder that changes while its names are looked up is looked into again, through its descriptor', () => withFolder(async root => {
    plant(root);
    await settle();
    let looks = 0;
    const first: string[] = [];
    const { items, plain } = await listed(root, (_, name, path) => {
      if (name === 'lstatSync' && ++looks === 20) writeFileSync(join(root, 'a/b/new'), '');
      if (path.endsWith('/file-0')) first.push(path.startsWith('/proc/') ? 'by its descriptor' : 'by its path');
    });
    expect(items).toHaveLength(NAMES + 3);
    expect(plain).toBe(NAMES);
    expect(first).toEqual(['by its path', 'by its descriptor', 'by its path']); // the folder above, which comes then, has not changed
  }));

  test.each([
    ['the folder', 'a/b'], ['the folder above it', 'a'], ['the folder of the location', ''],
  ])('what is in the place of %s for the time of any one call is not seen', (_, replaced) => withFolder(async top => {
    const [root, other, moved] = ['root', 'other', 'moved'].map(name => join(realpathSync(top), name));
    for (const folder of [root, other]) {
      mkdirSync(folder);
      plant(folder);
    }
    for (let i = 0; i < 40; i++) for (const folder of ['a', 'a/b']) writeFileSync(join(other, folder, `file-${i}`), 'longer than the other');
    await settle();
    let calls = 0;
    const { items } = await listed(root, call => { calls = call; });
    expect(calls).toBeGreaterThan(NAMES);
    const seen = (list: Item[]) => list.map(({ key, kind, size, posix }) => ({ key, kind, size, mtime: kind === 'folder' ? undefined : posix?.mtime }));
    const place = join(root, replaced);
    for (let at = 1; at <= calls; at += 3) {
      let now = 0;
      const { items: found } = await listed(root, call => {
        now = call;
        if (call === at) {
          renameSync(place, moved);
          symlinkSync(join(other, replaced), place);
        } else if (call === at + 1) {
          fs.unlinkSync(place);
          renameSync(moved, place);
        }
      });
      if (now === at) {
        fs.unlinkSync(place);
        renameSync(moved, place);
      }
      const failed = found.filter(({ error }) => error !== undefined);
      if (failed.length === 0) expect({ at, found: seen(found) }).toEqual({ at, found: seen(items) });
      else expect(failed.map(({ key }) => key)).toEqual([`${replaced}/`]); // it was replaced when it was opened
      await settle();
    }
  }), 60_000);
} else {
  test.skip('names are looked up by plain paths (SKIPPED: folders cannot be held open here)', () => undefined);
}
