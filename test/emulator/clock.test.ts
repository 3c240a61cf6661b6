import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelTaskExecutionCommand, CreateAgentCommand, DescribeAgentCommand, DescribeLocationNfsCommand, DescribeTaskCommand, DescribeTaskExecutionCommand,
  ListTaskExecutionsCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { ManualClock, systemClock } from '../../emulator/clock';
import type { TestEmulator } from '../support/emulator';
import { finished, startTestEmulator } from '../support/emulator';
import { eventually } from '../support/eventually';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../support/tasks';

const START = new Date('2030-01-01T00:00:00Z');
const HOUR = 3_600_000;
const after = (ms: number) => new Date(START.getTime() + ms);

test('what falls due on the way happens in its order, each at its own time, also what is set up meanwhile', () => {
  const clock = new ManualClock(START);
  const seen: Array<[string, number]> = [];
  const note = (name: string) => seen.push([name, clock.now().getTime() - START.getTime()]);
  clock.at(after(300), () => note('later'));
  clock.at(after(100), () => {
    note('sooner');
    clock.at(after(200), () => note('between'));
    clock.at(after(50), () => note('overdue'));
    clock.at(after(1001), () => note('never'));
  });
  const cancel = clock.at(after(150), () => note('cancelled'));
  cancel();
  clock.advance(1000);
  expect(seen).toEqual([['sooner', 100], ['overdue', 100], ['between', 200], ['later', 300]]);
  expect(clock.now()).toEqual(after(1000));
});

test.each([after(-1), new Date(NaN)])('a clock does not go back to %s', time => {
  expect(() => new ManualClock(START).moveTo(time)).toThrow('cannot be moved back');
});

test('the clock of the machine wakes once, soon when the time has passed, and not at all when called off or far ahead', async () => {
  const woken: string[] = [];
  const far = systemClock.at(new Date(Date.now() + 2 ** 40), () => woken.push('far'));
  systemClock.at(new Date(Date.now() + 20), () => woken.push('cancelled'))();
  await new Promise<void>(done => {
    systemClock.at(new Date(0), () => woken.push('past'));
    systemClock.at(new Date(Date.now() + 30), done);
    setTimeout(() => undefined, 1000).unref();
    const keepAlive = setInterval(() => woken.length > 0 && clearInterval(keepAlive), 5); // alarms do not
  });
  far();
  expect(woken).toEqual(['past']);
});

describe('an emulator with a clock of its own', () => {
  let clock: ManualClock;
  let logFolder: string;
  let emulator: TestEmulator;
  beforeEach(async () => {
    clock = new ManualClock(START);
    logFolder = mkdtempSync(join(tmpdir(), 'datasync-emulator-logs-'));
    emulator = await startTestEmulator({ clock, logFolder });
  });
  afterEach(async () => {
    await emulator.close();
    rmSync(logFolder, { recursive: true });
  });

  test('tells the times of what it has by it', async () => {
    const { AgentArn } = await emulator.client.send(new CreateAgentCommand({ ActivationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH' }));
    const { task, source } = await createNfsToEfsTask(emulator);
    clock.advance(HOUR);
    const agent = await emulator.client.send(new DescribeAgentCommand({ AgentArn }));
    expect(agent).toMatchObject({ CreationTime: START, LastConnectionTime: after(HOUR) });
    expect(await emulator.client.send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({ CreationTime: START });
    expect(await emulator.client.send(new DescribeLocationNfsCommand({ LocationArn: source }))).toMatchObject({ CreationTime: START });
    emulator.setAgentStatus(AgentArn!, 'OFFLINE');
    clock.advance(HOUR);
    expect(await emulator.client.send(new DescribeAgentCommand({ AgentArn }))).toMatchObject({ LastConnectionTime: after(HOUR) });
  });

  test('tells the times of executions, events and logs by it, and durations by the machine', async () => {
    emulator.write(`${SOURCE_FOLDER}/file`, Buffer.alloc(4 * 1024 * 1024));
    const { task } = await createNfsToEfsTask(emulator, {
      Options: { BytesPerSecond: 1, LogLevel: 'BASIC' }, CloudWatchLogGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:group',
    });
    const start = async (input = {}) => (await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, ...input }))).TaskExecutionArn!;
    const describeExecution = (TaskExecutionArn: string) => emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
    const slow = await start();
    const waiting = await start({ Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/file' }] });
    await eventually(async () => (await describeExecution(slow)).Status === 'TRANSFERRING');
    clock.advance(HOUR);
    await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: slow }));
    const { Result, ...execution } = await finished(emulator.client, slow);
    expect(execution).toMatchObject({ StartTime: START, LaunchTime: START, EndTime: after(HOUR) });
    expect(Result!.TotalDuration).toBeGreaterThan(0);
    expect(Result!.TotalDuration).toBeLessThan(HOUR);

    expect(await finished(emulator.client, waiting)).toMatchObject({ Status: 'SUCCESS', StartTime: START, LaunchTime: after(HOUR), EndTime: after(HOUR) });
    const timesOf = (arn: string) => emulator.events.filter(({ resources }) => resources[0] === arn).map(({ time, detail }) => [detail.State, time]);
    expect(timesOf(waiting).slice(0, 2)).toEqual([['QUEUED', '2030-01-01T00:00:00Z'], ['LAUNCHING', '2030-01-01T01:00:00Z']]);
    const [, taskId, , executionId] = slow.split('/');
    expect(readFileSync(join(logFolder, `group/${taskId}-${executionId}.log`), 'utf8').match(/^\S+/gm))
      .toEqual([START, after(HOUR)].map(time => time.toISOString()));
  });

  test('forgets executions by it', async () => {
    const { task } = await createNfsToEfsTask(emulator);
    const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
    await finished(emulator.client, TaskExecutionArn);
    const left = async () => (await emulator.client.send(new ListTaskExecutionsCommand())).TaskExecutions!.length;
    clock.advance(29 * 24 * HOUR);
    expect(await left()).toBe(1);
    clock.advance(2 * 24 * HOUR);
    expect(await left()).toBe(0);
  });
});
