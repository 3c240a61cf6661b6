import type {
  CreateTaskCommandInput,
  StartTaskExecutionCommandInput,
} from '@aws-sdk/client-datasync';
import {
  CancelTaskExecutionCommand, DescribeTaskCommand, DescribeTaskExecutionCommand, StartTaskExecutionCommand, UpdateLocationNfsCommand,
} from '@aws-sdk/client-datasync';
import type { MutableExecution } from '../../../emulator/lifecycle/execution';
import { ExecutionQueue } from '../../../emulator/lifecycle/queue';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
  emulator.write(`${SOURCE_FOLDER}/file`, Buffer.alloc(4 * 1024 * 1024));
});
afterEach(() => emulator.close());

const AGENTS = [1, 2, 3].map(number => `arn:aws:datasync:us-east-1:000000000000:agent/agent-0000000000000000${number}`);
/** Far too slow to finish: the test decides when the run ends. */
const SLOW = { Options: { BytesPerSecond: 1 } };
const only = (Value: string) => ({ Includes: [{ FilterType: 'SIMPLE_PATTERN' as const, Value }] });

async function newTask(input: Partial<CreateTaskCommandInput> = SLOW, agents = AGENTS.slice(0, 1)): Promise<string> {
  return (await createNfsToEfsTask(emulator, input, agents)).task;
}

async function start(TaskArn: string, input: Omit<StartTaskExecutionCommandInput, 'TaskArn'> = {}): Promise<string> {
  return (await emulator.client.send(new StartTaskExecutionCommand({ TaskArn, ...input }))).TaskExecutionArn!;
}

async function cancel(TaskExecutionArn: string): Promise<void> {
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  await finished(emulator.client, TaskExecutionArn);
}

const describeExecution = (TaskExecutionArn: string) => emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
const isQueued = async (arn: string) => (await describeExecution(arn)).Status === 'QUEUED';
const statusOfTask = async (TaskArn: string) => (await emulator.client.send(new DescribeTaskCommand({ TaskArn }))).Status;

test('a second execution with other filters waits for the first, then runs', async () => {
  const task = await newTask();
  const first = await start(task);
  const second = await start(task, { ...only('/file'), OverrideOptions: { BytesPerSecond: -1 } });
  const queued = await describeExecution(second);
  expect(queued).toMatchObject({ Status: 'QUEUED', FilesTransferred: 0, BytesWritten: 0, Result: { PrepareStatus: 'PENDING', TotalDuration: 0 } });
  expect(queued.LaunchTime).toBeUndefined();
  expect((await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).CurrentTaskExecutionArn).toBe(first);
  await cancel(first);
  const execution = await finished(emulator.client, second);
  expect(execution.Status).toBe('SUCCESS');
  expect(execution.LaunchTime!.getTime()).toBeGreaterThanOrEqual(execution.StartTime!.getTime());
  const states = emulator.events.filter(({ resources }) => resources[0] === second).map(({ detail }) => detail.State);
  expect(states.slice(0, 2)).toEqual(['QUEUED', 'LAUNCHING']);
});

test.each([
  ['running', []], ['queued', ['/a']],
])('a start like one that is %s is refused', async (_, ahead) => {
  const task = await newTask();
  await start(task);
  const arns = [];
  for (const pattern of ahead) arns.push(await start(task, only(pattern)));
  await expect(start(task, ahead.length ? only(ahead[0]) : {})).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringMatching(/^Sync task arn:\S+ already has an execution with the same filters and manifest: \S+ is [A-Z]+\. /),
  });
});

test('the same filters are fine once the first has ended', async () => {
  const task = await newTask();
  await cancel(await start(task));
  await expect(start(task)).resolves.toMatch(/exec-/);
});

test('no queueing when the option forbids it', async () => {
  const task = await newTask();
  await start(task);
  await expect(start(task, { ...only('/a'), OverrideOptions: { TaskQueueing: 'DISABLED' } })).rejects.toThrow(/ is busy, .* TaskQueueing is DISABLED\.$/);
});

test('no queueing behind another task on the same agent either', async () => {
  await start(await newTask());
  await expect(start(await newTask({ Options: { TaskQueueing: 'DISABLED' } }))).rejects.toThrow(/ is busy, .* TaskQueueing is DISABLED\.$/);
  await expect(start(await newTask({ Options: { TaskQueueing: 'DISABLED' } }, AGENTS.slice(1, 2)))).resolves.toMatch(/exec-/);
});

test('an agent runs one task at a time, first come first served', async () => {
  const [one, both, two] = [AGENTS.slice(0, 1), AGENTS.slice(0, 2), AGENTS.slice(1, 2)];
  const first = await start(await newTask(SLOW, one));
  const taskOnBoth = await newTask(SLOW, both);
  const second = await start(taskOnBoth);
  const third = await start(await newTask(SLOW, two));
  expect(await Promise.all([first, second, third].map(isQueued))).toEqual([false, true, true]);
  expect(await statusOfTask(taskOnBoth)).toBe('QUEUED');
  await cancel(first);
  expect(await Promise.all([second, third].map(isQueued))).toEqual([false, true]);
  expect(await statusOfTask(taskOnBoth)).toBe('RUNNING');
  await cancel(second);
  expect(await isQueued(third)).toBe(false);
});

test('what waits behind a cancelled execution moves up', async () => {
  await start(await newTask(SLOW, AGENTS.slice(0, 1)));
  const second = await start(await newTask(SLOW, AGENTS.slice(0, 2)));
  const third = await start(await newTask(SLOW, AGENTS.slice(1, 2)));
  await cancel(second);
  expect(await isQueued(third)).toBe(false);
});

test('tasks without a common agent run side by side', async () => {
  const arns = [await start(await newTask(SLOW, AGENTS.slice(0, 1))), await start(await newTask(SLOW, AGENTS.slice(1, 2)))];
  expect(await Promise.all(arns.map(isQueued))).toEqual([false, false]);
});

test('50 executions of a task can wait', async () => {
  const task = await newTask();
  await start(task);
  for (let number = 0; number < 50; number += 1) await start(task, only(`/${number}`));
  await expect(start(task, only('/50'))).rejects.toThrow(`Sync task ${task} already has 50 queued executions.`);
});

test('closing the emulator ends what runs and what waits', async () => {
  const task = await newTask();
  const arns = [await start(task), await start(task, only('/a'))];
  await emulator.close();
  for (const arn of arns) {
    expect(emulator.events.filter(({ resources }) => resources[0] === arn).at(-1)!.detail.State).toBe('ERROR');
  }
  emulator = await startTestEmulator();
});

test('a task is QUEUED while another one keeps its agent busy, and says so', async () => {
  const [busy, idle, elsewhere] = [await newTask(), await newTask(), await newTask(SLOW, AGENTS.slice(1, 2))];
  const first = await start(busy);
  expect(await Promise.all([busy, idle, elsewhere].map(statusOfTask))).toEqual(['RUNNING', 'QUEUED', 'AVAILABLE']);
  await cancel(first);
  expect(await Promise.all([busy, idle].map(statusOfTask))).toEqual(['AVAILABLE', 'AVAILABLE']);
  const states = emulator.events.filter(({ resources }) => resources[0] === idle).map(({ detail }) => detail.State);
  expect(states).toEqual(['AVAILABLE', 'QUEUED', 'AVAILABLE']);
});

test('an execution keeps the agents busy that it was launched on, whatever its location names meanwhile', async () => {
  const { task, source } = await createNfsToEfsTask(emulator, SLOW, AGENTS.slice(0, 1));
  const first = await start(task);
  await emulator.client.send(new UpdateLocationNfsCommand({ LocationArn: source, OnPremConfig: { AgentArns: AGENTS.slice(1, 2) } }));
  const behind = await start(await newTask(SLOW, AGENTS.slice(0, 1)));
  const free = await start(await newTask(SLOW, AGENTS.slice(1, 2)));
  expect(await Promise.all([behind, free].map(isQueued))).toEqual([true, false]);
  await eventually(async () => (await describeExecution(first)).Status === 'TRANSFERRING');
  emulator.setAgentStatus(AGENTS[0], 'OFFLINE');
  expect((await finished(emulator.client, first)).Result!.ErrorCode).toBe('AgentOffline');
});

/** As much of an execution in Enhanced mode as the queue asks for: nothing else could run 120 of them. */
function fakeExecution(arn: string, TaskQueueing = 'ENABLED', mode = 'ENHANCED') {
  let finish = () => {};
  const execution = {
    task: { arn, mode, executions: [] },
    agents: [],
    effectiveOptions: { TaskQueueing },
    filters: {},
    configs: {},
    isPending: true,
    status: '',
    queue: () => { execution.status = 'QUEUED'; },
    run: () => {
      execution.status = 'LAUNCHING';
      return new Promise<void>(end => { finish = end; });
    },
    end: () => {
      execution.isPending = false;
      finish();
    },
  };
  return execution;
}

test('120 fake executions in Enhanced mode run at a time, per account and Region', async () => {
  const taskIn = (scope: string) => `arn:aws:datasync:${scope}:task/task-0123456789abcdef0`;
  const queue = new ExecutionQueue(execution => (execution as unknown as ReturnType<typeof fakeExecution>).run());
  const submit = (execution: ReturnType<typeof fakeExecution>) => queue.submit(execution as unknown as MutableExecution);
  const executions = Array.from({ length: 122 }, (_, number) => fakeExecution(`${taskIn('us-east-1:000000000000')}${number}`));
  executions.forEach(submit);
  expect(executions.map(({ status }) => status).lastIndexOf('LAUNCHING')).toBe(119);

  const elsewhere = ['us-east-1:111122223333', 'eu-west-1:000000000000'].map(scope => fakeExecution(taskIn(scope)));
  elsewhere.forEach(submit);
  expect(elsewhere.map(({ status }) => status)).toEqual(['LAUNCHING', 'LAUNCHING']);
  expect(() => submit(fakeExecution(taskIn('us-east-1:000000000000'), 'DISABLED')))
    .toThrow(/ is busy, or 120 executions are running in Enhanced mode, and TaskQueueing is DISABLED\.$/);

  executions[7].end();
  await new Promise(resolve => setImmediate(resolve));
  expect(executions.slice(119).map(({ status }) => status)).toEqual(['LAUNCHING', 'LAUNCHING', 'QUEUED']);
});

test('any number of fake executions in Basic mode run at a time, and none counts as one in Enhanced mode', () => {
  const queue = new ExecutionQueue(execution => (execution as unknown as ReturnType<typeof fakeExecution>).run());
  const submit = (number: number, mode: string) => {
    const execution = fakeExecution(`arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0${number}`, 'ENABLED', mode);
    queue.submit(execution as unknown as MutableExecution);
    return execution.status;
  };
  const basic = Array.from({ length: 130 }, (_, number) => submit(number, 'BASIC'));
  const enhanced = Array.from({ length: 121 }, (_, number) => submit(1_000 + number, 'ENHANCED'));
  expect(basic).not.toContain('QUEUED');
  expect(enhanced.filter(status => status === 'QUEUED')).toHaveLength(1);
});
