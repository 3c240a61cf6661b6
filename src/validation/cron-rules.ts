import { isKnownLater } from './checks';
import type { Problems } from './problems';
import { show } from './problems';

interface CronField {
  /** As the options of CDK's `cron()` have it. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** In place of the numbers from `min` on. */
  readonly names?: readonly string[];
  /** What else may stand in it. */
  readonly also?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEK_DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const FIELDS: readonly CronField[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31, also: /^(L|L-\d+|LW|\d+W)$/i },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'weekDay', min: 1, max: 7, names: WEEK_DAYS, also: /^(L|\w+L|\w+#[1-5])$/i },
  { name: 'year', min: 1970, max: 2199 },
];

/** Checks each field of a cron expression by itself, which neither CDK nor CloudFormation does before the service is asked. */
export function checkCron(problems: Problems, property: string, expression: string): void {
  const [, text] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (text === undefined || isKnownLater(expression)) return;
  const values = text.trim().split(/\s+/);
  if (values.length !== FIELDS.length) return; // what stands in which field is not known
  FIELDS.forEach((field, n) => {
    if (values[n].split(',').every(item => isItem(item, field))) return;
    const { name, min, max, names } = field;
    problems.add(`${name} ${show(values[n])} of ${property}`, `may have numbers from ${min} to ${max}${names ? `, or names such as ${names[1]}` : ''}`,
      'choose one, or leave it out');
  });
}

function isItem(item: string, field: CronField): boolean {
  const [range, step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !/^\d+$/.test(step))) return false;
  if (range === '*' || range === '?' || field.also?.test(range)) return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every(end => isValue(end, field));
}

function isValue(text: string, { min, max, names }: CronField): boolean {
  return names?.includes(text.toUpperCase()) || (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max);
}
