import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { intercept } from './intercept';
import { asNobody, SKIPPED, withPair } from './pair';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import { eventually } from '../../support/eventually';

const MIB = 1024 * 1024;

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
