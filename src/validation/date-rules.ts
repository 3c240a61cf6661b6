import { Token } from 'aws-cdk-lib';
import type { Problems } from './problems';
import { show } from './problems';
import { hasDateMark } from '../task-execution/date-pattern';

/** Refuses the dates of texts that have no scheduled time to go by. */
export function refuseDates(problems: Problems, texts: { readonly [property: string]: string | undefined }): void {
  for (const [property, text] of Object.entries(texts)) {
    if (typeof text !== 'string' || !hasDateMark(text)) continue;
    problems.add(`${property} ${show(text)}`, 'has a date of ScheduledDate.format(), but no scheduled time to go by',
      'use it in a ScheduledTaskExecution, or write the date itself');
  }
}

/** Whether it is a name of the IANA database of time zones. */
export function isTimeZone(name: string): boolean {
  try {
    return !Token.isUnresolved(name) && new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
