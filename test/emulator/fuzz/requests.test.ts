import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { Canary } from './canary';
import type { EmulatorProgram } from './program';
import { startEmulatorProgram } from './program';
import type { FuzzedRequest } from './requests';
import { Requests, SECRET, Vocabulary } from './requests';
import { OPERATIONS } from '../../../emulator/model/api';
import { problemsOfAnswer } from '../../support/checked-handler';
import { AGENT_ARN, EFS_CONFIG } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import type { MiniStack } from '../../support/ministack';
import { startMiniStack } from '../../support/ministack';

/** Another seed tries other requests: `FUZZ_SEED=42 npx jest test/emulator/fuzz`; what fails prints its own. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
const AT_ONCE = 10;
const { SecurityGroupArns } = EFS_CONFIG;
const FSX = 'arn:aws:fsx:us-east-1:000000000000:file-system/fs-01234567';
const SVM = 'arn:aws:fsx:us-east-1:000000000000:storage-virtual-machine/fs-01234567/svm-0123456789abcdef0';
const EFS = 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-01234567';
const ROLE = 'arn:aws:iam::000000000000:role/access';
const AgentArns = [AGENT_ARN];
const S3Config = { BucketAccessRoleArn: ROLE };
const NTLM = { User: 'u', Password: SECRET };

let folder: string;
let root: string;
let canary: Canary;
let store: MiniStack;
let emulator: EmulatorProgram;
let args: string[];
let requests: Requests;
let vocabulary: Vocabulary;
const outcomes = new Map<string, { succeeded: number; refused: number }>(Object.keys(OPERATIONS).map(name => [name, { succeeded: 0, refused: 0 }]));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-fuzz-'));
  root = join(folder, 'root');
  const home = join(folder, 'home');
  for (const path of ['root/nfs/fileserver/export/a', 'root/nfs/fileserver/a', 'root/efs/fs-01234567/a', 'root/smb/fileserver/a', 'root/nfs/slow/a', 'mounted/a', 'home']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  canary = new Canary(join(folder, 'canary'));
  writeFileSync(join(root, 'nfs/fileserver/export/a/file'), 'content');
  writeFileSync(join(root, 'nfs/slow/a/file'), 'x'.repeat(100_000));
  for (const place of ['nfs/fileserver/out', 'nfs/fileserver/export/out', 'nfs/fileserver/a/folder', 'efs/fs-01234567/a/out', 'efs/fs-01234567/out', 'nfs/canary', '../mounted/out']) {
    symlinkSync(canary.folder, join(root, place));
  }
  store = await startMiniStack();
  await fillBucket();
  args = ['--root', root, '--s3-endpoint', store.url, '--state', join(folder, 'state'), '--mount', `nfs://mounted/export=${join(folder, 'mounted')}`];
  emulator = await startEmulatorProgram(home, args);
  vocabulary = newVocabulary();
  requests = new Requests(vocabulary, await templates());
});

afterAll(async () => {
  await emulator?.end('SIGKILL');
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Keys that would lead out of a folder, or that two of would be the same file. */
async function fillBucket(): Promise<void> {
  const client = new S3Client({ endpoint: store.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  for (const Key of ['a/good', 'a//b', 'a/../../../canary/new', '/lead', '../up', 'a/./x', 'a/']) await client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: Key }));
  const manifest = ['good', '/etc/hostname', '../../canary/file', 'out/file', '', '"'].join('\n');
  await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'manifest.csv', Body: manifest }));
  client.destroy();
}

function newVocabulary(): Vocabulary {
  return new Vocabulary(
    AGENT_ARN, ...SecurityGroupArns, EFS_CONFIG.SubnetArn, EFS, FSX, SVM, ROLE, 'arn:aws:s3:::bucket', 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/datasync:*',
    'arn:aws:kms:us-east-1:000000000000:key/a', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:mine', 'vpce-0123456789abcdef0', '10.0.0.1',
    'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', 'https://host/container', 'fileserver', 'mounted', '127.0.0.1', 'canary', 'bucket', 'manifest.csv', 'name', '2020-01-01 00:00:00',
    '/a', '/export', '/export/out', '/out', '/out/folder', '/a/folder', '/fsx/a', '/a/../../../canary', '/../canary', '*', '*.tmp', '/a*|/export', '..', '/', '',
    'rate(1 hour)', 'cron(0 12 * * ? *)', 'rate(1 minute)', 'cron(99 99 * * ? *)', 'kms://http@host:9600/kms',
  );
}

/** Requests that are right, for the rules that the model does not know. They have been tried when it is returned. */
async function templates(): Promise<Record<string, object[]>> {
  const { port } = new URL(store.url);
  const locations: Record<string, object[]> = {
    CreateLocationAzureBlob: [{ ContainerUrl: 'https://host/container', AuthenticationType: 'NONE' }],
    CreateLocationEfs: [{ EfsFilesystemArn: EFS, Ec2Config: EFS_CONFIG, Subdirectory: '/a' }],
    CreateLocationFsxLustre: [{ FsxFilesystemArn: FSX, SecurityGroupArns }],
    CreateLocationFsxOntap: [{ StorageVirtualMachineArn: SVM, SecurityGroupArns, Protocol: { SMB: NTLM } }],
    CreateLocationFsxOpenZfs: [{ FsxFilesystemArn: FSX, SecurityGroupArns, Protocol: { NFS: {} } }],
    CreateLocationFsxWindows: [{ FsxFilesystemArn: FSX, SecurityGroupArns, ...NTLM }],
    CreateLocationHdfs: [{ NameNodes: [{ Hostname: 'fileserver', Port: 8020 }], AgentArns, AuthenticationType: 'SIMPLE', SimpleUser: 'u' }],
    CreateLocationNfs: [['fileserver', '/export'], ['fileserver', '/a'], ['fileserver', '/export/a'], ['fileserver', '/out'], ['mounted', '/export'], ['mounted', '/export/out']]
      .map(([ServerHostname, Subdirectory]) => ({ ServerHostname, Subdirectory, OnPremConfig: { AgentArns } })),
    CreateLocationObjectStorage: [{ ServerHostname: '127.0.0.1', ServerPort: Number(port), ServerProtocol: 'HTTP', BucketName: 'bucket', AccessKey: 'k', SecretKey: SECRET }],
    CreateLocationS3: [{ S3BucketArn: 'arn:aws:s3:::bucket', S3Config }, { S3BucketArn: 'arn:aws:s3:::bucket', S3Config, Subdirectory: 'a' }],
    CreateLocationSmb: [{ ServerHostname: 'fileserver', Subdirectory: '/a', AgentArns, ...NTLM }],
  };
  const made: Record<string, string[]> = {};
  for (const [operation, inputs] of Object.entries(locations)) {
    for (const input of inputs) {
      const { LocationArn } = await send({ operation, input });
      vocabulary.learn(LocationArn);
      (made[operation] ??= []).push(LocationArn);
    }
  }
  const DestinationLocationArn = made.CreateLocationEfs[0];
  const pairs = [...made.CreateLocationNfs, ...made.CreateLocationS3].map(SourceLocationArn => ({ SourceLocationArn, DestinationLocationArn }));
  const bucket = { SourceLocationArn: made.CreateLocationNfs[0], DestinationLocationArn: made.CreateLocationS3[1] };
  const started: object[] = [];
  for (const input of [...pairs, bucket]) {
    const { TaskArn } = await send({ operation: 'CreateTask', input });
    vocabulary.learn(TaskArn);
    started.push({ TaskArn });
  }
  const [updated, cancelled] = [await startSlowly(DestinationLocationArn), await startSlowly(DestinationLocationArn)];
  return {
    ...locations,
    ...Object.fromEntries(Object.entries(made).flatMap(([operation, arns]) => {
      const inputs = arns.map(LocationArn => ({ LocationArn }));
      return [[operation.replace('Create', 'Describe'), inputs], [operation.replace('Create', 'Update'), inputs]];
    })),
    CreateTask: [...pairs, bucket],
    StartTaskExecution: started,
    UpdateTaskExecution: [{ TaskExecutionArn: updated, Options: { BytesPerSecond: 1 } }],
    CancelTaskExecution: [{ TaskExecutionArn: cancelled }],
  };
}

/** An execution that takes a day, of a task that no other request knows. */
async function startSlowly(DestinationLocationArn: string): Promise<string> {
  const OnPremConfig = { AgentArns: [AGENT_ARN.replace(/0$/, '1')] }; // executions of one agent wait for each other
  const { LocationArn } = await send({ operation: 'CreateLocationNfs', input: { ServerHostname: 'slow', Subdirectory: '/a', OnPremConfig } });
  const { TaskArn } = await send({
    operation: 'CreateTask', input: { SourceLocationArn: LocationArn, DestinationLocationArn, Options: { BytesPerSecond: 1 } },
  });
  return (await send({ operation: 'StartTaskExecution', input: { TaskArn } })).TaskExecutionArn;
}

/** One request; rejects when the answer is none of the API's. */
async function send({ operation, input }: FuzzedRequest): Promise<any> {
  const response = await fetch(emulator.url, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: { 'X-Amz-Target': `FmrsService.${operation}`, 'Content-Type': 'application/x-amz-json-1.1' },
  });
  const text = await response.text();
  const body = JSON.parse(text);
  const problems = problemsOf(operation, response.status, text, body);
  if (problems.length > 0) throw new Error(`${operation} ${JSON.stringify(input).slice(0, 1_000)}: ${problems.join('; ')}`);
  outcomes.get(operation)![response.status === 200 ? 'succeeded' : 'refused']++;
  return body;
}

function problemsOf(operation: string, status: number, text: string, body: any): string[] {
  const problems = status === 413 ? [] : problemsOfAnswer(operation, status, body);
  if (status >= 500) problems.push(`a defect: ${text.slice(0, 300)}`);
  if (text.includes(SECRET) || text.includes(Buffer.from(SECRET).toString('base64'))) problems.push(`a secret is shown: ${text.slice(0, 300)}`);
  if (/\\n\s+at /.test(text)) problems.push(`a stack trace: ${text.slice(0, 300)}`);
  if (canary.leaksIntoText(text)) problems.push('the content of a file outside the root');
  return problems;
}

test(`every answer to ${REQUESTS} requests is a success or an error of the API`, async () => {
  const batches = fc.array(requests.any(), { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(fc.asyncProperty(batches, async batch => {
    const answers = await Promise.all(batch.map(send));
    const made = answers.filter((_, index) => /^(?:Create|Start)/.test(batch[index].operation)); // all others tell what is known
    vocabulary.learn(...made.flatMap(answer => Object.values<string>(answer)).filter(text => text.startsWith('arn:')));
    expect(emulator.runs()).toBe(true);
  }), { numRuns: Math.ceil(REQUESTS / AT_ONCE), seed: SEED, endOnFailure: true });
});

test('every operation succeeded and was refused', () => {
  const missing = [...outcomes].filter(([, { succeeded, refused }]) => succeeded === 0 || refused === 0);
  expect(missing).toEqual([]);
});

test('messages that are broken on the way', async () => {
  const mangled = requests.any().chain(({ operation, input }) => {
    const text = JSON.stringify(input);
    return fc.record({
      body: fc.tuple(fc.nat(text.length), fc.nat(20), fc.uint8Array({ maxLength: 8 })).map(([at, gone, bytes]) => Buffer.concat([
        Buffer.from(text.slice(0, at)), bytes, Buffer.from(text.slice(at + gone)),
      ])),
      target: fc.oneof(fc.constant(`FmrsService.${operation}`), fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom(`Other.${operation}`, `FmrsService.${operation}.x`, 'FmrsService.')),
      authorization: fc.oneof(fc.constantFrom('', 'AWS4-HMAC-SHA256 Credential=', 'AWS4-HMAC-SHA256 Credential=../../canary/20200101/../datasync/aws4_request'), fc.string({ unit: 'grapheme-ascii' })),
      path: fc.constantFrom('/', '/../../canary/file', '/%2e%2e/%2e%2e/canary/file', '//canary', '/?a=../canary'),
    });
  });
  await fc.assert(fc.asyncProperty(mangled, async ({ body, target, authorization, path }) => {
    const response = await fetch(emulator.url + path, {
      method: 'POST', body: body as any, headers: { 'X-Amz-Target': target, 'Authorization': authorization },
    });
    const text = await response.text();
    const answer = JSON.parse(text);
    if (response.status === 200) expect(problemsOf(target.trim().split('.')[1], 200, text, answer)).toEqual([]);
    else expect({ status: response.status, type: answer.__type }).toEqual({ status: 400, type: expect.stringMatching(/^(?:Serialization|UnknownOperation|InvalidRequest)Exception$/) });
  }), { numRuns: 500, seed: SEED, endOnFailure: true });
});

test('what was started ends, and nothing outside the root was touched', async () => {
  await eventually(async () => {
    const running = (await all('ListTaskExecutions', 'TaskExecutions')).filter(({ Status }) => !['SUCCESS', 'ERROR'].includes(Status));
    for (const { TaskExecutionArn } of running) await send({ operation: 'CancelTaskExecution', input: { TaskExecutionArn } });
    return running.length === 0;
  });
  expect(canary.changes()).toEqual([]);
  expect([...canary.leaksInto(root), ...canary.leaksInto(join(folder, 'mounted'))]).toEqual([]);
});

test('it neither complained nor ended, and a kill loses nothing', async () => {
  const known = async () => [await all('ListLocations', 'Locations'), await all('ListTasks', 'Tasks'), await all('ListTaskExecutions', 'TaskExecutions')];
  expect({ runs: emulator.runs(), complaints: emulator.complaints() }).toEqual({ runs: true, complaints: '' });
  const before = await known();
  expect(before.every(list => list.length > 5)).toBe(true);
  await emulator.end('SIGKILL');
  emulator = await startEmulatorProgram(join(folder, 'home'), args);
  expect(await known()).toEqual(before);
});

/** All pages of a list. */
async function all(operation: string, items: string): Promise<any[]> {
  const found: any[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await send({ operation, input: { NextToken } });
    found.push(...answer[items]);
    ({ NextToken } = answer);
  } while (NextToken);
  return found;
}
