import { ListTasksCommand } from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { startTestEmulator } from '../../support/emulator';
import { plainRequest } from '../../support/plain-request';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());

type Headers = Record<string, string>;
const TARGET = { 'X-Amz-Target': 'FmrsService.ListTasks', 'Content-Type': 'application/x-amz-json-1.1' };
const call = (headers: Headers) => plainRequest(emulator.url, { method: 'POST', headers: { ...TARGET, ...headers }, body: '{}' });

/** What the emulator's own page sends when it is called that. */
const page = (host: string) => ({ 'Host': host, 'Origin': `http://${host}`, 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' });

const REFUSED: Array<[string, Headers, string]> = [
  ['a page of another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' }, 'another site'],
  ['a page on another port', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }, 'another site'],
  ['another origin', { Origin: 'https://evil.example.com' }, 'another origin'],
  ['no origin at all', { Origin: 'null' }, 'another origin'],
  ['an extension of the browser', { Origin: 'chrome-extension://abcdefghijklmnop' }, 'another origin'],
  ['a page of a name that was made to lead here', page('evil.example.com'), "'evil.example.com' is not this machine"],
  ['such a page that says less', { Host: 'evil.example.com:80', Origin: 'http://evil.example.com:80' }, "'evil.example.com:80' is not this machine"],
  ['a page of an address that is not loopback', page('0.0.0.0:80'), "'0.0.0.0:80' is not this machine"],
];

test.each(REFUSED)('%s gets nothing', async (_, headers, why) => {
  const answers = [await call(headers)];
  for (const path of ['/', '/_emulator/status', '/_emulator/nothing']) answers.push(await plainRequest(`${emulator.url}${path}`, { headers }));
  for (const { status, headers: answered, body } of answers) {
    expect({ status, type: JSON.parse(body).__type }).toEqual({ status: 403, type: 'AccessDeniedException' });
    expect(JSON.parse(body).message).toContain(why);
    expect(Object.keys(answered).filter(name => name.startsWith('access-control-'))).toEqual([]);
  }
});

test('a page of another site may not even ask whether it may call an operation, and cannot call one without asking', async () => {
  const origin = { Origin: 'https://evil.example.com' };
  const asked = await plainRequest(emulator.url, {
    method: 'OPTIONS', headers: { ...origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-amz-target' },
  });
  expect(asked.status).toBe(403);
  expect(Object.keys(asked.headers).filter(name => name.startsWith('access-control-'))).toEqual([]);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    expect((await plainRequest(emulator.url, { method: 'POST', headers: { ...origin, 'Content-Type': type }, body: '{}' })).status).toBe(403);
  }
});

test.each<[string, Headers]>([
  ['by address', {}], ['by the name of this machine', { Host: 'localhost' }], ['by a name that a container has for it', { Host: 'host.docker.internal:4580' }],
  ['by its own page', page('localhost:4580')], ['by its own page, at an address', page('[::1]:4580')],
])('an operation may be called %s', async (_, headers) => {
  expect(await call(headers)).toMatchObject({ status: 200, body: '{"Tasks":[]}' });
});

test('a plain GET, which says nothing of the page that it comes from, needs a name of this machine', async () => {
  const statuses = ['localhost', '127.0.0.1:80', 'host.docker.internal', 'evil.example.com'].map(async Host => (await plainRequest(emulator.url, { headers: { Host } })).status);
  expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
});

test('a link on another page may lead to the page, a frame may not show it', async () => {
  const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  expect((await plainRequest(emulator.url, { headers: link })).status).toBe(200);
  expect((await plainRequest(emulator.url, { headers: { ...link, 'Sec-Fetch-Dest': 'iframe' } })).status).toBe(403);
});

test('the SDK makes an exception of it', async () => {
  const client = emulator.clientOf({});
  client.middlewareStack.add(next => args => {
    Object.assign((args.request as { headers: Headers }).headers, { Origin: 'https://evil.example.com' });
    return next(args);
  }, { step: 'build' });
  await expect(client.send(new ListTasksCommand())).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
});
