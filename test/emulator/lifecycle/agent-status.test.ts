import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateTaskCommandInput } from '@aws-sdk/client-datasync';
import {
  CancelTaskExecutionCommand, DescribeTaskCommand, DescribeTaskExecutionCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
  emulator.write(`${SOURCE_FOLDER}/small`, 'content');
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(4 * 1024 * 1024));
});
afterEach(() => emulator.close());

const [AGENT, OTHER_AGENT, IDLE_AGENT] = [1, 2, 3].map(number => `arn:aws:datasync:us-east-1:000000000000:agent/agent-0000000000000000${number}`);
const LOST = {
  Status: 'ERROR',
  Result: {
    ErrorCode: 'AgentOffline',
    ErrorDetail: 'Agent agent-00000000000000001 of the task is offline. What had been copied is there; the next execution completes it.',
  },
};
/** Far too slow for the large file: the test decides when the run ends. */
const SLOW = { BytesPerSecond: 1 };
const only = (Value: string) => ({ Includes: [{ FilterType: 'SIMPLE_PATTERN' as const, Value }] });

const newTask = async (agents: string[], input: Partial<CreateTaskCommandInput> = {}) => (await createNfsToEfsTask(emulator, input, agents)).task;
const start = async (TaskArn: string, input = {}) =>
  (await emulator.client.send(new StartTaskExecutionCommand({ TaskArn, ...input }))).TaskExecutionArn!;
const statusOf = async (TaskExecutionArn: string) => (await emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }))).Status!;
const statusOfTask = async (TaskArn: string) => (await emulator.client.send(new DescribeTaskCommand({ TaskArn }))).Status!;
const reaches = (TaskExecutionArn: string, status: string) => eventually(async () => await statusOf(TaskExecutionArn) === status);
const statesOf = (arn: string) => emulator.events.filter(({ resources }) => resources[0] === arn).map(({ detail }) => detail.State);

/** As long as an execution takes that nothing holds up: another one, of an agent of its own and with nothing to copy. */
const aWhile = async () => finished(emulator.client, await start(await newTask([IDLE_AGENT]), only('/nothing')));

test.each([
  ['and stays away', ['OFFLINE']], ['for a moment', ['OFFLINE', 'ONLINE']],
] as const)('a transfer whose agent goes %s ends in ERROR, keeps what it copied, and the next one completes it', async (_, statuses) => {
  const task = await newTask([OTHER_AGENT, AGENT]);
  const copied = () => ['small', 'large'].filter(name => existsSync(join(emulator.root, DESTINATION_FOLDER, name)));
  const execution = await start(task, { OverrideOptions: { BytesPerSecond: 100_000 } });
  await eventually(async () => copied().length > 0);
  statuses.forEach(status => emulator.setAgentStatus(AGENT, status));
  expect(await finished(emulator.client, execution)).toMatchObject({
    ...LOST, EndTime: expect.any(Date), Result: { ...LOST.Result, PrepareStatus: 'SUCCESS', TransferStatus: 'ERROR', VerifyStatus: 'PENDING' },
  });
  expect(copied()).toEqual(['small']);
  expect(statesOf(execution)).toEqual(['LAUNCHING', 'PREPARING', 'TRANSFERRING', 'ERROR']);
  expect(await statusOfTask(task)).toBe(statuses.length === 1 ? 'UNAVAILABLE' : 'AVAILABLE');

  emulator.setAgentStatus(AGENT, 'ONLINE');
  expect((await finished(emulator.client, await start(task))).Status).toBe('SUCCESS');
  expect(readFileSync(join(emulator.root, DESTINATION_FOLDER, 'large'))).toHaveLength(4 * 1024 * 1024);
});

test('another agent that goes offline disturbs nothing', async () => {
  await newTask([OTHER_AGENT]);
  const execution = await start(await newTask([AGENT], { Options: SLOW }));
  await reaches(execution, 'TRANSFERRING');
  emulator.setAgentStatus(OTHER_AGENT, 'OFFLINE');
  await aWhile();
  expect(await statusOf(execution)).toBe('TRANSFERRING');
});

test('an execution that is being launched waits for its agents to come back', async () => {
  emulator.faults.replace({ faults: [{ kind: 'stuckLaunching', times: 1 }] });
  const task = await newTask([AGENT, OTHER_AGENT]);
  const execution = await start(task);
  [AGENT, OTHER_AGENT].forEach(agent => emulator.setAgentStatus(agent, 'OFFLINE'));
  emulator.faults.replace({ faults: [] }); // nothing but the agents is in its way now
  for (const [agent, status] of [[AGENT, 'UNAVAILABLE'], [OTHER_AGENT, 'RUNNING']]) {
    await aWhile();
    expect(await statusOf(execution)).toBe('LAUNCHING');
    emulator.setAgentStatus(agent, 'ONLINE');
    expect(await statusOfTask(task)).toBe(status);
  }
  expect((await finished(emulator.client, execution)).Status).toBe('SUCCESS');
  expect(statesOf(execution)).toEqual(['LAUNCHING', 'PREPARING', 'TRANSFERRING', 'VERIFYING', 'SUCCESS']);
});

test('what is queued moves up when the one before it is lost, one at a time, and waits in LAUNCHING', async () => {
  const task = await newTask([AGENT], { Options: SLOW });
  const lost = await start(task);
  const [second, third, fourth] = [await start(task, only('/a')), await start(task, only('/b')), await start(task, only('/c'))];
  await reaches(lost, 'TRANSFERRING');
  emulator.setAgentStatus(AGENT, 'OFFLINE');
  expect(await finished(emulator.client, lost)).toMatchObject(LOST);
  await aWhile();
  expect(await Promise.all([second, third, fourth].map(statusOf))).toEqual(['LAUNCHING', 'QUEUED', 'QUEUED']);

  for (const TaskExecutionArn of [third, second]) {
    await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
    expect(await finished(emulator.client, TaskExecutionArn)).toMatchObject({ Status: 'ERROR', Result: { ErrorCode: 'Cancelled' } });
  }
  expect(await statusOf(fourth)).toBe('LAUNCHING');
  emulator.setAgentStatus(AGENT, 'ONLINE');
  expect((await finished(emulator.client, fourth)).Status).toBe('SUCCESS');
});

test('an emulator can be closed while an execution waits for an agent', async () => {
  emulator.faults.replace({ faults: [{ kind: 'stuckLaunching' }] });
  const execution = await start(await newTask([AGENT]));
  emulator.setAgentStatus(AGENT, 'OFFLINE');
  emulator.faults.replace({ faults: [] });
  await aWhile();
  await emulator.close();
  expect(statesOf(execution)).toEqual(['LAUNCHING', 'CANCELLING', 'ERROR']);
  emulator = await startTestEmulator();
});

test('an agent that nobody knows is a mistake of the test, and so is another status', async () => {
  await newTask([AGENT]);
  expect(() => emulator.setAgentStatus(OTHER_AGENT, 'OFFLINE')).toThrow(`There is no agent '${OTHER_AGENT}', and no location names one`);
  expect(() => emulator.setAgentStatus(AGENT, 'Offline' as 'OFFLINE')).toThrow('"status" must be "ONLINE" or "OFFLINE", got "Offline"');
  expect(emulator.events.filter(event => event['detail-type'] === 'DataSync Agent State Change')).toEqual([]);
});
