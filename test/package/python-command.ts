import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Built } from './built';
import { manifest, REPOSITORY } from './built';
import { run } from '../support/run';

/** The Python and the command of the environment that the wheel was installed into. */
interface Installed extends Built {
  readonly python: string;
  readonly command: string;
}

interface Called {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param installed known when the tests run; the last test takes the wheel away and puts the sdist in its place */
export function describeCommandOfWheel(installed: () => Installed): void {
  describe('has a command that', () => {
    const program = path.join(REPOSITORY, 'assets', 'emulator', 'cli', 'index.js');
    let cache: string;

    beforeEach(() => {
      cache = fs.mkdtempSync(path.join(installed().work, 'cache-'));
    });

    /** Runs the command, or another program, to its end, however that is. */
    function call(args: string[], env: NodeJS.ProcessEnv = {}, file = installed().command): Promise<Called> {
      return new Promise(resolve => execFile(file, args, { env: { ...process.env, JSII_NODE: undefined, XDG_CACHE_HOME: cache, ...env } },
        (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr })));
    }

    const VERSION: Called = { status: 0, stdout: `${manifest.version}\n`, stderr: '' };

    /** What is in the cache, and which file it is. */
    const cached = () => fs.readdirSync(cache, { recursive: true }).map(String).sort()
      .map(name => {
        const { mode, size, ino, mtimeMs } = fs.statSync(path.join(cache, name));
        return { name, mode, size, ino, mtimeMs };
      });
    /** The folder that the command is in. */
    const unpacked = () => path.join(cache, cached().find(({ name }) => path.basename(name) === 'sizes.json')!.name, '..');

    test('runs on Node.js without jsii and aws-cdk-lib', async () => {
      const { status, stderr } = await call(['--version'], { PYTHONPROFILEIMPORTTIME: '1' });
      expect(status).toBe(0);
      expect(stderr).toMatch(/\| +hashlib\n/);
      expect(stderr).not.toMatch(/jsii|aws_cdk|cdk_datasync/);
    });

    test('unpacks itself for its user alone at the first use, and nothing at the second', async () => {
      expect(await call(['--version'])).toEqual(VERSION);
      const first = cached();
      expect(first.filter(({ mode }) => !mode.toString(8).endsWith('00'))).toEqual([]);
      expect(await call(['--version'])).toEqual(VERSION);
      expect(cached()).toEqual(first);
    });

    test('can be used by several at once from the first use on', async () => {
      await call(['--version']);
      const names = cached().map(({ name }) => name);
      fs.rmSync(cache, { recursive: true });
      expect(await Promise.all(Array.from({ length: 6 }, () => call(['--version'])))).toEqual(Array(6).fill(VERSION));
      expect(cached().map(({ name }) => name)).toEqual(names);
    });

    test.each<[string, () => void]>([
      ['lacks a file', () => fs.rmSync(path.join(unpacked(), 'assets/emulator/cli/index.js'))],
      ['has a file that was cut off', () => fs.truncateSync(path.join(unpacked(), 'assets/emulator/cli/index.js'), 1000)],
      ['has an empty list of its files', () => fs.truncateSync(path.join(unpacked(), 'sizes.json'))],
      ['lacks its list of files', () => fs.rmSync(path.join(unpacked(), 'sizes.json'))],
    ])('mends a cache that %s', async (_, spoil) => {
      await call(['--version']);
      const sizes = () => cached().map(({ name, size }) => `${name}: ${size}`);
      const before = sizes();
      spoil();
      expect(sizes()).not.toEqual(before);
      expect(await call(['--version'])).toEqual(VERSION);
      expect(sizes()).toEqual(before);
    });

    test('refuses a cache folder that cannot be one', async () => {
      const file = path.join(cache, 'file');
      fs.writeFileSync(file, '');
      expect(await call(['--version'], { XDG_CACHE_HOME: file })).toEqual({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(
          `^error: cannot unpack the command into ${file}/cdk-datasync/command/\\S+: Not a directory; name a folder of your own in the environment variable XDG_CACHE_HOME\\n$`)),
      });
    });

    test.each<[string, (archive: string) => void]>([
      ['was cut off', archive => fs.truncateSync(archive, 100_000)],
      ['is empty', archive => fs.truncateSync(archive)],
      ['is something else', archive => fs.writeFileSync(archive, 'not an archive')],
    ])('refuses a package whose archive %s', async (_, spoil) => {
      const archives = path.join(path.dirname(installed().command), '..', 'lib');
      const archive = path.join(archives, fs.readdirSync(archives, { recursive: true }).map(String).find(name => /cdk_datasync.*\.jsii\.tgz$/.test(name))!);
      const content = fs.readFileSync(archive);
      try {
        spoil(archive);
        expect(await call(['--version'])).toEqual({
          status: 1,
          stdout: '',
          stderr: expect.stringMatching(
            /^error: the package cdk-datasync is damaged, at \S+\.jsii\.tgz; install it again with ".* -m pip install --force-reinstall cdk-datasync"\n$/),
        });
      } finally {
        fs.writeFileSync(archive, content);
      }
      expect(await call(['--version'])).toEqual(VERSION);
    });

    // only root can give a folder away
    (process.getuid!() === 0 ? test : test.skip)('refuses what another user has unpacked (tested as root only)', async () => {
      await call(['--version']);
      fs.chownSync(unpacked(), 65534, 65534);
      expect(await call(['--version'])).toEqual({
        status: 1,
        stdout: '',
        stderr: `error: cannot unpack the command into ${unpacked()}: it belongs to another user; `
          + 'name a folder of your own in the environment variable XDG_CACHE_HOME\n',
      });
    });

    test.each<[string, () => NodeJS.ProcessEnv, string]>([
      ['there is no Node.js on the path', () => ({ PATH: cache }), 'there is none on the path'],
      ['JSII_NODE names nothing', () => ({ JSII_NODE: '/nowhere/node' }), 'JSII_NODE=/nowhere/node cannot be run'],
      ['JSII_NODE names a fake Node.js that is too old', () => ({ JSII_NODE: fakeNode('v20.15.1') }), 'CACHE/node is v20.15.1'],
      ['JSII_NODE names something else', () => ({ JSII_NODE: fakeNode('hello') }), 'CACHE/node does not tell its version'],
    ])('says what to do when %s', async (_, env, reason) => {
      expect(await call(['--version'], env())).toEqual({
        status: 1,
        stdout: '',
        stderr: `error: Node.js 20.16 or newer is needed, but ${reason.replace('CACHE', cache)}; install it, or name it in the environment variable JSII_NODE\n`,
      });
    });

    function fakeNode(version: string): string {
      const file = path.join(cache, 'node');
      fs.writeFileSync(file, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
      return file;
    }

    test('takes the Node.js of JSII_NODE, as jsii does', async () => {
      expect(await call(['--version'], { PATH: cache, JSII_NODE: process.execPath })).toEqual(VERSION);
    });

    test('passes on arguments, what they lead to, and how it ended', async () => {
      const args = ['run', 'no such folder', "it's\n$HOME"];
      const { status, stderr, ...rest } = await call(args);
      expect({ status, stderr, ...rest }).toEqual(await call([program, ...args], {}, process.execPath));
      expect(status).toBe(1);
      expect(stderr).toContain('no such folder');
    });

    test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])('lets a server end by itself at %s', async signal => {
      const serve = async (file: string, ...args: string[]) => {
        const child = spawn(file, [...args, 'serve', '--port', '0', '--root', cache], { env: { ...process.env, XDG_CACHE_HOME: cache } });
        const [line] = await once(child.stdout, 'data');
        expect(String(line)).toContain('listening on');
        child.kill(signal);
        return once(child, 'close'); // not before nobody can write to its output any more
      };
      expect(await serve(installed().command)).toEqual(await serve(process.execPath, program));
    });

    test('goes without a trace, and is in the sdist as well', async () => {
      const pip = (...args: string[]) => run(installed().python, ['-m', 'pip', '--disable-pip-version-check', ...args]);
      const traces = () => fs.readdirSync(path.join(installed().command, '..', '..'), { recursive: true }).map(String).filter(name => /cdk.datasync/.test(name));
      expect(await pip('check')).toBe('No broken requirements found.\n');
      await pip('uninstall', '--quiet', '--yes', 'cdk-datasync');
      expect(traces()).toEqual([]);
      await pip('install', '--quiet', '--no-deps', installed().sdist);
      expect(await call(['--version'])).toEqual(VERSION);
    });
  });
}
