import { execFileSync } from 'node:child_process';
import {
  chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { asNobody, testAsRoot, withPair } from '../../engine/pair';
import { survey } from '../../engine/tree';
import { testMounted } from '../mounted';

const MIB = 1024 * 1024;

describe('what is not preserved', () => {
  const modeOf = (path: string) => lstatSync(path).mode % 0o10000;

  test('PosixPermissions NONE leaves modes at the destination as they are; what is new gets 0755', () => withPair(async ({ source, destination, run }) => {
    for (const folder of [source, destination]) {
      mkdirSync(join(folder, 'old'));
      writeFileSync(join(folder, 'old/file'), folder);
    }
    mkdirSync(join(source, 'new'));
    writeFileSync(join(source, 'new/file'), '');
    chmodSync(join(source, 'new/file'), 0o600);
    chmodSync(join(destination, 'old'), 0o2770);
    chmodSync(join(destination, 'old/file'), 0o600);
    for (let i = 0; i < 2; i++) {
      expect((await run({ options: { PosixPermissions: 'NONE' } })).result.status).toBe('SUCCESS');
      expect(['old', 'old/file', 'new', 'new/file'].map(path => modeOf(join(destination, path)))).toEqual([0o2770, 0o600, 0o755, 0o755]);
    }
    expect(readFileSync(join(destination, 'old/file'), 'utf8')).toBe(source);
  }));

  test('Mtime NONE leaves the times of folders in which nothing changes', () => withPair(async ({ source, destination, run }) => {
    for (const folder of [source, destination]) {
      mkdirSync(join(folder, 'old'));
      utimesSync(join(folder, 'old'), 1, folder === source ? 2 : 3);
    }
    await run({ options: { Mtime: 'NONE', Atime: 'NONE' } });
    expect(lstatSync(join(destination, 'old')).mtimeMs).toBe(3000);
  }));

  testAsRoot('Uid and Gid NONE leave owners at the destination as they are', () => withPair(async ({ source, destination, run }) => {
    for (const folder of [source, destination]) writeFileSync(join(folder, 'file'), folder);
    chownSync(join(destination, 'file'), 12, 34);
    await run({ options: { Uid: 'NONE', Gid: 'NONE' } });
    const { uid, gid } = lstatSync(join(destination, 'file'));
    expect({ uid, gid, content: readFileSync(join(destination, 'file'), 'utf8') }).toEqual({ uid: 12, gid: 34, content: source });
  }));
});

test('reading leaves no new time of access, neither at the source nor where it has just been kept', () => withPair(async ({ source, destination, run }) => {
  for (const [name, size] of [['small', 10], ['large', MIB]] as const) {
    writeFileSync(join(source, name), Buffer.alloc(size));
    utimesSync(join(source, name), 1_000_000_000, 1_500_000_000);
  }
  expect((await run({ options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } })).result.status).toBe('SUCCESS');
  for (const folder of [source, destination]) {
    expect(['small', 'large'].map(name => lstatSync(join(folder, name)).atimeMs)).toEqual([1_000_000_000_000, 1_000_000_000_000]);
  }
}));

test('folders that forbid their owner to write are written to, and forbid it again', () => withPair(({ root, source, destination, run }) => asNobody(root, async () => {
  const folder = join(source, 'forbidden');
  const close = () => [folder, source].forEach(path => chmodSync(path, 0o555));
  mkdirSync(join(folder, 'below'), { recursive: true });
  for (const name of ['changed', 'gone', 'below/file']) writeFileSync(join(folder, name), 'before');
  close();
  expect((await run()).result.status).toBe('SUCCESS');
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'changed'), 'afterwards');
  rmSync(join(folder, 'gone'));
  symlinkSync('changed', join(folder, 'link'));
  mkdirSync(join(folder, 'new'));
  utimesSync(folder, 1, 1);
  close();
  const { result, failures } = await run({ options: { PreserveDeletedFiles: 'REMOVE' } });
  expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
  expect(survey(destination)).toEqual(survey(source));
  for (const path of [folder, source, join(destination, 'forbidden'), destination]) chmodSync(path, 0o755); // so that they can be removed
})));

testMounted('on a full disk what has room is copied, the rest fails and leaves nothing, and the next run completes it', () =>
  withPair(async ({ source, destination, run }) => {
    for (const name of ['a', 'z']) writeFileSync(join(source, name), name);
    writeFileSync(join(source, 'large'), Buffer.alloc(2 * MIB, 'x'));
    writeFileSync(join(source, 'small'), Buffer.alloc(200 * 1024, 'x'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', destination]);
    try {
      const { result, failures } = await run();
      expect(result.status).toBe('ERROR');
      expect(failures.map(({ step, path, code }) => `${step} ${code} ${path}`).sort()).toEqual(['Transfer ENOSPC /large', 'Transfer ENOSPC /small']);
      expect(readdirSync(destination).sort()).toEqual(['a', 'z']);
      execFileSync('mount', ['-o', 'remount,size=8m', destination]);
      expect((await run()).result.status).toBe('SUCCESS');
      expect(survey(destination)).toEqual(survey(source));
    } finally {
      execFileSync('umount', [destination]);
    }
  }));

testMounted('what is mounted inside the destination is written to, links too', () => withPair(async ({ root, source, destination, run }) => {
  mkdirSync(join(root, 'elsewhere'));
  for (const folder of [source, destination]) mkdirSync(join(folder, 'mounted'));
  writeFileSync(join(source, 'mounted/small'), 'content');
  writeFileSync(join(source, 'mounted/large'), Buffer.alloc(MIB, 'x'));
  symlinkSync('small', join(source, 'mounted/link'));
  execFileSync('mount', ['--bind', join(root, 'elsewhere'), join(destination, 'mounted')]);
  try {
    const { result, failures } = await run();
    expect({ status: result.status, failures }).toEqual({ status: 'SUCCESS', failures: [] });
    expect(survey(join(root, 'elsewhere'))).toEqual(survey(join(source, 'mounted')));
    expect((await run({ options: { PreserveDeletedFiles: 'REMOVE' } })).counters).toMatchObject({ FilesTransferred: 1, FilesDeleted: 0 });
  } finally {
    execFileSync('umount', [join(destination, 'mounted')]);
  }
}));

test('of two names of which one is not UTF-8 and reads like the other none is lost in silence', () => withPair(async ({ source, destination, run }) => {
  for (const name of [Buffer.from('bad\xff', 'latin1'), Buffer.from('bad\ufffd'), Buffer.from('good')]) {
    writeFileSync(Buffer.concat([Buffer.from(`${source}/`), name]), name);
  }
  const { result, failures } = await run();
  expect(result.status).toBe('ERROR');
  expect(failures.map(({ message }) => message)).toEqual(['the name is not UTF-8']);
  expect(readdirSync(destination).sort()).toEqual(['bad\ufffd', 'good']);
}));
