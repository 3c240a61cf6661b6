import type { CronField } from '../../src/task-execution/cron-grammar';
import { CRON_FIELDS, cronNumber } from '../../src/task-execution/cron-grammar';

/** A field with what it is called in errors, which has the names of the service. */
interface Field extends CronField {
  readonly name: string;
}

const MINUTES: Field = { name: 'minutes', ...CRON_FIELDS.minute };
const HOURS: Field = { name: 'hours', ...CRON_FIELDS.hour };
const DAY_OF_MONTH: Field = { name: 'day of month', ...CRON_FIELDS.day };
const MONTH: Field = { name: 'month', ...CRON_FIELDS.month };
const DAY_OF_WEEK: Field = { name: 'day of week', ...CRON_FIELDS.weekDay };
const YEAR: Field = { name: 'year', ...CRON_FIELDS.year };

/** Is the day of a month (months count from 1) one of those wanted? */
type DayRule = (year: number, month: number, day: number) => boolean;

/** A cron expression in the syntax of EventBridge, in UTC. */
export class Cron {
  private readonly minutes: readonly number[];
  private readonly hours: readonly number[];
  private readonly months: readonly number[];
  private readonly years: readonly number[];
  private readonly isDay: DayRule;

  /**
   * @param text minutes, hours, day of month, month, day of week and year, the last of which may be left out
   * @throws Error that tells the wrong field
   */
  constructor(text: string) {
    const [minutes, hours, dayOfMonth, month, dayOfWeek, year = '*', ...rest] = text.trim().split(/\s+/);
    if (dayOfWeek === undefined || rest.length > 0) {
      throw new Error('it must have six fields: minutes, hours, day of month, month, day of week, year');
    }
    this.minutes = numbersOf(MINUTES, minutes);
    this.hours = numbersOf(HOURS, hours);
    this.months = numbersOf(MONTH, month);
    this.years = numbersOf(YEAR, year);
    this.isDay = dayRule(dayOfMonth, dayOfWeek);
  }

  /** How often it fires in each hour that it fires in at all. */
  public get timesPerHour(): number {
    return this.minutes.length;
  }

  /** The first time after that one, or undefined when there is none any more. */
  public next(after: Date): Date | undefined {
    for (const year of this.years) {
      if (year < after.getUTCFullYear()) continue;
      for (const month of this.months) {
        const days = daysIn(year, month);
        if (Date.UTC(year, month - 1, days + 1) <= after.getTime()) continue;
        for (let day = 1; day <= days; day++) {
          if (!this.isDay(year, month, day)) continue;
          for (const hour of this.hours) {
            for (const minute of this.minutes) {
              const time = Date.UTC(year, month - 1, day, hour, minute);
              if (time > after.getTime()) return new Date(time);
            }
          }
        }
      }
    }
    return undefined;
  }
}

function dayRule(dayOfMonth: string, dayOfWeek: string): DayRule {
  if (dayOfMonth === '?' && dayOfWeek === '?') throw new Error("only one of day of month and day of week can be '?'");
  if (dayOfWeek === '?') return dayOfMonthRule(dayOfMonth);
  if (dayOfMonth === '?') return dayOfWeekRule(dayOfWeek);
  // EventBridge insists on the '?'; an example of the service itself has `*` in its place.
  if (dayOfMonth !== '*' && dayOfWeek === '*') return dayOfMonthRule(dayOfMonth);
  if (dayOfMonth === '*' && dayOfWeek !== '*') return dayOfWeekRule(dayOfWeek);
  throw new Error("one of day of month and day of week must be '?'");
}

function dayOfMonthRule(text: string): DayRule {
  if (text === 'L') return (year, month, day) => day === daysIn(year, month);
  const nearest = /^(\d+)W$/.exec(text);
  if (nearest) {
    const wanted = numberOf(DAY_OF_MONTH, nearest[1]);
    return (year, month, day) => day === nearestWeekday(year, month, wanted);
  }
  const days = new Set(numbersOf(DAY_OF_MONTH, text));
  return (_year, _month, day) => days.has(day);
}

function dayOfWeekRule(text: string): DayRule {
  if (text === 'L') return (year, month, day) => weekdayOf(year, month, day) === DAY_OF_WEEK.max;
  const last = /^(\w+)L$/.exec(text);
  if (last) {
    const wanted = numberOf(DAY_OF_WEEK, last[1]);
    return (year, month, day) => weekdayOf(year, month, day) === wanted && day > daysIn(year, month) - 7;
  }
  const nth = /^(\w+)#(\d+)$/.exec(text);
  if (nth) {
    const wanted = numberOf(DAY_OF_WEEK, nth[1]);
    const number = Number(nth[2]);
    if (number < 1 || number > 5) throw new Error(`day of week '${text}': the number after # must be from 1 to 5`);
    return (year, month, day) => weekdayOf(year, month, day) === wanted && Math.ceil(day / 7) === number;
  }
  const weekdays = new Set(numbersOf(DAY_OF_WEEK, text));
  return (year, month, day) => weekdays.has(weekdayOf(year, month, day));
}

/** The weekday closest to a day, in the same month; none when the month has no such day. */
function nearestWeekday(year: number, month: number, day: number): number | undefined {
  const days = daysIn(year, month);
  if (day > days) return undefined;
  switch (weekdayOf(year, month, day)) {
    case 7:
      return day > 1 ? day - 1 : day + 2;
    case 1:
      return day < days ? day + 1 : day - 2;
    default:
      return day;
  }
}

/** Lists, ranges and steps, in ascending order. */
function numbersOf(field: Field, text: string): number[] {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const [, range, step] = /^([^/]+|(?=\/))(?:\/(\d+))?$/.exec(part) ?? []; // `/8` is `*/8`
    if (range === undefined || (step !== undefined && Number(step) < 1)) throw new Error(`${field.name} '${text}' is not a list of values, ranges and steps`);
    const [first, last] = boundsOf(field, range, step !== undefined);
    if (first > last) throw new Error(`${field.name} '${range}' starts after its end; write it as two ranges`);
    for (let number = first; number <= last; number += Number(step ?? 1)) numbers.add(number);
  }
  return [...numbers].sort((one, other) => one - other);
}

function boundsOf(field: Field, range: string, hasStep: boolean): [number, number] {
  if (range === '*' || range === '') return [field.min, field.max];
  const [from, to, ...rest] = range.split('-');
  if (rest.length > 0) throw new Error(`${field.name} '${range}' is not a range`);
  const first = numberOf(field, from);
  if (to !== undefined) return [first, numberOf(field, to)];
  return [first, hasStep ? field.max : first];
}

function numberOf(field: Field, text: string): number {
  const number = cronNumber(field, text);
  if (number !== undefined) return number;
  const { name, min, max, names } = field;
  throw new Error(`${name} must be from ${min} to ${max}${names ? ` or ${names[0]} to ${names[names.length - 1]}` : ''}, got '${text}'`);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 1 is Sunday. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}
