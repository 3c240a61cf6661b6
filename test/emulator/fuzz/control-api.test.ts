import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Canary } from './canary';
import type { EmulatorProgram } from './program';
import { startEmulatorProgram } from './program';
import { AGENT_ARN } from '../../support/emulator';
import type { PlainAnswer } from '../../support/plain-request';
import { plainRequest } from '../../support/plain-request';

const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);
const REQUESTS = 3_000;
const AT_ONCE = 10;
/** All that a call for the emulator itself may be answered with. */
const STATUSES = [200, 400, 403, 404, 405, 413];
const AGENT = AGENT_ARN.split('/')[1];

let folder: string;
let canary: Canary;
let emulator: EmulatorProgram;
const seen = new Map<number, number>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-own-fuzz-'));
  for (const path of ['root', 'home']) mkdirSync(join(folder, path));
  canary = new Canary(join(folder, 'canary'));
  emulator = await startEmulatorProgram(join(folder, 'home'), ['--root', join(folder, 'root'), '--state', join(folder, 'state')]);
  await call('CreateLocationNfs', { ServerHostname: 'fileserver', Subdirectory: '/export', OnPremConfig: { AgentArns: [AGENT_ARN] } });
});
afterAll(async () => {
  await emulator?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function call(operation: string, input: object): Promise<PlainAnswer> {
  return plainRequest(emulator.url, {
    method: 'POST', body: JSON.stringify(input), headers: { 'X-Amz-Target': `FmrsService.${operation}`, 'Content-Type': 'application/x-amz-json-1.1' },
  });
}

/** Faults that harm nobody here, with members that a mutation then takes away or replaces. */
const FAULTS = [
  { kind: 'apiError', operations: ['CancelTaskExecution'], error: 'ThrottlingException', times: 3 },
  { kind: 'slowAnswer', operations: ['CreateTask'], delayMs: 20_000 },
  { kind: 'roleDenied', roles: ['arn:aws:iam::000000000000:role/Fresh*'], share: 0.5 },
  { kind: 'taskUnavailable', tasks: ['Nightly'], status: 'CREATING', errorCode: 'E', errorDetail: 'd' },
  { kind: 'executionError', phase: 'TRANSFERRING', errorCode: 'NoMem' },
  { kind: 'itemFailure', paths: '/reports|*.tmp', at: 'WRITE', message: 'm' },
  { kind: 'lostEvent', states: ['SUCCESS'] },
];
const NAMES = [...new Set(FAULTS.flatMap(fault => Object.keys(fault))), 'faults', 'status', '__proto__', 'constructor', 'toString'];
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, [], {}, '', -1, 1.5, 1e300, 2 ** 53, '*', '**', '(', '\u0000', 'x'.repeat(100_000), ['*'], [['x']], [null]),
  fc.jsonValue({ maxDepth: 2 }),
);
const fault = fc.tuple(fc.constantFrom(...FAULTS), fc.dictionary(fc.constantFrom(...NAMES), anything, { maxKeys: 2 }))
  .map(([right, wrong]) => ({ ...right, ...wrong }));
const content = fc.oneof(
  fc.array(fault, { maxLength: 3 }).map(faults => JSON.stringify({ faults })),
  fc.constantFrom('ONLINE', 'OFFLINE', 'online', 1).map(status => JSON.stringify({ status })),
  anything.map(value => JSON.stringify(value)),
  fc.constantFrom('', '{', 'null', '[]', '['.repeat(200_000), 'x'.repeat(1_100_000), '{"faults":[', '{"__proto__":{"faults":[]}}'),
  fc.uint8Array({ maxLength: 30 }).map(bytes => Buffer.from(bytes)),
);
/** What Node.js would not send is left out: it would be refused here, not there. */
const odd = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map(text => encodeURI(text).replace(/%25/g, '%'));
const path = fc.oneof(
  fc.constantFrom('/_emulator/status', '/_emulator/faults', `/_emulator/agents/${AGENT}`, '/_emulator/agents/agent-00000000000000000', '/', '/?a=b'),
  fc.constantFrom(
    '/_emulator/', '/_emulator/agents/', '/_emulator/agents/a/b', '/_emulator/agents/%2e%2e%2fcanary', '/_emulator/agents/%00', '/_emulator/agents/%ff',
    '/_emulator/agents/%', '/_emulator/../canary/file', '/_emulator/%2e%2e/%2e%2e/canary/file', '/_emulator//status', '/_emulator/status/',
    '/_emulator/__proto__', '/_emulator/faults?x=%',
    `/_emulator/agents/${'a'.repeat(10_000)}`,
  ),
  odd.map(text => `/_emulator/${text}`),
  odd.map(text => `/_emulator/agents/${text}`),
);
const headers = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { Host: 'evil.example.com' }, { Host: '' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Content-Type': 'text/plain' },
    ),
  },
);
const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'PROPFIND');
const anyRequest = fc.record({ path, method, headers, body: content });

function isRight(asked: string, { status, headers: told, body }: PlainAnswer): boolean {
  if (asked === 'HEAD') return body === '';
  if (told['content-type'] === 'text/html; charset=utf-8') return status === 200;
  try {
    const { __type: type, message } = JSON.parse(body);
    return status === 200 || (typeof type === 'string' && typeof message === 'string' && message.length < 5_000);
  } catch {
    return false;
  }
}

/** One request; rejects when the answer is none that it may be. */
async function ask(request: { path: string; method: string; headers: Record<string, string>; body: string | Buffer }): Promise<void> {
  const answer = await plainRequest(emulator.url, request);
  const status = answer.status!;
  seen.set(status, (seen.get(status) ?? 0) + 1);
  const problems = STATUSES.includes(status) ? [] : ['a status of nobody'];
  if (canary.leaksIntoText(answer.body)) problems.push('the content of a file outside the root');
  if (/\\n\s+at /.test(answer.body)) problems.push('a stack trace');
  if (!isRight(request.method, answer)) problems.push('neither the page, nor JSON, nor an error');
  if (problems.length > 0) throw new Error(`${request.method} ${request.path.slice(0, 200)}: ${status} ${problems.join('; ')}: ${answer.body.slice(0, 300)}`);
}

test(`every answer to ${REQUESTS} calls for the emulator itself is a success or an error that says what is wrong`, async () => {
  const batches = fc.array(anyRequest, { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(fc.asyncProperty(batches, async batch => {
    await Promise.all(batch.map(ask));
    expect(emulator.runs()).toBe(true);
  }), { numRuns: REQUESTS / AT_ONCE, seed: SEED, endOnFailure: true });
  expect([...seen.keys()].sort()).toEqual(STATUSES);
});

test('what they have left behind can be put right, and nothing outside the root was touched', async () => {
  expect(await plainRequest(`${emulator.url}/_emulator/faults`, { method: 'DELETE' })).toMatchObject({ status: 200, body: '{"faults":[]}' });
  const online = await plainRequest(`${emulator.url}/_emulator/agents/${AGENT}`, { method: 'POST', body: '{"status":"ONLINE"}' });
  expect(JSON.parse(online.body)).toEqual([{ AgentArn: AGENT_ARN, Status: 'ONLINE' }]);
  expect(JSON.parse((await call('ListLocations', {})).body).Locations).toHaveLength(1);
  expect({ runs: emulator.runs(), complaints: emulator.complaints() }).toEqual({ runs: true, complaints: '' });
  expect(canary.changes()).toEqual([]);
  expect(canary.leaksInto(folder).filter(file => !file.startsWith(canary.folder))).toEqual([]);
});
