import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedAction } from '../../../emulator/cli/plan';
import { commandLine } from '../../support/command-line';
import { survey, withFolder } from '../engine/tree';

/** A source, and a destination that differs from it in every way. */
function differingFolders(root: string): [source: string, destination: string] {
  const [source, destination] = [join(root, 'source'), join(root, 'destination')];
  for (const folder of [source, destination]) {
    mkdirSync(folder);
    for (const name of ['same', 'longer', 'touched', 'mode']) writeFileSync(join(folder, name), 'content');
  }
  writeFileSync(join(source, 'new\u001b[2J'), 'new');
  writeFileSync(join(source, 'longer'), 'longer content');
  chmodSync(join(source, 'mode'), 0o600);
  writeFileSync(join(source, 'x.tmp'), '');
  mkdirSync(join(destination, 'old'));
  writeFileSync(join(destination, 'old/file'), 'old');
  for (const folder of [source, destination]) {
    for (const name of ['same', 'longer', 'touched', 'mode', '']) utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
  }
  utimesSync(join(source, 'touched'), 1_700_000_001, 1_700_000_001);
  return [source, destination];
}

const MIRROR = ['--preserve-deleted-files', 'REMOVE', '--exclude', '*.tmp'];

test('plan tells what differs and changes nothing, run does it, and then there is nothing left to do', async () => {
  await withFolder(async root => {
    const [source, destination] = differingFolders(root);
    const before = survey(destination);

    const plan = await commandLine(['plan', source, destination, ...MIRROR, '--json']);
    expect(plan).toMatchObject({ code: 0, stderr: 'would transfer 4 items (24 B), delete 2, skip 2, fail 0\n' });
    expect(plan.stdout.trim().split('\n').map(line => JSON.parse(line) as PlannedAction)).toEqual([
      { action: 'skip', path: '/', why: 'unchanged' },
      { action: 'skip', path: '/same', why: 'unchanged' },
      { action: 'delete', path: '/old/file', why: 'not at the source' },
      { action: 'delete', path: '/old/', why: 'not at the source' },
      { action: 'transfer', path: '/longer', bytes: 14, why: 'size 7 -> 14' },
      { action: 'metadata', path: '/mode', why: 'mode 0644 -> 0600' },
      { action: 'transfer', path: '/new\u001b[2J', bytes: 3, why: 'new' },
      { action: 'transfer', path: '/touched', bytes: 7, why: 'mtime 2023-11-14T22:13:20.000Z -> 2023-11-14T22:13:21.000Z' },
    ]);
    expect(survey(destination)).toEqual(before);

    const run = await commandLine(['run', source, destination, ...MIRROR]);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^transferred 4 items \(24 B, [^)]+\/s\), skipped 2, deleted 2, verified 6, in [^\n]+\nSUCCESS\n$/);
    expect(run.stderr).toMatch(/^[\d.]+ s transferring: 0 of 6 items, 0 B of 24 B\n[\d.]+ s verifying: [^\n]+\n$/);
    const expected = new Map([...survey(source)].filter(([path]) => path !== 'x.tmp'));
    expect(survey(destination)).toEqual(expected);

    const again = await commandLine(['plan', source, destination, ...MIRROR, '--changes-only']);
    expect(again).toEqual({ code: 0, stdout: 'would transfer 0 items (0 B), delete 0, skip 6, fail 0\n', stderr: '' });
  });
});

test('an item that fails is named, the others are copied, and the code is 1', async () => {
  await withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    mkdirSync(join(source, 'in\nthe way'), { recursive: true });
    writeFileSync(join(source, 'z'), 'z');
    mkdirSync(destination);
    writeFileSync(join(destination, 'in\nthe way'), '');
    const text = 'is a folder at the source, but a file or link with its name is at the destination';

    expect(await commandLine(['plan', source, destination, '--changes-only'])).toMatchObject({
      code: 1, stdout: expect.stringContaining(`fail      /in\\u{a}the way/  (${text})\n`),
    });
    const { code, stderr } = await commandLine(['run', source, destination, '--verify-mode', 'NONE']);
    expect(code).toBe(1);
    expect(stderr).toContain(`failed: /in\\u{a}the way/: ${text}\n`);
    expect(stderr).toContain('ERROR FilesSkipped: ');
    expect(readFileSync(join(destination, 'z'), 'utf8')).toBe('z');
  });
});

test('a destination that does not exist is one clear line, for both', async () => {
  await withFolder(async root => {
    const missing = join(root, 'missing');
    const line = `ERROR LocationAccessFailed: Task failed to access location DEST: the folder ${missing} does not exist; create it\n`;
    mkdirSync(join(root, 'source'));
    expect(await commandLine(['plan', join(root, 'source'), missing])).toEqual({ code: 1, stdout: '', stderr: line });
    expect(await commandLine(['run', join(root, 'source'), missing])).toEqual({ code: 1, stdout: '', stderr: line });
    expect(existsSync(missing)).toBe(false);
  });
});

test('a destination that may not be written to is said also when an item has failed before', async () => {
  await withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    mkdirSync(join(source, 'closed'), { recursive: true });
    mkdirSync(destination);
    writeFileSync(join(source, 'new'), 'new');
    chmodSync(root, 0o755);
    chmodSync(destination, 0o555);
    chmodSync(join(source, 'closed'), 0);
    const nobody = process.geteuid!() === 0 ? 65534 : undefined; // root writes everywhere
    const { code, stdout, stderr } = await commandLine(['plan', source, destination], undefined, {}, nobody);
    chmodSync(join(source, 'closed'), 0o755);
    expect(stderr).toBe(`ERROR LocationAccessFailed: Task failed to access location DEST: the folder ${destination} cannot be written to: EACCES: permission denied\n`);
    expect(stdout).toBe('fail      /closed/  (EACCES: permission denied)\n');
    expect(code).toBe(1);
  });
});

test.each(['run', 'plan'])('a place inside the other is one clear line: %s', async command => {
  const [source, destination] = [process.cwd(), join(process.cwd(), 'test')];
  expect(await commandLine([command, '.', './test'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`ERROR LocationsOverlap: SOURCE (${source}/) and DEST (${destination}/) are the same, or one is inside the other; they must be apart.`),
  });
});

test.each<[string[], string]>([
  [['run', '.'], "missing required argument 'DEST'"],
  [['plan', '.'], "missing required argument 'DEST'"],
  [['plan'], "missing required argument 'SOURCE', or --task"],
  [['run', '--verify', 'NONE', 'a', 'b'], "unknown option '--verify'\n(Did you mean --verify-mode?)"],
  [['plan', '--s3', 'x', 'a', 'b'], "unknown option '--s3'\n(Did you mean one of --s3-endpoint, --s3-storage-class?)"],
  [['run', '--exlude', 'x', 'a', 'b'], "unknown option '--exlude'\n(Did you mean --exclude?)"],
  [['plan', '--task', 'x', 'a'], "SOURCE 'a' does not go with --task, which has locations of its own; leave out the one or the other"],
  [['plan', '--task', 'x', '--task-mode', 'BASIC'], '--task-mode does not go with --task: a start cannot change it'],
  [['plan', '--task', 'x', '--s3-storage-class', 'STANDARD'], '--s3-storage-class does not go with --task: a start cannot change it'],
  [['plan', 'a', 'b', '--endpoint', 'http://127.0.0.1:9'], '--endpoint is for --task'],
  [['plan', 'a', 'b', '--no-exclude'], '--no-exclude is for --task'],
  [['plan', '--mount', 'arn:x'], "option '--mount <arn|uri=folder>' argument 'arn:x' is invalid. it must be ARN=FOLDER or URI=FOLDER."],
  [['plan', '--mount', 'arn:x=/no/such'], "option '--mount <arn|uri=folder>' argument 'arn:x=/no/such' is invalid. it must be an existing folder."],
  [['plan', '--mount', 'arn:x=.', '--mount', 'arn:x=.'], "option '--mount <arn|uri=folder>' argument 'arn:x=.' is invalid. mount 'arn:x' is given twice."],
])('wrong arguments are one clear line: %j', async (args, message) => {
  expect(await commandLine(args)).toEqual({ code: 1, stdout: '', stderr: `error: ${message}\n` });
});

test.each(['plan', 'run'])('an include that matches nothing is named, with how it may be meant: %s', async command => {
  await withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    for (const path of [join(source, 'sub'), join(destination, 'gone')]) mkdirSync(path, { recursive: true });
    for (const name of ['a', 'b|c', 'sub/d']) writeFileSync(join(source, name), '');
    const includes = ['/a', 'a', '/sub*', '/b\\|c', '/gone', '/x\u001b|/sub/d'].flatMap(pattern => ['--include', pattern]);
    const { code, stderr } = await commandLine([command, source, destination, '--preserve-deleted-files', 'REMOVE', ...includes]);
    expect(code).toBe(0);
    expect(stderr.split('\n').filter(line => line.startsWith('note:'))).toEqual([
      "note: the include 'a' matches nothing at the source; a pattern begins with a slash: /a",
      "note: the include '/gone' matches nothing at the source; patterns are paths below it, such as /folder1 or /reports*",
      "note: the include '/x\\u{1b}' matches nothing at the source; patterns are paths below it, such as /folder1 or /reports*",
    ]);
    const excluded = await commandLine([command, source, destination, '--include', '/a', '--include', '/sub', '--exclude', '/a']);
    expect(excluded.stderr).toContain("note: the include '/a' matches nothing at the source that is not excluded; ");
    expect(excluded.stderr).not.toContain('/sub');
  });
});

test('Ctrl-C stops a run; what was copied stays, and the next run goes on from there', async () => {
  await withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    mkdirSync(source);
    mkdirSync(destination);
    writeFileSync(join(source, 'a'), 'first');
    writeFileSync(join(source, 'b'), Buffer.alloc(2_000_000, 1));
    const stopped = await commandLine(['run', source, destination, '--bytes-per-second', '100000'], child => {
      const timer = setInterval(() => {
        if (!existsSync(join(destination, 'a'))) return;
        clearInterval(timer); // a second signal would end the process at once
        child.kill('SIGINT');
      }, 20);
      child.on('close', () => clearInterval(timer));
    });
    expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('ERROR Cancelled: ') });
    expect(existsSync(join(destination, 'b'))).toBe(false);
    expect(await commandLine(['run', source, destination])).toMatchObject({ code: 0 });
    expect(survey(destination)).toEqual(survey(source));
  });
});
