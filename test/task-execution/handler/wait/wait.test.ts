import { CancelTaskExecutionCommand, DeleteTaskCommand, UpdateTaskCommand } from '@aws-sdk/client-datasync';
import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { FakeStates, MACHINE, MINUTE } from './fake-states';
import { failureOf } from '../../../../src/task-execution/handler/wait/outcome';
import type { WaitedExecution } from '../../../../src/task-execution/handler/wait/poll-execution';
import { eventually } from '../../../support/eventually';
import type { Harness } from '../harness';
import { LOGICAL_ID, SECRET, startHarness } from '../harness';

let h: Harness;
const fake = new FakeStates(() => h);
const { states } = fake;
const step = fake.step.bind(fake);
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => {
  fake.reset();
  h.reset();
});
afterEach(() => expect(h.lines.join('\n')).not.toContain(SECRET));

const waiting = (taskArn: string, more: object = {}) =>
  h.properties(taskArn, { Waiter: MACHINE, CompletionTimeout: '2700', OnTimeout: 'CANCEL', ...more });
const deliver = (event: CloudFormationCustomResourceEvent) => h.deliver(event, { states });

function reached(arn: string, status: string): Promise<boolean> {
  return eventually(async () => await h.statusOf(arn) === status);
}

async function create(taskArn: string, more: object = {}): Promise<{ event: CloudFormationCustomResourceEvent; arn: string }> {
  const event = h.event('Create', { ResourceProperties: waiting(taskArn, more) });
  await deliver(event);
  return { event, arn: (fake.begun.Request.Subject as WaitedExecution).TaskExecutionArn };
}

test('a start that is waited for is handed over and answered by the step that sees its end, with all attributes', async () => {
  const { event, arn } = await create(await h.makeTask());
  expect(h.receiver.answers).toEqual([]);
  expect(fake.starts[0]).toMatchObject({
    stateMachineArn: MACHINE, name: expect.stringMatching(new RegExp(`^[0-9a-f]{8}-${event.RequestId}$`)),
  });
  await reached(arn, 'SUCCESS');
  expect(await step()).toMatchObject({ Answered: true });
  expect(h.receiver.last()).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: arn,
    RequestId: event.RequestId,
    LogicalResourceId: LOGICAL_ID,
    Data: {
      TaskExecutionArn: arn,
      Status: 'SUCCESS',
      StartTime: expect.stringMatching(/^\d{4}-.*Z$/),
      TotalDuration: expect.stringMatching(/^\d+$/),
      FilesTransferred: expect.stringMatching(/^\d+$/),
      BytesTransferred: expect.stringMatching(/^\d+$/),
      FilesDeleted: expect.any(String),
    },
  });
  expect(Object.values(h.receiver.last().Data!).every(value => typeof value === 'string')).toBe(true);
});

test('an execution that runs is looked at again, and the pauses grow to half a minute', async () => {
  const { arn } = await create(await h.makeTask({ slow: true }));
  expect(await step()).toMatchObject({ Answered: false, Pause: 2, Steps: 1 });
  expect(await step(1, { Steps: 40 })).toMatchObject({ Answered: false, Pause: 30 });
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
});

test('one that somebody cancels fails the deployment and says so', async () => {
  const { arn } = await create(await h.makeTask({ slow: true }));
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  await reached(arn, 'ERROR');
  await step();
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn, Reason: expect.stringContaining(`${arn} was cancelled (`) });
  expect(h.receiver.last().Reason).toContain('Log: /aws/lambda/App-Starter');
  const [taskId] = /task-[0-9a-f]{17}/.exec(arn)!;
  expect(h.receiver.last().Reason).toContain(`See https://console.aws.amazon.com/datasync/home?region=us-east-1#/tasks/${taskId} in the console.`);
});

test.each([
  ['is waited for', true],
  ['is not waited for', false],
])('an execution that failed runs again when it is asked for again, though CloudFormation still holds its id, if its end %s', async (_, isWaitedFor) => {
  const taskArn = await h.makeTask({ slow: true });
  const { arn } = await create(taskArn);
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  await reached(arn, 'ERROR');
  const asked = isWaitedFor ? waiting(taskArn) : h.properties(taskArn);
  const old = { ...asked, Triggers: { data: '0' } };
  await deliver(h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: old, ResourceProperties: asked }));
  expect(await h.executions(taskArn)).toHaveLength(isWaitedFor ? 2 : 1);
});

test.each([
  ['starts, when it was to be waited for', {}, undefined, true],
  ['starts nothing, when it was not to be waited for', {}, {}, false],
  ['starts nothing, when it was to run on after its time', { OnTimeout: 'CONTINUE' }, undefined, false],
  ['starts nothing, when it asks for other values than those that failed', { Triggers: { data: '0' } }, undefined, false],
])('an Update that repeats the one that failed, properties and all, %s', async (_, more, without, starts) => {
  const taskArn = await h.makeTask({ slow: true });
  const { arn } = await create(taskArn, 'Triggers' in more ? {} : more);
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  await reached(arn, 'ERROR');
  const asked = waiting(taskArn, more);
  const old = without ? h.properties(taskArn) : asked;
  await deliver(h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: old, ResourceProperties: asked }));
  expect(await h.executions(taskArn)).toHaveLength(starts ? 2 : 1);
});

test('one that fails in the first deployment of a stack, which takes everything along, names no log and no page', async () => {
  Object.assign(h.stack, { status: 'CREATE_IN_PROGRESS' });
  const { arn } = await create(await h.makeTask({ slow: true }));
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  await reached(arn, 'ERROR');
  await step();
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${arn} was cancelled (`) });
  expect(h.receiver.last().Reason).not.toMatch(/Log: |console/);
});

test.each([['BASIC', true], ['OFF', false]] as const)('one that fails names the log group of its task, if the task writes a log: with LogLevel %s %s', async (LogLevel, isNamed) => {
  const taskArn = await h.makeTask({ slow: true });
  const CloudWatchLogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/datasync/seed:*';
  await h.client.send(new UpdateTaskCommand({ TaskArn: taskArn, CloudWatchLogGroupArn, Options: { LogLevel, BytesPerSecond: 1 } }));
  const { arn } = await create(taskArn);
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  await reached(arn, 'ERROR');
  await step();
  expect(h.receiver.last().Reason).toContain(`See ${isNamed ? 'the log group /aws/datasync/seed, and ' : ''}https://console.aws.amazon.com/`);
});

test('one whose task is deleted meanwhile fails the deployment', async () => {
  const taskArn = await h.makeTask();
  const { arn } = await create(taskArn);
  await reached(arn, 'SUCCESS');
  await h.client.send(new DeleteTaskCommand({ TaskArn: taskArn }));
  await step();
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`${arn} is gone: its task was deleted while its end was waited for.`) });
});

test.each<[string, object, Partial<DescribeTaskExecutionCommandOutput>, string]>([
  ['in a phase', { ErrorCode: 'X', ErrorDetail: 'no space', PrepareStatus: 'SUCCESS', TransferStatus: 'ERROR' }, { FilesTransferred: 1203, EstimatedFilesToTransfer: 9000 },
    'arn failed in the phase TRANSFER (X: no space), 1,203 of 9,000 files'],
  ['without a reason', {}, {}, 'arn failed (the service gives no reason), 0 files'],
  ['with failed files', { ErrorCode: 'X' }, { EstimatedFilesToTransfer: 3, FilesTransferred: 1, FilesFailed: { Transfer: 1, Verify: 1 }, FilesDeleted: 4 },
    'arn failed (X), 1 of 3 files, 4 deleted, 2 failed'],
  ['with a long text', { ErrorCode: 'X', ErrorDetail: 'y'.repeat(301) }, { BytesTransferred: 12345 }, `arn failed (X: ${'y'.repeat(300)}...), 0 files, 12,345 bytes`],
])('the reason of an error %s names what the service says', (_, Result, more, expected) => {
  expect(failureOf({ arn: 'arn', status: 'ERROR', described: { Result, ...more } as DescribeTaskExecutionCommandOutput })).toBe(expected);
});

describe('when the time is up', () => {
  test('an execution of this resource is cancelled, and the deployment fails', async () => {
    const { arn } = await create(await h.makeTask({ slow: true }));
    await reached(arn, 'TRANSFERRING');
    await step(45);
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(h.receiver.last().Reason).toMatch(/ was still TRANSFERRING after 45 minutes: \d+ of \d+ files(, \d+ bytes)?\. It was cancelled\. Allow more time with Completion\.succeeded\(\)/);
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
  });

  test('it counts from the start of the execution, and shorter ones are possible', async () => {
    const { arn } = await create(await h.makeTask({ slow: true }), { CompletionTimeout: '600' });
    expect(await step(9)).toMatchObject({ Answered: false });
    expect(await step(10)).toMatchObject({ Answered: true });
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
  });

  test('with CONTINUE the execution and the deployment go on, with the attributes of then', async () => {
    const { arn } = await create(await h.makeTask({ slow: true }), { OnTimeout: 'CONTINUE' });
    await reached(arn, 'TRANSFERRING');
    await step(45);
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { TaskExecutionArn: arn, Status: 'TRANSFERRING' } });
    expect(await h.statusOf(arn)).toBe('TRANSFERRING');
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  });

  test('one of somebody else that was attached to is left alone, and the deployment fails', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const { arn } = await create(taskArn, { IfRunning: 'ATTACH' });
    expect(arn).toBe(ofOthers);
    await step(45);
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It goes on running, as somebody else started it.') });
    expect(await h.statusOf(ofOthers)).not.toBe('CANCELLING');
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: ofOthers }));
  });
});

describe('a second delivery', () => {
  test('of a request that is waited for starts nothing and answers nothing', async () => {
    const taskArn = await h.makeTask();
    const { event } = await create(taskArn);
    await deliver(event);
    expect(h.receiver.answers).toEqual([]);
    expect(fake.starts).toHaveLength(1);
    expect(await h.executions(taskArn)).toHaveLength(1);
  });

  test('that cannot even be understood answers nothing while the first one is waited for', async () => {
    const { event } = await create(await h.makeTask());
    await deliver({ ...event, ResourceProperties: { ...event.ResourceProperties, TaskArn: 'no task' } } as CloudFormationCustomResourceEvent);
    expect(h.receiver.answers).toEqual([]);
  });
});

describe('an Update', () => {
  test('that starts nothing answers the attributes of the last execution, also when it was not waited for', async () => {
    const taskArn = await h.makeTask();
    await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }));
    const arn = h.receiver.last().PhysicalResourceId;
    await reached(arn, 'SUCCESS');
    const answer = await deliver(h.event('Update', { PhysicalResourceId: arn, ResourceProperties: waiting(taskArn), OldResourceProperties: h.properties(taskArn) }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn, Data: { Status: 'SUCCESS', TaskExecutionArn: arn } });
    expect(await h.executions(taskArn)).toEqual([arn]);
  });

  test('that starts nothing answers "unknown" where the service has forgotten the execution', async () => {
    const taskArn = await h.makeTask();
    const gone = `${taskArn}/execution/exec-0123456789abcdef0`;
    const answer = await deliver(h.event('Update', { PhysicalResourceId: gone, ResourceProperties: waiting(taskArn), OldResourceProperties: waiting(taskArn) }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: gone, Data: { Status: 'unknown', BytesTransferred: 'unknown' } });
  });

  test('that starts one cancels the one before, so that it is not waited for behind it', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const { arn } = await create(taskArn);
    fake.reset();
    await deliver(h.event('Update', { PhysicalResourceId: arn, ResourceProperties: waiting(taskArn, { Triggers: { a: '2' } }), OldResourceProperties: waiting(taskArn) }));
    const next = (fake.begun.Request.Subject as WaitedExecution).TaskExecutionArn;
    expect(next).not.toBe(arn);
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: next }));
  });

  test('that starts one leaves the one before alone if somebody else started it', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    await create(taskArn, { IfRunning: 'ATTACH' });
    fake.reset();
    const [before, after] = [waiting(taskArn, { IfRunning: 'ATTACH' }), waiting(taskArn, { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }] })];
    await deliver(h.event('Update', { PhysicalResourceId: ofOthers, ResourceProperties: after, OldResourceProperties: before }));
    const next = (fake.begun.Request.Subject as WaitedExecution).TaskExecutionArn;
    expect(next).not.toBe(ofOthers);
    expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(ofOthers));
    for (const TaskExecutionArn of [next, ofOthers]) await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  });

  test('in a rollback stops all waits of the resource and waits for nothing', async () => {
    const taskArn = await h.makeTask();
    const { arn } = await create(taskArn);
    const names = fake.running.map(({ name }) => name);
    fake.running.push({ name: '00000000-other', startDate: 0 });
    Object.assign(h.stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
    const answer = await deliver(h.event('Update', { PhysicalResourceId: arn, ResourceProperties: h.properties(taskArn), OldResourceProperties: waiting(taskArn) }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(fake.stopped).toEqual(names);
  });
});

describe('a Delete', () => {
  const remove = (id: string, taskArn: string) => deliver(h.event('Delete', { PhysicalResourceId: id, ResourceProperties: waiting(taskArn) }));

  test('of an execution stops no wait: the next one may be waited for', async () => {
    const taskArn = await h.makeTask();
    const { arn } = await create(taskArn);
    await remove(arn, taskArn);
    expect(fake.stopped).toEqual([]);
  });

  test('of a request that started nothing stops its own wait', async () => {
    const taskArn = await h.makeTask();
    const { event } = await create(taskArn);
    await remove('not-started:another', taskArn);
    expect(fake.stopped).toEqual([expect.stringMatching(/-another$/)]);
    expect(fake.running).toHaveLength(1);
    await remove(`not-started:${event.RequestId}`, taskArn);
    expect(fake.running).toEqual([]);
  });

  test.each<[string, object, number]>([
    ['of a stack that goes back stops all', { status: 'ROLLBACK_IN_PROGRESS' }, 1],
    ['of a stack that goes on stops what began before this operation', { status: 'UPDATE_IN_PROGRESS', lastUpdatedTime: Date.now() + MINUTE }, 1],
    ['of a stack that goes on leaves what began since', { status: 'UPDATE_IN_PROGRESS', lastUpdatedTime: Date.now() - 10 * MINUTE }, 0],
  ])('with an id that CloudFormation made up %s', async (_, stack, count) => {
    const taskArn = await h.makeTask();
    await create(taskArn);
    Object.assign(h.stack, stack);
    await remove('App-Seed-1X2Y3Z', taskArn);
    expect(fake.stopped).toHaveLength(count);
  });
});
