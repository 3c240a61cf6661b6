import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { isMountPoint, namesOfFolder, parseMountInfo, systemMountOf } from '../../../../emulator/backends/directory/system-mounts';
import type { SystemMount } from '../../../../emulator/backends/directory/system-mounts';
import { withPair } from '../../engine/pair';
import { transfer } from '../../engine/run-transfer';
import { survey, withFolder } from '../../engine/tree';
import { testMounted, whileMounted } from '../mounted';

describe('mountinfo', () => {
  test('has any number of optional fields, and octal numbers for what separates fields', () => {
    expect(parseMountInfo([
      '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue',
      '22 27 0:21 / /proc rw,relatime - proc proc rw',
      '40 27 8:1 /a\\040b\\011c\\012d\\134e\\043f /with\\040space\\134040 ro shared:1 master:2 propagate_from:3 - ext4 /dev/sda1 rw',
      'nonsense',
      '',
    ].join('\n'))).toEqual([
      { id: 36, parent: 35, device: '98:0', root: '/mnt1', point: '/mnt2', isReadOnly: false, type: 'ext3', options: ['rw', 'errors=continue'] },
      { id: 22, parent: 27, device: '0:21', root: '/', point: '/proc', isReadOnly: false, type: 'proc', options: ['rw'] },
      { id: 40, parent: 27, device: '8:1', root: '/a b\tc\nd\\e#f', point: '/with space\\040', isReadOnly: true, type: 'ext4', options: ['rw'] },
    ]);
  });
});

test.each([
  ['rw,noatime', 'rw', false], ['ro,noatime', 'rw', true], ['rw,noatime', 'ro', true], ['rw', 'rw,errors=remount-ro', false],
])('the mount of %s over a file system that is %s: read-only is %s', (mount, fileSystem, expected) => {
  const mounts = parseMountInfo(`1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /a/b ${mount} - ext4 /dev/sdb1 ${fileSystem}`);
  const at = (path: string) => systemMountOf(path, mounts)?.isReadOnly;
  expect([at('/a'), at('/a/b'), at('/a/b/c'), at('/a/bc')]).toEqual([false, expected, expected, false]);
  expect(['/', '/a', '/a/b', '/a/b/c'].filter(path => isMountPoint(path, mounts))).toEqual(['/', '/a/b']);
});

test.each<[string, string, number, boolean]>([
  ['what was mounted over a folder later hides what is mounted below it', '/y/a/hidden', 3, false],
  ['a mount over a mount is on top', '/y/b', 5, true],
  ['below it nothing of the one that it hides is met', '/y/b/below', 5, false],
  ['a mount in a mount', '/y/a/own', 7, true],
  ['where nothing is mounted', '/y', 1, false],
])('%s: %s', (_, path, expected, isPoint) => {
  const mounts = parseMountInfo([
    '1 0 8:1 / / rw - ext4 /dev/sda1 rw', '2 1 0:50 / /y/a/hidden ro - tmpfs tmpfs rw', '3 1 0:51 / /y/a rw - tmpfs tmpfs rw',
    '4 1 0:52 / /y/b ro - tmpfs tmpfs rw', '5 4 0:53 / /y/b rw - tmpfs tmpfs rw', '6 4 0:54 / /y/b/below ro - tmpfs tmpfs rw',
    '7 3 0:55 / /y/a/own rw - tmpfs tmpfs rw',
  ].join('\n'));
  expect(systemMountOf(path, mounts)?.id).toBe(expected);
  expect(isMountPoint(path, mounts)).toBe(isPoint);
});

test('the mounts of a process that sees a part of them only have no root among them', () => {
  const mounts = parseMountInfo('30 20 8:1 /jail / rw - ext4 /dev/sda1 rw\n31 30 0:50 / /tmp rw - tmpfs tmpfs rw\n40 12 0:51 / /tmp/lost rw - tmpfs tmpfs rw');
  expect(['/', '/tmp', '/tmp/x'].map(path => systemMountOf(path, mounts)?.id)).toEqual([30, 31, 31]);
});

describe('names of a folder', () => {
  const root = '1 0 8:1 / / rw - ext4 /dev/sda1 rw';
  const names = (path: string, lines: string[], mount?: number) => namesOfFolder(path, parseMountInfo([root, ...lines].join('\n')), mount);
  const CASES: Array<[string, string, string[], string[]]> = [
    ['the root', '/', [], ['8:1:/']],
    ['without a mount of its own', '/x/sub', [], ['8:1:/x/sub/']],
    ['a bind mount', '/y/below', ['2 1 8:1 /x/sub /y rw - ext4 /dev/sda1 rw'], ['8:1:/x/sub/below/']],
    ['a bind mount with a space', '/y z', ['2 1 8:1 /x\\040sub /y\\040z rw - ext4 /dev/sda1 rw'], ['8:1:/x sub/']],
    ['a bind mount in a bind mount', '/y/deep', [
      '2 1 8:1 /x /y rw - ext4 /dev/sda1 rw', '3 2 8:1 /other /y/deep rw - ext4 /dev/sda1 rw',
    ], ['8:1:/other/']],
    ['a folder with mounts below it', '/y', [
      '2 1 8:1 /x /y/one rw - ext4 /dev/sda1 rw', '3 2 0:50 / /y/one/two rw - tmpfs tmpfs rw', '4 1 0:51 / /yes rw - tmpfs tmpfs rw',
    ], ['8:1:/y/', '8:1:/x/', '0:50:/']],
    ['a mount over a mount', '/y', ['2 1 0:50 / /y rw - tmpfs tmpfs rw', '3 2 0:51 / /y rw - tmpfs tmpfs rw'], ['0:51:/']],
    ['mounts below that others hide', '/y', [
      '2 1 0:50 / /y/a/hidden rw - tmpfs tmpfs rw', '3 1 0:51 / /y/a rw - tmpfs tmpfs rw',
      '4 1 0:52 / /y/b rw - tmpfs tmpfs rw', '5 4 0:53 / /y/b rw - tmpfs tmpfs rw',
    ], ['8:1:/y/', '0:51:/', '0:53:/']],
    ['a subvolume of Btrfs that is mounted', '/home/user', ['2 1 0:35 /@home /home rw - btrfs /dev/sdb rw,subvolid=257,subvol=/@home'], ['0:35:/@home/user/']],
    ['the same Btrfs with all subvolumes', '/pool/@home', ['2 1 0:35 / /pool rw - btrfs /dev/sdb rw,subvolid=5,subvol=/'], ['0:35:/@home/']],
    ['an overlay', '/merged/a', [
      '2 1 0:60 / /merged rw - overlay overlay rw,lowerdir=/low\\134:er:/low2,upperdir=/data/upper,workdir=/data/work', '3 1 8:2 / /data rw - ext4 /dev/sda2 rw',
    ], ['0:60:/a/', '8:1:/low:er/a/', '8:1:/low2/a/', '8:2:/upper/a/']],
    ['an overlay whose layers have relative paths, from any folder above it', '/a/merged/x', [
      '2 1 0:60 / /a/merged rw - overlay overlay rw,lowerdir=l/A:l/B,upperdir=../up',
    ], ['0:60:/x/', '8:1:/a/l/A/x/', '8:1:/l/A/x/', '8:1:/a/l/B/x/', '8:1:/l/B/x/', '8:1:/up/x/']],
  ];

  test.each(CASES)('%s', (_, path, mounts, expected) => expect(names(path, mounts)).toEqual(expected));

  test('the mount that is known by its id counts, whatever was mounted over it later', () => {
    expect(names('/y', ['2 1 0:50 / /y rw - tmpfs tmpfs rw', '3 2 0:51 / /y rw - tmpfs tmpfs rw'], 2)).toContain('0:50:/');
  });

  test('without mounts there are none', () => expect(namesOfFolder('/x', [] as SystemMount[])).toEqual([]));
});

describe('folders that overlap by way of a mount', () => {
  /** Runs with REMOVE, both ways; nothing may change. */
  async function expectRefused(root: string, one: string, other: string) {
    for (const [from, to] of [[one, other], [other, one]]) {
      const before = survey(root);
      const { result, counters } = await transfer({
        source: openDirectory(from, root), destination: openDirectory(to, root), options: { PreserveDeletedFiles: 'REMOVE' },
      });
      expect(result).toMatchObject({ status: 'ERROR', errorCode: 'LocationsOverlap', errorDetail: expect.stringContaining('they must be apart. Nothing has been copied.') });
      expect(counters).toMatchObject({ FilesTransferred: 0, FilesDeleted: 0 });
      expect(survey(root)).toEqual(before);
    }
  }

  function plant(root: string) {
    for (const folder of ['x/sub/deep', 'x/else', 'y/below', 'z', 'a b']) mkdirSync(join(root, folder), { recursive: true });
    for (const file of ['x/top', 'x/sub/file', 'x/sub/deep/file']) writeFileSync(join(root, file), file);
  }

  const BIND = ['--bind'];
  const CASES: Array<[string, Array<[string, string]>, string, string]> = [
    ['the destination is a folder of the source', [['x/sub', 'y']], 'x', 'y'],
    ['the destination is below one', [['x/sub', 'y']], 'x', 'y/deep'],
    ['both are the same', [['x', 'y']], 'x', 'y'],
    ['something in the source is a folder of the destination', [['x/sub', 'y/below']], 'x', 'y'],
    ['through two mounts', [['x', 'y'], ['y/sub', 'z']], 'x', 'z'],
    ['a name with a space', [['x/sub', 'a b']], 'x', 'a b'],
    ['the same folder is mounted into both', [['z', 'x/else'], ['z', 'y/below']], 'x', 'y'],
  ];
  for (const [name, mounts, one, other] of CASES) {
    testMounted(`${name}: nothing is copied or deleted`, () => withFolder(async root => {
      plant(root);
      await whileMounted(mounts.map(pair => [...BIND, ...pair.map(path => join(root, path))]), () => expectRefused(root, one, other));
    }));
  }

  testMounted('an overlay and a layer of it that was mounted with a relative path: nothing is copied or deleted', () => withFolder(async root => {
    plant(root);
    const layers = 'lowerdir=x,upperdir=y,workdir=z';
    const here = process.cwd();
    mkdirSync(join(root, 'merged'));
    process.chdir(root);
    try {
      await whileMounted([['-t', 'overlay', 'overlay', '-o', layers, join(root, 'merged')]], async () => {
        await expectRefused(root, 'y', 'merged');
        await expectRefused(root, 'x', 'merged');
      });
    } finally {
      process.chdir(here);
    }
  }));

  testMounted('folders side by side in one bind mount are apart', () => withFolder(async root => {
    plant(root);
    await whileMounted([[...BIND, join(root, 'x'), join(root, 'y')]], async () => {
      const { result } = await transfer({ source: openDirectory('x/sub', root), destination: openDirectory('y/else', root) });
      expect(result.status).toBe('SUCCESS');
    });
  }));
});

test('a listing that meets the folder of the other location ends the run before it changes anything', () => withPair(async ({ root, source, destination }) => {
  mkdirSync(join(source, 'a/b'), { recursive: true });
  writeFileSync(join(source, 'a/b/file'), 'x');
  writeFileSync(join(destination, 'old'), 'x');
  const before = survey(root);
  const to = openDirectory('destination', root);
  const met = openDirectory('source/a/b', root); // as if the destination were this folder, and nothing else told so
  await met.access();
  Object.defineProperty(to, 'identity', { get: () => met.identity });
  const { result } = await transfer({ source: openDirectory('source', root), destination: to, options: { PreserveDeletedFiles: 'REMOVE' } });
  met.close();
  expect(result).toMatchObject({ status: 'ERROR', errorCode: 'LocationsOverlap', errorDetail: '/a/b is the folder of the other location; the two must be apart.' });
  expect(survey(root)).toEqual(before);
}));
