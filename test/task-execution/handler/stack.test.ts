import { CancelTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { Harness } from './harness';
import { created, nextSecond, startHarness } from './harness';
import { awsServices } from '../../../src/task-execution/handler/datasync/aws';
import { startedInOperation } from '../../../src/task-execution/handler/stack';
import { finished } from '../../support/emulator';

const MINUTE = 60_000;

let h: Harness;
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => h.reset());

test.each([
  ['four seconds before the update', -4_000, true], ['six seconds before', -6_000, false], ['at a time that nobody tells', undefined, true],
])('an execution that started %s counts as started in it: the clocks may differ', (_, before, counts) => {
  const lastUpdatedTime = 1_000_000;
  expect(startedInOperation(before && lastUpdatedTime + before, { status: 'UPDATE_IN_PROGRESS', lastUpdatedTime })).toBe(counts);
});

describe('a Create', () => {
  test.each(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'])('starts in %s', async status => {
    h.stack.status = status;
    const taskArn = await h.makeTask();
    expect(await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each(['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_FAILED', 'UPDATE_COMPLETE', 'SOMETHING_NEW'])(
    'starts nothing in %s', async status => {
      h.stack.status = status;
      const taskArn = await h.makeTask();
      const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
      const answer = await h.deliver(event);
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `not-started:${event.RequestId}` });
      expect(answer.Reason).toContain(`the stack is ${status}`);
      expect(await h.executions(taskArn)).toEqual([]);
    });

  test('whose stack rolls back while it waits starts nothing', async () => {
    h.stack.next.push('CREATE_IN_PROGRESS');
    h.stack.status = 'ROLLBACK_IN_PROGRESS';
    const taskArn = await h.makeTask();
    expect(await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }))).toMatchObject({ Status: 'FAILED' });
    expect(await h.executions(taskArn)).toEqual([]);
  });

  test('whose stack rolls back while it starts cancels that, and answers with its id', async () => {
    h.stack.next.push('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS');
    h.stack.status = 'ROLLBACK_IN_PROGRESS';
    const taskArn = await h.makeTask({ slow: true });
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }));
    const [arn] = await h.executions(taskArn);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
    expect(answer.Reason).not.toContain('Log:'); // the log goes with the stack
  });

  test('that was answered by another delivery leaves its execution alone', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const first = await h.deliver(event);
    h.stack.status = 'CREATE_COMPLETE';
    expect(await h.deliver(event)).toEqual(first);
    expect(await h.statusOf(first.PhysicalResourceId)).not.toBe('ERROR');
  });

  test('that was answered by another delivery leaves its execution alone in the rollback of a later update', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const first = await h.deliver(event);
    h.stack.next.push('CREATE_IN_PROGRESS');
    h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await h.deliver(event)).toEqual(first);
    expect(await h.statusOf(first.PhysicalResourceId)).not.toBe('ERROR');
  });

  test('that is delivered again after its execution was cancelled adopts nothing', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const first = await h.deliver(event);
    h.stack.status = 'ROLLBACK_IN_PROGRESS';
    await h.deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties: h.properties(taskArn) }));
    h.stack.status = 'CREATE_IN_PROGRESS';
    expect(await h.deliver(event)).toMatchObject({
      Status: 'FAILED', PhysicalResourceId: first.PhysicalResourceId, Reason: expect.stringContaining('which this request had started, was cancelled'),
    });
    expect(await h.executions(taskArn)).toHaveLength(1);
  });
});

test.each([
  ['by its age', 18 * MINUTE, undefined, true],
  ['because its stack has been updated since', 10 * MINUTE, -5 * MINUTE, false],
])('a request that is over %s starts nothing', async (_, age, updated, silent) => {
  const now = Date.now();
  h.stack.lastUpdatedTime = updated === undefined ? undefined : now + updated;
  const taskArn = await h.makeTask();
  await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }, now - age));
  expect(await h.executions(taskArn)).toEqual([]);
  expect(h.receiver.answers).toHaveLength(silent ? 0 : 1);
  expect(h.lines.join()).toContain(silent ? 'CloudFormation has given up this request' : 'is in another operation');
});

test.each([
  ['a young request', 1 * MINUTE, 0],
  ['a request of the operation in progress', 10 * MINUTE, -11 * MINUTE],
])('%s starts', async (_, age, updated) => {
  const now = Date.now();
  h.stack.lastUpdatedTime = now + updated;
  const taskArn = await h.makeTask();
  expect(await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }, now - age))).toMatchObject({ Status: 'SUCCESS' });
});

test.each([
  ['of the same operation, by its id, is cancelled', { operation: 'A', lastUpdatedTime: 1 }, { operation: 'A', lastUpdatedTime: 2 }, true],
  ['of the same operation, by its time, is cancelled', { lastUpdatedTime: 1 }, { lastUpdatedTime: 1 }, true],
  ['of a later operation, by its id, stays', { operation: 'A' }, { operation: 'B' }, false],
  ['perhaps of a later operation, by its time, stays', { lastUpdatedTime: 1 }, { lastUpdatedTime: 2 }, false],
])('what another delivery of an Update has started, seen in a rollback %s', async (_, first, later, cancelled) => {
  const taskArn = await h.makeTask({ slow: true });
  const properties = h.properties(taskArn);
  const event = h.event('Update', { PhysicalResourceId: 'not-started:R', OldResourceProperties: properties, ResourceProperties: properties });
  const { PhysicalResourceId: arn } = await h.deliver(event);
  const states = [{ status: 'UPDATE_IN_PROGRESS', ...first }];
  await h.deliver(event, { stack: async () => states.shift() ?? { status: 'UPDATE_ROLLBACK_COMPLETE', ...later } });
  expect(['CANCELLING', 'ERROR'].includes((await h.statusOf(arn))!)).toBe(cancelled);
});

test.each([
  ['of the same operation is cancelled', 1, true],
  ['perhaps of a later operation, for which another delivery has answered, stays', 2, false],
])('what was started and queued, seen a little later in a rollback %s', async (_, later, cancelled) => {
  const { taskArn, properties, arn } = await created(h, { slow: true });
  const event = h.event('Update', {
    PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }] },
  });
  const calls: string[] = [];
  const send = (command: object, options: object) => {
    calls.push(command.constructor.name);
    return h.client.send(command as never, options);
  };
  const stack = async () => {
    // The start of another delivery is looked for right after the start, and once more later.
    const looks = calls.slice(calls.indexOf('StartTaskExecutionCommand')).filter(name => name === 'ListTaskExecutionsCommand').length;
    return calls.includes('StartTaskExecutionCommand') && looks > 1
      ? { status: 'UPDATE_ROLLBACK_IN_PROGRESS', lastUpdatedTime: later } : { status: 'UPDATE_IN_PROGRESS', lastUpdatedTime: 1 };
  };
  const answer = await h.deliver(event, { stack, datasync: { send } as never });
  const [started] = (await h.executions(taskArn)).filter(other => other !== arn);
  expect(answer).toMatchObject({ Status: cancelled ? 'FAILED' : 'SUCCESS', PhysicalResourceId: started });
  expect(await h.statusOf(started)).toBe(cancelled ? 'ERROR' : 'QUEUED');
});

describe('an Update in a rollback', () => {
  test.each<[string, (call: string, calls: readonly string[]) => boolean]>([
    ['the stack cannot be read until it is known that nothing has to start', (call, calls) => call === 'stack' && !calls.includes('DescribeTaskExecutionCommand')],
    ['no task can be described', call => call === 'DescribeTaskCommand'],
  ])('cancels what the Update before it has started, although %s (fake faults)', async (_, fails) => {
    const { taskArn, properties, arn } = await created(h, { slow: true });
    const wrong = { ...properties, TaskArn: await h.makeTask({ slow: true }) };
    const { PhysicalResourceId: taken } = await h.deliver(h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: wrong }));
    h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const calls: string[] = [];
    const through = <T>(name: string, call: () => Promise<T>): Promise<T> => {
      calls.push(name);
      return fails(name, calls) ? Promise.reject(Object.assign(new Error('down'), { name: 'InternalException', $metadata: { httpStatusCode: 500 } })) : call();
    };
    const { stack } = awsServices();
    const send = (command: object, options: object) => through(command.constructor.name, () => h.client.send(command as never, options));
    const back = h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: wrong, ResourceProperties: properties });
    expect(await h.deliver(back, { datasync: { send } as never, stack: (id, signal) => through('stack', () => stack(id, signal)) }))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await h.statusOf(taken)).toBe('ERROR');
    expect(await h.executions(taskArn)).toEqual([arn]);
    expect(await h.statusOf(arn)).not.toBe('ERROR');
  });

  test('needs no properties, and cancels what the Update before it has started', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const properties = h.properties(taskArn);
    const { PhysicalResourceId: old } = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    const wrong = { ...properties, Triggers: { data: '2' }, Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }] };
    const { PhysicalResourceId: taken } = await h.deliver(h.event('Update', { PhysicalResourceId: old, OldResourceProperties: properties, ResourceProperties: wrong }));
    h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const back = await h.deliver(h.event('Update', { PhysicalResourceId: old, OldResourceProperties: wrong, ResourceProperties: properties }));
    expect(back).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: old });
    expect(await h.statusOf(taken)).toBe('ERROR');
    expect(await h.statusOf(old)).not.toBe('ERROR');
  });

  test('with RunOn.CREATE leaves what the stack goes back to alone, whose values are older, and gives back its id', async () => {
    const [taskArn, otherTask] = [await h.makeTask({ slow: true }), await h.makeTask({ slow: true })];
    const properties = h.properties(taskArn, { RunOn: 'CREATE' });
    const { PhysicalResourceId: old } = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    const unheard = { ...properties, Triggers: { data: '2' } };
    const update = h.event('Update', { PhysicalResourceId: old, OldResourceProperties: properties, ResourceProperties: unheard });
    expect(await h.deliver(update)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: old });
    const wrong = { ...unheard, TaskArn: otherTask };
    const { PhysicalResourceId: taken } = await h.deliver(h.event('Update', { PhysicalResourceId: old, OldResourceProperties: unheard, ResourceProperties: wrong }));
    // The time of the last update has moved on with the rollback, which sends the new id.
    const later = Date.now() + 3_600_000;
    Object.assign(h.stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', lastUpdatedTime: later });
    for (const PhysicalResourceId of [old, taken]) {
      const event = h.event('Update', { PhysicalResourceId, OldResourceProperties: wrong, ResourceProperties: unheard }, later);
      expect(await h.deliver(event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: old });
    }
    expect(await h.statusOf(taken)).toBe('ERROR');
    expect(await h.statusOf(old)).not.toBe('ERROR');
  });

  test.each(['that comes with the id of the undone one', 'that comes with that id when its execution has ended', 'that is the undone one itself, late'])('%s leaves the execution of before alone, whatever the time of the last update', async what => {
    const taskArn = await h.makeTask({ slow: true });
    const properties = h.properties(taskArn);
    const { PhysicalResourceId: old } = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    await nextSecond();
    const wrong = { ...properties, Triggers: { data: '2' }, Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }] };
    const forward = { PhysicalResourceId: old, OldResourceProperties: properties, ResourceProperties: wrong };
    const { PhysicalResourceId: taken } = await h.deliver(h.event('Update', forward));
    if (what.endsWith('ended')) await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: taken }));
    if (what.endsWith('ended')) await finished(h.client, taken);
    const later = Date.now() + 3_600_000;
    Object.assign(h.stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', lastUpdatedTime: later });
    const back = { PhysicalResourceId: taken, OldResourceProperties: wrong, ResourceProperties: properties };
    const isLate = what.endsWith('late');
    expect(await h.deliver(h.event('Update', isLate ? forward : back, later))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: old });
    expect(await h.statusOf(old)).not.toBe('ERROR');
    expect(await h.statusOf(taken) === 'ERROR').toBe(!isLate);
  });

  test.each([
    ['at once', 0], ['a minute later, after another start has gone back', 60_000],
  ])('whose time of the last update has moved cancels what is undone, though what the stack goes back to has ended: %s', async (_, delay) => {
    const taskArn = await h.makeTask();
    const properties = h.properties(taskArn);
    const { PhysicalResourceId: old } = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    await finished(h.client, old);
    await nextSecond();
    const wrong = { ...properties, TaskArn: await h.makeTask({ slow: true }), Triggers: { data: '2' } };
    const forward = { PhysicalResourceId: old, OldResourceProperties: properties, ResourceProperties: wrong };
    const { PhysicalResourceId: taken } = await h.deliver(h.event('Update', forward));
    const later = Date.now() + 6_000; // beyond what the clocks may differ by
    Object.assign(h.stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', lastUpdatedTime: later });
    const back = { PhysicalResourceId: taken, OldResourceProperties: wrong, ResourceProperties: properties };
    await h.deliver(h.event('Update', back, later + delay));
    expect(await h.statusOf(taken)).toBe('ERROR');
  });

  test('that fails keeps the id that came in, so that CloudFormation deletes nothing for it', async () => {
    const { properties, arn } = await created(h, { slow: true });
    h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const denied = async () => { throw Object.assign(new Error('not allowed'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } }); };
    const event = h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: { ...properties, Triggers: { data: '2' } }, ResourceProperties: properties });
    expect(await h.deliver(event, { datasync: { send: denied } as never })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(await h.statusOf(arn)).not.toBe('ERROR');
  });

  test.each([{}, { TaskArn: 'nonsense', RunOn: 7, IfRunning: {} }])('succeeds with the properties %j', async ResourceProperties => {
    h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const taskArn = await h.makeTask();
    const PhysicalResourceId = `${taskArn}/execution/exec-0123456789abcdef0`;
    expect(await h.deliver(h.event('Update', { PhysicalResourceId, OldResourceProperties: {}, ResourceProperties })))
      .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  });
});
