import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../emulator/system/make-folder';

describe('a folder that is made', () => {
  let base: string;
  beforeEach(() => base = mkdtempSync(join(tmpdir(), 'make-folder-')));
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  test('is made with those above it, in its mode, and again without an error', () => {
    for (let time = 1; time <= 2; time++) makeFolder(join(base, 'a', 'b'), 0o700);
    expect(readdirSync(base, { recursive: true })).toEqual(['a', 'a/b']);
    expect(['a', 'a/b'].map(name => statSync(join(base, name)).mode % 0o1000)).toEqual([0o700, 0o700]);
  });

  test('may be a link to one', () => {
    symlinkSync(base, join(base, 'link'));
    makeFolder(join(base, 'link', 'a'));
    expect(statSync(join(base, 'a')).isDirectory()).toBe(true);
  });

  test('is refused below a file, in its place, and behind a link that leads nowhere', () => {
    writeFileSync(join(base, 'file'), '');
    symlinkSync(join(base, 'none'), join(base, 'link'));
    expect(() => makeFolder(join(base, 'file'))).toThrow('EEXIST');
    expect(() => makeFolder(join(base, 'file', 'a', 'b'))).toThrow(/ENOTDIR|EEXIST/);
    expect(() => makeFolder(join(base, 'link', 'a'))).toThrow(/ENOENT|EEXIST/);
  });

  // in a process of its own, which can be ended: the recursive mkdir of Node.js never comes back from there
  (process.platform === 'linux' ? test : test.skip)('is refused at once where the system says that there is no such folder, as in /proc', () => {
    const script = `require(${JSON.stringify(require.resolve('../../../emulator/system/make-folder'))}).makeFolder('/proc/none/a')`;
    const { stderr, signal } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL' });
    expect(stderr).toContain('ENOENT');
    expect(signal).toBeNull();
  });
});
