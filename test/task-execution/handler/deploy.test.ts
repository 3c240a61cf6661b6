import { CancelTaskExecutionCommand, DescribeTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { Harness } from './harness';
import { created, LOGICAL_ID, OWNER, SECRET, STACK_ID, startHarness } from './harness';
import { TAG_OWNER, TAG_REQUEST, TAG_VALUES } from '../../../src/task-execution/contract';
import { finished } from '../../support/emulator';

let h: Harness;
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => h.reset());

describe('Create', () => {
  test('starts one execution, whose ARN is the physical id and the attribute', async () => {
    const taskArn = await h.makeTask();
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });

    await h.deliver(event);

    const [arn, ...others] = await h.executions(taskArn);
    expect(others).toEqual([]);
    expect(h.receiver.answers).toEqual([{
      Status: 'SUCCESS',
      StackId: STACK_ID,
      RequestId: event.RequestId,
      LogicalResourceId: LOGICAL_ID,
      PhysicalResourceId: arn,
      Data: { TaskExecutionArn: arn },
      contentType: '',
    }]);
    expect(await finished(h.client, arn)).toMatchObject({ Status: 'SUCCESS', FilesTransferred: expect.any(Number) });
  });

  test('passes overrides, filters and tags on with the types that the service wants', async () => {
    const { arn, properties } = await created(h, {}, {
      OverrideOptions: { BytesPerSecond: '1048576', VerifyMode: 'NONE' },
      Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/a' }],
      Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp' }],
      Tags: [{ Key: 'team', Value: 'storage' }],
    });

    const execution = await h.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }));
    expect(execution.Options).toMatchObject({ BytesPerSecond: 1048576, VerifyMode: 'NONE' });
    expect(execution.Includes).toEqual(properties.Includes);
    expect(execution.Excludes).toEqual(properties.Excludes);
    expect(await h.tagsOf(arn)).toEqual({ team: 'storage', [TAG_OWNER]: OWNER, [TAG_REQUEST]: expect.any(String), [TAG_VALUES]: expect.stringMatching(/^1:[0-9a-f]{24}$/) });
  });

  test('never writes the ResponseURL to its log', async () => {
    await created(h);
    expect(h.lines.length).toBeGreaterThan(0);
    expect(h.lines.join('\n')).not.toContain(SECRET);
    expect(h.lines.join('\n')).not.toContain(h.receiver.url);
  });

  test('fails with every wrong property by name, and starts nothing', async () => {
    const taskArn = await h.makeTask();
    const ResourceProperties = h.properties(taskArn, { IfRunning: 'HOPE', OverrideOptions: { BytesPerSecond: 'fast' } });
    const event = h.event('Create', { ResourceProperties });
    const answer = await h.deliver(event);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `not-started:${event.RequestId}` });
    expect(answer.Reason).toContain('OverrideOptions.BytesPerSecond must be a whole number, got "fast"');
    expect(answer.Reason).toContain('IfRunning must be one of QUEUE, ATTACH, WAIT, FAIL, got "HOPE"');
    expect(await h.executions(taskArn)).toEqual([]);
  });

  test("fails with the service's text, what to do and where the log is", async () => {
    const taskArn = await h.makeTask();
    const ResourceProperties = h.properties(taskArn, { OverrideOptions: { TransferMode: 'ALL', PreserveDeletedFiles: 'REMOVE' } });
    const { Status, Reason } = await h.deliver(h.event('Create', { ResourceProperties }));
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('datasync:StartTaskExecution failed for arn:aws:datasync:');
    expect(Reason).toContain('InvalidRequestException (InvalidParameter): Invalid SyncOption value. Option: TransferMode,PreserveDeletedFiles, Value: ALL,REMOVE.');
    expect(Reason).toContain("Correct the named option in overrideOptions or in the task's options, then deploy again.");
    expect(Reason).toMatch(/Log: \/aws\/lambda\/App-Starter, stream 2026\/01\/31\/\[\$LATEST\]0123, invocation [0-9a-f-]{36}\.$/);
    expect(Reason).not.toMatch(/\n|at .*\.ts/);
  });

  test('fails for a task that does not exist', async () => {
    const taskArn = 'arn:aws:datasync:us-east-1:000000000000:task/task-00000000000000000';
    const { Status, Reason } = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }));
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`Sync task ${taskArn} is not found. See that it exists in this account and Region`);
  });
});

describe('Update', () => {
  test.each([
    ['nothing', {}],
    ['IfRunning', { IfRunning: 'ATTACH' }],
    ['a tag', { Tags: [{ Key: 'team', Value: 'storage' }] }],
    ['a property that belongs to somebody else', { ServiceTimeout: '1800' }],
  ])('starts nothing when %s changed', async (_, change) => {
    const { taskArn, properties, arn } = await created(h);
    h.stack.calls = 0;
    const answer = await h.deliver(h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, ...change },
    }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { TaskExecutionArn: arn } });
    expect(await h.executions(taskArn)).toEqual([arn]);
    expect(h.stack.calls).toBe(1);
  });

  test.each([
    ['CHANGE', 'Triggers', { Triggers: { data: '2' } }],
    ['CHANGE', 'OverrideOptions', { OverrideOptions: { VerifyMode: 'NONE' } }],
    ['CHANGE', 'Includes', { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/a' }] }],
    ['CHANGE', 'Excludes', { Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp' }] }],
    ['EVERY_DEPLOYMENT', 'Deployment', { Deployment: '2' }],
  ])('with RunOn %s starts one more execution when %s changed', async (runOn, _, change) => {
    const { taskArn, properties, arn } = await created(h, {}, { RunOn: runOn });
    await finished(h.client, arn);
    h.stack.calls = 0;
    const answer = await h.deliver(h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, ...change },
    }));
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).not.toBe(arn);
    expect(new Set(await h.executions(taskArn))).toEqual(new Set([arn, answer.PhysicalResourceId]));
    expect(h.stack.calls).toBe(3); // at first, before the start, after it
  });

  test('with RunOn CREATE starts nothing, whatever changed', async () => {
    const { taskArn, properties, arn } = await created(h, {}, { RunOn: 'CREATE' });
    const answer = await h.deliver(h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, OverrideOptions: { VerifyMode: 'NONE' } },
    }));
    expect(answer.PhysicalResourceId).toBe(arn);
    expect(await h.executions(taskArn)).toEqual([arn]);
  });

  test.each(['CREATE', 'CHANGE'])('with RunOn %s that comes with an id that is no ARN starts, though nothing has changed', async RunOn => {
    const taskArn = await h.makeTask();
    const properties = h.properties(taskArn, { RunOn });
    const answer = await h.deliver(h.event('Update', { PhysicalResourceId: 'not-started:R', OldResourceProperties: properties, ResourceProperties: properties }));
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.executions(taskArn)).toEqual([answer.PhysicalResourceId]);
  });

  test('to another task starts that one, and the Delete that follows cancels what still runs of the first', async () => {
    const { taskArn, properties, arn } = await created(h, { slow: true });
    const other = await h.makeTask();
    const answer = await h.deliver(h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, TaskArn: other },
    }));
    expect(await h.executions(other)).toEqual([answer.PhysicalResourceId]);
    expect(await h.statusOf(arn)).not.toBe('ERROR');

    const cleanup = await h.deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }));
    expect(cleanup).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await h.statusOf(arn)).toBe('ERROR');
    expect(await h.executions(taskArn)).toEqual([arn]);
    expect((await finished(h.client, answer.PhysicalResourceId)).Status).toBe('SUCCESS');
  });

  test('to another task that is delivered again gives the same answer, although the execution of the first has ended meanwhile', async () => {
    const { properties, arn } = await created(h, { slow: true }, { RunOn: 'CREATE' });
    const other = await h.makeTask({ slow: true });
    const event = h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, TaskArn: other },
    });
    const first = await h.deliver(event);
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
    await finished(h.client, arn);
    expect(await h.deliver(event)).toEqual(first);
    expect(await h.executions(other)).toEqual([first.PhysicalResourceId]);
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'])(
    'starts nothing while the stack is %s', async status => {
      const { taskArn, properties, arn } = await created(h);
      h.stack.status = status;
      const answer = await h.deliver(h.event('Update', {
        PhysicalResourceId: arn, OldResourceProperties: { ...properties, Triggers: { data: '2' } }, ResourceProperties: properties,
      }));
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { TaskExecutionArn: arn } });
      expect(await h.executions(taskArn)).toEqual([arn]);
    });

  test('waits for a status that cannot be read for a while', async () => {
    const { taskArn, properties, arn } = await created(h);
    await finished(h.client, arn);
    h.stack.calls = 0;
    h.stack.error = { code: 'Throttling', http: 400, times: 4 };
    const answer = await h.deliver(h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Triggers: { data: '2' } },
    }));
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.executions(taskArn)).toHaveLength(2);
    expect(h.stack.calls).toBe(4 + 3);
  });

  test('starts nothing and says so when the status cannot be read at all', async () => {
    const { taskArn, properties, arn } = await created(h);
    h.stack.error = { code: 'AccessDenied', http: 403, times: Infinity };
    const event = h.event('Update', {
      PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Triggers: { data: '2' } },
    });
    const answer = await h.deliver(event);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `not-started:${event.RequestId}` });
    expect(answer.Reason).toContain(`cloudformation:DescribeStacks failed for ${STACK_ID}: AccessDenied: no, because AccessDenied. Allow cloudformation:DescribeStacks`);
    expect(await h.executions(taskArn)).toEqual([arn]);
  });
});

describe('the same event delivered again', () => {
  test.each([true, false])('one after the other (task slow: %s) starts one execution and gives the same answer', async slow => {
    const taskArn = await h.makeTask({ slow });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const first = await h.deliver(event);
    if (!slow) await finished(h.client, first.PhysicalResourceId);
    expect(await h.deliver(event)).toEqual(first);
    expect(await h.executions(taskArn)).toEqual([first.PhysicalResourceId]);
  });

  test.each(['QUEUE', 'ATTACH', 'FAIL'])('at the same time with IfRunning %s starts one execution and gives the same answer', async IfRunning => {
    const taskArn = await h.makeTask({ slow: true });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning }) });
    await Promise.all([1, 2, 3, 4, 5].map(() => h.deliver(event)));
    const [arn, ...others] = await h.executions(taskArn);
    expect(others).toEqual([]);
    expect(h.receiver.answers).toHaveLength(5);
    for (const answer of h.receiver.answers) expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  });

  test('another request starts another execution', async () => {
    const { taskArn, properties, arn } = await created(h);
    await finished(h.client, arn);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    expect(answer.PhysicalResourceId).not.toBe(arn);
    expect(await h.executions(taskArn)).toHaveLength(2);
  });
});

test('an unknown request type fails instead of leaving CloudFormation without an answer', async () => {
  const answer = await h.deliver(h.event('Paint' as 'Create', { ResourceProperties: {} }));
  expect(answer).toMatchObject({ Status: 'FAILED' });
  expect(answer.Reason).toContain('The request type "Paint" is unknown');
});
