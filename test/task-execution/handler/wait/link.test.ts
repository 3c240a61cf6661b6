import { CancelTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { FakeStates, MACHINE, MINUTE } from './fake-states';
import { TAG_OWNER, WAIT_RESOURCE_TYPE } from '../../../../src/task-execution/contract';
import { eventually } from '../../../support/eventually';
import type { Harness } from '../harness';
import { LOGICAL_ID, OWNER, SECRET, startHarness } from '../harness';

const LINK_ID = 'SeedWait1';

let h: Harness;
const fake = new FakeStates(() => h);
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => {
  fake.reset();
  h.reset();
});
afterEach(() => expect(h.lines.join('\n')).not.toContain(SECRET));

const properties = (arn: string, more: object = {}) => ({
  ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
  ServiceTimeout: '3600',
  TaskExecutionArn: arn,
  Start: LOGICAL_ID,
  Waiter: MACHINE,
  CompletionTimeout: String(12 * 3600),
  OnTimeout: 'CANCEL',
  HasNext: 'true',
  ...more,
});

function link(type: 'Create' | 'Update' | 'Delete', more: Record<string, unknown>): CloudFormationCustomResourceEvent {
  return h.event(type, { ResourceType: WAIT_RESOURCE_TYPE, LogicalResourceId: LINK_ID, ...type !== 'Create' && { PhysicalResourceId: LINK_ID }, ...more });
}

const deliver = (event: CloudFormationCustomResourceEvent) => h.deliver(event, { states: fake.states });
const create = (arn: string, more: object = {}) => deliver(link('Create', { ResourceProperties: properties(arn, more) }));
const cancel = (arn: string) => h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
const reached = (arn: string, status: string) => eventually(async () => await h.statusOf(arn) === status);

/** An execution that a start of the same stack has started. */
async function started(slow = true): Promise<string> {
  return h.startByOthers(await h.makeTask({ slow }), undefined, { Tags: [{ Key: TAG_OWNER, Value: OWNER }] });
}

test('a link of an execution that has succeeded answers at once, with all attributes, and no machine', async () => {
  const arn = await started(false);
  await reached(arn, 'SUCCESS');
  await create(arn);
  expect(h.receiver.last()).toMatchObject({
    Status: 'SUCCESS', PhysicalResourceId: LINK_ID, LogicalResourceId: LINK_ID, Data: { TaskExecutionArn: arn, Status: 'SUCCESS', FilesTransferred: expect.any(String) },
  });
  expect(fake.starts).toEqual([]);
});

test('a link of an execution that runs is handed over, and answered by the step that sees the end', async () => {
  const arn = await started();
  await create(arn);
  expect(h.receiver.answers).toEqual([]);
  expect(await fake.step(1)).toMatchObject({ Answered: false });
  await cancel(arn);
  await reached(arn, 'ERROR');
  await fake.step(2);
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: LINK_ID, Reason: expect.stringContaining(`${arn} was cancelled (`) });
  expect(h.receiver.last().Reason).toContain('after --no-rollback change what is transferred or a trigger as well, because only then the task is started again.');
});

test('a link of an execution that has failed already fails at once with the reason', async () => {
  const arn = await started();
  await cancel(arn);
  await reached(arn, 'ERROR');
  await create(arn);
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: LINK_ID, Reason: expect.stringContaining(`${arn} was cancelled (`) });
});

describe('when its 50 minutes are over', () => {
  test('a link that has a next one succeeds, and the execution runs on', async () => {
    const arn = await started();
    await create(arn);
    expect(await fake.step(49.9)).toMatchObject({ Answered: false, Pause: expect.any(Number) });
    expect(await fake.step(50)).toMatchObject({ Answered: true });
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', Data: { TaskExecutionArn: arn } });
    expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(arn));
    await cancel(arn);
  });

  test('the last link goes on until its execution has had its time, then cancels it and fails', async () => {
    const arn = await started();
    await create(arn, { HasNext: undefined, CompletionTimeout: String(52 * 60) });
    expect(await fake.step(51)).toMatchObject({ Answered: false });
    expect(await fake.step(52)).toMatchObject({ Answered: true });
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/was still [A-Z]+ after 52 minutes: .*It was cancelled\./) });
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
  });
});

test('a link whose execution has had its time ends the wait, whichever link it is', async () => {
  const arn = await started();
  await create(arn, { CompletionTimeout: '600' });
  expect(await fake.step(10)).toMatchObject({ Answered: true });
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED' });
});

test('with CONTINUE each link succeeds when the time is up, and the execution runs on', async () => {
  const arn = await started();
  await create(arn, { CompletionTimeout: '600', OnTimeout: 'CONTINUE' });
  await fake.step(10);
  expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', Data: { TaskExecutionArn: arn, Status: await h.statusOf(arn) } });
  await cancel(arn);
});

test('an execution of somebody else that the start was attached to is left alone when the time is up', async () => {
  const arn = await h.startByOthers(await h.makeTask({ slow: true }));
  await create(arn, { CompletionTimeout: '600' });
  await fake.step(10);
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('It goes on running, as somebody else started it') });
  expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(arn));
  await cancel(arn);
});

describe('an Update of a link', () => {
  const update = (now: object, before: object) => deliver(link('Update', { ResourceProperties: now, OldResourceProperties: before }));

  test('to another execution waits for that one, under the same id', async () => {
    const [before, arn] = [await started(), await started()];
    await update(properties(arn), properties(before));
    expect(h.receiver.answers).toEqual([]);
    expect(fake.begun.Request).toMatchObject({ PhysicalResourceId: LINK_ID, Subject: { TaskExecutionArn: arn, Owner: OWNER } });
    await Promise.all([cancel(before), cancel(arn)]);
  });

  test('that changes only how long is waited answers at once', async () => {
    const arn = await started();
    await update(properties(arn, { CompletionTimeout: '7200' }), properties(arn));
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: LINK_ID, Data: { TaskExecutionArn: arn } });
    expect(fake.starts).toEqual([]);
    await cancel(arn);
  });

  test('that repeats one that was given up waits for the end as that one did', async () => {
    const arn = await started();
    await update(properties(arn), properties(arn));
    expect(h.receiver.answers).toEqual([]);
    expect(fake.begun.Request).toMatchObject({ PhysicalResourceId: LINK_ID, Subject: { TaskExecutionArn: arn } });
    await cancel(arn);
    await reached(arn, 'ERROR');
    await update(properties(arn), properties(arn));
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: LINK_ID, Reason: expect.stringContaining(`${arn} was cancelled (`) });
  });

  test.each(['an ARN', 'no ARN'])('in a rollback stops the waits of the link and answers at once, with %s', async kind => {
    const arn = await started();
    await create(arn);
    Object.assign(h.stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
    await update(properties(kind === 'an ARN' ? arn : 'nonsense', { OnTimeout: 'nonsense' }), properties(arn));
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: LINK_ID, Data: { Status: expect.any(String) } });
    expect(fake.stopped).toHaveLength(1);
    expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(arn));
    await cancel(arn);
  });
});

test('an execution that the service has forgotten is told of as unknown', async () => {
  const gone = `${await h.makeTask()}/execution/exec-0123456789abcdef0`;
  await create(gone);
  expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', Data: { TaskExecutionArn: gone, Status: 'unknown' } });
});

test('a second delivery of a link that is waited for does nothing', async () => {
  const arn = await started();
  const event = link('Create', { ResourceProperties: properties(arn) });
  await deliver(event);
  await deliver(event);
  expect(fake.starts).toHaveLength(1);
  expect(h.receiver.answers).toEqual([]);
  await cancel(arn);
});

test('properties that cannot be right fail with all of them', async () => {
  await create('nonsense', { OnTimeout: 'LATER', CompletionTimeout: '43201' });
  expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: LINK_ID });
  expect(h.receiver.last().Reason).toMatch(/TaskExecutionArn must be the ARN of an execution.*CompletionTimeout must be a whole number of seconds, at most 43200.*OnTimeout must be one of/);
});

describe('a Delete of a link', () => {
  test.each<[string, object, number]>([
    ['that goes with its stack stops its wait', { status: 'DELETE_IN_PROGRESS' }, 1],
    ['in a rollback stops its wait', { status: 'ROLLBACK_IN_PROGRESS' }, 1],
    ['of an earlier operation leaves the wait of a later one', { status: 'UPDATE_IN_PROGRESS', lastUpdatedTime: Date.now() - 10 * MINUTE }, 0],
  ])('%s, and never touches the execution', async (_, stack, count) => {
    const arn = await started();
    await create(arn);
    Object.assign(h.stack, stack);
    await deliver(link('Delete', { ResourceProperties: properties(arn) }));
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: LINK_ID });
    expect(fake.stopped).toHaveLength(count);
    expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(arn));
    await cancel(arn);
  });
});

test('a start that links wait for cancels the one before at once, so that the links do not wait behind it', async () => {
  const taskArn = await h.makeTask({ slow: true });
  const now = h.properties(taskArn, { WaitsForEnd: 'true' });
  const { PhysicalResourceId: before } = await deliver(h.event('Create', { ResourceProperties: now }));
  const answer = await deliver(h.event('Update', { PhysicalResourceId: before, ResourceProperties: { ...now, Triggers: { a: '2' } }, OldResourceProperties: now }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { TaskExecutionArn: answer.PhysicalResourceId } });
  expect(answer.PhysicalResourceId).not.toBe(before);
  expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(before));
  await cancel(answer.PhysicalResourceId);
});
