import { createServer } from 'node:http';
import { DescribeTaskCommand, DescribeTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { Harness, TestServer } from './harness';
import { lambdaContext, listen, nextSecond, quickServices, startHarness } from './harness';
import { ScheduledDate } from '../../../src';
import type { InvocationContext } from '../../../src/custom-resource/invocation';
import { TAG_OWNER, TAG_REQUEST } from '../../../src/task-execution/contract';
import { handleSchedule } from '../../../src/task-execution/handler/schedule';
import { finished } from '../../support/emulator';

const SCHEDULE_ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Hourly';

let h: Harness;
let parameters: TestServer;
let written: Array<{ target?: string; body: { Name: string; Value: string } }> = [];
let refusals = 0;
let kept = 'none';
/** What another function writes between the next write and the look before it. */
let writtenBefore: string | undefined;
beforeAll(async () => {
  h = await startHarness();
  parameters = await listen(createServer((request, response) => {
    let body = '';
    request.on('data', chunk => body += chunk).on('end', () => {
      if (refusals-- > 0) return response.writeHead(400).end('{"__type":"com.amazonaws.ssm#AccessDeniedException","Message":"not yet"}');
      const { Name, Value } = JSON.parse(body);
      if (Value === undefined) {
        const versions = [kept, ...written.map(write => write.body.Value)];
        const [, version = versions.length] = Name.split(':');
        return response.writeHead(200).end(JSON.stringify({ Parameter: { Name, Value: versions[version - 1], Version: Number(version) } }));
      }
      if (writtenBefore) written.push({ body: { Name, Value: writtenBefore } });
      writtenBefore = undefined;
      written.push({ target: String(request.headers['x-amz-target']), body: JSON.parse(body) });
      return response.writeHead(200).end('{"Version":1}');
    });
  }));
  process.env.AWS_ENDPOINT_URL_SSM = parameters.url;
});
afterAll(async () => {
  await parameters.close();
  await h.close();
});
beforeEach(() => {
  written = [];
  refusals = 0;
  kept = 'none';
});

function payload(TaskArn: string, more: Record<string, unknown> = {}) {
  return { TaskArn, IfRunning: 'QUEUE', ScheduleArn: SCHEDULE_ARN, ScheduledTime: new Date().toISOString(), ...more };
}

function deliver(event: unknown, context: Partial<InvocationContext> = {}) {
  return handleSchedule(event, lambdaContext(context), quickServices(h.client));
}

test('a start on schedule starts one execution, owned by the schedule, and gives its ARN', async () => {
  const taskArn = await h.makeTask();
  const event = payload(taskArn, { OverrideOptions: { BytesPerSecond: '1048576' } });
  const { TaskExecutionArn } = await deliver(event);
  expect(await h.executions(taskArn)).toEqual([TaskExecutionArn]);
  expect(await h.tagsOf(TaskExecutionArn)).toEqual({ [TAG_OWNER]: SCHEDULE_ARN, [TAG_REQUEST]: `${SCHEDULE_ARN}@${event.ScheduledTime}` });
  expect(written).toEqual([]);
});

test.each([true, false])('one scheduled time delivered again and again starts once (task slow: %s)', async slow => {
  const taskArn = await h.makeTask({ slow });
  const event = payload(taskArn);
  const first = await deliver(event);
  if (!slow) await finished(h.client, first.TaskExecutionArn);
  expect(await deliver(event)).toEqual(first);
  expect(await deliver(event)).toEqual(first);
  expect(await h.executions(taskArn)).toEqual([first.TaskExecutionArn]);
});

test('one scheduled time delivered five times at once starts once', async () => {
  const taskArn = await h.makeTask({ slow: true });
  const event = payload(taskArn);
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => deliver(event)));
  expect(await h.executions(taskArn)).toEqual([results[0].TaskExecutionArn]);
  expect(new Set(results.map(({ TaskExecutionArn }) => TaskExecutionArn)).size).toBe(1);
});

test('a late delivery finds its execution although others have started since', async () => {
  const taskArn = await h.makeTask();
  const event = payload(taskArn);
  const first = await deliver(event);
  await finished(h.client, first.TaskExecutionArn);
  const ofOthers = await h.startByOthers(taskArn);
  await finished(h.client, ofOthers);
  expect(await deliver(event)).toEqual(first);
  expect(await h.executions(taskArn)).toHaveLength(2);
});

test('different scheduled times start different executions', async () => {
  const taskArn = await h.makeTask();
  const now = Date.now();
  const arns: string[] = [];
  for (const minute of [0, 1, 2]) {
    const { TaskExecutionArn } = await deliver(payload(taskArn, { ScheduledTime: new Date(now - minute * 60_000).toISOString() }));
    await finished(h.client, TaskExecutionArn);
    arns.push(TaskExecutionArn);
  }
  expect(new Set(arns).size).toBe(3);
  expect(await h.executions(taskArn)).toHaveLength(3);
});

test('different schedules of one task start different executions at the same time', async () => {
  const taskArn = await h.makeTask();
  const event = payload(taskArn);
  const first = await deliver(event);
  await finished(h.client, first.TaskExecutionArn);
  const second = await deliver({ ...event, ScheduleArn: `${SCHEDULE_ARN}2` });
  expect(second).not.toEqual(first);
});

test('a scheduler that fills nothing in is told apart by the request id of Lambda, which its retries keep', async () => {
  const taskArn = await h.makeTask();
  const event = payload(taskArn, { ScheduleArn: '<aws.scheduler.schedule-arn>', ScheduledTime: '<aws.scheduler.scheduled-time>' });
  const first = await deliver(event, { awsRequestId: 'request-1' });
  await finished(h.client, first.TaskExecutionArn);
  expect(await deliver(event, { awsRequestId: 'request-1' })).toEqual(first);
  expect(await deliver(event, { awsRequestId: 'request-2' })).not.toEqual(first);
  expect(await h.tagsOf(first.TaskExecutionArn)).toMatchObject({ [TAG_OWNER]: lambdaContext().invokedFunctionArn });
});

test('a start on schedule keeps the ARN in the parameter, once it is allowed to', async () => {
  const taskArn = await h.makeTask();
  refusals = 3;
  const { TaskExecutionArn } = await deliver(payload(taskArn, { ParameterName: '/seed/latest' }));
  expect(written).toEqual([{
    target: 'AmazonSSM.PutParameter',
    body: { Name: '/seed/latest', Value: TaskExecutionArn, Type: 'String', Overwrite: true },
  }]);
});

test('a parameter that cannot be written fails the invocation, and the next delivery writes it without another start', async () => {
  const taskArn = await h.makeTask();
  refusals = Infinity;
  const event = payload(taskArn, { ParameterName: '/seed/latest' });
  await expect(deliver(event)).rejects.toThrow(
    'ssm:GetParameter failed for /seed/latest: AccessDeniedException: not yet. Allow ssm:GetParameter to the role of the function');
  refusals = 0;
  const { TaskExecutionArn } = await deliver(event);
  expect(written.at(-1)?.body.Value).toBe(TaskExecutionArn);
  expect(await h.executions(taskArn)).toEqual([TaskExecutionArn]);
});

test('the parameter keeps the ARN of a later execution', async () => {
  const taskArn = await h.makeTask();
  const late = payload(taskArn);
  const { TaskExecutionArn: earlier } = await deliver(late);
  await finished(h.client, earlier);
  await nextSecond();
  kept = (await deliver(payload(taskArn, { ScheduledTime: new Date(Date.now() + 1_000).toISOString() }))).TaskExecutionArn;
  await finished(h.client, kept);
  expect(await deliver({ ...late, ParameterName: '/seed/latest' })).toEqual({ TaskExecutionArn: earlier });
  expect(written).toEqual([]);
});

test('the parameter gives up the ARN of a later execution of another task', async () => {
  const taskArn = await h.makeTask();
  const late = payload(taskArn);
  const { TaskExecutionArn: own } = await deliver(late);
  await finished(h.client, own);
  await nextSecond();
  kept = await h.startByOthers(await h.makeTask());
  await finished(h.client, kept);
  expect(await deliver({ ...late, ParameterName: '/seed/latest' })).toEqual({ TaskExecutionArn: own });
  expect(written.map(({ body }) => body.Value)).toEqual([own]);
});

test('the parameter gets back the ARN of a later execution that was written between look and write', async () => {
  const taskArn = await h.makeTask();
  const late = payload(taskArn);
  const { TaskExecutionArn: earlier } = await deliver(late);
  await finished(h.client, earlier);
  await nextSecond();
  const { TaskExecutionArn: later } = await deliver(payload(taskArn, { ScheduledTime: new Date(Date.now() + 1_000).toISOString() }));
  await finished(h.client, later);
  writtenBefore = later;
  expect(await deliver({ ...late, ParameterName: '/seed/latest' })).toEqual({ TaskExecutionArn: earlier });
  expect(written.map(({ body }) => body.Value)).toEqual([later, earlier, later]);
});

test('a task that stays UNAVAILABLE is given up after two minutes, with a dozen looks at most', async () => {
  const taskArn = await h.makeTask();
  let looks = 0;
  const send = async (command: object, options: object) => {
    const answer = await h.client.send(command as never, options) as object;
    if (!(command instanceof DescribeTaskCommand)) return answer;
    looks++;
    return { ...answer, Status: 'UNAVAILABLE' };
  };
  const services = quickServices({ send } as never);
  const began = services.now();
  await expect(handleSchedule(payload(taskArn), lambdaContext(), services)).rejects.toThrow(
    `${taskArn} was not started because it was not AVAILABLE within 120 s; it is UNAVAILABLE (an agent of its locations may be offline)`);
  expect(services.now() - began).toBeLessThan(130_000);
  expect(looks).toBeLessThanOrEqual(14);
});

test('IfRunning ATTACH gives the execution in progress, FAIL fails with it', async () => {
  const taskArn = await h.makeTask({ slow: true });
  const ofOthers = await h.startByOthers(taskArn);
  expect(await deliver(payload(taskArn, { IfRunning: 'ATTACH' }))).toEqual({ TaskExecutionArn: ofOthers });
  await expect(deliver(payload(taskArn, { IfRunning: 'FAIL' }))).rejects.toThrow(`its execution ${ofOthers} is `);
  expect(await h.executions(taskArn)).toEqual([ofOthers]);
});

test.each<[string, Record<string, unknown> | undefined, string]>([
  ['nothing', undefined, 'the payload must be an object, got nothing'],
  ['a wrong time', { ScheduledTime: 'noon' }, 'ScheduledTime must be a date and time such as 2026-01-31T12:00:00Z, got "noon"'],
  ['an empty parameter name', { ParameterName: '' }, 'ParameterName must be a text that is not empty, got ""'],
])('a payload with %s fails and says so, without a stack trace', async (_, more, text) => {
  const taskArn = await h.makeTask();
  const failure = await deliver(more && payload(taskArn, more)).then(() => undefined, error => error as Error);
  expect(failure?.message).toContain(text);
  expect(failure?.stack).toBeUndefined();
  expect(await h.executions(taskArn)).toEqual([]);
});

test('the function ends before its time is up, whatever hangs', async () => {
  const taskArn = await h.makeTask();
  const services = quickServices({ send: () => new Promise<never>(() => {}) } as never);
  const context = lambdaContext({ getRemainingTimeInMillis: () => 200 });
  await expect(handleSchedule(payload(taskArn), context, services)).rejects.toThrow(
    `Time is up: the function's time was nearly up while looking whether ${taskArn} has been started for this request before.`);
});

test('IfRunning.WAIT waits two minutes for the one before, with a few dozen calls, then names it', async () => {
  const taskArn = await h.makeTask({ slow: true });
  const { TaskExecutionArn: before } = await deliver(payload(taskArn, { ScheduledTime: '2026-01-31T11:00:00Z' }));
  let calls = 0;
  const send = (command: object, options: object) => {
    calls++;
    return h.client.send(command as never, options);
  };
  const services = quickServices(h.client, { datasync: { send } as never });
  await expect(handleSchedule(payload(taskArn, { IfRunning: 'WAIT' }), lambdaContext(), services))
    .rejects.toThrow(`after 120 s of waiting, which is all that ifRunning WAIT does, its execution ${before} is `);
  expect(calls).toBeLessThan(40);
  expect(await h.executions(taskArn)).toEqual([before]);
});

describe('a date in a filter', () => {
  const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: `/logs/${ScheduledDate.format('yyyy/MM/dd', { offset: { days: -1 } })}` }];
  const includesOf = async (arn: string) => (await h.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }))).Includes?.[0].Value;

  test('is that of the scheduled time in the zone of the schedule, however late the start comes', async () => {
    const event = payload(await h.makeTask(), { Includes, ScheduledTime: '2026-02-28T23:30:00Z', TimeZone: 'Europe/Berlin' });
    const { TaskExecutionArn } = await deliver(event);
    expect(await includesOf(TaskExecutionArn)).toBe('/logs/2026/02/28');
  });

  test('is that of now where a local scheduler does not fill in the time, and elsewhere an error', async () => {
    const event = payload(await h.makeTask(), { Includes, ScheduledTime: '<aws.scheduler.scheduled-time>' });
    const { TaskExecutionArn } = await deliver(event);
    expect(await includesOf(TaskExecutionArn)).toMatch(/^\/logs\/\d{4}\/\d\d\/\d\d$/);
    const endpoint = process.env.AWS_ENDPOINT_URL_DATASYNC;
    delete process.env.AWS_ENDPOINT_URL_DATASYNC;
    await expect(deliver(event)).rejects.toThrow('which the scheduler did not fill in. Invoke the function with a ScheduledTime such as 2026-01-31T12:00:00Z.');
    process.env.AWS_ENDPOINT_URL_DATASYNC = endpoint;
  });

  test('stands in the key of a manifest and the prefix of reports as well', async () => {
    const date = ScheduledDate.format('yyyy-MM-dd');
    const S3 = { S3BucketArn: 'arn:aws:s3:::lists', BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/Lists' };
    const sent: any[] = [];
    const send = (command: any, options: any) => {
      if (command.constructor.name === 'StartTaskExecutionCommand') sent.push(command.input);
      return sent.length > 0 ? Promise.reject(new Error('it is seen')) : h.client.send(command, options);
    };
    await expect(handleSchedule(payload(await h.makeTask(), {
      ManifestConfig: { Source: { S3: { ...S3, ManifestObjectPath: `lists/${date}.csv` } } },
      TaskReportConfig: { OutputType: 'SUMMARY_ONLY', Destination: { S3: { ...S3, Subdirectory: `reports/${date}/` } } },
      ScheduledTime: '2026-02-28T23:30:00Z',
    }), lambdaContext(), quickServices(h.client, { datasync: { send } as never }))).rejects.toThrow('it is seen');
    expect(sent[0].ManifestConfig.Source.S3.ManifestObjectPath).toBe('lists/2026-02-28.csv');
    expect(sent[0].TaskReportConfig.Destination.S3.Subdirectory).toBe('reports/2026-02-28/');
  });

  test('in no zone that there is fails', async () => {
    await expect(deliver(payload(await h.makeTask(), { Includes, TimeZone: 'Mars/Olympus' }))).rejects.toThrow('TimeZone must be a time zone such as Europe/Berlin, got "Mars/Olympus"');
  });
});
