import { connect } from 'node:net';
import { DataSyncClient, ListTasksCommand } from '@aws-sdk/client-datasync';
import { OPERATIONS } from '../../emulator/model/api';
import { problemsOfAnswer } from '../support/checked-handler';
import type { TestEmulator } from '../support/emulator';
import { startTestEmulator } from '../support/emulator';
import { plainRequest } from '../support/plain-request';
import { rawOperation, rawRequest } from '../support/raw-request';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterEach(async () => {
  // Whatever came before, the server still answers.
  expect((await emulator.client.send(new ListTasksCommand())).Tasks).toEqual([]);
});
afterAll(() => emulator.close());

test.each(Object.keys(OPERATIONS))('%s is emulated', async operation => {
  const { status, body } = await rawOperation(emulator.url, operation, '{}');
  expect(problemsOfAnswer(operation, status, body)).toEqual([]);
  expect(body.errorCode).not.toBe('NotEmulated');
});

test('the SDK makes its own exception of it', async () => {
  await expect(emulator.client.send(new ListTasksCommand({ NextToken: 'abc' }))).rejects.toMatchObject({
    name: 'InvalidRequestException', $fault: 'client', errorCode: 'InvalidParameter', datasyncErrorCode: 'InvalidParameter', $metadata: { httpStatusCode: 400 },
  });
});

test('an answer has the headers of the protocol', async () => {
  const response = await fetch(emulator.url, { method: 'POST', body: '{}', headers: { 'X-Amz-Target': 'FmrsService.ListTasks' } });
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['FmrsService.MakeCoffee'], ['FmrsService.'], ['FmrsService'], ['ListTasks'], ['OtherService.ListTasks'], ['FmrsService.ListTasks.x'],
  ['FmrsService.__proto__'], ['FmrsService.toString'], ['FmrsService.constructor'], [''],
])('target %j is unknown', async target => {
  expect(await rawRequest(emulator.url, '{}', { 'X-Amz-Target': target })).toEqual({
    status: 400,
    body: { __type: 'UnknownOperationException', message: `X-Amz-Target '${target}' is not an operation of AWS DataSync` },
  });
});

test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is not how to call it', async method => {
  const { status, body } = await rawRequest(emulator.url, '{}', { 'X-Amz-Target': 'FmrsService.ListTasks' }, method);
  expect({ status, type: body.__type }).toEqual({ status: 405, type: 'UnknownOperationException' });
});

test.each<[string, string | Buffer]>([
  ['half a structure', '{"Name":'], ['a word', 'hello'], ['two values', '{}{}'], ['a byte order of its own', Buffer.from('\ufeff{', 'utf16le')],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])], ['only brackets', '['.repeat(500_000)], ['NaN', '{"MaxResults": NaN}'],
])('malformed: %s', async (_, body) => {
  const answer = await rawOperation(emulator.url, 'ListTasks', body);
  expect({ status: answer.status, type: answer.body.__type }).toEqual({ status: 400, type: 'SerializationException' });
  expect(answer.body.message).toMatch(/^The request body is not JSON: /);
});

test.each<[string, string]>([
  ['null', 'null'], ['a list', '[]'], ['a text', '"x"'], ['a number', '7'], ['true', 'true'],
])('%s is no input', async (_, body) => {
  const answer = await rawOperation(emulator.url, 'ListTasks', body);
  expect({ status: answer.status, type: answer.body.__type, code: answer.body.errorCode })
    .toEqual({ status: 400, type: 'InvalidRequestException', code: 'InvalidParameter' });
});

test.each<[string, object, string]>([
  ['a text for a number', { MaxResults: '5' }, "Value '5' at 'MaxResults' failed to satisfy constraint: Member must be an integer"],
  ['a fraction', { MaxResults: 1.5 }, "Value '1.5' at 'MaxResults' failed to satisfy constraint: Member must be an integer"],
  ['a number that is too large', { MaxResults: 101 }, "Value '101' at 'MaxResults' failed to satisfy constraint: Member must have value less than or equal to 100"],
  ['a number beyond all', { MaxResults: 1e300 }, "Value '1e+300' at 'MaxResults' failed to satisfy constraint: Member must be an integer"],
  ['a token of nobody', { NextToken: 'abc' }, 'Invalid parameter: NextToken is not one that this list returned.'],
  ['a filter without a value', { Filters: [{ Name: 'LocationId', Operator: 'Equals' }] }, "Value null at 'Filters[0].Values' failed to satisfy constraint"],
])('a list is refused for %s', async (_, input, message) => {
  const { status, body } = await rawOperation(emulator.url, 'ListTasks', JSON.stringify(input));
  expect(status).toBe(400);
  expect(body).toMatchObject({ __type: 'InvalidRequestException', errorCode: 'InvalidParameter', message: expect.stringContaining(message) });
});

test('an empty body is an empty input', async () => {
  expect((await rawOperation(emulator.url, 'ListTasks', '')).body).toEqual({ Tasks: [] });
});

test('what a newer client sends than the model knows is refused, not left out in silence', async () => {
  const { status, body } = await rawOperation(emulator.url, 'ListTasks', '{"Colour": "red", "__proto__": {"MaxResults": "x"}, "Shape": null}');
  expect({ status, body }).toEqual({
    status: 400,
    body: {
      __type: 'InvalidRequestException',
      message: expect.stringMatching(/^What the API of botocore [0-9.]+ does not have \(Colour, __proto__\) is not emulated yet; see the fidelity table$/),
      errorCode: 'NotEmulated',
      datasyncErrorCode: 'NotEmulated',
    },
  });
});

test('a body that is nested too deeply is refused', async () => {
  const deep = `${'{"Options":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  expect((await rawOperation(emulator.url, 'UpdateTaskExecution', deep.slice(0, 1_000_000))).status).toBe(400);
  const lists = `{"Tags": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "TaskArn": 1}`;
  const { status, body } = await rawOperation(emulator.url, 'StartTaskExecution', lists);
  expect({ status, type: body.__type }).toEqual({ status: 400, type: 'InvalidRequestException' });
});

test('10 MB are refused, not stored', async () => {
  const { status, body } = await rawOperation(emulator.url, 'CreateTask', Buffer.alloc(10 * 1024 * 1024, ' '));
  expect({ status, body }).toEqual({
    status: 413, body: { __type: 'RequestEntityTooLargeException', message: 'The request body is larger than 1048576 bytes' },
  });
});

/** Sends the head of a request and then zeros, until something comes back. */
function sendUntilAnswered(path: string, headers: string[]): Promise<string> {
  return new Promise((answered, failed) => {
    const zeros = Buffer.alloc(64 * 1024);
    let isAnswered = false;
    const socket = connect(emulator.port, '127.0.0.1', () => {
      socket.write([`PUT ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Transfer-Encoding: chunked', ...headers, '', ''].join('\r\n'));
      const send = () => {
        if (isAnswered) return;
        socket.write(Buffer.concat([Buffer.from('10000\r\n'), zeros, Buffer.from('\r\n')]), send);
      };
      send();
    });
    socket.once('data', data => {
      isAnswered = true;
      socket.destroy();
      answered(String(data));
    }).on('error', failed);
  });
}

test.each([
  ['of the service', '/', ['X-Amz-Target: FmrsService.ListTasks']],
  ['of the emulator itself', '/_emulator/faults', []],
])('a body of a request %s that never ends is refused while it comes, and the connection is not used again', async (_, path, headers) => {
  const answer = await sendUntilAnswered(path, headers);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toMatch(/\r\nConnection: close\r\n/i);
  expect(answer).toContain('RequestEntityTooLargeException');
});

test('a client that sends 65 MiB before reading anything gets to read that it is refused', async () => {
  const { status, body } = await plainRequest(emulator.url, {
    method: 'POST', body: Buffer.alloc(65 * 1024 * 1024, ' '), headers: { 'X-Amz-Target': 'FmrsService.CreateTask' },
  });
  expect({ status, type: JSON.parse(body).__type }).toEqual({ status: 413, type: 'RequestEntityTooLargeException' });
});

test('a client that speaks CBOR is told so, in CBOR, with the name of the protocol that it is to speak', async () => {
  const { status, headers, body } = await plainRequest(`${emulator.url}/service/FmrsService/operation/ListTasks`, {
    method: 'POST', body: Buffer.from([0xa0]), headers: { 'smithy-protocol': 'rpc-v2-cbor', 'Content-Type': 'application/cbor' },
  });
  expect({ status, protocol: headers['smithy-protocol'], type: headers['content-type'] }).toEqual({ status: 415, protocol: 'rpc-v2-cbor', type: 'application/cbor' });
  const message = 'The client speaks the protocol rpc-v2-cbor, the emulator AWS JSON 1.1 only. Configure the client for AWS JSON 1.1, or use one that speaks it by default.';
  expect(body).toContain('UnsupportedProtocolException');
  expect(body).toContain(message);
});

test('a protocol that is neither of the two is refused in JSON', async () => {
  const { status, body } = await rawRequest(emulator.url, '{}', { 'smithy-protocol': 'rpc-v9-yaml' });
  expect({ status, body }).toEqual({
    status: 415, body: { __type: 'UnsupportedProtocolException', message: expect.stringMatching(/^The client speaks the protocol rpc-v9-yaml, the emulator AWS JSON 1\.1 only\./) },
  });
});

test.each([
  ['goes away in the middle of the body', 'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: FmrsService.ListTasks\r\nContent-Length: 100\r\n\r\n{"Max'],
  ['does not speak HTTP', 'hello\r\n\r\n'],
])('a client that %s', async (_, text) => {
  await new Promise<void>((closed, failed) => {
    const socket = connect(emulator.port, '127.0.0.1', () => socket.end(text));
    socket.on('close', () => closed()).on('error', failed).resume();
  });
});

test('it listens on one loopback address only', async () => {
  // A server that listened everywhere would answer on all of 127.0.0.0/8.
  const client = new DataSyncClient({
    endpoint: `http://127.0.0.2:${emulator.port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  await expect(client.send(new ListTasksCommand())).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL|ETIMEDOUT/);
  client.destroy();
});
