import type { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { isKnownLater } from './checks';
import type { Problems } from './problems';
import { show } from './problems';
import type { CronField } from '../task-execution/cron-grammar';
import { CRON_FIELDS, cronNumber } from '../task-execution/cron-grammar';

/** What may stand in the place of numbers, with the number in it. Whether the rest fits, the service tells. */
const SPECIAL: { readonly [name: string]: RegExp } = { day: /^(?:L(?:-\d+)?|LW|(\d+)W)$/i, weekDay: /^(?:L|(\w+)L)$/i };
/** So many weekdays of a month: the only one of its field. */
const NTH = /^(\w+)#[1-5]$/;

/** Checks an expression of the scheduler, which takes any text and hands it over to the service. */
export function checkExpression(problems: Problems, property: string, schedule: ScheduleExpression): void {
  const expression: unknown = schedule?.expressionString;
  if (typeof expression !== 'string') { // from callers without a compiler
    problems.add(`${property} ${show(schedule)}`, 'must be a ScheduleExpression', 'use ScheduleExpression.at(), .rate() or .cron()');
  } else if (/^cron\(.*\)$/.test(expression)) {
    checkCron(problems, property, expression);
  } else if (!isKnownLater(expression) && !isRate(expression) && !isTime(expression)) {
    problems.add(`${property} ${show(expression)}`, 'must be at() with date and time, rate() with minutes, hours or days, or cron() with six fields',
      'use ScheduleExpression.at(), .rate() or .cron()');
  }
}

function isRate(expression: string): boolean {
  const [, value] = /^rate\(\s*(\d+)\s+(?:minute|hour|day)s?\s*\)$/.exec(expression) ?? [];
  return Number(value) > 0;
}

function isTime(expression: string): boolean {
  const [, time] = /^at\(\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\s*\)$/.exec(expression) ?? [];
  return !Number.isNaN(Date.parse(`${time}Z`));
}

/** Checks each field of a cron expression by itself, which neither CDK nor CloudFormation does before the service is asked. */
export function checkCron(problems: Problems, property: string, expression: string): void {
  const [, text] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (text === undefined) return;
  const values = text.trim().split(/\s+/);
  const fields: Array<[string, CronField]> = Object.entries(CRON_FIELDS);
  if (values.length !== fields.length) {
    if (isKnownLater(expression)) return; // what stands in which field is not known
    problems.add(`${property} ${show(expression)}`, 'must have six fields: minute, hour, day, month, weekDay and year', 'write all of them, with "*" for any');
    return;
  }
  fields.forEach(([name, field], n) => {
    if (isKnownLater(values[n]) || isField(values[n], name, field)) return;
    const { min, max, names } = field;
    problems.add(`${name} ${show(values[n])} of ${property}`, `may have numbers from ${min} to ${max}${names ? `, or names such as ${names[1]}` : ''}`,
      name === 'minute' ? 'choose one' : 'choose one, or leave it out');
  });
  const [, , day, , weekDay] = values;
  if (isKnownLater(day) || isKnownLater(weekDay) || (day === '?') !== (weekDay === '?')) return;
  problems.add(`day ${show(day)} and weekDay ${show(weekDay)} of ${property}`, 'one of the two must be "?", and the other must not', 'give the one that is meant');
}

function isField(value: string, name: string, field: CronField): boolean {
  const special = SPECIAL[name];
  if (special && value === '?') return true;
  const [, nth] = (name === 'weekDay' && NTH.exec(value)) || [];
  if (nth !== undefined) return cronNumber(field, nth) !== undefined;
  return value.split(',').every(item => {
    const found = special?.exec(item);
    return found ? found[1] === undefined || cronNumber(field, found[1]) !== undefined : isItem(item, field);
  });
}

function isItem(item: string, field: CronField): boolean {
  const [, range, step = '1'] = /^([^/]+|(?=\/))(?:\/(\d+))?$/.exec(item) ?? []; // what has no start begins with the first
  if (range === undefined || Number(step) < 1) return false;
  if (range === '*' || range === '') return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every(end => cronNumber(field, end) !== undefined);
}
