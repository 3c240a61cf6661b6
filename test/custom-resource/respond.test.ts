import { fitReason } from '../../src/custom-resource/respond';
import type { Harness } from '../task-execution/handler/harness';
import { SECRET, startHarness } from '../task-execution/handler/harness';

let h: Harness;
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => h.reset());

test.each<[string, Array<number | 'cut'>]>([
  ['answers 500 and 503', [500, 503, 500]],
  ['cuts the connection', ['cut', 'cut']],
  ['does both', ['cut', 500, 'cut', 403]],
  ['leads elsewhere', [302]],
])('a receiver that %s gets the answer in the end', async (_, failures) => {
  const taskArn = await h.makeTask();
  h.receiver.failures.push(...failures);
  const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }));
  expect(h.receiver.answers).toHaveLength(1);
  expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
  expect(h.lines.join('\n')).toContain('the answer was not taken');
  expect(h.lines.join('\n')).not.toContain(SECRET);
});

test('a receiver that hangs does not take more than its share of the time', async () => {
  const taskArn = await h.makeTask();
  h.receiver.failures.push('hang');
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
  // 1.5 s in all: the work ends after 1.1 s at the latest, and the request that hangs is given up before the end.
  await expect(h.deliver(event, {}, { getRemainingTimeInMillis: () => 1_500 })).rejects.toThrow('could not be delivered');
  // Lambda delivers the event again.
  const answer = await h.deliver(event);
  expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
});

test('a receiver that never takes the answer makes the function fail, without the URL, and the next delivery answers', async () => {
  const taskArn = await h.makeTask();
  h.receiver.failures.push(...Array<number>(10_000).fill(500));
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
  const failure = await h.deliver(event).then(() => undefined, error => error as Error);
  expect(failure?.message).toBe('the answer to CloudFormation could not be delivered: HTTP status 500');
  expect(failure?.stack).toBeUndefined();

  h.receiver.failures.length = 0;
  const answer = await h.deliver(event);
  expect(answer.Status).toBe('SUCCESS');
  expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
});

test('an answer is never longer than CloudFormation takes', async () => {
  const longest = {
    IfRunning: '\u{1F4A5}"\\'.repeat(2000), TaskArn: 'x'.repeat(5000), Includes: Array(20).fill({ bad: '\u0000'.repeat(100) }),
  };
  const answer = await h.deliver(h.event('Create', { ResourceProperties: longest, LogicalResourceId: 'L'.repeat(255) }));
  expect(answer.Status).toBe('FAILED');
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
  expect(answer.Reason).toMatch(/\.\.\. Log: .*\.$/);
});

describe('fitReason', () => {
  test('keeps what fits', () => {
    expect(fitReason('Too bad.', 'Log: here.')).toBe('Too bad. Log: here.');
  });

  test.each([989, 990, 5000])('of %i characters has at most 1000 and keeps its end', length => {
    const fitted = fitReason('a'.repeat(length), 'Log: here.');
    expect(fitted.length).toBeLessThanOrEqual(1000);
    expect(fitted).toMatch(length === 989 ? /^a{989} Log: here\.$/ : /^a+\.\.\. Log: here\.$/);
  });

  test('cuts the middle, also where a character has many bytes', () => {
    const fitted = fitReason('\u{1F4A5}'.repeat(600), 'Log: here.');
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(2000);
    expect(fitted.endsWith('... Log: here.')).toBe(true);
  });
});

test('a failed create has an id by which its delete is known', async () => {
  const event = h.event('Create', { ResourceProperties: {} });
  expect((await h.deliver(event)).PhysicalResourceId).toBe(`not-started:${event.RequestId}`);
});
