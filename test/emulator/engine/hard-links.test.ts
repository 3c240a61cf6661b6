import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'fs';
import { join } from 'path';
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
});
