import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateLocationHdfsCommand, CreateTaskCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { StartTaskExecutionCommandInput } from '@aws-sdk/client-datasync';
import type { PlannedAction } from '../../../emulator/cli/plan';
import { EmulatorClient } from '../../../emulator/provision/emulator-client';
import { commandLine } from '../../support/command-line';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, startTestEmulator } from '../../support/emulator';
import type { TestTask } from '../../support/tasks';
import { createEfsLocation, createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';
import { survey } from '../engine/tree';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());
beforeEach(() => {
  for (const folder of [SOURCE_FOLDER, DESTINATION_FOLDER]) rmSync(join(emulator.root, folder), { recursive: true, force: true });
});

/** What `plan --task` with these arguments says, line by line. */
async function plan(task: string, ...args: string[]): Promise<{ lines: PlannedAction[]; stderr: string; code: number | null }> {
  const { stdout, stderr, code } = await commandLine(['plan', '--task', task, '--endpoint', emulator.url, '--json', ...args]);
  return { lines: stdout.split('\n').filter(Boolean).map(line => JSON.parse(line) as PlannedAction), stderr, code };
}

/** What a run of the task does. */
async function run(task: string, overrides: Omit<StartTaskExecutionCommandInput, 'TaskArn'>) {
  const client = new EmulatorClient(emulator.url);
  await client.listItemsOf(task);
  return client.ended(await client.start(task, overrides));
}

/** A source, and a destination that differs from it in every way. */
function plantDifferences(): void {
  for (const folder of [SOURCE_FOLDER, DESTINATION_FOLDER]) for (const name of ['same', 'longer', 'mode', 'sub/same']) emulator.write(`${folder}/${name}`, 'content');
  emulator.write(`${SOURCE_FOLDER}/new`, 'new');
  emulator.write(`${SOURCE_FOLDER}/sub/new.tmp`, 'temporary');
  emulator.write(`${SOURCE_FOLDER}/longer`, 'longer content');
  chmodSync(join(emulator.root, SOURCE_FOLDER, 'mode'), 0o600);
  emulator.write(`${DESTINATION_FOLDER}/old/file`, 'old');
  emulator.write(`${DESTINATION_FOLDER}/clash/file`, 'in the way');
  emulator.write(`${SOURCE_FOLDER}/clash`, 'a file');
}

const RULE = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];

test.each<[string, string[], Omit<StartTaskExecutionCommandInput, 'TaskArn'>]>([
  ['its own settings', [], {}],
  ['other options', ['--preserve-deleted-files', 'REMOVE', '--overwrite-mode', 'NEVER'], { OverrideOptions: { PreserveDeletedFiles: 'REMOVE', OverwriteMode: 'NEVER' } }],
  ['everything transferred', ['--transfer-mode', 'ALL'], { OverrideOptions: { TransferMode: 'ALL' } }],
  ['no excludes', ['--no-exclude'], { Excludes: [] }],
  ['other filters', ['--include', '/sub', '--include', '/new', '--exclude', '*/same'], { Includes: RULE('/sub|/new'), Excludes: RULE('*/same') }],
])('a plan of a task tells what a run does, item by item: with %s', async (_, args, overrides) => {
  const { task } = await createNfsToEfsTask(emulator, { Excludes: RULE('*.tmp'), Name: 'nightly' });
  plantDifferences();
  const before = [survey(join(emulator.root, SOURCE_FOLDER)), survey(join(emulator.root, DESTINATION_FOLDER))];
  const { lines, stderr } = await plan(task, ...args);
  expect([survey(join(emulator.root, SOURCE_FOLDER)), survey(join(emulator.root, DESTINATION_FOLDER))]).toEqual(before);
  expect(stderr).toMatch(new RegExp(`^${task.split('/')[1]} \\(nightly\\) in ${emulator.url}: ${emulator.root}/${SOURCE_FOLDER} for nfs://fileserver/export/ -> `));

  const result = await run(task, overrides);
  const paths = (...actions: Array<PlannedAction['action']>) => lines.filter(({ action }) => actions.includes(action)).map(({ path }) => path).sort();
  expect(result.files).toEqual(paths('transfer', 'metadata').filter(path => !path.endsWith('/')));
  expect(result.deleted).toEqual(paths('delete'));
  expect([...new Set(result.failed.map(({ path }) => path))].sort()).toEqual(paths('fail')); // a run verifies it, too, and it fails again
  expect(result.counters.bytesWritten).toBe(lines.reduce((sum, { bytes = 0 }) => sum + bytes, 0));
});

test('links on their way to HDFS are skipped as what the destination cannot have, pipes as what they are', async () => {
  const hdfs = await emulator.client.send(new CreateLocationHdfsCommand({
    NameNodes: [{ Hostname: 'namenode', Port: 8020 }], Subdirectory: '/user', AgentArns: [AGENT_ARN], AuthenticationType: 'SIMPLE', SimpleUser: 'u',
  }));
  const { TaskArn } = await emulator.client.send(new CreateTaskCommand({
    SourceLocationArn: await createEfsLocation(emulator.client), DestinationLocationArn: hdfs.LocationArn,
  }));
  const source = join(emulator.root, DESTINATION_FOLDER);
  mkdirSync(join(emulator.root, 'hdfs/namenode/user'), { recursive: true });
  emulator.write(`${DESTINATION_FOLDER}/one-name`, 'content');
  linkSync(join(source, 'one-name'), join(source, 'other-name'));
  symlinkSync('one-name', join(source, 'symlink'));
  execFileSync('mkfifo', [join(source, 'pipe')]);
  const { lines } = await plan(TaskArn!);
  expect(lines.filter(({ action }) => action === 'skip').sort((one, other) => one.path < other.path ? -1 : 1)).toEqual([
    { action: 'skip', path: '/one-name', why: 'the destination cannot have it' },
    { action: 'skip', path: '/other-name', why: 'the destination cannot have it' },
    { action: 'skip', path: '/pipe', why: 'a device, a socket or a pipe' },
    { action: 'skip', path: '/symlink', why: 'the destination cannot have it' },
  ]);
});

test('what a start with the same overrides is refused for, a plan is, in the same words', async () => {
  const { task } = await createNfsToEfsTask(emulator, { Options: { TransferMode: 'ALL' } });
  const start = emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, OverrideOptions: { PreserveDeletedFiles: 'REMOVE' } }));
  const { message } = await start.then(() => new Error('it was started'), (error: Error) => error);
  expect(message).toContain('Invalid SyncOption value');
  expect(await plan(task, '--preserve-deleted-files', 'REMOVE')).toEqual({ code: 1, lines: [], stderr: `error: ${message}\n` });
});

describe('folders in place of locations', () => {
  let task: TestTask;
  let other: string;
  beforeEach(async () => {
    task = await createNfsToEfsTask(emulator);
    other = join(emulator.root, 'other');
    mkdirSync(join(other, 'below'), { recursive: true });
    writeFileSync(join(other, 'below/file'), 'content');
  });

  test('one is given by the ARN of a location', async () => {
    const { lines, stderr } = await plan(task.task, '--mount', `${task.source}=${join(other, 'below')}`);
    expect(lines.map(({ path }) => path)).toEqual(['/', '/file']);
    expect(stderr).toContain(`: ${join(other, 'below')} for nfs://fileserver/export/ -> `);
  });

  test('one is given by the beginning of its URI', async () => {
    mkdirSync(join(other, 'export'));
    writeFileSync(join(other, 'export/x'), '');
    expect((await plan(task.task, '--mount', `nfs://fileserver=${other}`)).lines.map(({ path }) => path)).toEqual(['/', '/x']);
  });

  test('one for a location that the task does not have is refused', async () => {
    const arn = task.source.replace(/.$/, digit => digit === '0' ? '1' : '0');
    expect(await plan(task.task, '--mount', `${arn}=${other}`)).toMatchObject({
      code: 1, stderr: `error: --mount ${arn}: the task has no such location, it has ${task.source} and ${task.destination}\n`,
    });
    expect(await plan(task.task, '--mount', `nfs://fileservre=${other}`)).toMatchObject({
      code: 1, stderr: expect.stringMatching(/^error: --mount nfs:\/\/fileservre: no location of the task begins like that, it has nfs:\/\/fileserver\/export\/ and \S+\n$/),
    });
  });
});

test('a task at a server is named by its id as well', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  emulator.write(`${SOURCE_FOLDER}/file`, 'content');
  emulator.write(`${DESTINATION_FOLDER}/other`, 'content');
  const planned = await plan(task);
  expect(planned.lines.map(({ path }) => path)).toContain('/file');
  expect(await plan(task.split('/')[1])).toEqual(planned);
});

test('a task that is not there is one clear line that says where', async () => {
  const arn = 'arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0';
  expect(await plan(arn)).toEqual({ code: 1, lines: [], stderr: `error: there is no ${arn} in ${emulator.url}\n` });
  expect(await commandLine(['plan', '--task', arn, '--endpoint', 'http://127.0.0.1:9'])).toMatchObject({
    code: 1, stderr: expect.stringMatching(/^error: DescribeTask in http:\/\/127\.0\.0\.1:9 failed \(.*ECONNREFUSED.*\)\n$/),
  });
});

test('a task that cannot be started now is planned all the same, with a word on it', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  emulator.faults.replace({ faults: [{ kind: 'taskUnavailable', tasks: [task], errorDetail: 'on purpose' }] });
  try {
    expect(await plan(task)).toMatchObject({ code: 0, stderr: expect.stringContaining('\nnote: the task is UNAVAILABLE and cannot be started now: on purpose\n') });
  } finally {
    emulator.faults.replace({ faults: [] });
  }
});
