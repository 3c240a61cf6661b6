import type { TimeZone } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { DATE_FIELDS, dateMark, datePartsOf, OFFSET_UNITS } from './date-pattern';
import { isTimeZone } from '../validation/date-rules';
import { Problems, show } from '../validation/problems';

/** How far a date is from the scheduled time. Whole numbers, negative ones for earlier. */
export interface ScheduledDateOffset {
  /**
   * Years of the calendar. 29 February becomes the 28th in a year without one.
   *
   * @default 0
   */
  readonly years?: number;

  /**
   * Months of the calendar. A day that the month does not have becomes its last one.
   *
   * @default 0
   */
  readonly months?: number;

  /**
   * Days of the calendar, of which some have 23 or 25 hours.
   *
   * @default 0
   */
  readonly days?: number;

  /**
   * Hours that pass, also while clocks are changed.
   *
   * @default 0
   */
  readonly hours?: number;

  /**
   * Minutes that pass.
   *
   * @default 0
   */
  readonly minutes?: number;
}

/** Where and when a date is told. */
export interface ScheduledDateOptions {
  /**
   * The time zone of the date.
   *
   * @default - that of the schedule, which is UTC unless it says otherwise
   */
  readonly timeZone?: TimeZone;

  /**
   * How far the date is from the scheduled time, such as `{ days: -1 }` for the day before.
   *
   * @default - the scheduled time itself
   */
  readonly offset?: ScheduledDateOffset;
}

/**
 * Dates in the filters, the tags, the key of the manifest and the prefix of the reports of a `ScheduledTaskExecution`.
 *
 * @example
 * new datasync.ScheduledTaskExecution(this, 'Yesterday', {
 *   task,
 *   schedule: ScheduleExpression.cron({ hour: '2', minute: '30', timeZone: TimeZone.EUROPE_BERLIN }),
 *   includes: datasync.Filter.simplePattern('/logs/' + datasync.ScheduledDate.format('yyyy/MM/dd', { offset: { days: -1 } })),
 * });
 */
export class ScheduledDate {
  /**
   * A text that becomes the date of the scheduled time when the task is started. It is that of the time for which the start was scheduled, however
   * late it comes or is tried again.
   *
   * @param pattern `yyyy` or `yy`, `MM` or `M`, `dd` or `d`, `DDD` (day of the year), `HH` or `H`, `mm`, `ss`; other letters in apostrophes:
   * `"'year='yyyy/'month='MM"`
   * @throws when the pattern, the time zone or the offset is not right
   */
  public static format(pattern: string, options: ScheduledDateOptions = {}): string {
    const problems = new Problems();
    checkPattern(problems, pattern);
    const zone = options.timeZone?.timezoneName;
    if (zone !== undefined && !isTimeZone(zone)) problems.add(`timeZone ${show(zone)}`, 'must be a time zone that is known at synthesis', 'use one such as TimeZone.EUROPE_BERLIN');
    const offset: { [unit: string]: string } = {};
    for (const unit of OFFSET_UNITS) {
      const value = options.offset?.[unit];
      if (value === undefined) continue;
      if (!Number.isSafeInteger(value) || Token.isUnresolved(value)) problems.add(`offset.${unit} ${show(value)}`, 'must be a whole number', 'use a smaller unit for a part of one');
      offset[unit] = String(value);
    }
    problems.throwIfAny();
    return dateMark({ format: pattern, ...zone !== undefined && { timeZone: zone }, ...offset });
  }

  private constructor() {}
}

function checkPattern(problems: Problems, pattern: string): void {
  const parts = Token.isUnresolved(pattern) ? undefined : datePartsOf(pattern);
  if (!parts || parts.length === 0) {
    problems.add(`pattern ${show(pattern)}`, `may have the fields ${DATE_FIELDS.join(', ')}, and other letters in apostrophes`, 'use a pattern such as "yyyy/MM/dd"');
  } else if (parts.some(part => 'text' in part && /[*|\\]/.test(part.text))) {
    problems.add(`pattern ${show(pattern)}`, 'must not contain "*", "|" or "\\", which have a meaning in filters', 'put them before or after the date');
  }
}
