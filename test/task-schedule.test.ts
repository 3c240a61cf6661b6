import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { messageOf, newStack, nfsLocation, resourceOf, s3Location, warningsOf } from './support/stacks';
import { Cron } from '../emulator/schedule/cron';
import { Task, TaskSchedule } from '../src';
import { checkCron } from '../src/validation/cron-rules';
import { Problems } from '../src/validation/problems';

const scheduled = (schedule: TaskSchedule) => {
  const stack = newStack();
  new Task(stack, 'Copy', { source: nfsLocation(stack, 'From'), destination: s3Location(stack, 'To'), schedule });
  return stack;
};
const renderedOf = (schedule: TaskSchedule) => resourceOf(scheduled(schedule), 'AWS::DataSync::Task').Properties.Schedule;

test.each([
  ['hourly', TaskSchedule.rate(Duration.hours(1)), 'rate(1 hour)', 'ENABLED'],
  ['every second day, off', TaskSchedule.rate(Duration.days(2), { enabled: false }), 'rate(2 days)', 'DISABLED'],
  ['at half past two', TaskSchedule.cron({ hour: '2', minute: '30' }), 'cron(30 2 * * ? *)', 'ENABLED'],
  ['on the first Wednesday', TaskSchedule.cron({ hour: '8', minute: '0', weekDay: '4#1', enabled: true }), 'cron(0 8 ? * 4#1 *)', 'ENABLED'],
])('%s has its expression, and always its status', (_, schedule, expression, status) => {
  expect(renderedOf(schedule)).toEqual({ ScheduleExpression: expression, Status: status });
  expect(warningsOf(scheduled(schedule))).toEqual([]);
  const [, cron] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (cron) expect(new Cron(cron).timesPerHour).toBe(1); // the emulator takes it as well
});

const minute = (value: string) => `DataSyncValidationError: [Stack/Copy] minute "${value}" of the schedule: must be one number, the service starts a task once an hour at most; `
  + 'give one, such as "0", or use a ScheduledTaskExecution';

test.each([
  ['every minute of an hour', TaskSchedule.cron({ hour: '2' }), minute('*')],
  ['twice an hour', TaskSchedule.cron({ minute: '0,30' }), minute('0,30')],
  ['every quarter of an hour', TaskSchedule.cron({ minute: '0/15' }), minute('0/15')],
  ['every 59 minutes', TaskSchedule.rate(Duration.minutes(59)),
    'DataSyncValidationError: [Stack/Copy] interval 59 minutes of the schedule: must be at least an hour; choose a longer one, or use a ScheduledTaskExecution'],
])('%s is refused, as the service starts a task once an hour at most', (_, schedule, message) => {
  expect(messageOf(() => scheduled(schedule))).toBe(message);
});

/** Each field by itself, as the emulator takes them or not. */
const FIELDS: ReadonlyArray<fc.Arbitrary<string>> = [[59], [23], [31, 'L', '15W', 'LW'], [12, 'JAN', 'dec'], [7, 'MON', 'sunL', 'FRI#2', 'L'], [2199]].map(values => {
  const value = fc.oneof(fc.nat({ max: Number(values[0]) + 2 }).map(String), fc.constantFrom('*', ...values.map(String)));
  const item = fc.oneof(value, fc.tuple(value, value).map(ends => ends.join('-')), fc.tuple(value, fc.nat({ max: 5 })).map(parts => parts.join('/')));
  return fc.array(item, { minLength: 1, maxLength: 2 }).map(items => items.join(','));
});

test('no cron expression that the emulator takes is refused for one of its fields', () => {
  fc.assert(fc.property(fc.tuple(...FIELDS), fc.boolean(), ([minutes, hours, day, month, weekDay, year], byDay) => {
    const text = [minutes, hours, byDay ? day : '?', month, byDay ? '?' : weekDay, year].join(' ');
    try {
      new Cron(text);
    } catch {
      return;
    }
    const problems = new Problems();
    checkCron(problems, 'schedule', `cron(${text})`);
    expect(() => problems.throwIfAny()).not.toThrow();
  }), { numRuns: 3_000 });
});
