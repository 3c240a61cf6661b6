import { CfnParameter, CfnResource, Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import * as fc from 'fast-check';
import { messageOf, newStack, nfsLocation, resourceOf, s3Location, warningsOf } from './support/stacks';
import { Cron } from '../emulator/schedule/cron';
import { Task, TaskSchedule } from '../src';
import { checkCron, checkExpression } from '../src/validation/cron-rules';
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

const minute = (value: string) => `DataSyncValidationError: [Stack/Copy] minute "${value}" of schedule: must be one number, the service starts a task once an hour at most; `
  + 'give one, such as "0", or use a ScheduledTaskExecution';

test.each([
  ['every minute of an hour', TaskSchedule.cron({ hour: '2' }), minute('*')],
  ['twice an hour', TaskSchedule.cron({ minute: '0,30' }), minute('0,30')],
  ['every quarter of an hour', TaskSchedule.cron({ minute: '0/15' }), minute('0/15')],
  ['every 59 minutes', TaskSchedule.rate(Duration.minutes(59)),
    'DataSyncValidationError: [Stack/Copy] interval 59 minutes of schedule: must be at least an hour; choose a longer one, or use a ScheduledTaskExecution'],
])('%s is refused, as the service starts a task once an hour at most', (_, schedule, message) => {
  expect(messageOf(() => scheduled(schedule))).toBe(message);
});

test('a minute that only the deployment knows passes, whatever stands in the text of its token', () => {
  const stack = newStack();
  const resource = new CfnResource(stack, 'start-time', { type: 'AWS::SSM::Parameter' });
  const schedule = TaskSchedule.cron({ minute: resource.getAtt('Value').toString(), hour: '3' });
  new Task(stack, 'Copy', { source: nfsLocation(stack, 'From'), destination: s3Location(stack, 'To'), schedule });
  expect(resourceOf(stack, 'AWS::DataSync::Task').Properties.Schedule.ScheduleExpression)
    .toEqual({ 'Fn::Join': ['', ['cron(', { 'Fn::GetAtt': ['starttime', 'Value'] }, ' 3 * * ? *)']] });
});

/** Each field by itself, as the emulator takes them or not. */
const FIELDS: ReadonlyArray<fc.Arbitrary<string>> = [[59], [23], [31, 'L', '15W', 'LW'], [12, 'JAN', 'dec'], [7, 'MON', 'sunL', 'FRI#2', 'L'], [2199]].map(values => {
  const value = fc.oneof(fc.nat({ max: Number(values[0]) + 2 }).map(String), fc.constantFrom('*', ...values.map(String)));
  const item = fc.oneof(value, fc.tuple(value, value).map(ends => ends.join('-')), fc.tuple(fc.oneof(value, fc.constant('')), fc.nat({ max: 5 })).map(parts => parts.join('/')));
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

const REFUSED: ReadonlyArray<readonly [expression: string, message: string]> = [
  ['cron(? 2 * * ? *)', 'minute "?" of schedule: may have numbers from 0 to 59; choose one'],
  ['cron(0 ? * * ? *)', 'hour "?" of schedule: may have numbers from 0 to 23; choose one, or leave it out'],
  ['cron(0 2 99W * ? *)', 'day "99W" of schedule: may have numbers from 1 to 31; choose one, or leave it out'],
  ['cron(0 2 ? * 9L *)', 'weekDay "9L" of schedule: may have numbers from 1 to 7, or names such as MON; choose one, or leave it out'],
  ['cron(0 2 ? * MO#2 *)', 'weekDay "MO#2" of schedule: may have numbers from 1 to 7, or names such as MON; choose one, or leave it out'],
  ['cron(0 2 ? * MON#1,TUE#2 *)', 'weekDay "MON#1,TUE#2" of schedule: may have numbers from 1 to 7, or names such as MON; choose one, or leave it out'],
  ['cron(0 2 ? * ? *)', 'day "?" and weekDay "?" of schedule: one of the two must be "?", and the other must not; give the one that is meant'],
  ['cron(0 2 1 * MON *)', 'day "1" and weekDay "MON" of schedule: one of the two must be "?", and the other must not; give the one that is meant'],
  ['cron(0 2 * * ?)', 'schedule "cron(0 2 * * ?)": must have six fields: minute, hour, day, month, weekDay and year; write all of them, with "*" for any'],
  ['every hour', formOf('every hour')],
  ['rate(30 seconds)', formOf('rate(30 seconds)')],
  ['rate(0 minutes)', formOf('rate(0 minutes)')],
  ['rate(1.5 hours)', formOf('rate(1.5 hours)')],
  ['at(2030-13-01T00:00:00)', formOf('at(2030-13-01T00:00:00)')],
  ['at(2030-12-01T00:00:00Z)', formOf('at(2030-12-01T00:00:00Z)')],
];

function formOf(expression: string): string {
  return `schedule "${expression}": must be at() with date and time, rate() with minutes, hours or days, or cron() with six fields; `
    + 'use ScheduleExpression.at(), .rate() or .cron()';
}

test.each(REFUSED)('the scheduler takes no %s', (expression, message) => {
  const problems = new Problems();
  checkExpression(problems, 'schedule', ScheduleExpression.expression(expression));
  expect(problems.texts).toEqual([message]);
});

test.each([
  'cron(/15 * * * ? *)', 'cron(0 /8 * * ? *)', 'cron(0 2 L-3 * ? *)', 'cron(0 2 15W * ? *)', 'cron(0 2 ? * 6L *)', 'cron(0 2 ? * mon#1 *)', 'cron(0 2 ? * * *)',
  'rate(1 minute)', 'rate(90 minutes)', 'rate(7 days)', 'at(2030-12-01T00:00:00)', '{{resolve:ssm:/schedule}}',
])('the scheduler takes %s', expression => {
  const problems = new Problems();
  checkExpression(problems, 'schedule', ScheduleExpression.expression(expression));
  expect(problems.texts).toEqual([]);
});

test('a field that only the deployment knows hides no other one', () => {
  const hour = new CfnParameter(newStack(), 'Hour').valueAsString;
  const problems = new Problems();
  checkExpression(problems, 'schedule', ScheduleExpression.cron({ minute: '60', hour }));
  expect(problems.texts).toEqual(['minute "60" of schedule: may have numbers from 0 to 59; choose one']);
});
