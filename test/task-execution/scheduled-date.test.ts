import { Duration, TimeZone } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { ScheduledDateOptions } from '../../src';
import { Filter, ScheduledDate, ScheduledTaskExecution, Task, TaskExecution } from '../../src';
import { messageOf, newStack, resourceOf, TASK_ARN } from '../support/stacks';

const YESTERDAY = ScheduledDate.format('yyyy/MM/dd', { offset: { days: -1 } });

test('a date is a mark in the input of the schedule, which tells the zone of the schedule', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'Nightly', {
    task: Task.fromTaskArn(stack, 'Task', TASK_ARN),
    schedule: ScheduleExpression.cron({ minute: '30', hour: '2', timeZone: TimeZone.EUROPE_BERLIN }),
    includes: Filter.simplePattern(`/logs/${YESTERDAY}`, `/more/${YESTERDAY}*`),
  });
  const input = JSON.parse(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.Input);
  const mark = '{cdk-datasync:date?format=yyyy%2FMM%2Fdd&days=-1}';
  expect(input).toMatchObject({ TimeZone: 'Europe/Berlin', Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: `/logs/${mark}|/more/${mark}*` }] });
});

test('a tag of an execution may have dates', () => {
  const stack = newStack();
  const month = ScheduledDate.format("'Q 'yyyy/MM", { timeZone: TimeZone.EUROPE_BERLIN });
  new ScheduledTaskExecution(stack, 'Nightly', {
    task: Task.fromTaskArn(stack, 'Task', TASK_ARN), schedule: ScheduleExpression.rate(Duration.hours(1)), tags: { day: `of ${YESTERDAY}`, month },
  });
  const input = JSON.parse(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.Input);
  expect(input).toMatchObject({
    Tags: [
      { Key: 'day', Value: 'of {cdk-datasync:date?format=yyyy%2FMM%2Fdd&days=-1}' },
      { Key: 'month', Value: '{cdk-datasync:date?format=%27Q%20%27yyyy%2FMM&timeZone=Europe%2FBerlin}' },
    ],
  });
});

test.each([
  ['of characters that no tag has', "yyyy'#'MM", 'tags["day"] "{cdk-datasync:date?format=yyyy%27%23%27MM}": may only contain letters, digits, white space and + = . _ : @ / -'],
  ['that is too long', `yyyy'${'x'.repeat(253)}'`, 'must have at most 256 characters, has 257; shorten it'],
])('a tag with a date %s is refused', (_, pattern, message) => {
  const stack = newStack();
  expect(messageOf(() => new ScheduledTaskExecution(stack, 'Nightly', {
    task: Task.fromTaskArn(stack, 'Task', TASK_ARN), schedule: ScheduleExpression.rate(Duration.hours(1)), tags: { day: ScheduledDate.format(pattern) },
  }))).toContain(message);
});

test('a schedule without dates tells no zone', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'Hourly', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), schedule: ScheduleExpression.rate(Duration.hours(1)) });
  expect(JSON.parse(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.Input)).not.toHaveProperty('TimeZone');
});

test('a start on deploy has no scheduled time, so it is refused', () => {
  const stack = newStack();
  const task = Task.fromTaskArn(stack, 'Task', TASK_ARN);
  expect(messageOf(() => new TaskExecution(stack, 'Seed', { task, includes: Filter.simplePattern(`/logs/${YESTERDAY}`) }))).toContain(
    'has a date of ScheduledDate.format(), but no scheduled time to go by; use it in a ScheduledTaskExecution, or write the date itself');
});

test('a tag of a start on deploy has no scheduled time either', () => {
  const stack = newStack();
  const task = Task.fromTaskArn(stack, 'Task', TASK_ARN);
  expect(messageOf(() => new TaskExecution(stack, 'Seed', { task, tags: { day: YESTERDAY } }))).toBe(
    'DataSyncValidationError: [Stack/Seed] tags["day"] "{cdk-datasync:date?format=yyyy%2FMM%2Fdd&days=-1}": '
    + 'has a date of ScheduledDate.format(), but no scheduled time to go by; use it in a ScheduledTaskExecution, or write the date itself');
});

test.each<[string, string, ScheduledDateOptions, string]>([
  ['an unknown field', 'yyyy-QQ', {}, 'pattern "yyyy-QQ": may have the fields yyyy, yy, MM, M, DDD, dd, d, HH, H, mm, ss, and other letters in apostrophes; use a pattern such as "yyyy/MM/dd"'],
  ['three letters where two are known', 'MMM', {}, 'pattern "MMM": may have the fields'],
  ['a text that does not end', "'year", {}, 'pattern "\'year": may have the fields'],
  ['nothing', '', {}, 'pattern "": may have the fields'],
  ['a wildcard', 'yyyy*', {}, 'pattern "yyyy*": must not contain "*", "|" or "\\"'],
  ['an unknown zone', 'yyyy', { timeZone: TimeZone.of('Mars/Olympus') }, 'timeZone "Mars/Olympus": must be a time zone that is known at synthesis'],
  ['a part of a day', 'yyyy', { offset: { days: -0.5 } }, 'offset.days -0.5: must be a whole number; use a smaller unit for a part of one'],
])('%s is refused', (_, pattern, options, message) => {
  expect(messageOf(() => ScheduledDate.format(pattern, options))).toContain(message);
});
