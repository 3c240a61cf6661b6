import { DescribeTaskExecutionCommand, ListTagsForResourceCommand } from '@aws-sdk/client-datasync';
import { TAG_OWNER, TAG_REQUEST } from '../../../../src/task-execution/contract';
import { handleEvent } from '../../../../src/task-execution/handler/deploy';
import { finished } from '../../../support/emulator';
import type { Harness } from '../harness';
import { created, lambdaContext, nextSecond, OWNER, quickServices, startHarness } from '../harness';

let h: Harness;
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => h.reset());

describe('Delete', () => {
  test('cancels an execution that still runs, and waits for its end', async () => {
    const { properties, arn } = await created(h, { slow: true });
    const answer = await h.deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(answer.Data).toBeUndefined();
    expect(await h.statusOf(arn)).toBe('ERROR');
  });

  test('leaves a finished execution as it is', async () => {
    const { properties, arn } = await created(h);
    await finished(h.client, arn);
    expect(await h.deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await h.statusOf(arn)).toBe('SUCCESS');
  });

  test.each([
    ['an execution that is gone', (arn: string) => arn.replace(/exec-.*/, 'exec-00000000000000000')],
    ['an execution of a task that is gone', (arn: string) => arn.replace(/task-[0-9a-f]*/, 'task-00000000000000000')],
    ['an id of another resource', () => 'App-SeedExecution-1ABCDEF'],
  ])('of %s succeeds', async (_, physicalId) => {
    const { properties, arn } = await created(h);
    const answer = await h.deliver(h.event('Delete', { PhysicalResourceId: physicalId(arn), ResourceProperties: properties }));
    expect(answer.Status).toBe('SUCCESS');
  });

  test.each([{ TaskArn: 'nonsense' }, {}, undefined])('of a create that failed on its properties succeeds: %j', async ResourceProperties => {
    const answer = await h.deliver(h.event('Delete', { PhysicalResourceId: 'not-started:R', ResourceProperties }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'not-started:R' });
  });

  test('of a request that failed cancels what carries its tag, and not what a successful retry has started', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    const failed = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }));
    const retried = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { Includes }) }));
    const PhysicalResourceId = `not-started:${failed.RequestId}`;
    const answer = await h.deliver(h.event('Delete', { PhysicalResourceId, ResourceProperties: h.properties(taskArn) }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(await h.statusOf(failed.PhysicalResourceId)).toBe('ERROR');
    expect(await h.statusOf(retried.PhysicalResourceId)).not.toBe('ERROR');
  });

  test.each<[string, 'is cancelled' | 'runs on', number | undefined]>([
    ['ROLLBACK_IN_PROGRESS', 'is cancelled', undefined],
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'is cancelled', undefined],
    ['DELETE_IN_PROGRESS', 'is cancelled', undefined],
    ['UPDATE_ROLLBACK_COMPLETE, when it comes late', 'runs on', undefined],
    ['an update that began after the start', 'is cancelled', 3_600_000],
    ['an update that began before the start', 'runs on', -3_600_000],
  ])('of an id that CloudFormation made up, during %s: what the resource has started %s', async (status, outcome, began) => {
    const { taskArn, properties, arn } = await created(h, { slow: true });
    const ofOthers = await h.startByOthers(taskArn, '/a');
    if (began === undefined) h.stack.status = status.split(',')[0];
    else h.stack.lastUpdatedTime = Date.now() + began;
    const date = Date.now() + 2 * 3_600_000;
    const event = h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties: properties }, date);
    expect(await h.deliver(event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'App-SeedExecution-1ABCDEF' });
    expect(await h.statusOf(arn) === 'ERROR').toBe(outcome === 'is cancelled');
    expect(await h.statusOf(ofOthers)).not.toBe('ERROR');
  });

  const HOUR = 3_600_000;
  test.each([
    ['that began before the start cancels it', -HOUR, { Triggers: { data: '2' } }, true],
    ['that began after the start cancels what has its values', HOUR, {}, true],
    ['that began after the start leaves what has other values', HOUR, { Triggers: { data: '2' } }, false],
  ])('of an id that CloudFormation made up, in the rollback of an update %s', async (_, updated, change, cancelled) => {
    const { properties, arn } = await created(h, { slow: true });
    Object.assign(h.stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', lastUpdatedTime: Date.now() + updated });
    const ResourceProperties = { ...properties, ...change };
    await h.deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties }, Date.now() + 2 * HOUR));
    expect(await h.statusOf(arn) === 'ERROR').toBe(cancelled);
  });

  test.each<[string, number | undefined, 'is cancelled' | 'runs on', object?]>([
    ['UPDATE_ROLLBACK_IN_PROGRESS of an update that began before the start', -HOUR, 'is cancelled'],
    ['UPDATE_ROLLBACK_IN_PROGRESS of an update that began after it, with its values', HOUR, 'runs on'],
    ['UPDATE_ROLLBACK_IN_PROGRESS of an update that began after it, with other values', HOUR, 'runs on', { Triggers: { data: '2' } }],
    ['UPDATE_IN_PROGRESS of an update that began after it', HOUR, 'runs on'],
    ['UPDATE_IN_PROGRESS of an update that began before it', -HOUR, 'runs on'],
    ['DELETE_IN_PROGRESS', undefined, 'runs on'],
    ['ROLLBACK_IN_PROGRESS', undefined, 'is cancelled'],
  ])('of an id that CloudFormation made up, of a resource that is retained, during %s: what it has started %s', async (during, updated, outcome, change = {}) => {
    const { properties, arn } = await created(h, { slow: true }, { Retain: 'true' });
    const lastUpdatedTime = updated === undefined ? undefined : Date.now() + updated;
    Object.assign(h.stack, { status: during.split(' ')[0], lastUpdatedTime });
    const ResourceProperties = { ...properties, ...change };
    await h.deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties }, Date.now() + 2 * HOUR));
    expect(await h.statusOf(arn) === 'ERROR' ? 'is cancelled' : 'runs on').toBe(outcome);
  });

  test('in the deletion of the stack cancels all that the resource owns, whatever the id', async () => {
    const { taskArn, properties, arn } = await created(h, { slow: true });
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    const second = await h.deliver(h.event('Create', { ResourceProperties: { ...properties, Includes } }));
    h.stack.status = 'DELETE_IN_PROGRESS';
    await h.deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }));
    expect(await h.statusOf(arn)).toBe('ERROR');
    expect(await h.statusOf(second.PhysicalResourceId)).toBe('ERROR');
    expect(await h.executions(taskArn)).toHaveLength(2);
  });

  test.each([
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'goes', {}],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'stays', { Retain: 'true' }],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'stays', {}],
  ])('during %s of the newer of two: the older one %s, with %j', async (status, outcome, more) => {
    const { properties, arn: older } = await created(h, { slow: true }, more);
    await nextSecond();
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    const { PhysicalResourceId: newer } = await h.deliver(h.event('Create', { ResourceProperties: { ...properties, Includes } }));
    h.stack.status = status;
    await h.deliver(h.event('Delete', { PhysicalResourceId: newer, ResourceProperties: properties }));
    expect(await h.statusOf(newer)).toBe('ERROR');
    expect(await h.statusOf(older) === 'ERROR').toBe(outcome === 'goes');
  });

  test('in the cleanup of an update cancels what another delivery of the same request has started, and not what a later one has', async () => {
    const { taskArn, properties, arn, request } = await created(h);
    await finished(h.client, arn);
    await nextSecond();
    const start = (include: string, id: string) => h.startByOthers(taskArn, include, {
      OverrideOptions: { BytesPerSecond: 1, TransferMode: 'ALL' }, Tags: [{ Key: TAG_OWNER, Value: OWNER }, { Key: TAG_REQUEST, Value: id }],
    });
    const [duplicate, marked, later] = [await start('/b', request), await start('/b/two.bin', 'duplicate'), await start('/a|/b', 'another')];
    h.stack.status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    await h.deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }));
    expect(await h.statusOf(duplicate)).toBe('ERROR');
    expect(await h.statusOf(marked)).toBe('ERROR');
    expect(await h.statusOf(later)).not.toBe('ERROR');
  });

  test('finds its execution although its tags are shown late', async () => {
    const { properties, arn } = await created(h, { slow: true });
    let late = 4;
    const send = async (command: object, options: object) => {
      if (command instanceof ListTagsForResourceCommand && late-- > 0) return { Tags: [] };
      return h.client.send(command as never, options);
    };
    await h.deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }), { datasync: { send } as never });
    expect(await h.statusOf(arn)).toBe('ERROR');
  });

  test.each([
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 60_000],
    ['DELETE_IN_PROGRESS', 15 * 60_000],
  ])('during %s of one that stays CANCELLING succeeds within %d ms, with a line in the log', async (status, within) => {
    const { properties, arn } = await created(h, { slow: true });
    h.stack.status = status;
    const send = async (command: object, options: object) => {
      const answer = await h.client.send(command as never, options) as { Status?: string };
      return command instanceof DescribeTaskExecutionCommand ? { ...answer, Status: 'CANCELLING' } : answer;
    };
    const services = quickServices({ send } as never);
    const began = services.now();
    await handleEvent(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }), lambdaContext(), services);
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(services.now() - began).toBeLessThan(within + 20_000);
    expect(services.lines.join()).toContain('not waited for any longer');
  });

  test('cancels all before it waits for the end of the first', async () => {
    const { properties } = await created(h, { slow: true });
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    await h.deliver(h.event('Create', { ResourceProperties: { ...properties, Includes } }));
    h.stack.status = 'ROLLBACK_IN_PROGRESS';
    const calls: string[] = [];
    const send = (command: object, options: object) => {
      calls.push(command.constructor.name);
      return h.client.send(command as never, options);
    };
    await h.deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties: properties }), { datasync: { send } as never });
    const first = calls.indexOf('CancelTaskExecutionCommand');
    expect(calls.slice(first, first + 2)).toEqual(['CancelTaskExecutionCommand', 'CancelTaskExecutionCommand']);
  });

  test('leaves an execution alone that somebody else started', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const attached = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'ATTACH' }) }));
    expect(attached.PhysicalResourceId).toBe(ofOthers);
    const answer = await h.deliver(h.event('Delete', { PhysicalResourceId: ofOthers, ResourceProperties: h.properties(taskArn) }));
    expect(answer.Status).toBe('SUCCESS');
    expect(['LAUNCHING', 'PREPARING', 'TRANSFERRING']).toContain(await h.statusOf(ofOthers));
  });
});
