import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolder } from './engine/tree';
import { version } from '../../package.json';
import { commandLine } from '../support/command-line';

/** More names than fit into a pipe. */
function folders(root: string): [source: string, destination: string] {
  const [source, destination] = [join(root, 'source'), join(root, 'destination')];
  for (const folder of [source, destination]) mkdirSync(folder);
  for (let file = 0; file < 2000; file++) writeFileSync(join(source, `${'long-'.repeat(20)}${file}`), 'content');
  return [source, destination];
}

test('what only prints ends in silence when nobody reads it any more', async () => {
  await withFolder(async root => {
    const plan = await commandLine(['plan', ...folders(root)], ({ stdout }) => stdout!.once('data', () => stdout!.destroy()));
    expect(plan).toMatchObject({ code: 0, stderr: '' });
  });
});

test('what copies is stopped, in order', async () => {
  await withFolder(async root => {
    const [source, destination] = folders(root);
    const { code } = await commandLine(['run', source, destination, '--bytes-per-second', '1000'], ({ stderr }) => stderr!.once('data', () => stderr!.destroy()));
    expect(code).toBe(1);
    expect(readdirSync(destination).length).toBeLessThan(2000);
    expect(readdirSync(destination).filter(name => !name.startsWith('long-'))).toEqual([]);
  });
});

test('it is as old as the package', async () => {
  expect(await commandLine(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});
