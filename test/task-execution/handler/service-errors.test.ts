import type { Fault, FaultProxy } from './fault-proxy';
import { startFaultProxy } from './fault-proxy';
import type { Harness } from './harness';
import { startHarness } from './harness';
import type { TaskUnavailability } from '../../../emulator';

let h: Harness;
let proxy: FaultProxy;
let unavailabilityOf: (arn: string) => TaskUnavailability | undefined = () => undefined;
beforeAll(async () => {
  h = await startHarness({ unavailabilityOf: arn => unavailabilityOf(arn) });
  proxy = await startFaultProxy(h.emulator.url);
});
afterAll(async () => {
  await proxy.close();
  await h.close();
});
beforeEach(() => {
  unavailabilityOf = () => undefined;
  proxy.fault = () => undefined;
  proxy.seen.length = 0;
  h.receiver.answers.length = 0;
});

const THROTTLED: Fault = { http: 400, type: 'ThrottlingException' };
const DENIED: Fault = { http: 400, type: 'AccessDeniedException', message: 'User: role is not authorized' };
const BROKEN: Fault = { http: 500, type: 'InternalException' };

/** Delivers a Create through the proxy. */
async function create(taskArn: string, more: Record<string, unknown> = {}, remaining = 15 * 60_000) {
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn, more) });
  return h.deliver(event, { datasync: proxy.client }, { getRemainingTimeInMillis: () => remaining });
}

describe('a start', () => {
  test.each<[string, Fault]>([
    ['is throttled', THROTTLED],
    ['is denied, as long as IAM does not know the policy yet', DENIED],
    ['fails inside the service', BROKEN],
    ['does not get through', 'cut'],
  ])('that %s for a while goes through in the end, once', async (_, fault) => {
    const taskArn = await h.makeTask({ slow: true });
    proxy.fault = (operation, count) => operation === 'StartTaskExecution' && count < 5 ? fault : undefined;
    const answer = await create(taskArn);
    expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
    expect(proxy.seen.filter(operation => operation === 'StartTaskExecution')).toHaveLength(6);
  });

  test.each([true, false])('whose answer gets lost is found again, not repeated (task slow: %s)', async slow => {
    const taskArn = await h.makeTask({ slow });
    proxy.fault = operation => operation === 'StartTaskExecution' ? 'lose' : undefined;
    const answer = await create(taskArn);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
    expect(proxy.seen.filter(operation => operation === 'StartTaskExecution')).toHaveLength(1);
  });
});

describe.each<[string, Fault]>([['throttled', THROTTLED], ['denied', DENIED], ['broken', BROKEN], ['cut off', 'cut']])('when every operation is %s for a while', (_, fault) => {
  test.each(['QUEUE', 'ATTACH', 'FAIL'])('one execution is started with IfRunning %s', async IfRunning => {
    const taskArn = await h.makeTask();
    proxy.fault = (__, count) => count < 3 ? fault : undefined;
    const answer = await create(taskArn, { IfRunning });
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
  });

  test('an execution is cancelled', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const { PhysicalResourceId } = await create(taskArn);
    proxy.seen.length = 0;
    proxy.fault = (__, count) => count < 3 ? fault : undefined;
    const event = h.event('Delete', { PhysicalResourceId, ResourceProperties: h.properties(taskArn) });
    expect((await h.deliver(event, { datasync: proxy.client })).Status).toBe('SUCCESS');
    expect(await h.statusOf(PhysicalResourceId)).toBe('ERROR');
  });
});

test('a Delete of a request cancels what that has started, though executions cannot be listed, and then fails', async () => {
  const taskArn = await h.makeTask({ slow: true });
  const { PhysicalResourceId: arn, RequestId } = await create(taskArn);
  proxy.fault = operation => operation === 'ListTaskExecutions' ? BROKEN : undefined;
  const event = h.event('Delete', { PhysicalResourceId: `not-started:${RequestId}`, ResourceProperties: h.properties(taskArn) });
  const answer = await h.deliver(event, { datasync: proxy.client });
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('datasync:ListTaskExecutions failed') });
  expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
});

test('what stays denied fails with the action to allow, long before the time is up', async () => {
  const taskArn = await h.makeTask();
  proxy.fault = operation => operation === 'ListTaskExecutions' ? DENIED : undefined;
  const { Status, Reason } = await create(taskArn);
  expect(Status).toBe('FAILED');
  expect(Reason).toContain(`datasync:ListTaskExecutions failed for ${taskArn}: AccessDeniedException: User: role is not authorized. `
    + 'Allow datasync:ListTaskExecutions to the role of the function');
  expect(await h.executions(taskArn)).toEqual([]);
});

test('what stays throttled fails when the time is up, with what it was doing', async () => {
  const taskArn = await h.makeTask();
  proxy.fault = () => THROTTLED;
  const { Status, Reason } = await create(taskArn);
  expect(Status).toBe('FAILED');
  expect(Reason).toContain("Time is up: the function's time was nearly up while trying again after this: datasync:DescribeTask failed");
});

describe('a task that is not AVAILABLE yet', () => {
  test.each(['CREATING', 'UNAVAILABLE'] as const)('%s for a while is waited for', async status => {
    const taskArn = await h.makeTask();
    let looks = 0;
    unavailabilityOf = () => looks++ < 5 ? { status, errorCode: 'EniNotFound' } : undefined;
    const answer = await create(taskArn);
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
    expect(looks).toBeGreaterThanOrEqual(6);
  });

  test("stays UNAVAILABLE: the reason carries the service's code and detail", async () => {
    const taskArn = await h.makeTask();
    unavailabilityOf = () => ({ status: 'UNAVAILABLE', errorCode: 'SrcLocHitAccess', errorDetail: 'the mount point is gone' });
    const { Status, Reason } = await create(taskArn);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`${taskArn} was not started because it was not AVAILABLE within 300 s; it is UNAVAILABLE (SrcLocHitAccess: the mount point is gone)`);
    expect(await h.executions(taskArn)).toEqual([]);
  });

  test('becomes UNAVAILABLE between the look and the start: it is waited for again', async () => {
    const taskArn = await h.makeTask();
    let looks = 0;
    // Looked at as available, refused, looked at as unavailable, then available.
    unavailabilityOf = () => [1, 2, 3].includes(looks++) ? { status: 'UNAVAILABLE' } : undefined;
    const answer = await create(taskArn);
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
  });
});

describe('a service that never answers', () => {
  test.each(['DescribeTask', 'StartTaskExecution'])('to %s: CloudFormation gets its answer before the time is up', async hanging => {
    const taskArn = await h.makeTask();
    proxy.fault = operation => operation === hanging ? 'hang' : undefined;
    const { Status, Reason } = await create(taskArn, {}, 1_500);
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('Time is up');
    expect(Reason).toContain(taskArn);
  });

  test('and ignores that it is no longer waited for', async () => {
    const taskArn = await h.makeTask();
    const send = () => new Promise<never>(() => {});
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const answer = await h.deliver(event, { datasync: { send } as never }, { getRemainingTimeInMillis: () => 1_500 });
    expect(answer).toMatchObject({ Status: 'FAILED' });
  });
});

test('a start is not begun when there is no time to see its end', async () => {
  const taskArn = await h.makeTask();
  let skipped = 0;
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
  proxy.fault = () => {
    skipped = 870_000; // the looking alone has taken nearly all of 15 minutes
    return undefined;
  };
  const answer = await h.deliver(event, { datasync: proxy.client, now: () => Date.now() + skipped });
  expect(answer.Status).toBe('FAILED');
  expect(proxy.seen).not.toContain('StartTaskExecution');
  expect(await h.executions(taskArn)).toEqual([]);
});

describe('a cancellation that is refused', () => {
  test('because the execution has just ended is fine', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const { PhysicalResourceId: arn } = await create(taskArn);
    const ended = { status: false };
    const datasync = {
      send: async (command: object, options: object) => {
        if (command.constructor.name === 'CancelTaskExecutionCommand' && !ended.status) {
          ended.status = true;
          await proxy.client.send(command as never, options); // somebody else was faster
          throw Object.assign(new Error('Sync task cannot be cancelled in its current status: CANCELLING'), {
            name: 'InvalidRequestException', $metadata: { httpStatusCode: 400 },
          });
        }
        return proxy.client.send(command as never, options);
      },
    };
    const event = h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: h.properties(taskArn) });
    expect((await h.deliver(event, { datasync: datasync as never })).Status).toBe('SUCCESS');
    expect(await h.statusOf(arn)).toBe('ERROR');
  });

  test('for good fails with its text', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const { PhysicalResourceId: arn } = await create(taskArn);
    proxy.fault = operation => operation === 'CancelTaskExecution' ? { http: 400, type: 'InvalidRequestException', message: 'not today' } : undefined;
    const event = h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: h.properties(taskArn) });
    const answer = await h.deliver(event, { datasync: proxy.client });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(answer.Reason).toContain(`datasync:CancelTaskExecution failed for ${arn}: InvalidRequestException: not today.`);
  });
});
