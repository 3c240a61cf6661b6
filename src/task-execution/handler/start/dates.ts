import { Failure } from '../../../custom-resource/errors';
import { DATE_MARK, datePartsOf, hasDateMark, OFFSET_UNITS } from '../../date-pattern';
import type { DateField } from '../../date-pattern';

type Offset = { readonly [unit in typeof OFFSET_UNITS[number]]?: number };

/** A date and time on the clock and calendar of a place. */
interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Whether there is a mark of a date in a value of any kind. */
export function hasDates(value: unknown): boolean {
  return hasDateMark(JSON.stringify(value) ?? '');
}

/**
 * The same value with dates in the place of their marks.
 *
 * @param time milliseconds since the epoch
 * @param timeZone of the marks that name none
 */
export function withDates(value: unknown, time: number, timeZone: string): unknown {
  if (typeof value === 'string') return value.replace(DATE_MARK, (_, query) => dateOf(new URLSearchParams(query), time, timeZone));
  if (Array.isArray(value)) return value.map(each => withDates(each, time, timeZone));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDates(member, time, timeZone)]));
}

function dateOf(query: URLSearchParams, time: number, timeZone: string): string {
  const pattern = query.get('format') ?? '';
  const offset = Object.fromEntries(OFFSET_UNITS.map(unit => [unit, Number(query.get(unit) ?? 0)]));
  if (!datePartsOf(pattern) || Object.values(offset).some(Number.isNaN)) {
    throw new Failure(`{cdk-datasync:date?${query}} is no date`, 'Make it with ScheduledDate.format()');
  }
  return formatDate(pattern, time, query.get('timeZone') ?? timeZone, offset);
}

/** The date of a time in a zone, moved by an offset. */
export function formatDate(pattern: string, time: number, timeZone: string, offset: Offset = {}): string {
  const { years = 0, months = 0, days = 0, hours = 0, minutes = 0 } = offset;
  const local = moveOnCalendar(wallTimeOf(time + (hours * 60 + minutes) * 60_000, timeZone), years * 12 + months, days);
  return datePartsOf(pattern)!.map(part => 'text' in part ? part.text : fieldOf(local, part.field)).join('');
}

function wallTimeOf(time: number, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const parts = new Map<string, number>(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(type => parts.get(type)!);
  return { year, month, day, hour, minute, second };
}

/** First by months, where a day that the month does not have becomes its last one, then by days. */
function moveOnCalendar(local: WallTime, months: number, days: number): WallTime {
  const month = local.month - 1 + months;
  const lastDay = new Date(Date.UTC(local.year, month + 1, 0)).getUTCDate();
  const moved = new Date(Date.UTC(local.year, month, Math.min(local.day, lastDay) + days));
  return { ...local, year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

function fieldOf(local: WallTime, field: DateField): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  switch (field) {
    case 'yyyy': return digits(local.year, 4);
    case 'yy': return digits(local.year % 100, 2);
    case 'MM': return digits(local.month, 2);
    case 'M': return String(local.month);
    case 'DDD': return digits((Date.UTC(local.year, local.month - 1, local.day) - Date.UTC(local.year, 0, 0)) / 86_400_000, 3);
    case 'dd': return digits(local.day, 2);
    case 'd': return String(local.day);
    case 'HH': return digits(local.hour, 2);
    case 'H': return String(local.hour);
    case 'mm': return digits(local.minute, 2);
    case 'ss': return digits(local.second, 2);
  }
}
