import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { s3ClientConfig } from '../../../emulator/local-services/s3-access';
import { S3Manifest } from '../../../emulator/manifest/s3-manifest';

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

function manifestOf(version?: string): S3Manifest {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return new S3Manifest({ bucket: 'bucket', key: 'a manifest', version, source: 'S3' }, s3ClientConfig(access));
}

const load = (manifest: S3Manifest, signal = new AbortController().signal) => manifest.load(signal);

test('entries come in the byte order of their keys, in batches, as often as they are read', async () => {
  const urls: string[] = [];
  answer = ({ url }, response) => {
    urls.push(url!);
    response.end(['\ufffd', 'b', 'a/x', '😀', 'a-b', 'a', ...Array.from({ length: 3000 }, (_, i) => `n${String(3000 - i).padStart(4, '0')}`)].join('\r\n'));
  };
  const manifest = manifestOf('v 1');
  await load(manifest);
  expect(urls).toEqual(['/bucket/a%20manifest?versionId=v%201&x-id=GetObject']);
  const batches = [...manifest.entries()];
  const keys = batches.flat().map(({ key }) => key);
  expect(keys).toEqual([...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
  expect([keys.length, keys.slice(-2)]).toEqual([3006, ['\ufffd', '😀']]);
  expect(Math.max(...batches.map(({ length }) => length))).toBe(1024);
  expect([...manifest.entries()]).toEqual(batches);
  manifest.close();
});

test('a path that is listed more than once is one entry with an error, also when its versions differ', async () => {
  answer = (_, response) => response.end('b\na,v1\nc\na,v2\nb\nb\n');
  const manifest = manifestOf();
  await load(manifest);
  expect([...manifest.entries()].flat()).toEqual([
    { key: 'a', line: 2, version: 'v1', error: 'lines 2 and 4 of the manifest list the same path' },
    { key: 'b', line: 1, error: expect.stringMatching(/^lines 1 and [56] of the manifest list the same path$/) },
    { key: 'c', line: 3 },
  ]);
  manifest.close();
});

test.each<[string, (response: ServerResponse) => void, object]>([
  ['larger than 20 GB', response => {
    response.writeHead(200, { 'content-length': '20000000001' });
    response.write('a\n');
  }, { code: 'ManifestInvalid', message: 'Manifest s3://bucket/a manifest is not valid: it has 20000000001 bytes, 20000000000 are allowed' }],
  ['no CSV', response => response.end('a\n"b"c'), { code: 'ManifestInvalid', message: expect.stringContaining('is not valid: line 2 has characters between') }],
  ['forbidden', response => {
    response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>');
  }, { code: 'ManifestAccessFailed', message: 'Task failed to read manifest s3://bucket/a manifest: AccessDenied: not yours' }],
  ['cut off', response => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('a\n', () => response.destroy());
  }, { code: 'ManifestAccessFailed', message: expect.stringContaining('Task failed to read manifest s3://bucket/a manifest: ') }],
])('a manifest that is %s is fatal', async (_, respond, error) => {
  answer = (_request, response) => respond(response);
  const manifest = manifestOf();
  await expect(load(manifest)).rejects.toMatchObject({ name: 'FatalError', ...error });
  manifest.close();
});

test('reading ends when the execution is cancelled', async () => {
  const cancel = new AbortController();
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('a\n', () => cancel.abort());
  };
  const manifest = manifestOf();
  await expect(load(manifest, cancel.signal)).rejects.toMatchObject({ name: 'AbortError' });
  manifest.close();
});
