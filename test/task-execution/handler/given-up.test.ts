import { DescribeTaskCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Harness } from './harness';
import { lambdaContext, quickServices, startHarness } from './harness';
import type { TaskUnavailability } from '../../../emulator';
import { handleEvent } from '../../../src/task-execution/handler/deploy';

const MINUTE = 60_000;

let h: Harness;
let unavailability: TaskUnavailability | undefined;
beforeAll(async () => { h = await startHarness({ unavailabilityOf: () => unavailability }); });
afterAll(() => h.close());
beforeEach(() => {
  unavailability = undefined;
  h.reset();
});

/** Delivers a request that waits for its task; meanwhile CloudFormation gives it up; then the task becomes available. */
async function deliverGivenUp(event: CloudFormationCustomResourceEvent, status: TaskUnavailability['status'], meanwhile: () => Promise<unknown>): Promise<void> {
  unavailability = { status };
  let looks = 0;
  const send = async (command: object, options: object) => {
    if (command instanceof DescribeTaskCommand && ++looks === 2) {
      unavailability = undefined;
      await meanwhile();
    }
    return h.client.send(command as never, options);
  };
  await h.deliver(event, { datasync: { send } as never });
  expect(looks).toBeGreaterThanOrEqual(2);
}

test('a delivery that comes so late that a start could not be looked after starts nothing, and says so', async () => {
  const taskArn = await h.makeTask();
  const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }, Date.now() - 17 * MINUTE + 45_000));
  expect(answer).toMatchObject({ Status: 'FAILED' });
  expect(answer.Reason).toContain("Time is up: the function's time was nearly up while starting");
  expect(await h.executions(taskArn)).toEqual([]);
});

describe('a request that CloudFormation gives up while it waits for the task starts nothing', () => {
  test('a Create, whose Delete with an id that CloudFormation made up has been answered', async () => {
    h.stack.status = 'CREATE_IN_PROGRESS';
    const taskArn = await h.makeTask();
    const properties = h.properties(taskArn);
    const create = h.event('Create', { ResourceProperties: properties });
    await deliverGivenUp(create, 'CREATING', async () => {
      h.stack.status = 'ROLLBACK_IN_PROGRESS';
      const answer = await h.deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties: properties }));
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
      h.stack.status = 'ROLLBACK_COMPLETE';
    });
    expect(await h.executions(taskArn)).toEqual([]);
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `not-started:${create.RequestId}` });
    expect(h.receiver.last().Reason).toContain('the stack is ROLLBACK_COMPLETE');
  });

  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS'])('an Update that deletes at the destination, when the stack is %s by then', async status => {
    const taskArn = await h.makeTask();
    const before = h.properties(taskArn);
    const properties = { ...before, OverrideOptions: { PreserveDeletedFiles: 'REMOVE' } };
    const { PhysicalResourceId } = await h.deliver(h.event('Create', { ResourceProperties: before }));
    await deliverGivenUp(h.event('Update', { PhysicalResourceId, OldResourceProperties: before, ResourceProperties: properties }), 'UNAVAILABLE', async () => {
      h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
      await h.deliver(h.event('Update', { PhysicalResourceId, OldResourceProperties: properties, ResourceProperties: before }));
      h.stack.status = status;
    });
    expect(await h.executions(taskArn)).toEqual([PhysicalResourceId]);
  });

  test('an Update, when the stack is UPDATE_IN_PROGRESS of another operation by then', async () => {
    Object.assign(h.stack, { operation: 'u-1', lastUpdatedTime: Date.now() - MINUTE });
    const taskArn = await h.makeTask();
    const before = h.properties(taskArn);
    const { PhysicalResourceId } = await h.deliver(h.event('Create', { ResourceProperties: before }));
    const update = h.event('Update', { PhysicalResourceId, OldResourceProperties: before, ResourceProperties: { ...before, Triggers: { data: '2' } } });
    await deliverGivenUp(update, 'UNAVAILABLE', async () => { h.stack.operation = 'u-2'; });
    expect(await h.executions(taskArn)).toEqual([PhysicalResourceId]);
    expect(h.receiver.last().Reason).toContain('is in another operation than the one that asked for the start');
  });
});

test('a delivery that Lambda held back for 34 minutes does nothing, and answers nothing', async () => {
  const taskArn = await h.makeTask();
  await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }, Date.now() - 34 * MINUTE));
  expect(await h.executions(taskArn)).toEqual([]);
  expect(h.receiver.answers).toEqual([]);
});

test('an Update during DELETE_IN_PROGRESS starts nothing', async () => {
  const taskArn = await h.makeTask();
  const before = h.properties(taskArn);
  const { PhysicalResourceId } = await h.deliver(h.event('Create', { ResourceProperties: before }));
  h.stack.status = 'DELETE_IN_PROGRESS';
  await h.deliver(h.event('Update', { PhysicalResourceId, OldResourceProperties: before, ResourceProperties: { ...before, Triggers: { data: '2' } } }));
  expect(await h.executions(taskArn)).toEqual([PhysicalResourceId]);
});

describe('a start whose outcome stays unclear for so long that it is given up', () => {
  /** Fails for five minutes; the last attempt has its effect all the same. */
  function unclear(lastStarts: boolean) {
    let first: number | undefined;
    const send = async (command: object, options: object) => {
      if (!(command instanceof StartTaskExecutionCommand)) return h.client.send(command as never, options);
      first ??= services.now();
      if (lastStarts && services.now() - first >= 5 * MINUTE) await h.client.send(command, options);
      throw Object.assign(new Error('internal error'), { name: 'InternalException', $metadata: { httpStatusCode: 500 } });
    };
    const services = quickServices({ send } as never);
    return services;
  }

  test('is looked for once more, and taken if it is there', async () => {
    const taskArn = await h.makeTask({ slow: true });
    await handleEvent(h.event('Create', { ResourceProperties: h.properties(taskArn) }), lambdaContext(), unclear(true));
    const [arn, ...others] = await h.executions(taskArn);
    expect(others).toEqual([]);
    expect(h.receiver.last()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
  });

  test('fails with an id of its own if it is not, so that CloudFormation sends a Delete for what may turn up', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const properties = h.properties(taskArn);
    const event = h.event('Create', { ResourceProperties: properties });
    await handleEvent(event, lambdaContext(), unclear(false));
    expect(h.receiver.last()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `not-started:${event.RequestId}` });
    expect(h.receiver.last().Reason).toContain('datasync:StartTaskExecution failed');
  });
});
