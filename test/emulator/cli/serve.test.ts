import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawOperation } from '../../support/raw-request';

const CLI = join(__dirname, '../../../emulator/cli.ts');

let root: string;
let child: ChildProcess | undefined;
const children: ChildProcess[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'datasync-emulator-cli-'));
  writeFileSync(join(root, 'faults.json'), '{"faults": [{"kind": "apiError", "operations": ["ListTasks"], "error": "InternalException", "times": 1}]}');
  writeFileSync(join(root, 'broken.json'), '{"faults": [');
  writeFileSync(join(root, 'wrong.json'), '{"faults": [{"kind": "stuckLaunching", "times": 0}]}');
});
afterEach(() => { children.splice(0).forEach(each => each.kill('SIGKILL')); });
afterAll(() => rmSync(root, { recursive: true }));

/** Starts the program; resolves with its output when it printed a line or ended. */
function run(...args: string[]): { ended: Promise<{ code: number | null; stdout: string; stderr: string }>; line: Promise<string> } {
  const started = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  children.push(started);
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

test('serve takes a fault plan, and keeps its state in a folder that it makes', async () => {
  const state = join(root, 'new', 'state');
  const { line, ended } = run('serve', '--port', '0', '--root', root, '--faults', join(root, 'faults.json'), '--state', state, '--log-dir', root,
    '--events-endpoint', 'http://127.0.0.1:4', '--events-source', 'mine', '--logs-endpoint', 'http://127.0.0.1:4');
  const [, url] = /(http:\S+)/.exec(await line)!;
  expect([(await rawOperation(url, 'ListTasks', '{}')).status, (await rawOperation(url, 'ListTasks', '{}')).status]).toEqual([500, 200]);
  const second = await run('serve', '--port', '0', '--root', root, '--state', state).ended;
  expect(second).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: the state folder \S+ is in use by process \d+; take another/) });
  expect(readFileSync(join(state, 'journal.ndjson'), 'utf8')).toBe('{"journal":"datasync-emulator","version":1}\n');
  process.kill(Number(/^lock\.(\d+)/.exec(readdirSync(state).find(name => name.startsWith('lock.'))!)![1]), 'SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('serve mounts folders', async () => {
  const { line } = run('serve', '--port', '0', '--root', root, '--mount', `nfs://host/a=${root}`, '--mount', `smb://host=${root}`);
  expect(await line).toMatch(/^listening on /);
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
  [['--root', '.', '--mount', 'nfs://host/a'],
    "error: option '--mount <uri=folder>' argument 'nfs://host/a' is invalid. it must be URI=FOLDER, like nfs://host/export=/data.\n"],
  [['--root', '.', '--mount', 's3://bucket=.'],
    "error: option '--mount <uri=folder>' argument 's3://bucket=.' is invalid. mount 's3://bucket' must begin like the LocationUri of a file system, " +
    'such as nfs://host/export; the schemes are nfs, smb, hdfs, efs, fsxl, fsxz, fsxw, fsxn-nfs, fsxn-smb, azure-blob.\n'],
  [['--root', '.', '--mount', 'nfs://host/a=.', '--mount', 'nfs://host/a=test'],
    "error: option '--mount <uri=folder>' argument 'nfs://host/a=test' is invalid. mount 'nfs://host/a' is given twice.\n"],
  [['--root', '.', '--state', ''], "error: option '--state <folder>' argument '' is invalid. it must be a folder, or a path where one can be made.\n"],
  [['--root', '.', '--log-dir', 'package.json/logs'],
    "error: option '--log-dir <folder>' argument 'package.json/logs' is invalid. it must be a folder, or a path where one can be made.\n"],
  [['--root', '.', '--s3-endpoint', 'minio:9000'],
    "error: option '--s3-endpoint <url>' argument 'minio:9000' is invalid. it must be a URL like http://127.0.0.1:4566.\n"],
  [['--root', '.', '--azure-endpoint', 'x'], "error: option '--azure-endpoint <url>' argument 'x' is invalid. it must be a URL like http://127.0.0.1:4566.\n"],
  [['--root', '.', '--events-endpoint', 'x'], "error: option '--events-endpoint <url>' argument 'x' is invalid. it must be a URL like http://127.0.0.1:4566.\n"],
  [['--root', '.', '--secrets-endpoint', 'x'], "error: option '--secrets-endpoint <url>' argument 'x' is invalid. it must be a URL like http://127.0.0.1:4566.\n"],
  [['--root', '.', '--logs-endpoint', 'x'], "error: option '--logs-endpoint <url>' argument 'x' is invalid. it must be a URL like http://127.0.0.1:4566.\n"],
])('serve %j is refused', async (args, stderr) => {
  expect(await run('serve', ...args).ended).toEqual({ code: 1, stdout: '', stderr });
});

test.each([
  ['missing.json', /is invalid\. there is no such file; give the path of a fault plan, as in docs\/emulator\.md\.\n$/],
  ['broken.json', /is invalid\. it is not JSON: .*\n$/],
  ['wrong.json', /is invalid\. Invalid fault plan: faults\[0\]\.times must be a whole number from 1 to \d+, got 0\.\n$/],
])('the fault plan %s is refused', async (file, stderr) => {
  expect(await run('serve', '--root', '.', '--faults', join(root, file)).ended).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(stderr) });
});
