import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { callAws } from '../../../../emulator/local-services/aws-call';
import type { TestEmulator } from '../../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../../support/emulator';
import { AGENTS, CUSTOM_SECRET, KMS_KEY, LocationCalls, MANAGED_SECRET } from '../../../support/location-table';
import type { MiniStack } from '../../../support/ministack';
import { startMiniStack } from '../../../support/ministack';
import { rawOperation } from '../../../support/raw-request';

let stack: MiniStack;
let emulator: TestEmulator;
let s3: S3Client;
let calls: LocationCalls;
let minimum: object;

const KEYS = { AccessKey: 'test', SecretKey: 'not to be seen' };

beforeAll(async () => {
  stack = await startMiniStack();
  emulator = await startTestEmulator({ s3Endpoint: stack.url });
  calls = new LocationCalls(emulator, 'ObjectStorage');
  s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  for (const Bucket of ['shelf', 'inbox']) await s3.send(new CreateBucketCommand({ Bucket }));
  minimum = { ServerHostname: '127.0.0.1', ServerPort: Number(new URL(stack.url).port), ServerProtocol: 'HTTP', BucketName: 'shelf' };
});
afterAll(async () => {
  s3?.destroy();
  await emulator?.close();
  await stack?.close();
});

const minimumUpdate = () => {
  const { BucketName: _, ...update } = minimum as { BucketName: string };
  return update;
};
const plain = () => ({ LocationUri: 'object-storage://127.0.0.1/shelf/', ServerProtocol: 'HTTP', ServerPort: Number(new URL(stack.url).port) });

test.each<[string, object, object]>([
  ['nothing else', {}, {}],
  ['a prefix and agents', { Subdirectory: 'a/b', ...AGENTS }, { LocationUri: 'object-storage://127.0.0.1/shelf/a/b/', ...AGENTS }],
  ['keys', KEYS, { AccessKey: 'test', ManagedSecretConfig: { SecretArn: MANAGED_SECRET } }],
  ['a key of the own for the secret', { ...KEYS, CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
    { AccessKey: 'test', CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
])('a location that is created with %s is described with it', async (_, input, described) => {
  expect(await calls.describe(await calls.create({ ...minimum, ...input }))).toEqual({ ...plain(), ...described });
});

test.each<[string, object, object, object]>([
  ['the prefix', {}, { Subdirectory: 'b' }, { LocationUri: 'object-storage://127.0.0.1/shelf/b/' }],
  ['the host', {}, { ServerHostname: 'localhost' }, { LocationUri: 'object-storage://localhost/shelf/' }],
  ['the keys', {}, KEYS, { AccessKey: 'test', ManagedSecretConfig: { SecretArn: MANAGED_SECRET } }],
  ['away with the keys', KEYS, { AccessKey: '', SecretKey: '' }, { AccessKey: undefined, ManagedSecretConfig: undefined }],
  ['other agents', AGENTS, { AgentArns: [AGENT_ARN.replace(/0$/, '7')] }, { AgentArns: [AGENT_ARN.replace(/0$/, '7')] }],
])('updated: %s', async (_, input, update, different) => {
  const arn = await calls.create({ ...minimum, ...input });
  const before = await calls.describe(arn);
  await calls.update(arn, update);
  expect(await calls.describe(arn)).toEqual({ ...before, ...different });
});

test.each<[string, object, string]>([
  ['a port that there is not', { ServerPort: 65536 }, "ServerHostname '127.0.0.1' and ServerPort 65536 make no address"],
  ['a port within the host', { ServerHostname: 'localhost:80' }, "ServerHostname 'localhost:80' and ServerPort"],
  ['an access key alone', { AccessKey: 'a' }, 'AccessKey and SecretKey go together, one of them is missing.'],
  ['a secret key alone', { SecretKey: 'a' }, 'AccessKey and SecretKey go together, one of them is missing.'],
  ['a secret of the own', { AccessKey: 'a', CustomSecretConfig: CUSTOM_SECRET }, 'CustomSecretConfig without --secrets-endpoint, where the secret is read, is not emulated yet'],
  ['a certificate without TLS', { ServerCertificate: Buffer.from('x') }, 'ServerCertificate needs ServerProtocol HTTPS, got HTTP.'],
  ['a certificate that is none', { ServerProtocol: 'HTTPS', ServerCertificate: Buffer.from('x') }, 'ServerCertificate must be a chain of certificates in PEM format.'],
  ['a prefix that leads out', { Subdirectory: '../x' }, "must not contain '..' as a folder"],
  ['a prefix with an empty folder', { Subdirectory: 'a//b' }, "must not contain '//'"],
])('%s: refused', async (_, input, message) => {
  const before = await calls.call('ListLocations', {});
  await expect(calls.create({ ...minimum, ...input })).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
  expect((await calls.call('ListLocations', {})).Locations).toEqual(before.Locations);
});

test.each<[string, object, object, string]>([
  ['agents where there were none', {}, AGENTS, 'AgentArns cannot be added to a location that was created without agents'],
  ['a port within the host', {}, { ServerHostname: 'localhost:80' }, "ServerHostname 'localhost:80' and ServerPort"],
])('updated: %s: refused', async (_, input, update, message) => {
  const arn = await calls.create({ ...minimum, ...input });
  const before = await calls.describe(arn);
  await expect(calls.update(arn, update)).rejects.toThrow(message);
  expect(await calls.describe(arn)).toEqual(before);
});

/** Runs a task from there to a bucket, as far as it gets. */
async function runFrom(SourceLocationArn: string, on = { emulator, calls }): Promise<{ Status?: string; Detail?: string; Uid?: string }> {
  const { LocationArn } = await on.calls.call('CreateLocationS3', {
    S3BucketArn: 'arn:aws:s3:::inbox', S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' },
  });
  const { TaskArn } = await on.calls.call('CreateTask', {
    SourceLocationArn, DestinationLocationArn: LocationArn, TaskMode: 'ENHANCED', Options: { VerifyMode: 'NONE' },
  });
  const { TaskExecutionArn } = await on.calls.call('StartTaskExecution', { TaskArn });
  const { Status, Options, Result } = await finished(on.emulator.client, TaskExecutionArn);
  return { Status, Detail: Result!.ErrorDetail, Uid: Options!.Uid };
}

test.each<[string, object, RegExp]>([
  ['a bucket that is not there', { BucketName: 'no-such-shelf' }, /^Task failed to access location loc-\w+: s3:\/\/no-such-shelf\/ cannot be used: NoSuchBucket/],
  ['a server that nobody runs', { ServerPort: 9 }, /cannot be used: .*ECONNREFUSED 127\.0\.0\.1:9/],
  ['a server that speaks no TLS', { ServerProtocol: 'HTTPS' }, /cannot be used: .*EPROTO/],
])('%s is taken, as by the service, and ends the execution; an update mends it', async (_, input, detail) => {
  const arn = await calls.create({ ...minimum, ...input });
  expect(await runFrom(arn)).toMatchObject({ Status: 'ERROR', Detail: expect.stringMatching(detail) });
  if ('BucketName' in input) return; // which cannot be updated
  await calls.update(arn, minimumUpdate());
  expect(await runFrom(arn)).toMatchObject({ Status: 'SUCCESS' });
});

test('objects are copied between the store and S3', async () => {
  await s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'books/one', Body: 'hello', Metadata: { colour: 'red' } }));
  expect(await runFrom(await calls.create({ ...minimum, ...KEYS, Subdirectory: 'books' }))).toEqual({ Status: 'SUCCESS', Uid: 'NONE' });
  const copy = await s3.send(new GetObjectCommand({ Bucket: 'inbox', Key: 'one' }));
  expect([await copy.Body!.transformToString(), copy.Metadata]).toEqual(['hello', { colour: 'red' }]);
});

test.each([
  ['CreateLocationObjectStorage', { ServerHostname: 'store', BucketName: 'shelf', FederatedIdentity: {} }],
  ['CreateLocationAzureBlob', { ContainerUrl: 'https://account.blob.core.windows.net/shelf', AuthenticationType: 'NONE', FederatedIdentity: {} }],
  ['CreateLocationAzureBlob', { ContainerUrl: 'https://account.blob.core.windows.net/shelf', AuthenticationType: 'OIDC' }],
])('%s with a federated identity is refused, not made anonymous: %j', async (operation, input) => {
  const { status, body } = await rawOperation(emulator.url, operation, JSON.stringify(input));
  expect({ status, body }).toMatchObject({ status: 400, body: { message: expect.stringMatching(/^FederatedIdentity, .* is not emulated yet/), errorCode: 'NotEmulated' } });
});

describe('a secret of the own', () => {
  const SCOPE = { account: '123456789012', region: 'eu-west-1' };
  const manager = (operation: string, input: object) => callAws(stack.url, { service: 'secretsmanager', target: `secretsmanager.${operation}` }, SCOPE, input);
  const roleOf = (SecretArn: string) => ({ SecretArn, SecretAccessRoleArn: CUSTOM_SECRET.SecretAccessRoleArn });
  let seen: string[];
  let fake: Server;
  let withSecrets: TestEmulator;
  let own: LocationCalls;
  let secretArn: string;
  beforeAll(async () => {
    fake = createServer((request, response) => {
      seen.push(signedWith(request, ['first secret', 'second secret', 'plain']));
      response.setHeader('Content-Type', 'application/xml').end('<ListBucketResult><Name>shelf</Name><KeyCount>0</KeyCount></ListBucketResult>');
    });
    await new Promise<void>(listening => fake.listen(0, '127.0.0.1', listening));
    withSecrets = await startTestEmulator({ secretsEndpoint: stack.url, s3Endpoint: stack.url });
    own = new LocationCalls(withSecrets, 'ObjectStorage');
  });
  beforeEach(async () => {
    seen = [];
    ({ ARN: secretArn } = await manager('CreateSecret', { Name: `keys-${randomUUID()}`, SecretString: 'first secret' }));
  });
  afterAll(async () => {
    await withSecrets?.close();
    fake?.closeAllConnections();
    fake?.close();
  });
  const store = () => ({ ...minimum, ServerPort: (fake.address() as AddressInfo).port, AccessKey: 'key' });

  /** With what the location signs its requests. */
  async function signature(arn: string): Promise<string> {
    seen.length = 0;
    expect(await runFrom(arn, { emulator: withSecrets, calls: own })).toMatchObject({ Status: 'SUCCESS' });
    expect(new Set(seen).size).toBe(1);
    return seen[0];
  }

  test('is read from Secrets Manager in its own account and Region, again with each update, and never told (fake store)', async () => {
    const arn = await own.create({ ...store(), CustomSecretConfig: roleOf(secretArn) });
    const described = await own.describe(arn);
    expect(described).toMatchObject({ AccessKey: 'key', CustomSecretConfig: roleOf(secretArn) });
    expect(JSON.stringify(described)).not.toContain('first secret');
    expect(await signature(arn)).toBe('first secret');
    await manager('PutSecretValue', { SecretId: secretArn, SecretString: 'second secret' });
    expect(await signature(arn)).toBe('first secret');
    await own.update(arn, { Subdirectory: 'a' });
    expect(await signature(arn)).toBe('second secret');
    await own.update(arn, { SecretKey: 'plain' });
    expect(await signature(arn)).toBe('plain');
    await own.update(arn, { CustomSecretConfig: roleOf(secretArn) });
    expect(await signature(arn)).toBe('second secret');
  });

  test('without an access key is refused', async () => {
    await expect(own.create({ ...store(), AccessKey: undefined, CustomSecretConfig: roleOf(secretArn) })).rejects.toThrow('AccessKey and SecretKey go together');
  });

  test.each<[string, () => Promise<string>, string]>([
    ['that does not exist', async () => `${secretArn}x`, 'cannot be read: ResourceNotFoundException: '],
    ['of another account', async () => secretArn.replace(SCOPE.account, '999999999999'), 'cannot be read: ResourceNotFoundException: '],
    ['that is binary', async () => (await manager('CreateSecret', { Name: `binary-${randomUUID()}`, SecretBinary: 'AAEC' })).ARN, 'cannot be read: it has no text'],
  ])('%s is refused', async (_, arn, why) => {
    const SecretArn = await arn();
    await expect(own.create({ ...store(), CustomSecretConfig: roleOf(SecretArn) })).rejects.toMatchObject({
      name: 'InvalidRequestException', message: expect.stringContaining(`CustomSecretConfig.SecretArn ${SecretArn} ${why}`),
    });
    expect(seen).toEqual([]);
  });

  test('at an endpoint that does not answer is refused', async () => {
    const lost = await startTestEmulator({ secretsEndpoint: 'http://127.0.0.1:9' });
    await expect(new LocationCalls(lost, 'ObjectStorage').create({ ...store(), CustomSecretConfig: roleOf(secretArn) })).rejects.toThrow('cannot be read: ');
    await lost.close();
  });
});

/** Which of these secrets a request is signed with. */
function signedWith({ method, url, headers }: IncomingMessage, secrets: string[]): string {
  const [, scope, names, signature] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(headers.authorization!)!;
  const { pathname, search } = new URL(url!, 'http://store');
  const query = search.slice(1).split('&').sort().join('&');
  const canonical = [
    method, pathname, query, ...names.split(';').map(name => `${name}:${String(headers[name])}`), '', names, headers['x-amz-content-sha256'],
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  return secrets.find(secret => hmac(scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`), toSign).toString('hex') === signature) ?? 'none of them';
}

test('updates at the same time all count', async () => {
  const arn = await calls.create(minimum);
  await Promise.all([calls.update(arn, { Subdirectory: 'a' }), calls.update(arn, KEYS), calls.update(arn, { ServerHostname: 'localhost' })]);
  expect(await calls.describe(arn)).toEqual({
    ...plain(), LocationUri: 'object-storage://localhost/shelf/a/', AccessKey: 'test', ManagedSecretConfig: { SecretArn: MANAGED_SECRET },
  });
});

test('a server with a certificate of its own is trusted when the location has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map(name => join(folder, name));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=shelf', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert,
  ], { stdio: 'ignore' });
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
    response.setHeader('Content-Type', 'application/xml').end('<ListBucketResult><Name>shelf</Name><KeyCount>0</KeyCount></ListBucketResult>');
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const there = { ...minimum, ServerProtocol: 'HTTPS', ServerPort: (server.address() as AddressInfo).port };
  try {
    expect(await runFrom(await calls.create(there))).toMatchObject({ Status: 'ERROR', Detail: expect.stringMatching(/self.signed certificate/i) });
    const ServerCertificate = readFileSync(cert);
    const arn = await calls.create({ ...there, ServerCertificate });
    expect(Buffer.from((await calls.describe(arn) as any).ServerCertificate)).toEqual(ServerCertificate);
    expect(await runFrom(arn)).toMatchObject({ Status: 'SUCCESS' });
    await calls.update(arn, { ServerCertificate: new Uint8Array() });
    expect(await runFrom(arn)).toMatchObject({ Status: 'ERROR' });
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
});

describe('the caller of the store', () => {
  let server: Server;
  const seen: Array<string | undefined> = [];
  beforeAll(async () => {
    server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.setHeader('Content-Type', 'application/xml').end('<ListBucketResult><Name>shelf</Name><KeyCount>0</KeyCount></ListBucketResult>');
    });
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  });
  beforeEach(() => { seen.length = 0; });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const there = () => ({ ...minimum, ServerPort: (server.address() as AddressInfo).port });

  test('with keys it is who has them', async () => {
    await runFrom(await calls.create({ ...there(), AccessKey: 'AKIAOWN', SecretKey: 's' }));
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter(header => !header?.includes('Credential=AKIAOWN/'))).toEqual([]);
  });

  test('without keys it is nobody', async () => {
    await runFrom(await calls.create(there()));
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });
});
