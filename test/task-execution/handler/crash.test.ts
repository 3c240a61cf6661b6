import { createServer } from 'node:http';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { CrashingProcess } from './crash-injection';
import { crashEverywhere } from './crash-injection';
import type { Harness, TestServer } from './harness';
import { lambdaContext, listen, quickServices, startHarness } from './harness';
import type { Services } from '../../../src/task-execution/handler/datasync/services';
import { handleEvent } from '../../../src/task-execution/handler/deploy';
import { handleSchedule } from '../../../src/task-execution/handler/schedule';
import { finished } from '../../support/emulator';

jest.setTimeout(120_000); // some dozens of crashes each

let h: Harness;
let impeded = new Map<string, number>();
beforeAll(async () => {
  // A process that is gone takes its timers along; the test's own process must not wait for them.
  const start = global.setTimeout;
  jest.spyOn(global, 'setTimeout').mockImplementation(((callback: () => void, milliseconds?: number) => {
    const timer = start(callback, milliseconds);
    return (milliseconds ?? 0) > 60_000 ? timer.unref() : timer;
  }) as typeof setTimeout);
  h = await startHarness({
    unavailabilityOf: arn => {
      const left = impeded.get(arn) ?? 0;
      impeded.set(arn, left - 1);
      return left > 0 ? { status: 'CREATING' } : undefined;
    },
  });
});
afterAll(() => h.close());

/** Delivers an event to a process that crashes at some point, then to one that crashes at the same point again, then to one that lives. */
async function deliverCrashing(make: (services: Services) => CrashingProcess, event: CloudFormationCustomResourceEvent): Promise<string | undefined> {
  h.receiver.answers.length = 0;
  let first: string | undefined;
  for (let delivery = 0; delivery < 2; delivery++) {
    const { services, crash } = make(quickServices(h.client));
    const end = await Promise.race([crash, handleEvent(event, lambdaContext(), services).then(() => undefined)]);
    if (delivery === 0) first = end;
    if (end === undefined) break;
  }
  await h.deliver(event);
  return first;
}

/** All answers to one event say the same, so it does not matter which one CloudFormation saw. */
function expectOneAnswer(expected: object): void {
  expect(h.receiver.answers.length).toBeGreaterThanOrEqual(1);
  for (const answer of h.receiver.answers) expect(answer).toEqual(h.receiver.answers[0]);
  expect(h.receiver.answers[0]).toMatchObject({ Status: 'SUCCESS', ...expected });
}

describe('a function that crashes at any await and is delivered the event again', () => {
  test.each(['QUEUE', 'ATTACH', 'FAIL'])('starts one execution on Create with IfRunning %s, of a task that is slow', async IfRunning => {
    const crashes = await crashEverywhere(async make => {
      const taskArn = await h.makeTask({ slow: true });
      const event = h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning }) });
      const crash = await deliverCrashing(make, event);
      const [arn, ...others] = await h.executions(taskArn);
      expect(others).toEqual([]);
      expectOneAnswer({ PhysicalResourceId: arn, Data: { TaskExecutionArn: arn } });
      return crash;
    });
    expect(crashes).toEqual(expect.arrayContaining([
      'before DescribeTaskCommand', 'before StartTaskExecutionCommand', 'after StartTaskExecutionCommand', 'before the answer', 'after the answer',
    ]));
  });

  test('starts one execution on Create of a task that is done at once', async () => {
    await crashEverywhere(async make => {
      const taskArn = await h.makeTask();
      const crash = await deliverCrashing(make, h.event('Create', { ResourceProperties: h.properties(taskArn) }));
      const [arn, ...others] = await h.executions(taskArn);
      expect(others).toEqual([]);
      expectOneAnswer({ PhysicalResourceId: arn });
      return crash;
    });
  });

  test('starts one execution on Create of a task that is still CREATING', async () => {
    const crashes = await crashEverywhere(async make => {
      const taskArn = await h.makeTask();
      impeded = new Map([[taskArn, 4]]);
      const crash = await deliverCrashing(make, h.event('Create', { ResourceProperties: h.properties(taskArn) }));
      const [arn, ...others] = await h.executions(taskArn);
      expect(others).toEqual([]);
      expectOneAnswer({ PhysicalResourceId: arn });
      return crash;
    });
    expect(crashes).toEqual(expect.arrayContaining(['before sleep', 'after sleep', 'after StartTaskExecutionCommand']));
  });

  test('starts one more execution on Update', async () => {
    const crashes = await crashEverywhere(async make => {
      const taskArn = await h.makeTask();
      const properties = h.properties(taskArn);
      const { PhysicalResourceId: old } = await h.deliver(h.event('Create', { ResourceProperties: properties }));
      await finished(h.client, old);
      const crash = await deliverCrashing(make, h.event('Update', {
        PhysicalResourceId: old, OldResourceProperties: properties, ResourceProperties: { ...properties, Triggers: { data: '2' } },
      }));
      const [arn, ...others] = (await h.executions(taskArn)).filter(execution => execution !== old);
      expect(others).toEqual([]);
      expectOneAnswer({ PhysicalResourceId: arn });
      return crash;
    });
    expect(crashes).toEqual(expect.arrayContaining(['after DescribeStacks', 'after StartTaskExecutionCommand']));
  });

  test.each([
    ['of an execution that runs', (arn: string) => arn],
    ['of a create that has failed', (_: string, request: string) => `not-started:${request}`],
  ])('cancels on Delete %s', async (_, physicalId) => {
    const crashes = await crashEverywhere(async make => {
      const taskArn = await h.makeTask({ slow: true });
      const properties = h.properties(taskArn);
      const { PhysicalResourceId: arn, RequestId } = await h.deliver(h.event('Create', { ResourceProperties: properties }));
      const id = physicalId(arn, RequestId);
      const crash = await deliverCrashing(make, h.event('Delete', { PhysicalResourceId: id, ResourceProperties: properties }));
      expect(await h.executions(taskArn)).toEqual([arn]);
      expect(await h.statusOf(arn)).toBe('ERROR');
      expectOneAnswer({ PhysicalResourceId: id });
      return crash;
    });
    expect(crashes).toEqual(expect.arrayContaining(['before CancelTaskExecutionCommand', 'after CancelTaskExecutionCommand']));
  });
});

describe('a scheduled start that crashes at any await and is delivered again', () => {
  let parameters: TestServer;
  const written: Array<{ Name: string; Value: string }> = [];
  beforeAll(async () => {
    parameters = await listen(createServer((request, response) => {
      let body = '';
      request.on('data', chunk => body += chunk).on('end', () => {
        const { Name, Value } = JSON.parse(body);
        if (Value === undefined) return response.writeHead(200).end(JSON.stringify({ Parameter: { Value: written.at(-1)?.Value ?? 'none' } }));
        written.push({ Name, Value });
        return response.writeHead(200).end('{"Version":1}');
      });
    }));
    process.env.AWS_ENDPOINT_URL_SSM = parameters.url;
  });
  afterAll(() => parameters.close());

  test('starts one execution and keeps its ARN', async () => {
    const crashes = await crashEverywhere(async make => {
      const TaskArn = await h.makeTask();
      const payload = {
        TaskArn,
        IfRunning: 'QUEUE',
        ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Hourly',
        ScheduledTime: new Date().toISOString(),
        ParameterName: '/latest',
      };
      written.length = 0;
      const { services, crash } = make(quickServices(h.client));
      const end = await Promise.race([crash, handleSchedule(payload, lambdaContext(), services).then(() => undefined)]);
      const result = await handleSchedule(payload, lambdaContext(), quickServices(h.client));
      expect(await h.executions(TaskArn)).toEqual([result.TaskExecutionArn]);
      expect(written.at(-1)).toEqual({ Name: '/latest', Value: result.TaskExecutionArn });
      return end;
    });
    expect(crashes).toEqual(expect.arrayContaining(['after StartTaskExecutionCommand', 'before PutParameter', 'after PutParameter']));
  });
});
