import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelTaskExecutionCommand, DeleteTaskCommand, DescribeTaskCommand, ListTaskExecutionsCommand, StartTaskExecutionCommand, UpdateTaskCommand,

} from '@aws-sdk/client-datasync';
import type { TaskSchedule } from '@aws-sdk/client-datasync';
import { ManualClock } from '../../../emulator';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../../support/tasks';

const START = new Date('2030-01-01T00:30:00Z');
const HOUR = 3_600_000;
const HOURLY: TaskSchedule = { ScheduleExpression: 'rate(1 hour)' };
let clock: ManualClock;
let emulator: TestEmulator;
let complaints: jest.SpyInstance;

beforeEach(async () => {
  clock = new ManualClock(START);
  emulator = await startTestEmulator({ clock });
  complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  complaints.mockRestore();
  await emulator.close();
});

const createTask = async (Schedule?: TaskSchedule) => (await createNfsToEfsTask(emulator, { Schedule })).task;
const describeTask = (TaskArn: string) => emulator.client.send(new DescribeTaskCommand({ TaskArn }));
const update = (TaskArn: string, Schedule: TaskSchedule) => emulator.client.send(new UpdateTaskCommand({ TaskArn, Schedule }));
const executions = async (TaskArn: string) => (await emulator.client.send(new ListTaskExecutionsCommand({ TaskArn }))).TaskExecutions!;

/** Lets an hour pass, and what was started come to its end. */
async function anHour(task: string) {
  clock.advance(HOUR);
  const started = await executions(task);
  return started.length > 0 ? finished(emulator.client, started.at(-1)!.TaskExecutionArn) : undefined;
}

test('a task runs on its schedule, with its own settings', async () => {
  emulator.write(`${SOURCE_FOLDER}/file`, 'content');
  const { task } = await createNfsToEfsTask(emulator, {
    Schedule: { ScheduleExpression: 'cron(0 12 ? * WED *)' },
    Options: { VerifyMode: 'NONE' },
    Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp' }],
  });
  expect(await describeTask(task)).toMatchObject({
    Schedule: { ScheduleExpression: 'cron(0 12 ? * WED *)', Status: 'ENABLED' }, ScheduleDetails: { StatusUpdateTime: START },
  });
  clock.moveTo(new Date('2030-01-02T11:59:59Z'));
  expect(await executions(task)).toEqual([]);
  clock.moveTo(new Date('2030-01-02T12:00:00Z'));
  const [{ TaskExecutionArn }] = await executions(task);
  expect(await finished(emulator.client, TaskExecutionArn)).toMatchObject({
    Status: 'SUCCESS', BytesWritten: 7, Options: { VerifyMode: 'NONE' }, Excludes: [{ Value: '*.tmp' }],
  });
  clock.moveTo(new Date('2030-01-09T12:00:00Z'));
  expect(await executions(task)).toHaveLength(2);
});

test('a rate counts from when it was set', async () => {
  const task = await createTask({ ScheduleExpression: 'rate(12 hours)' });
  clock.advance(12 * HOUR - 1);
  expect(await executions(task)).toHaveLength(0);
  clock.advance(1);
  await finished(emulator.client, (await executions(task))[0].TaskExecutionArn);
  clock.advance(6 * HOUR);
  await update(task, { ScheduleExpression: 'rate(12 hours)' }); // the same: nothing begins anew
  clock.advance(6 * HOUR);
  expect(await executions(task)).toHaveLength(2);
});

test.each([
  ['rate(30 minutes)', 'at most once an hour'],
  ['cron(*/5 * * * ? *)', 'at most once an hour'],
  ['every day', "Invalid parameter: ScheduleExpression 'every day' is not valid"],
])('%s is refused, on create as on update', async (ScheduleExpression, message) => {
  await expect(createTask({ ScheduleExpression })).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
  const task = await createTask(HOURLY);
  await expect(update(task, { ScheduleExpression, Status: 'DISABLED' })).rejects.toThrow(message);
  expect(await describeTask(task)).toMatchObject({ Schedule: { ...HOURLY, Status: 'ENABLED' } });
});

test('a schedule that is disabled by its user starts nothing until it is enabled again', async () => {
  const task = await createTask({ ...HOURLY, Status: 'DISABLED' });
  expect(await describeTask(task)).toMatchObject({
    Schedule: { Status: 'DISABLED' },
    ScheduleDetails: { DisabledBy: 'USER', DisabledReason: 'Manually disabled by user.', StatusUpdateTime: START },
  });
  clock.advance(10.5 * HOUR);
  expect(await executions(task)).toEqual([]);
  await update(task, HOURLY); // says nothing about the status
  expect(await describeTask(task)).toMatchObject({ Schedule: { Status: 'DISABLED' } });
  await update(task, { ...HOURLY, Status: 'ENABLED' });
  const { ScheduleDetails } = await describeTask(task);
  expect(ScheduleDetails).toEqual({ StatusUpdateTime: clock.now() });
  expect(await anHour(task)).toMatchObject({ Status: 'SUCCESS' });
});

test('an empty expression clears the schedule', async () => {
  const task = await createTask(HOURLY);
  await update(task, { ScheduleExpression: '' });
  const described = await describeTask(task);
  expect([described.Schedule, described.ScheduleDetails]).toEqual([undefined, undefined]);
  clock.advance(10 * HOUR);
  expect(await executions(task)).toEqual([]);
});

test('a new expression replaces the old one; other updates leave it alone', async () => {
  const task = await createTask(HOURLY);
  await update(task, { ScheduleExpression: 'cron(0 3 * * ? *)' });
  await emulator.client.send(new UpdateTaskCommand({ TaskArn: task, Name: 'renamed' }));
  clock.moveTo(new Date('2030-01-01T02:59:00Z'));
  expect(await executions(task)).toHaveLength(0);
  clock.moveTo(new Date('2030-01-01T03:00:00Z'));
  expect(await executions(task)).toHaveLength(1);
});

test('a deleted task starts no more', async () => {
  const task = await createTask(HOURLY);
  await emulator.client.send(new DeleteTaskCommand({ TaskArn: task }));
  clock.advance(10 * HOUR);
  expect((await emulator.client.send(new ListTaskExecutionsCommand())).TaskExecutions).toEqual([]);
  expect(complaints).not.toHaveBeenCalled();
});

test('a run that takes longer than its interval is not started twice, and no reason to disable the schedule', async () => {
  emulator.write(`${SOURCE_FOLDER}/file`, Buffer.alloc(1_000_000));
  const { task } = await createNfsToEfsTask(emulator, { Schedule: HOURLY, Options: { BytesPerSecond: 1000 } });
  clock.advance(10 * HOUR);
  const [{ TaskExecutionArn }, ...others] = await executions(task);
  expect(others).toEqual([]);
  expect(complaints).toHaveBeenCalledTimes(9);
  expect(complaints).toHaveBeenCalledWith(expect.stringContaining(`The schedule of ${task} could not start it: `));
  expect(await describeTask(task)).toMatchObject({ Schedule: { Status: 'ENABLED' } });
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  await finished(emulator.client, TaskExecutionArn);
});

describe('a schedule that fails again and again', () => {
  /** A task whose source is not there. */
  async function createFailingTask() {
    const task = await createTask(HOURLY);
    const folder = `${emulator.root}/${SOURCE_FOLDER}`;
    rmSync(folder, { recursive: true });
    return { task, repair: () => mkdirSync(folder), destroy: () => rmSync(folder, { recursive: true }) };
  }

  test('is disabled by the service after five runs with the same error', async () => {
    const { task, repair } = await createFailingTask();
    for (let run = 1; run < 5; run++) expect(await anHour(task)).toMatchObject({ Status: 'ERROR' });
    expect(await describeTask(task)).toMatchObject({ Schedule: { Status: 'ENABLED' } });
    await anHour(task);
    const { Schedule, ScheduleDetails } = await describeTask(task);
    expect(Schedule).toEqual({ ...HOURLY, Status: 'DISABLED' });
    expect(ScheduleDetails).toMatchObject({
      DisabledBy: 'SERVICE',
      DisabledReason: expect.stringMatching(/^Disabled after 5 failures with the same error: LocationAccessFailed: Task failed to access location loc-/),
      StatusUpdateTime: clock.now(),
    });
    clock.advance(5 * HOUR);
    expect(await executions(task)).toHaveLength(5);

    repair();
    await update(task, { ...HOURLY, Status: 'ENABLED' });
    expect(await anHour(task)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('counts anew after a success, and starts by hand do not count', async () => {
    const { task, repair, destroy } = await createFailingTask();
    for (let run = 0; run < 4; run++) await anHour(task);
    const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
    await finished(emulator.client, TaskExecutionArn);
    repair();
    expect(await anHour(task)).toMatchObject({ Status: 'SUCCESS' });
    destroy();
    for (let run = 0; run < 4; run++) await anHour(task);
    expect(await describeTask(task)).toMatchObject({ Schedule: { Status: 'ENABLED' } });
  });

  test('is disabled, too, when the task cannot even be started', async () => {
    await emulator.close();
    emulator = await startTestEmulator({ clock, unavailabilityOf: () => ({ status: 'UNAVAILABLE' }) });
    const task = await createTask(HOURLY);
    for (let run = 0; run < 5; run++) await anHour(task);
    expect(await executions(task)).toEqual([]);
    expect((await describeTask(task)).ScheduleDetails).toMatchObject({
      DisabledBy: 'SERVICE', DisabledReason: expect.stringContaining('cannot be started in its current status: UNAVAILABLE'),
    });
  });
});

test('schedules, manifests and reports outlive the emulator with its state', async () => {
  await emulator.close();
  const [root, stateFolder] = ['root', 'state'].map(name => mkdtempSync(join(tmpdir(), `datasync-${name}-`)));
  const options = { clock, s3Endpoint: 'http://127.0.0.1:9', root, stateFolder };
  emulator = await startTestEmulator(options);
  const S3 = { S3BucketArn: 'arn:aws:s3:::bucket', BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' };
  const { task } = await createNfsToEfsTask(emulator, {
    Schedule: HOURLY, ManifestConfig: { Source: { S3: { ...S3, ManifestObjectPath: 'manifest' } } }, TaskReportConfig: { Destination: { S3 } },
  });
  const before = await describeTask(task);
  await emulator.close();
  emulator = await startTestEmulator(options);
  const { $metadata: _, ...after } = await describeTask(task);
  expect(before).toMatchObject(after);
  const execution = await anHour(task);
  expect(execution).toMatchObject({ Result: { ErrorCode: 'ManifestAccessFailed' }, ReportResult: { ErrorCode: 'NoReport' } });
  await emulator.close();
  emulator = await startTestEmulator(options);
  expect(await finished(emulator.client, execution!.TaskExecutionArn)).toMatchObject({ ReportResult: execution!.ReportResult });
  [root, stateFolder].forEach(folder => rmSync(folder, { recursive: true }));
});

test('without a clock of its own the emulator goes by the machine, and an emulator that is closed starts nothing', async () => {
  const before = Date.now();
  const real = await startTestEmulator();
  const { task } = await createNfsToEfsTask(real, { Schedule: HOURLY });
  const { ScheduleDetails } = await real.client.send(new DescribeTaskCommand({ TaskArn: task }));
  expect(ScheduleDetails!.StatusUpdateTime!.getTime()).toBeGreaterThanOrEqual(before);
  expect(ScheduleDetails!.StatusUpdateTime!.getTime()).toBeLessThanOrEqual(Date.now());
  await real.close();

  const scheduled = await createTask(HOURLY);
  await emulator.close();
  clock.advance(10 * HOUR);
  expect(complaints).not.toHaveBeenCalled();
  expect(emulator.events.filter(({ resources: [arn] }) => arn.startsWith(`${scheduled}/`))).toEqual([]);
});
