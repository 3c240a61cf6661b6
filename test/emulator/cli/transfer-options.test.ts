import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import * as azurePlace from '../../../emulator/cli/azure-place';
import * as s3Place from '../../../emulator/cli/s3-place';
import type { TransferArguments } from '../../../emulator/cli/transfer-options';
import { addTransferOptions, DESCRIPTIONS, flagOf, LEFT_OUT, prepareTransfer } from '../../../emulator/cli/transfer-options';
import { shape } from '../../../emulator/model/api';

const ENDPOINT = 'http://127.0.0.1:9';
let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'datasync-options-')));
  for (const folder of ['a', 'c']) mkdirSync(join(root, folder));
});
afterAll(() => rmSync(root, { recursive: true }));

/** What the parser and the checks make of a command line. */
async function parse(...words: string[]): ReturnType<typeof prepareTransfer> {
  let prepared: Awaited<ReturnType<typeof prepareTransfer>> | undefined;
  const command = addTransferOptions(new Command('run').exitOverride().configureOutput({ writeErr: () => undefined }))
    .action(async (source: string, destination: string, args: TransferArguments) => {
      prepared = await prepareTransfer(source, destination, args, { s3: async () => s3Place, azure: async () => azurePlace });
    });
  await command.parseAsync(words.map(word => word.replace(/^ROOT/, root)), { from: 'user' });
  prepared!.close();
  return prepared!;
}

beforeEach(() => { delete process.env.AWS_ENDPOINT_URL_S3; });

test('every option of the service is there, or left out on purpose', () => {
  expect([...Object.keys(DESCRIPTIONS), ...LEFT_OUT].sort()).toEqual(Object.keys(shape('Options').members!).sort());
  const help = addTransferOptions(new Command('run')).helpInformation();
  for (const name of Object.keys(DESCRIPTIONS)) expect(help).toContain(`${flagOf(name)} <`);
  expect(flagOf('PreserveDeletedFiles')).toBe('--preserve-deleted-files');
});

test('the defaults are those that the help tells', async () => {
  const { options } = (await parse('ROOT/a', 'ROOT/c')).request;
  const told = Object.fromEntries(Object.entries(DESCRIPTIONS).map(([name, [, byDefault]]) => [name, name === 'BytesPerSecond' ? Number(byDefault) : byDefault]));
  expect(options).toMatchObject(told);
});

test('defaults follow the pair of places and the mode', async () => {
  expect((await parse('s3://a', 's3://b', '--s3-endpoint', ENDPOINT)).request.options).toMatchObject({ PosixPermissions: 'NONE', Uid: 'NONE', Gid: 'NONE' });
  expect((await parse('ROOT/a', 's3://b', '--s3-endpoint', ENDPOINT)).request.options).toMatchObject({ PosixPermissions: 'PRESERVE', Uid: 'INT_VALUE' });
  expect((await parse('ROOT/a', 'ROOT/c', '--task-mode', 'ENHANCED')).request.options.VerifyMode).toBe('ONLY_FILES_TRANSFERRED');
});

test('what is given counts', async () => {
  const { request } = await parse(
    'ROOT/a', 's3://b/p', '--s3-endpoint', ENDPOINT, '--verify-mode', 'NONE', '--bytes-per-second', '1024', '--preserve-deleted-files', 'REMOVE',
    '--include', '/x', '--include', '/y*', '--exclude', '*.tmp', '--s3-storage-class', 'GLACIER_INSTANT_RETRIEVAL',
  );
  expect(request).toMatchObject({
    options: { VerifyMode: 'NONE', BytesPerSecond: 1024, PreserveDeletedFiles: 'REMOVE' },
    includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/x|/y*' }],
    excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp' }],
    taskMode: 'BASIC',
    storageClass: 'GLACIER_IR',
  });
});

test.each<[string[], string]>([
  [['ROOT/a', 'nfs://host/x'], "DEST 'nfs://host/x' must be a folder, s3://bucket/prefix or azure-blob://account/container/prefix."],
  [['azure-blob://a/c', 'ROOT/a'], "SOURCE 'azure-blob://a/c' is a container of Azure: give --azure-endpoint, the URL of what holds it, such as Azurite."],
  [['azure-blob://a', 'ROOT/a', '--azure-endpoint', ENDPOINT], "SOURCE 'azure-blob://a' has no container; it must be azure-blob://account/container/prefix."],
  [['ROOT/a', 'azure-blob:///c', '--azure-endpoint', ENDPOINT], "DEST 'azure-blob:///c' has no account; it must be azure-blob://account/container/prefix."],
  [['ROOT/a', 'azure-blob://a/c//d', '--azure-endpoint', ENDPOINT], "DEST 'azure-blob://a/c//d' must not contain '//' in its prefix."],
  [['s3://b', 'ROOT/a'], "SOURCE 's3://b' is a bucket: give --s3-endpoint or AWS_ENDPOINT_URL_S3, the URL of what holds it."],
  [['s3://', 'ROOT/a', '--s3-endpoint', ENDPOINT], "SOURCE 's3://' has no bucket; it must be s3://bucket/prefix."],
  [['s3:///p', 'ROOT/a', '--s3-endpoint', ENDPOINT], "SOURCE 's3:///p' has no bucket; it must be s3://bucket/prefix."],
  [['s3://b/x//y', 'ROOT/a', '--s3-endpoint', ENDPOINT], "SOURCE 's3://b/x//y' must not contain '//' in its prefix."],
  [['ROOT/a', 's3://b//x', '--s3-endpoint', ENDPOINT], "DEST 's3://b//x' must not contain '//' in its prefix."],
  [['ROOT/a', 's3://b/x//', '--s3-endpoint', ENDPOINT], "DEST 's3://b/x//' must not contain '//' in its prefix."],
  [['ROOT/a', 's3://b//', '--s3-endpoint', ENDPOINT], "DEST 's3://b//' must not contain '//' in its prefix."],
  [['ROOT/a', 'ROOT/c', '--transfer-mode', 'ALL', '--preserve-deleted-files', 'REMOVE'],
    'Invalid SyncOption value. Option: --transfer-mode,--preserve-deleted-files, Value: ALL,REMOVE.'],
  [['ROOT/a', 'ROOT/c', '--task-mode', 'ENHANCED', '--verify-mode', 'POINT_IN_TIME_CONSISTENT'],
    'Invalid SyncOption value. Option: --verify-mode, Value: POINT_IN_TIME_CONSISTENT invalid for task mode ENHANCED. please use ONLY_FILES_TRANSFERRED or NONE.'],
  [['ROOT/a', 'ROOT/c', '--include', '*.txt'], "Invalid filter: in Includes, '*' is allowed only as the last character of a pattern, got '*.txt'."],
  [['ROOT/a', 'ROOT/c', '--verify-mode', 'SOME'],
    "error: option '--verify-mode <mode>' argument 'SOME' is invalid. Allowed choices are POINT_IN_TIME_CONSISTENT, ONLY_FILES_TRANSFERRED, NONE."],
  [['ROOT/a', 'ROOT/c', '--bytes-per-second', '0'],
    "error: option '--bytes-per-second <number>' argument '0' is invalid. it must be a number of bytes from 1, or -1 for no limit."],
  [['ROOT/a', 'ROOT/c', '--exclude', ''], "error: option '--exclude <pattern>' argument '' is invalid. it must not be empty."],
])('%j is refused', async (words, message) => {
  await expect(parse(...words)).rejects.toThrow(message);
});
