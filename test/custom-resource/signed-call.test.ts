import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { endpointOf } from '../../src/custom-resource/signed-call';
import { stackState } from '../../src/custom-resource/stack-status';
import { putParameter } from '../../src/task-execution/handler/datasync/parameter';
import type { TestServer } from '../task-execution/handler/harness';
import { listen, STACK_ID } from '../task-execution/handler/harness';

const CONFIG = { region: 'eu-central-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }, maxAttempts: 1 };
const SIGNAL = new AbortController().signal;

let server: TestServer;
let requests: Array<{ path?: string; headers: IncomingHttpHeaders; body: string }> = [];
let answer: { http: number; body: string };
const client = new DataSyncClient(CONFIG);
const saved = { ...process.env };

beforeAll(async () => {
  server = await listen(createServer((request, response) => {
    let body = '';
    request.on('data', chunk => body += chunk).on('end', () => {
      requests.push({ path: request.url, headers: request.headers, body });
      response.writeHead(answer.http).end(answer.body);
    });
  }));
});
afterAll(() => server.close());
beforeEach(() => {
  requests = [];
  process.env = { ...saved };
  delete process.env.AWS_ENDPOINT_URL;
});
afterEach(() => { process.env = saved; });

/** What the service checks: where the request goes, what it says, and what the signature covers and in which scope. */
function essence({ path, headers, body }: typeof requests[number]) {
  const [, scope, signedHeaders] = /Credential=AKID\/\d{8}\/([^,]*), SignedHeaders=([^,]*)/.exec(headers.authorization!)!;
  return { path, scope, token: headers['x-amz-security-token'], target: headers['x-amz-target'], contentType: headers['content-type'], body, signedHeaders };
}

/** Only headers that we do not send at all may be missing from our signature. */
function expectSame(ours: ReturnType<typeof essence>, theirs: ReturnType<typeof essence>, comparable: (body: string) => unknown): void {
  expect({ ...ours, signedHeaders: '', contentType: ours.contentType?.split(';')[0], body: comparable(ours.body) })
    .toEqual({ ...theirs, signedHeaders: '', contentType: theirs.contentType?.split(';')[0], body: comparable(theirs.body) });
  for (const header of ['host', 'x-amz-date', 'x-amz-security-token', 'content-type']) expect(ours.signedHeaders.split(';')).toContain(header);
}

test('PutParameter is what the client of SSM would have sent', async () => {
  process.env.AWS_ENDPOINT_URL_SSM = server.url;
  answer = { http: 200, body: '{"Version":1}' };
  await putParameter(client, '/a/b', 'value "ü"', SIGNAL);
  await new SSMClient({ ...CONFIG, endpoint: server.url })
    .send(new PutParameterCommand({ Name: '/a/b', Value: 'value "ü"', Type: 'String', Overwrite: true }));
  const [ours, theirs] = requests.map(essence);
  expect(ours.scope).toBe('eu-central-1/ssm/aws4_request');
  expectSame(ours, theirs, body => JSON.parse(body));
});

test('DescribeStacks is what the client of CloudFormation would have sent', async () => {
  process.env.AWS_ENDPOINT_URL_CLOUDFORMATION = server.url;
  answer = {
    http: 200,
    body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
      <StackId>${STACK_ID}</StackId><StackName>App</StackName><Description>&lt;StackStatus&gt;ROLLBACK&lt;/StackStatus&gt;</Description>
      <CreationTime>2026-01-31T12:00:00Z</CreationTime><StackStatus>UPDATE_IN_PROGRESS</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  };
  expect(await stackState(client, STACK_ID, SIGNAL)).toMatchObject({ status: 'UPDATE_IN_PROGRESS' });
  const { Stacks } = await new CloudFormationClient({ ...CONFIG, endpoint: server.url }).send(new DescribeStacksCommand({ StackName: STACK_ID }));
  expect(Stacks?.[0].StackStatus).toBe('UPDATE_IN_PROGRESS');
  const [ours, theirs] = requests.map(essence);
  expect(ours.scope).toBe('eu-central-1/cloudformation/aws4_request');
  expectSame(ours, theirs, body => Object.fromEntries(new URLSearchParams(body)));
});

test.each<[string, number, string, object]>([
  ['an error of SSM', 400, '{"__type":"com.amazonaws.ssm#ParameterLimitExceeded","message":"too many"}', { name: 'ParameterLimitExceeded', message: 'too many' }],
  ['an error without a text', 400, '{"__type":"ThrottlingException"}', { name: 'ThrottlingException' }],
  ['a page of a gateway', 502, '<html>Bad Gateway</html>', { name: 'HTTP status 502' }],
])('%s looks like one of the SDK', async (_, http, body, expected) => {
  process.env.AWS_ENDPOINT_URL_SSM = server.url;
  answer = { http, body };
  await expect(putParameter(client, '/a', 'b', SIGNAL)).rejects.toMatchObject({ ...expected, $metadata: { httpStatusCode: http } });
});

test('an answer without a status is an error, not "no rollback"', async () => {
  process.env.AWS_ENDPOINT_URL_CLOUDFORMATION = server.url;
  answer = { http: 200, body: '<DescribeStacksResponse/>' };
  await expect(stackState(client, STACK_ID, SIGNAL)).rejects.toThrow('the answer has no StackStatus');
});

describe('endpoints are those of the SDK', () => {
  test.each(['us-east-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1', 'me-central-1'])('in %s', async region => {
    const config = { ...CONFIG, region };
    const datasync = new DataSyncClient(config);
    for (const [service, sdk] of [['ssm', new SSMClient(config)], ['cloudformation', new CloudFormationClient(config)]] as const) {
      const theirs = sdk.config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
      expect((await endpointOf(datasync, service, region)).host).toBe(theirs.url.host);
      // The host of Step Functions differs from others by its first label only.
      if (service === 'ssm') expect((await endpointOf(datasync, 'states', region)).host).toBe(theirs.url.host.replace('ssm', 'states'));
    }
  });

  test('unless the environment says otherwise, the service before all', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1/';
    expect((await endpointOf(client, 'ssm', 'us-east-1')).href).toBe('http://127.0.0.1:1/');
    process.env.AWS_ENDPOINT_URL_SSM = 'http://127.0.0.1:2/';
    expect((await endpointOf(client, 'ssm', 'us-east-1')).href).toBe('http://127.0.0.1:2/');
    expect((await endpointOf(client, 'cloudformation', 'us-east-1')).href).toBe('http://127.0.0.1:1/');
    process.env.AWS_ENDPOINT_URL_SFN = 'http://127.0.0.1:3/';
    expect((await endpointOf(client, 'states', 'us-east-1')).href).toBe('http://127.0.0.1:3/');
  });
});
