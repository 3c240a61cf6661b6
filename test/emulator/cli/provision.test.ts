import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Agent, NfsLocation, S3Location, Task, TaskExecution } from '../../../src';
import { commandLine } from '../../support/command-line';
import type { TestEmulator } from '../../support/emulator';
import { startTestEmulator } from '../../support/emulator';

let emulator: TestEmulator;
let folder: string;
let server: Server;
let other: string;

beforeAll(async () => {
  emulator = await startTestEmulator({ s3Endpoint: '' });
  emulator.write('nfs/host/export/a.txt', 'content');
  folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  const app = new App({ outdir: folder, context: { 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Copy');
  const agents = [Agent.fromAgentArn(stack, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0')];
  const task = new Task(stack, 'Task', {
    source: new NfsLocation(stack, 'Share', { serverHostname: 'host', subdirectory: '/export', agents }),
    destination: new S3Location(stack, 'Archive', { bucket: new Bucket(stack, 'Bucket', { bucketName: 'archive' }) }),
  });
  new TaskExecution(stack, 'Seed', { task });
  app.synth();
  server = createServer((request, response) => request.url?.startsWith('/json') ? response.end('{}') : response.writeHead(404).end('nothing')).listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await emulator.close();
  rmSync(folder, { recursive: true });
});

test('provision prints JSON that tests in other languages read', async () => {
  const { code, stdout, stderr } = await commandLine(['provision', folder, '--endpoint', emulator.url, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { locations, tasks, executions, agents, ignored } = JSON.parse(stdout);
  expect(Object.values(locations)).toEqual([
    { stack: 'Copy', path: 'Copy/Share/Resource', arn: expect.any(String), uri: 'nfs://host/export/', folder: join(emulator.root, 'nfs/host/export') },
    { stack: 'Copy', path: 'Copy/Archive/Resource', arn: expect.any(String), uri: 's3://archive/', folder: join(emulator.root, 's3/archive') },
  ]);
  expect(Object.values(tasks)).toEqual([{ stack: 'Copy', path: 'Copy/Task/Resource', arn: expect.stringContaining(':task/task-') }]);
  expect(Object.values(executions)).toEqual([expect.objectContaining({ path: 'Copy/Seed/Resource', status: 'SUCCESS', files: ['/a.txt'], failed: [] })]);
  expect(agents).toEqual({});
  expect(ignored).toContainEqual({ logicalId: expect.stringMatching(/^ArchiveRole/), type: 'AWS::IAM::Role' });
});

test('provision tells a person what there is, and starts nothing if it is not to', async () => {
  const { code, stdout } = await commandLine(['provision', join(folder, 'Copy.template.json'), '--endpoint', emulator.url, '--no-starts']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Share\w+: nfs:\/\/host\/export\/, .*\/nfs\/host\/export$/m);
  expect(stdout).toMatch(/^Left out: ArchiveRole\w+ \(AWS::IAM::Role\), /m);
  expect(stdout).not.toContain('SUCCESS');
});

function writeNested(template: string): string {
  const path = template.replace('missing', 'nested');
  writeFileSync(path, JSON.stringify({ Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'u' } } } }));
  return path;
}

test.each<[string, (template: string) => string[], RegExp]>([
  ['no server', () => [folder, '--endpoint', 'http://127.0.0.1:9'], /^error: nothing answers at http:\/\/127\.0\.0\.1:9 \(bad port\); start it with [^\n]*\n$/],
  ['another server', () => [folder, '--endpoint', other], /^error: what answers at http:\S+ is not this emulator: HTTP 404; give the endpoint of [^\n]*\n$/],
  ['a server that speaks JSON, and is another', () => [folder, '--endpoint', `${other}/json`], /^error: what answers at http:\S+ is not this emulator: [^\n]*\n$/],
  ['a template without DataSync', template => [writeNested(template), '--endpoint', emulator.url],
    /^error: there is nothing of DataSync in \S+; nested stacks are left out: give the template of one, cdk\.out\/\*\.nested\.template\.json\n$/],
  ['no template', () => ['/does/not/exist', '--endpoint', emulator.url], /^error: \/does\/not\/exist does not exist; give a template, .*\n$/],
  ['a value without a name', () => [folder, '--value', 'x'], /^error: option '--value <reference=value>' argument 'x' is invalid\. it must be NAME=VALUE\.\n$/],
  ['what is missing', template => [template, '--endpoint', emulator.url], /^error: missing: A\.ServerHostname: the parameter Host has no default; give its value: .*\n$/],
  ['a parameter that is none', template => [template, '--endpoint', emulator.url, '--parameter', 'Hots=x'], /^error: parameters has Hots, .*; it has Host\n$/],
])('%s is one clear line', async (_, args, message) => {
  const template = join(folder, 'missing.json');
  writeFileSync(template, JSON.stringify({
    Parameters: { Host: { Type: 'String' } },
    Resources: { A: { Type: 'AWS::DataSync::LocationNFS', Properties: { ServerHostname: { Ref: 'Host' }, Subdirectory: '/a', OnPremConfig: { AgentArns: [] } } } },
  }));
  const { code, stderr, stdout } = await commandLine(['provision', ...args(template)]);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});
