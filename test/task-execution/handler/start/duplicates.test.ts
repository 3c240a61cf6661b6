import {
  DescribeTaskCommand, DescribeTaskExecutionCommand, ListTaskExecutionsCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { awsServices } from '../../../../src/task-execution/handler/datasync/aws';
import type { Services } from '../../../../src/task-execution/handler/datasync/services';
import { TaskExecutionInvocation } from '../../../../src/task-execution/handler/invocation';
import { handleSchedule } from '../../../../src/task-execution/handler/schedule';
import { keepFirst } from '../../../../src/task-execution/handler/start/duplicates';
import { finished } from '../../../support/emulator';
import { executionArn } from '../fake-history';
import type { Harness } from '../harness';
import { lambdaContext, quickServices, startHarness } from '../harness';

let h: Harness;
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => { h.receiver.answers.length = 0; });

/** A service that takes an equal start while one runs: each has filters of its own, which is all that the emulator compares. */
function withoutRefusal() {
  let starts = 0;
  const send = (command: object, options: object) => {
    if (command instanceof StartTaskExecutionCommand) command.input.Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: ['/b', '/a|/b'][starts++] }];
    return h.client.send(command as never, options);
  };
  return { send } as never;
}

async function stateOf(taskArn: string) {
  const arns = await h.executions(taskArn);
  const statuses = await Promise.all(arns.map(async arn => ({ arn, status: await h.statusOf(arn) })));
  return { pending: statuses.filter(({ status }) => !['CANCELLING', 'ERROR'].includes(status!)).map(({ arn }) => arn), all: arns };
}

describe('two deliveries at the same instant, of which the service takes both starts, leave one execution', () => {
  test('on deploy, which is the answer to both, and to a third', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const datasync = withoutRefusal();
    await Promise.all([h.deliver(event, { datasync }), h.deliver(event, { datasync })]);
    await h.deliver(event);
    const { pending, all } = await stateOf(taskArn);
    expect(all).toHaveLength(2);
    expect(pending).toHaveLength(1);
    expect(h.receiver.answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId])).toEqual(Array(3).fill(['SUCCESS', pending[0]]));
  });

  test('on schedule', async () => {
    const TaskArn = await h.makeTask({ slow: true });
    const payload = {
      TaskArn, IfRunning: 'QUEUE', ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Hourly', ScheduledTime: new Date().toISOString(),
    };
    const datasync = withoutRefusal();
    const results = await Promise.all([1, 2].map(() => handleSchedule(payload, lambdaContext(), quickServices(datasync))));
    const { pending } = await stateOf(TaskArn);
    expect(pending).toHaveLength(1);
    expect(results).toEqual(Array(2).fill({ TaskExecutionArn: pending[0] }));
  });
});

test('a start that was queued behind that of another delivery is one too many although that is over when the lists show it (fake lag)', async () => {
  const taskArn = await h.makeTask();
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
  const first = (await h.deliver(event)).PhysicalResourceId;
  await finished(h.client, first);
  let lists = 0;
  const send = async (command: object, options: object) => {
    if (command instanceof StartTaskExecutionCommand) command.input.OverrideOptions = { BytesPerSecond: 1, TransferMode: 'ALL' };
    const answer: object = await h.client.send(command as never, options);
    if (command instanceof ListTaskExecutionsCommand && lists++ < 2) return { TaskExecutions: [] };
    if (command instanceof DescribeTaskCommand && lists < 2) return { ...answer, Status: 'AVAILABLE', CurrentTaskExecutionArn: undefined };
    return command instanceof DescribeTaskExecutionCommand && lists < 2 ? { ...answer, Status: 'QUEUED' } : answer;
  };
  expect(await h.deliver(event, { datasync: { send } as never })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
  const [second] = (await h.executions(taskArn)).filter(arn => arn !== first);
  expect(['CANCELLING', 'ERROR']).toContain(await h.statusOf(second));
  expect(await h.tagsOf(second)).toMatchObject({ 'cdk-datasync:request': 'duplicate' });
});

test('a delivery that looked, and then waited 12 s for the stack, starts nothing after another delivery, whose execution is over (fake clock)', async () => {
  const taskArn = await h.makeTask();
  const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
  let [looks, late] = [0, 0];
  const stack: Services['stack'] = async (stackId, signal) => {
    if (++looks === 2) { // right before the start
      await finished(h.client, (await h.deliver(event)).PhysicalResourceId);
      late = 12_000;
    }
    return awsServices().stack(stackId, signal);
  };
  await h.deliver(event, { stack, now: () => Date.now() + late });
  expect(await h.executions(taskArn)).toEqual([h.receiver.last().PhysicalResourceId]);
});

test.each<[string, Array<[string, number, string?]>, number | undefined, number[]]>([
  ['none is pending', [], undefined, []],
  ['only others are', [['TRANSFERRING', 1, 'theirs']], undefined, []],
  ['there is one', [['QUEUED', 1]], 0, []],
  ['one has left the queue, though it is younger', [['QUEUED', 1], ['LAUNCHING', 2]], 1, [0]],
  ['both wait: the older one', [['QUEUED', 2], ['QUEUED', 1]], 1, [0]],
  ['both wait since the same second: the smaller ARN', [['QUEUED', 1], ['QUEUED', 1]], 0, [1]],
  ['the older one is about to end', [['CANCELLING', 1], ['QUEUED', 2]], 1, []],
  ['another delivery has marked one, and not cancelled it', [['QUEUED', 1], ['QUEUED', 2, 'duplicate'], ['LAUNCHING', 3, 'duplicate']], 0, [1]],
  ['both run, so that it is too late', [['LAUNCHING', 1], ['TRANSFERRING', 2]], 0, []],
])('what stays, if %s (fake service)', async (_, states, first, cancelled) => {
  const pending = states.map(([status, startTime, request = 'ours'], n) => ({
    arn: executionArn(n), status, startTime, owner: 'owner', request, described: {} as never,
  }));
  const calls: string[][] = [];
  const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: Record<string, any> }) => {
    calls.push([name, input.ResourceArn ?? input.TaskExecutionArn, ...(input.Tags ?? []).map(({ Value }: { Value: string }) => Value)]);
    return {};
  };
  const kept = await keepFirst(new TaskExecutionInvocation(quickServices({ send } as never), lambdaContext()), pending, { owner: 'owner', request: 'ours' });
  expect(kept?.arn).toBe(first === undefined ? undefined : executionArn(first));
  expect(calls.filter(([name]) => name !== 'DescribeTaskExecutionCommand')).toEqual([
    ...cancelled.map(n => ['TagResourceCommand', executionArn(n), 'duplicate']), ...cancelled.map(n => ['CancelTaskExecutionCommand', executionArn(n)]),
  ]);
});
