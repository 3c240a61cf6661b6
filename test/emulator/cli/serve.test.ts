import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawOperation } from '../../support/raw-request';

const CLI = join(__dirname, '../../../emulator/cli.ts');

let root: string;
let child: ChildProcess | undefined;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), 'datasync-emulator-cli-')); });
afterEach(() => { child?.kill('SIGKILL'); });
afterAll(() => rmSync(root, { recursive: true }));

/** Starts the program; resolves with its output when it printed a line or ended. */
function run(...args: string[]): { ended: Promise<{ code: number | null; stdout: string; stderr: string }>; line: Promise<string> } {
  const started = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  let stdout = '';
  let stderr = '';
  started.stderr.on('data', data => { stderr += data; });
  return {
    line: new Promise(printed => started.stdout.on('data', data => {
      stdout += data;
      if (stdout.includes('\n')) printed(stdout.split('\n')[0]);
    })),
    ended: new Promise(ended => started.on('close', code => ended({ code, stdout, stderr }))),
  };
}

test('serve prints where it listens, answers, and ends on SIGTERM', async () => {
  const { line, ended } = run('serve', '--port', '0', '--root', root, '--s3-endpoint', 'http://127.0.0.1:9');
  const [, url] = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(await line)!;
  expect((await rawOperation(url, 'ListTasks', '{}')).body).toEqual({ Tasks: [] });
  child!.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, stdout: `listening on ${url}\n`, stderr: '' });
});

test('a port that is taken is one clear line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  expect(await run('serve', '--port', String(port), '--root', root).ended).toEqual({
    code: 1, stdout: '', stderr: `error: listen EADDRINUSE: address already in use 127.0.0.1:${port}: take another --port, or 0\n`,
  });
  await new Promise(closed => server.close(closed));
});

test.each([
  [[], "error: required option '--root <folder>' not specified\n"],
  [['--root', '/no/such/folder'], "error: option '--root <folder>' argument '/no/such/folder' is invalid. it must be an existing folder.\n"],
  [['--root', '.', '--port', 'http'], "error: option '--port <number>' argument 'http' is invalid. it must be a number from 0 to 65535.\n"],
  [['--root', '.', '--port', '65536'], "error: option '--port <number>' argument '65536' is invalid. it must be a number from 0 to 65535.\n"],
  [['--root', '.', '--s3-endpoint', 'minio:9000'],
    "error: option '--s3-endpoint <url>' argument 'minio:9000' is invalid. it must be a URL like http://127.0.0.1:4566.\n"],
])('serve %j is refused', async (args, stderr) => {
  expect(await run('serve', ...args).ended).toEqual({ code: 1, stdout: '', stderr });
});
