import { CancelTaskExecutionCommand, DeleteTaskCommand } from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { StackState } from '../../../../src/custom-resource/services';
import { PURPOSE_ON_DELETE, TAG_OWNER, TAG_PURPOSE } from '../../../../src/task-execution/contract';
import type { Services } from '../../../../src/task-execution/handler/datasync/services';
import type { RunOnDelete } from '../../../../src/task-execution/handler/wait/poll-run-on-delete';
import { finished } from '../../../support/emulator';
import { eventually } from '../../../support/eventually';
import type { Harness } from '../harness';
import { created, OWNER, STACK_ID, startHarness } from '../harness';
import { FakeStates, MACHINE } from '../wait/fake-states';

const ROOT_ID = STACK_ID.replace('App', 'Root');
let h: Harness;
const fake = new FakeStates(() => h);
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => {
  fake.reset();
  h.reset();
});

const saving = (more: Record<string, unknown> = {}, how: object = {}) =>
  ({ OnDelete: { Waiter: MACHINE, Timeout: '2700', OnFailure: 'BLOCK', ...how }, ...more });
const deliver = (event: CloudFormationCustomResourceEvent, overrides: Partial<Services> = {}) =>
  h.deliver(event, { states: fake.states, ...overrides });

/** A stack with an execution that has ended, or still runs, and is now being deleted. */
async function deployed(more: Record<string, unknown> = {}, slow = false) {
  const stack = await created(h, { slow }, more);
  if (!slow) await finished(h.client, stack.arn);
  h.stack.status = 'DELETE_IN_PROGRESS';
  const remove = (date?: number) => h.event('Delete', { PhysicalResourceId: stack.arn, ResourceProperties: stack.properties }, date);
  return { ...stack, remove };
}

/** The run that the machine which began last waits for. */
function runOf(index = 0): string {
  return (JSON.parse(fake.starts[index].input).Request.Subject as RunOnDelete).TaskExecutionArn;
}

const others = async (taskArn: string, arn: string) => (await h.executions(taskArn)).filter(other => other !== arn);

describe('the deletion of a stack with OnDelete.run()', () => {
  test('runs the task once more, and succeeds with the id that came in when that has succeeded', async () => {
    const { taskArn, arn, remove } = await deployed(saving({ Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/a' }] }));
    await deliver(remove());
    expect(h.receiver.answers).toEqual([]);
    const run = runOf();
    expect(await others(taskArn, arn)).toEqual([run]);
    expect(await h.tagsOf(run)).toMatchObject({ [TAG_OWNER]: OWNER, [TAG_PURPOSE]: PURPOSE_ON_DELETE });
    await finished(h.client, run);
    expect(await fake.step()).toMatchObject({ Answered: true });
    expect(h.receiver.answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: arn }]);
    expect(h.receiver.last().Data).toBeUndefined();
  });

  test('looks again while it runs', async () => {
    const { arn, remove } = await deployed(saving({ OverrideOptions: { BytesPerSecond: '1' } }), true);
    await deliver(remove());
    expect(await fake.step()).toMatchObject({ Answered: false, Pause: 2 });
    expect(await fake.step(44)).toMatchObject({ Answered: false });
    expect(runOf()).not.toBe(arn);
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: runOf() }));
  });

  test('cancels an execution of the resource that still runs, and runs after it', async () => {
    const { arn, remove } = await deployed(saving(), true);
    await deliver(remove());
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(arn));
    expect(runOf()).not.toBe(arn);
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: runOf() }));
  });

  test.each(['ATTACH', 'FAIL', 'QUEUE'])('with IfRunning.%s waits behind an execution of somebody else', async IfRunning => {
    const { taskArn, arn, remove } = await deployed(saving({ IfRunning }), true);
    const ofOthers = await h.startByOthers(taskArn, '/b');
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
    await deliver(remove());
    expect(runOf()).not.toBe(ofOthers);
    expect(['CANCELLING', 'ERROR', 'SUCCESS']).not.toContain(await h.statusOf(ofOthers));
    for (const TaskExecutionArn of [runOf(), ofOthers]) await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  });

  test('that is delivered twice starts one run and hands it over once', async () => {
    const { taskArn, arn, remove } = await deployed(saving());
    const event = remove();
    await deliver(event);
    await deliver(event);
    expect(await others(taskArn, arn)).toHaveLength(1);
    expect(fake.starts).toHaveLength(1);
  });

  test.each(['still runs', 'has succeeded meanwhile'])('that comes again finds the run of the one before, which %s', async what => {
    const { taskArn, arn, remove } = await deployed(saving(), what === 'still runs');
    await deliver(remove());
    if (what !== 'still runs') await finished(h.client, runOf());
    await deliver(remove());
    expect(fake.starts).toHaveLength(2);
    expect(runOf(1)).toBe(runOf(0));
    expect(await others(taskArn, arn)).toHaveLength(1);
    if (what === 'still runs') await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: runOf() }));
  });

  test('that comes again after the run has failed runs once more', async () => {
    const { remove } = await deployed(saving(), true);
    await deliver(remove());
    const failed = runOf();
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: failed }));
    await eventually(async () => await h.statusOf(failed) === 'ERROR');
    await deliver(remove());
    expect(runOf(1)).not.toBe(failed);
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: runOf(1) }));
  });

  test('that is delivered again after its own run has failed hands that run over, and starts no other', async () => {
    const { taskArn, arn, remove } = await deployed(saving(), true);
    const event = remove(Date.now() - 1_000);
    await deliver(event);
    const failed = runOf();
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: failed }));
    await eventually(async () => await h.statusOf(failed) === 'ERROR');
    await deliver(event);
    expect(await others(taskArn, arn)).toEqual([failed]);
  });

  test('leaves the run alone when another id of the resource is deleted as well', async () => {
    const { properties, remove } = await deployed(saving(), true);
    await deliver(remove());
    const answer = await deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1X2Y3Z', ResourceProperties: properties }));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(runOf()));
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: runOf() }));
  });
});

describe('a run before the deletion', () => {
  /** One that is under way, and slow. */
  async function running(OnFailure: string) {
    const stack = await deployed(saving({}, { OnFailure }), true);
    await deliver(stack.remove());
    await eventually(async () => await h.statusOf(runOf()) === 'TRANSFERRING');
    return { ...stack, run: runOf() };
  }

  test('that fails fails the deletion with its reason and what to do', async () => {
    const { arn, run } = await running('BLOCK');
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: run }));
    await eventually(async () => await h.statusOf(run) === 'ERROR');
    await fake.step();
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(h.receiver.last().Reason).toMatch(/^The run before the deletion did not succeed: .* was cancelled \(.*See https:.*delete the stack again.*--retain-resources.* Log: /);
  });

  test('that has not ended in time fails the deletion and goes on', async () => {
    const { run } = await running('BLOCK');
    await fake.step(45);
    expect(h.receiver.last().Status).toBe('FAILED');
    expect(h.receiver.last().Reason).toMatch(/was still TRANSFERRING after 45 minutes: \d+ of \d+ files.* It goes on running\. Delete the stack again to go on waiting for it/);
    expect(await h.statusOf(run)).toBe('TRANSFERRING');
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: run }));
  });

  test('that has not ended in time is cancelled, and the deletion goes on, with IGNORE', async () => {
    const { arn, run } = await running('IGNORE');
    await fake.step(45);
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(run));
    expect(h.lines.join('\n')).toContain('was still TRANSFERRING after 45 minutes');
  });

  test('that fails with IGNORE is no reason to keep the stack', async () => {
    const { run } = await running('IGNORE');
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: run }));
    await eventually(async () => await h.statusOf(run) === 'ERROR');
    await fake.step();
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS' });
    expect(h.lines.join('\n')).toContain('The run before the deletion did not succeed');
  });

  test('whose task is gone fails the deletion', async () => {
    const { taskArn, remove } = await deployed(saving());
    await deliver(remove());
    await finished(h.client, runOf());
    await h.client.send(new DeleteTaskCommand({ TaskArn: taskArn }));
    await fake.step();
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('the run before the deletion, is gone with its task') });
  });

  test.each([['BLOCK', 'FAILED'], ['IGNORE', 'SUCCESS']])('that cannot be started ends the request, with %s: %s', async (OnFailure, Status) => {
    const { taskArn, remove } = await deployed(saving({}, { OnFailure }));
    await h.client.send(new DeleteTaskCommand({ TaskArn: taskArn }));
    expect(await deliver(remove())).toMatchObject({ Status });
    expect(fake.starts).toEqual([]);
  });

  test.each([['BLOCK', 'FAILED', false], ['IGNORE', 'SUCCESS', true]])('whose end cannot be waited for ends the request, with %s: %s', async (OnFailure, Status, cancelled) => {
    const { taskArn, arn, remove } = await deployed(saving({}, { OnFailure }), true);
    const states: Services['states'] = async (operation, input, signal) => {
      if (operation !== 'StartExecution') return fake.states(operation, input);
      signal.throwIfAborted();
      throw Object.assign(new Error('no such machine'), { name: 'StateMachineDoesNotExist', $metadata: { httpStatusCode: 400 } });
    };
    expect(await deliver(remove(), { states })).toMatchObject({ Status });
    const [run] = await others(taskArn, arn);
    expect(['CANCELLING', 'ERROR'].includes((await h.statusOf(run))!)).toBe(cancelled);
    if (cancelled) return;
    await deliver(remove()); // which finds it
    expect(runOf()).toBe(run);
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: run }));
  });

  test('is the only failure that IGNORE ignores: an execution that cannot be cancelled fails the deletion', async () => {
    const { taskArn, arn, remove } = await deployed(saving({}, { OnFailure: 'IGNORE' }), true);
    const send = async (command: CancelTaskExecutionCommand, options?: object) => {
      if (command instanceof CancelTaskExecutionCommand) throw Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
      return h.client.send(command, options);
    };
    const answer = await deliver(remove(), { datasync: { send } as Services['datasync'] });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('datasync:CancelTaskExecution') });
    expect(await h.executions(taskArn)).toEqual([arn]);
    await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  });

  test.each([['BLOCK', 'FAILED'], ['IGNORE', 'SUCCESS']])('of a stack that cannot be read does not start, with %s: %s', async (OnFailure, Status) => {
    const { taskArn, remove } = await deployed(saving({}, { OnFailure }));
    h.stack.error = { code: 'AccessDenied', http: 403, times: Number.POSITIVE_INFINITY };
    expect(await deliver(remove())).toMatchObject({ Status });
    expect(await h.executions(taskArn)).toHaveLength(1);
  });
});

describe('a Delete with OnDelete.run() is like any other', () => {
  const own = (more: Partial<StackState>): StackState => ({ status: 'DELETE_IN_PROGRESS', ...more });
  test.each<[string, StackState, StackState | undefined]>([
    ['in the rollback of a creation', { status: 'ROLLBACK_IN_PROGRESS' }, undefined],
    ['in the cleanup of an update', { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' }, undefined],
    ['in the rollback of an update', { status: 'UPDATE_ROLLBACK_IN_PROGRESS' }, undefined],
    ['in a create with on-failure DELETE', own({ operationTypes: ['CREATE_STACK'] }), undefined],
    ['in RollbackStack of a stack that was never complete', own({ operationTypes: ['ROLLBACK_STACK', 'CREATE_STACK'] }), undefined],
    ['in a nested stack that an update has made which goes back', own({ rootId: ROOT_ID }), { status: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
    ['in a nested stack whose root is created in vain', own({ rootId: ROOT_ID }), { status: 'DELETE_IN_PROGRESS', operationTypes: ['CREATE_STACK'] }],
  ])('%s: it runs nothing, and cancels what runs', async (_, state, root) => {
    const { taskArn, properties, arn } = await created(h, { slow: true }, saving());
    const stack = async (id: string) => id === ROOT_ID ? root! : state;
    expect(await deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }), { stack })).toMatchObject({ Status: 'SUCCESS' });
    expect(await h.executions(taskArn)).toEqual([arn]);
    expect(await h.statusOf(arn)).toBe('ERROR');
  });

  test.each<[string, StackState, StackState | undefined]>([
    ['of a stack', own({ operationTypes: ['UPDATE_STACK', 'DELETE_STACK'] }), undefined],
    ['of a stack that is its own root', own({ rootId: STACK_ID }), undefined],
    ['of a nested stack with its root', own({ rootId: ROOT_ID }), { status: 'DELETE_IN_PROGRESS', operationTypes: ['DELETE_STACK'] }],
    ['of a nested stack that was taken out of its root', own({ rootId: ROOT_ID }), { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' }],
  ])('but for the deletion %s', async (_, state, root) => {
    const { properties, arn } = await created(h, {}, saving());
    await finished(h.client, arn);
    const stack = async (id: string) => id === ROOT_ID ? root! : state;
    await deliver(h.event('Delete', { PhysicalResourceId: arn, ResourceProperties: properties }), { stack });
    expect(runOf()).not.toBe(arn);
    await finished(h.client, runOf());
  });

  test.each(['not-started:R', 'App-SeedExecution-1X2Y3Z'])('of %s, though the stack is deleted', async PhysicalResourceId => {
    const { taskArn, properties, arn } = await deployed(saving());
    expect(await deliver(h.event('Delete', { PhysicalResourceId, ResourceProperties: properties }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await h.executions(taskArn)).toEqual([arn]);
  });
});

test.each([{ Waiter: 'machine' }, { Timeout: '2701' }, { OnFailure: 'WORRY' }])('a start with %j of OnDelete fails at once, while it can be put right', async wrong => {
  const taskArn = await h.makeTask();
  const answer = await deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, saving({}, wrong)) }));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(Object.keys(wrong)[0]) });
  expect(await h.executions(taskArn)).toEqual([]);
});

test('a request of half an hour ago runs the task: CloudFormation waits for an hour', async () => {
  const { taskArn, arn, remove } = await deployed(saving());
  await deliver(remove(Date.now() - 1_800_000));
  expect(await others(taskArn, arn)).toEqual([runOf()]);
});

test('a request older than an hour does nothing', async () => {
  const { taskArn, remove } = await deployed(saving());
  await deliver(remove(Date.now() - 3_601_000));
  expect(h.receiver.answers).toEqual([]);
  expect(await h.executions(taskArn)).toHaveLength(1);
});
