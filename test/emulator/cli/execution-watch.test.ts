import { CancelTaskExecutionCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { watchExecution } from '../../../emulator/cli/execution-watch';
import { parseTaskArn } from '../../../emulator/cli/task-arn';
import { findTaskEndpoint } from '../../../emulator/cli/task-endpoint';
import type { ApiError } from '../../../emulator/faults/plan';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
let task: string;
beforeAll(async () => {
  emulator = await startTestEmulator();
  ({ task } = await createNfsToEfsTask(emulator));
  emulator.write(`${SOURCE_FOLDER}/file`, Buffer.alloc(3_000_000));
});
afterAll(() => emulator.close());
beforeEach(() => emulator.faults.replace({ faults: [] }));

async function start(): Promise<string> {
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, OverrideOptions: { TransferMode: 'ALL' } }));
  return TaskExecutionArn!;
}

/** How DescribeTaskExecution fails. The client of the SDK tries three times before it says so. */
function failing(times: number, error: Partial<ApiError>): void {
  emulator.faults.replace({ faults: [{ kind: 'apiError', operations: ['DescribeTaskExecution'], times, ...error }] });
}

interface Watched {
  readonly statuses: string[];
  readonly problems: string[];
  /** Those that were made, in milliseconds; nobody waits. */
  readonly pauses: number[];
  readonly end: Promise<unknown>;
}

interface WatchSettings {
  readonly isAws?: boolean;
  readonly onPause?: (count: number) => unknown;
}

async function watch(arn: string, { isAws = false, onPause = () => {} }: WatchSettings = {}): Promise<Watched> {
  const where = { ...await findTaskEndpoint(parseTaskArn(task), { endpoint: emulator.url }), isAws };
  const [statuses, problems, pauses]: [string[], string[], number[]] = [[], [], []];
  const end = watchExecution({
    where,
    arn,
    signal: new AbortController().signal,
    onLook: ({ Status }) => statuses.push(Status!),
    onProblem: line => problems.push(line),
    pause: async ms => {
      pauses.push(ms);
      await onPause(pauses.length);
    },
  });
  end.catch(() => undefined);
  return { statuses, problems, pauses, end };
}

/** Far too slow to end by itself. */
async function startSlow(): Promise<string> {
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({
    TaskArn: task, OverrideOptions: { TransferMode: 'ALL', BytesPerSecond: 1 },
  }));
  return TaskExecutionArn!;
}

test('an execution is looked at until it has ended, every five seconds in AWS and twice a second elsewhere', async () => {
  for (const [isAws, interval] of [[true, 5_000], [false, 500]] as const) {
    const arn = await start();
    const { statuses, pauses, problems, end } = await watch(arn, { isAws });
    expect(await end).toMatchObject({ TaskExecutionArn: arn, Status: 'SUCCESS' });
    expect(statuses.at(-1)).toBe('SUCCESS');
    expect(new Set([...pauses, interval])).toEqual(new Set([interval]));
    expect(problems).toEqual([]);
  }
});

test('an execution that has ended is looked at once', async () => {
  const arn = await start();
  await finished(emulator.client, arn);
  const { statuses, pauses, end } = await watch(arn);
  await end;
  expect([statuses, pauses]).toEqual([['SUCCESS'], []]);
});

test.each<[string, Partial<ApiError>, RegExp]>([
  ['throttling', {}, /is asked too often \(ThrottlingException: .*\)\. Looking again in 5 s$/],
  ['errors of the service', { error: 'InternalException' }, /does not answer \(InternalException: .*\);.*\. Looking again in 5 s$/],
  ['the end of the credentials', { error: 'ExpiredTokenException', message: 'The security token included in the request is expired' },
    /^the AWS credentials have expired \(ExpiredTokenException: .*\); sign in again.*\. Looking again in 5 s$/],
])('the watch survives %s, and says so', async (_, error, line) => {
  const arn = await startSlow();
  const { problems, statuses, end } = await watch(arn, {
    isAws: true,
    onPause: async count => {
      if (count === 1) failing(error.error === 'ExpiredTokenException' ? 1 : 3, error);
      if (count === 3) await cancel(arn);
    },
  });
  await end;
  expect(problems).toEqual([expect.stringMatching(line), 'It answers again']);
  expect(statuses.at(-1)).toBe('ERROR');
});

test('the pauses get longer, up to a minute, and after a quarter of an hour it gives up', async () => {
  const arn = await startSlow();
  const { pauses, problems, end } = await watch(arn, {
    isAws: true, onPause: count => { if (count === 1) failing(1_000_000, { error: 'ExpiredTokenException', message: 'expired' }); },
  });
  await expect(end).rejects.toThrow('the AWS credentials have expired');
  expect(pauses.slice(1, 8)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  expect(pauses.slice(1).reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(14 * 60_000);
  expect(problems).toHaveLength(pauses.length - 1);
  await cancel(arn);
});

test('what has never answered is an error at once, but for throttling', async () => {
  const arn = await start();
  failing(3, { error: 'InternalException' });
  await expect((await watch(arn)).end).rejects.toThrow('does not answer');
  failing(3, {});
  const { problems, end } = await watch(arn);
  await end;
  expect(problems).toEqual([expect.stringMatching(/is asked too often/), 'It answers again']);
});

test('a permission that is taken away ends the watch', async () => {
  const arn = await startSlow();
  const { end } = await watch(arn, { onPause: count => { if (count === 1) failing(1, { error: 'AccessDeniedException' }); } });
  await expect(end).rejects.toThrow(`allow datasync:DescribeTaskExecution on ${arn}`);
  await cancel(arn);
});

async function cancel(TaskExecutionArn: string): Promise<void> {
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
}
