import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCdkCli, reasonOf } from '../../../emulator/local-stack/cdk-cli';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cdk-cli-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function onPath(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'cdk'), '');
  chmodSync(join(bin, 'cdk'), 0o755);
  return bin;
}

test('the CDK CLI of the project goes first', () => {
  const own = join(folder, 'node_modules', 'aws-cdk');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), '{"name": "aws-cdk", "version": "2.1.0", "bin": {"cdk": "bin/cdk"}}');
  expect(findCdkCli(folder, onPath())).toEqual({ command: process.execPath, args: [join(own, 'bin/cdk')] });
});

test('without one it is that of the path', () => {
  const bin = onPath();
  expect(findCdkCli(folder, `/nowhere:${bin}`)).toEqual({ command: join(bin, 'cdk'), args: [] });
});

test('none at all is a clear line', () => {
  expect(() => findCdkCli(folder, '/nowhere')).toThrow('the CDK CLI is missing; install it in the project with "npm install --save-dev aws-cdk"');
});

test.each([
  ['the first resource that failed', [
    'Stack | 1/3 | 1:12:32 AM | CREATE_COMPLETE | AWS::S3::Bucket | Bucket',
    'Stack | 2/3 | 1:12:32 AM | CREATE_FAILED        | Custom::DataSyncTask | Task (Task79114B6B) it says why (and more)',
    'Stack | 2/3 | 1:12:32 AM | CREATE_FAILED        | AWS::S3::Bucket | Other Resource creation cancelled',
    '❌  Stack failed: _ToolkitError: The stack named Stack failed',
  ], 'Task (Custom::DataSyncTask): it says why (and more)'],
  ['that of a resource without another path', ['Stack | 1/3 | 1:12:32 AM | UPDATE_FAILED | AWS::S3::Bucket | Bucket is not so'], 'Bucket (AWS::S3::Bucket): is not so'],
  ['the error of the app', ['/app/app.ts:12', 'Error: no such thing', '    at Object.<anonymous>', 'Subprocess exited with error 1'], 'Error: no such thing'],
  ['all of what the app has thrown, and where', [
    'Error: [Stack/One] not like this', '[Stack/Two] nor this', '    at Problems.throwIfAny (/my app/node_modules/cdk-datasync/lib/problems.js:1:2)',
    '    at new Task (/my app/node_modules/cdk-datasync/lib/task.js:3:4)', '    at <anonymous> (/my app/app.ts:5:6)', '    at node:internal/main:1:1',
  ], 'Error: [Stack/One] not like this\n[Stack/Two] nor this (/my app/app.ts:5:6)'],
  ['what a compiler has found', [
    'TSError: \u2a2f Unable to compile TypeScript:', "bin/app.ts:3:1 - error TS2304: Cannot find name 'x'.", '', '3 x', '', '    at createTSError (/app/node_modules/ts-node/src/index.ts:859:12)',
  ], "TSError: \u2a2f Unable to compile TypeScript:\nbin/app.ts:3:1 - error TS2304: Cannot find name 'x'.\n3 x"],
  ['what an app in Python has raised, and where', [
    'jsii.errors.JavaScriptError: ', '  @jsii/kernel.RuntimeError: Error: no', '      at Kernel.ensureSync (/tmp/x.js:1:2)', '',
    'The above exception was the direct cause of the following exception:', '', 'Traceback (most recent call last):',
    '  File "/my app/app.py", line 12, in <module>', '    task = Task(', '           ^^^^^', '  File "/venv/lib/python3.11/site-packages/jsii/_runtime.py", line 118, in __call__',
    '    inst = super()', 'RuntimeError: [Stack/One] not like this', '[Stack/Two] nor this', 'sh app.sh: Subprocess exited with error 1',
  ], 'RuntimeError: [Stack/One] not like this\n[Stack/Two] nor this (/my app/app.py:12)'],
  ['no more lines than somebody reads', ['TSError: no', ...Array.from({ length: 30 }, (__, index) => `line ${index}`), '    at f (/app/node_modules/x.js:1:2)'],
    ['TSError: no', ...Array.from({ length: 19 }, (__, index) => `line ${index}`), 'and 11 more lines, which the log has'].join('\n')],
  ['the error of a class of the app', ['ValidationError: [Stack] not like this', 'Subprocess exited with error 1'], 'ValidationError: [Stack] not like this'],
  ['what the CLI says below the name of the stack', ['❌  Stack failed to deploy', '‣ MissingParameters: a value is missing', 'more'], 'MissingParameters: a value is missing'],
  ['what the CLI says', ['❌  Stack failed: it is so', 'more'], '❌  Stack failed: it is so'],
  ['the last line', ['one', 'two', ''], 'two'],
  ['the code', [], 'it ended with 7'],
  ['the code of the app, which says nothing itself', ['sh app.sh: Subprocess exited with error 3'], 'it ended with 3'],
  ['what the app says last', ['sh: 1: nope: not found', 'sh app.sh: Subprocess exited with error 127'], 'sh: 1: nope: not found'],
])('the reason of a failure is %s', (_, lines, expected) => {
  expect(reasonOf({ code: 7, lines })).toBe(expected);
});
