import { Cron } from './cron';
import { InvalidRequestError } from '../errors';

const HOUR_MS = 3_600_000;
const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: HOUR_MS, day: 24 * HOUR_MS };

/** When a schedule fires. */
export interface Recurrence {
  /** The first time after that one, or undefined when there is none any more. `since` is when the schedule was set: rates count from there. */
  next(after: Date, since: Date): Date | undefined;
}

/**
 * Reads `cron(...)`, a bare cron expression or `rate(...)`.
 *
 * @throws InvalidRequestError when it is none of them, or fires more often than once an hour
 */
export function parseExpression(expression: string): Recurrence {
  const refuse = (reason: string) => new InvalidRequestError(`Invalid parameter: ScheduleExpression '${expression}' is not valid: ${reason}.`);
  const [, call, argument, bare] = /^(?:(cron|rate)\(([^()]*)\)|([^()]*))$/.exec(expression.trim()) ?? [];
  if (call === 'rate') return parseRate(argument, refuse);
  const text = argument ?? bare;
  if (text === undefined) throw refuse('it must be cron(minutes hours day-of-month month day-of-week year) or rate(value unit)');
  return parseCron(text, refuse);
}

function parseCron(text: string, refuse: (reason: string) => Error): Recurrence {
  let cron: Cron;
  try {
    cron = new Cron(text);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (cron.timesPerHour > 1) throw refuse('a task can be scheduled at most once an hour; give one value for minutes');
  return cron;
}

function parseRate(text: string, refuse: (reason: string) => Error): Recurrence {
  const [, digits, unit, plural] = /^\s*([1-9]\d{0,5})\s+(minute|hour|day)(s?)\s*$/.exec(text) ?? [];
  if (digits === undefined) throw refuse('it must be rate(value unit) with a positive number and minutes, hours or days');
  if ((digits === '1') === (plural === 's')) throw refuse(`the unit must be ${unit}${digits === '1' ? '' : 's'}`);
  const interval = Number(digits) * UNITS_MS[unit];
  if (interval < HOUR_MS) throw refuse('a task can be scheduled at most once an hour');
  return {
    next: (after, since) => new Date(since.getTime() + (Math.max(0, Math.floor((after.getTime() - since.getTime()) / interval)) + 1) * interval),
  };
}
