import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transfer } from './run-transfer';
import { survey, withFolder } from './tree';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import type { Backend } from '../../../emulator/engine/backend';

describe('places that overlap', () => {
  const openBoth = (root: string, source: string, destination: string) => {
    return [source, destination].map(path => openDirectory(path, root)) as [Backend, Backend];
  };

  test.each([
    ['a', 'a'], ['a', 'a/'], ['a', 'a/b'], ['a/b', 'a'], ['link', 'a/b'], ['a', '.'],
  ])('%s and %s: nothing is copied or deleted', (from, to) => withFolder(async root => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    symlinkSync('a', join(root, 'link'));
    writeFileSync(join(root, 'a/b/file'), 'x');
    const before = survey(root);
    const [source, destination] = openBoth(root, from, to);
    const { result, counters } = await transfer({ source, destination, options: { PreserveDeletedFiles: 'REMOVE' } });
    expect(result).toMatchObject({
      status: 'ERROR',
      errorCode: 'LocationsOverlap',
      errorDetail: `loc-source (${source.extent}) and loc-destination (${destination.extent}) are the same, or one is inside the other; `
        + 'they must be apart. Nothing has been copied.',
      prepare: { status: 'ERROR' },
      transfer: { status: 'PENDING' },
    });
    expect(counters).toMatchObject({ FilesTransferred: 0, FilesDeleted: 0 });
    expect(survey(root)).toEqual(before);
  }));

  test.each([['a', 'ab'], ['a/b', 'ab']])('%s and %s are apart', (from, to) => withFolder(async root => {
    for (const folder of ['a/b', 'ab']) mkdirSync(join(root, folder), { recursive: true });
    const [source, destination] = openBoth(root, from, to);
    expect((await transfer({ source, destination })).result.status).toBe('SUCCESS');
  }));
});
