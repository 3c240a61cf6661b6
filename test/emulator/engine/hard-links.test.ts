import { chmodSync, existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPair } from './pair';

describe('files with several names', () => {
  const inode = (path: string) => lstatSync(path).ino;

  test('have them at the destination, their content is sent once, and the next run finds nothing to do', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'a'), 'x'.repeat(1000));
    mkdirSync(join(source, 'b'));
    linkSync(join(source, 'a'), join(source, 'b/c'));
    linkSync(join(source, 'a'), join(source, 'd'));
    const { result, counters } = await run({ options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect(result.status).toBe('SUCCESS');
    expect(counters).toMatchObject({ FilesTransferred: 5, EstimatedBytesToTransfer: 1000, BytesTransferred: 1000, BytesWritten: 1000 });
    expect(new Set(['a', 'b/c', 'd'].map(name => inode(join(destination, name)))).size).toBe(1);
    expect((await run()).counters).toMatchObject({ FilesTransferred: 1 }); // the root
  }));

  test.each<[string, (destination: string) => void]>([
    ['of its own', path => writeFileSync(path, 'content')],
    ['changed', path => writeFileSync(path, 'something else')],
    ['missing', () => undefined],
  ])('are one file again where one was %s', (_, plantOther) => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'a'), 'content');
    linkSync(join(source, 'a'), join(source, 'b'));
    await run();
    rmSync(join(destination, 'b'));
    plantOther(join(destination, 'b'));
    if (existsSync(join(destination, 'b'))) utimesSync(join(destination, 'b'), lstatSync(join(source, 'a')).atime, lstatSync(join(source, 'a')).mtime);
    expect((await run()).result.status).toBe('SUCCESS');
    expect(inode(join(destination, 'b'))).toBe(inode(join(destination, 'a')));
    expect(readFileSync(join(destination, 'b'), 'utf8')).toBe('content');
  }));

  test('are copied on their own if the first name cannot be', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'a'), 'content');
    linkSync(join(source, 'a'), join(source, 'b'));
    mkdirSync(join(destination, 'a/full'), { recursive: true });
    const { failures } = await run();
    expect(failures.map(({ path }) => path)).toEqual(['/a']);
    expect(readFileSync(join(destination, 'b'), 'utf8')).toBe('content');
  }));

  test('have their own content where OverwriteMode NEVER keeps what is under the first', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, '1'), 'AAAA');
    linkSync(join(source, '1'), join(source, '2'));
    linkSync(join(source, '1'), join(source, '3'));
    writeFileSync(join(destination, '1'), 'BBBB');
    const options = { OverwriteMode: 'NEVER', Mtime: 'NONE', Atime: 'NONE' } as const;
    for (const TransferMode of ['ALL', 'CHANGED'] as const) {
      expect((await run({ options: { ...options, TransferMode } })).result.status).toBe('SUCCESS');
      expect(['1', '2', '3'].map(name => readFileSync(join(destination, name), 'utf8'))).toEqual(['BBBB', 'AAAA', 'AAAA']);
      expect(inode(join(destination, '3'))).toBe(inode(join(destination, '2')));
    }
  }));

  test('are linked to a name that is right already, whichever it is, and nothing is sent', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'a'), 'content');
    linkSync(join(source, 'a'), join(source, 'b'));
    await run();
    rmSync(join(destination, 'a'));
    const { counters } = await run({ options: { OverwriteMode: 'NEVER' } });
    expect(counters).toMatchObject({ EstimatedBytesToTransfer: 0, BytesTransferred: 0 });
    expect(inode(join(destination, 'a'))).toBe(inode(join(destination, 'b')));
  }));

  test('are one file although the first of them never can be copied, and are not sent again', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'a'), 'content');
    linkSync(join(source, 'a'), join(source, 'b'));
    linkSync(join(source, 'a'), join(source, 'c'));
    mkdirSync(join(destination, 'a/full'), { recursive: true });
    await run();
    expect(inode(join(destination, 'c'))).toBe(inode(join(destination, 'b')));
    const { outcomes } = await run();
    expect(outcomes.filter(({ what }) => what === 'Transferred').map(({ item }) => item.key)).toEqual(['']);
  }));
});

describe('files that are one at the destination and not at the source', () => {
  const mode = (path: string) => lstatSync(path).mode % 0o1000;

  test.each<[string, string, object]>([
    ['what an exclude leaves alone', 'kept.tmp', { excludes: '*.tmp' }],
    ['what is outside of the location', '../outside', {}],
    ['what only the destination has', 'own', {}],
  ])('get new metadata apart from %s', (_, other, setup) => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'x'), 'content', { mode: 0o644 });
    await run();
    linkSync(join(destination, 'x'), join(destination, other));
    chmodSync(join(source, 'x'), 0o600);
    expect((await run(setup)).result.status).toBe('SUCCESS');
    expect([mode(join(destination, 'x')), mode(join(destination, other))]).toEqual([0o600, 0o644]);
  }));

  test('get each its own metadata, once', () => withPair(async ({ source, destination, run }) => {
    for (const [name, bits] of [['a', 0o600], ['b', 0o640]] as const) {
      writeFileSync(join(source, name), 'content', { mode: bits });
      utimesSync(join(source, name), 1e9, 1e9);
    }
    writeFileSync(join(destination, 'a'), 'content', { mode: 0o600 });
    utimesSync(join(destination, 'a'), 1e9, 1e9);
    linkSync(join(destination, 'a'), join(destination, 'b'));
    await run();
    expect([mode(join(destination, 'a')), mode(join(destination, 'b'))]).toEqual([0o600, 0o640]);
    expect((await run()).counters).toMatchObject({ FilesTransferred: 1 }); // the root
  }));
});
