import { isKnownLater } from './checks';
import type { Problems } from './problems';
import { show } from './problems';
import type { CronField } from '../task-execution/cron-grammar';
import { CRON_FIELDS, cronNumber } from '../task-execution/cron-grammar';

/** What may stand in the place of numbers. Whether it fits, the service tells. */
const SPECIAL: { readonly [name: string]: RegExp } = { day: /^(L|L-\d+|LW|\d+W)$/i, weekDay: /^(L|\w+L|\w+#[1-5])$/i };

/** Checks each field of a cron expression by itself, which neither CDK nor CloudFormation does before the service is asked. */
export function checkCron(problems: Problems, property: string, expression: string): void {
  const [, text] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (text === undefined || isKnownLater(expression)) return;
  const values = text.trim().split(/\s+/);
  const fields: Array<[string, CronField]> = Object.entries(CRON_FIELDS);
  if (values.length !== fields.length) return; // what stands in which field is not known
  fields.forEach(([name, field], n) => {
    if (values[n].split(',').every(item => SPECIAL[name]?.test(item) || isItem(item, field))) return;
    const { min, max, names } = field;
    problems.add(`${name} ${show(values[n])} of ${property}`, `may have numbers from ${min} to ${max}${names ? `, or names such as ${names[1]}` : ''}`,
      'choose one, or leave it out');
  });
}

function isItem(item: string, field: CronField): boolean {
  const [, range, step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? [];
  if (range === undefined || Number(step) < 1) return false;
  if (range === '*' || range === '?') return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every(end => cronNumber(field, end) !== undefined);
}
