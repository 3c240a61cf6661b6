import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSyncClient, StartTaskExecutionCommandInput } from '@aws-sdk/client-datasync';
import { CreateLocationNfsCommand, CreateLocationS3Command } from '@aws-sdk/client-datasync';
import { callOf } from '../../../emulator/cdk/call';
import type { PlannedAction } from '../../../emulator/cli/plan';
import { EmulatorClient } from '../../../emulator/provision/emulator-client';
import { commandLine } from '../../support/command-line';
import type { Ended } from '../../support/command-line';
import { AGENT_ARN, startTestEmulator } from '../../support/emulator';
import type { TestEmulator } from '../../support/emulator';
import { startBuckets } from '../backends/buckets';
import type { Bucket, Buckets } from '../backends/buckets';
import { startFaultyProxy } from '../backends/faulty-proxy';
import type { Fault } from '../backends/faulty-proxy';

/** How a user's shell says who they are. */
const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
const ROLE = { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/role' };

let buckets: Buckets;
let proxy: Awaited<ReturnType<typeof startFaultyProxy>>;
let requests: string[] = [];
let fault: (request: IncomingMessage) => Fault = () => undefined;
let emulator: TestEmulator;
let [from, to]: Bucket[] = [];

beforeAll(async () => {
  buckets = await startBuckets();
  proxy = await startFaultyProxy(buckets.url, request => {
    requests.push(`${request.method} ${request.url}`);
    return fault(request);
  });
  emulator = await startTestEmulator({ s3Endpoint: buckets.url });
}, 120_000);
afterAll(async () => {
  await emulator?.close();
  await proxy?.close();
  await buckets?.close();
});
beforeEach(async () => {
  requests = [];
  fault = () => undefined;
  [from, to] = [await buckets.make(), await buckets.make()];
  await from.put('a/same', 'content', { Metadata: { mine: '1' } });
  await to.put('a/same', 'content');
  await from.put('a/new', 'new');
  await from.put('a/longer', 'longer content');
  await to.put('a/longer', 'content');
  await to.put('a/old', 'old');
});

/** A plan by someone whose SDK is led to the proxy, as AWS would be. */
function planThere(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return commandLine(['plan', ...args], undefined, { ...KEYS, AWS_ENDPOINT_URL: proxy.url, ...env });
}

function pathsOf({ stdout }: Ended, action: PlannedAction['action']): string[] {
  return stdout.split('\n').filter(line => line.startsWith(action)).map(line => line.split('  ').filter(Boolean)[1]).sort();
}

test('without an endpoint buckets are read with the normal chain, the first line says where, and nothing but reads is sent', async () => {
  const ended = await planThere([`s3://${from.name}/a`, `s3://${to.name}/a`, '--preserve-deleted-files', 'REMOVE']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const [heading, ...lines] = ended.stdout.trim().split('\n');
  expect(heading).toBe(`Looking at s3://${from.name} and s3://${to.name} in ${proxy.url}, as the AWS SDK is configured`);
  expect(lines.at(-1)).toMatch(/^would transfer 3 items \(\d+ B\), delete 1, skip 1, fail 0$/);
  expect([pathsOf(ended, 'transfer'), pathsOf(ended, 'metadata'), pathsOf(ended, 'delete')]).toEqual([['/longer', '/new'], ['/same'], ['/old']]);
  expect(requests.length).toBeGreaterThan(4);
  expect(requests.filter(request => !/^(GET|HEAD) /.test(request))).toEqual([]);
  expect(await to.keys()).toEqual(['a/longer', 'a/old', 'a/same']);
});

test('a plan sends nothing but reads whatever it is asked to do', async () => {
  for (const options of [['--transfer-mode', 'ALL'], ['--transfer-mode', 'ALL', '--overwrite-mode', 'NEVER'], ['--object-metadata', 'NONE', '--object-tags', 'NONE']]) {
    expect(await planThere([`s3://${from.name}`, `s3://${to.name}`, ...options])).toMatchObject({ code: 0 });
  }
  expect(await planThere([process.cwd(), `s3://${to.name}`, '--include', '/package.json', '--include', '/docs'])).toMatchObject({ code: 0 });
  expect(requests.filter(request => !/^(GET|HEAD) /.test(request))).toEqual([]);
});

describe('what AWS refuses is one line with the cause and the remedy', () => {
  const plan = async (env: NodeJS.ProcessEnv = {}) => {
    const { code, stderr } = await planThere([`s3://${from.name}/a`, `s3://${to.name}/a`], env);
    expect(code).toBe(1);
    return stderr;
  };
  const failed = (text: string) => `ERROR LocationAccessFailed: Task failed to access location SOURCE: s3://${from.name}/a/ cannot be used: ${text}\n`;

  test('no credentials', async () => {
    expect(await plan({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined })).toBe(failed(
      'there are no credentials for AWS: set AWS_PROFILE or give --profile, or sign in with "aws sso login" (Could not load credentials from any providers)',
    ));
  });

  test('a denied list, with the action and the bucket', async () => {
    fault = () => ({ status: 403, code: 'AccessDenied' });
    expect(await plan()).toBe(failed(`s3:ListBucket on the bucket ${from.name} is denied: allow it, or give another --profile, AWS says: injected AccessDenied`));
  });

  test('a denied look at an object, which has no text of its own', async () => {
    fault = ({ method, url }) => method === 'HEAD' && url!.includes('/a/') ? { status: 403, code: 'AccessDenied' } : undefined;
    expect(await plan()).toContain(`s3:GetObject on the bucket ${from.name} is denied: allow it, or give another --profile\n`);
  });

  test('no such bucket', async () => {
    const { code, stderr } = await planThere(['s3://no-such-bucket-here', `s3://${to.name}`]);
    expect({ code, stderr }).toEqual({
      code: 1, stderr: 'ERROR LocationAccessFailed: Task failed to access location SOURCE: s3://no-such-bucket-here/ cannot be used: there is no bucket no-such-bucket-here\n',
    });
  });

  test('a key that is not known', async () => {
    fault = () => ({ status: 403, code: 'InvalidAccessKeyId' });
    expect(await plan()).toMatch(/AWS does not take the credentials \(InvalidAccessKeyId\): sign in again, or give those of another --profile\n$/);
  });
});

test('a bucket in another Region is read there (a stand-in for AWS, which knows Regions)', async () => {
  const regions: string[] = [];
  const server = createServer((request, response) => {
    const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    regions.push(`${request.method} ${region}`);
    if (request.method === 'HEAD') return void response.writeHead(301, { 'x-amz-bucket-region': 'eu-central-1' }).end();
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end('<?xml version="1.0"?><ListBucketResult><Name>far</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>');
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  try {
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await planThere(['s3://far', 's3://far-too'], { AWS_ENDPOINT_URL: there })).toMatchObject({ code: 0, stderr: '' });
    expect(regions).toEqual(expect.arrayContaining(['HEAD us-east-1', 'GET eu-central-1']));
    expect(regions).not.toContain('GET us-east-1');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

describe('a task between buckets', () => {
  async function createTask(client: DataSyncClient, more: object = {}): Promise<string> {
    const arns = await Promise.all([from, to].map(async ({ name }) => (await client.send(
      new CreateLocationS3Command({ S3BucketArn: `arn:aws:s3:::${name}`, Subdirectory: '/a', S3Config: ROLE }),
    )).LocationArn));
    // not by the SDK, which drops options that it does not know
    const call = callOf(emulator.url, 'test', 'us-east-1');
    return (await call('CreateTask', { SourceLocationArn: arns[0], DestinationLocationArn: arns[1], ...more })).TaskArn;
  }

  async function run(task: string, overrides: Omit<StartTaskExecutionCommandInput, 'TaskArn'> = {}) {
    const client = new EmulatorClient(emulator.url);
    await client.listItemsOf(task);
    return client.ended(await client.start(task, overrides));
  }

  test.each<[string, object, string[]]>([
    ['metadata is kept', {}, ['/longer', '/new', '/same']],
    ['metadata is left, by an option that the list of the SDK lacks', { Options: { ObjectMetadata: 'NONE' } }, ['/longer', '/new']],
  ])('a plan tells what a run does, found by the normal chain: %s', async (_, more, expected) => {
    const task = await createTask(emulator.client, more);
    const ended = await planThere(['--task', task], { AWS_ENDPOINT_URL_DATASYNC: emulator.url });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.split('\n')[0]).toBe(
      `${task.split('/')[1]} in ${emulator.url}, as the AWS SDK is configured: s3://${from.name}/a/ -> s3://${to.name}/a/`,
    );
    expect([...pathsOf(ended, 'transfer'), ...pathsOf(ended, 'metadata')]).toEqual(expected);
    const { files, counters } = await run(task);
    expect(files).toEqual(expected);
    expect(ended.stdout).toContain(`would transfer ${counters.filesTransferred} items (${counters.bytesWritten} B)`);
  });

  test('a manifest counts', async () => {
    await from.put('list.csv', 'new\nlonger\ngone\n');
    const task = await createTask(emulator.client, {
      ManifestConfig: { Source: { S3: { S3BucketArn: `arn:aws:s3:::${from.name}`, ManifestObjectPath: 'list.csv', ...ROLE } } },
    });
    const ended = await planThere(['--task', task, '--endpoint', emulator.url]);
    const { files, failed } = await run(task);
    expect([pathsOf(ended, 'transfer'), pathsOf(ended, 'fail')]).toEqual([files, failed.map(({ path }) => path)]);
    expect(files).toEqual(['/longer', '/new']);
  });

  test('a location that nothing leads to is named, with the way out', async () => {
    const own = await startTestEmulator({ s3Endpoint: buckets.url });
    try {
      const { LocationArn: source } = await own.client.send(new CreateLocationNfsCommand({ ServerHostname: 'files', Subdirectory: '/x', OnPremConfig: { AgentArns: [AGENT_ARN] } }));
      const { LocationArn: destination } = await own.client.send(new CreateLocationS3Command({ S3BucketArn: `arn:aws:s3:::${to.name}`, S3Config: ROLE }));
      const { TaskArn: task } = await callOf(own.url, 'test', 'us-east-1')('CreateTask', { SourceLocationArn: source, DestinationLocationArn: destination });
      // a server that speaks the API and is not this emulator
      const otherService = await startFaultyProxy(own.url, ({ url }) => url!.startsWith('/_emulator') ? { status: 404, code: 'Unknown' } : undefined);
      try {
        expect(await commandLine(['plan', '--task', task, '--endpoint', otherService.url])).toEqual({
          code: 1,
          stdout: '',
          stderr: `error: cannot read from here the source, nfs://files/x/: give --mount ${source}=FOLDER, a folder that has what is there; `
            + `nor the destination, s3://${to.name}/: give --s3-endpoint, or --mount ${destination}=FOLDER, a folder that has what is there\n`,
        });
        expect(await commandLine(['plan', '--task', task, '--endpoint', otherService.url, '--s3-endpoint', buckets.url, '--mount', `${source}=${__dirname}`])).toMatchObject({ code: 0 });
      } finally {
        await otherService.close();
      }
    } finally {
      await own.close();
    }
  });
});
