import { parseExpression } from '../../../emulator/schedule/expression';

const SINCE = new Date('2030-01-01T00:30:00Z');
const next = (expression: string, after: string) => parseExpression(expression).next(new Date(after), SINCE)?.toISOString();

test.each([
  ['rate(1 hour)', '2030-01-01T00:30:00Z', '2030-01-01T01:30:00.000Z'],
  ['rate(60 minutes)', '2030-01-01T01:29:59Z', '2030-01-01T01:30:00.000Z'],
  ['rate(12 hours)', '2030-01-01T13:00:00Z', '2030-01-02T00:30:00.000Z'],
  ['rate(1 day)', '2030-01-01T00:00:00Z', '2030-01-02T00:30:00.000Z'],
  [' rate( 7 days ) ', '2030-02-01T00:00:00Z', '2030-02-05T00:30:00.000Z'],
  ['rate(999999 days)', '2030-01-01T00:30:00Z', '4767-11-28T00:30:00.000Z'],
  ['cron(0 12 ? * SUN,WED *)', '2030-01-01T00:00:00Z', '2030-01-02T12:00:00.000Z'],
  ['0 12 ? * SUN,WED *', '2030-01-01T00:00:00Z', '2030-01-02T12:00:00.000Z'],
  ['cron(0 * * * ? *)', '2030-01-01T00:00:00Z', '2030-01-01T01:00:00.000Z'],
])('%s after %s is %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test.each([
  ['rate(59 minutes)', 'a task can be scheduled at most once an hour'],
  ['cron(0,30 * * * ? *)', 'a task can be scheduled at most once an hour; give one value for minutes'],
  ['cron(*/15 12 * * ? *)', 'at most once an hour'],
  ['rate(1 hours)', 'the unit must be hour'],
  ['rate(2 hour)', 'the unit must be hours'],
  ['rate(0 hours)', 'it must be rate(value unit) with a positive number and minutes, hours or days'],
  ['rate(1.5 hours)', 'it must be rate(value unit)'],
  ['rate(1 week)', 'it must be rate(value unit)'],
  ['rate(9999999 days)', 'it must be rate(value unit)'],
  ['cron(0 25 * * ? *)', "hours must be from 0 to 23, got '25'"],
  ['cron(0 12 * * ? *', 'it must be cron(minutes hours day-of-month month day-of-week year) or rate(value unit)'],
  ['at(2030-01-01T00:00:00)', 'it must be cron('],
  ['tomorrow', 'it must have six fields'],
])('%s is refused', (expression, reason) => {
  expect(() => parseExpression(expression)).toThrow(`Invalid parameter: ScheduleExpression '${expression}' is not valid: `);
  expect(() => parseExpression(expression)).toThrow(reason);
});
