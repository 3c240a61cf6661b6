import * as fc from 'fast-check';
import { Cron } from '../../../emulator/schedule/cron';

const DAY = 86_400_000;
const next = (text: string, after: string) => new Cron(text).next(new Date(after))?.toISOString().replace(':00.000Z', 'Z');

test.each([
  ['0 12 ? * SUN,WED *', '2030-01-01T00:00:00Z', '2030-01-02T12:00Z'],
  ['0 12 ? * SUN,WED *', '2030-01-02T12:00:00Z', '2030-01-06T12:00Z'],
  ['0 12 ? * sun,wed *', '2030-01-02T11:59:59.999Z', '2030-01-02T12:00Z'],
  ['15 10 * * ? *', '2030-12-31T10:15:00Z', '2031-01-01T10:15Z'],
  ['0 8 1 * ? *', '2030-01-15T00:00:00Z', '2030-02-01T08:00Z'],
  ['0 8/4 * * ? *', '2030-01-01T12:00:00Z', '2030-01-01T16:00Z'],
  ['0 /8 * * ? *', '2030-01-01T12:00:00Z', '2030-01-01T16:00Z'],
  ['0 9-17/4 ? * MON-FRI *', '2030-01-04T17:00:00Z', '2030-01-07T09:00Z'],
  ['0 0 L * ? *', '2028-02-01T00:00:00Z', '2028-02-29T00:00Z'],
  ['0 0 29 2 ? *', '2030-01-01T00:00:00Z', '2032-02-29T00:00Z'],
  ['0 0 3W * ? *', '2030-02-01T00:00:00Z', '2030-02-04T00:00Z'], // the 3rd is a Sunday
  ['0 0 1W * ? *', '2030-05-31T00:00:00Z', '2030-06-03T00:00Z'], // the 1st is a Saturday: never into the month before
  ['0 0 30W * ? *', '2030-06-01T00:00:00Z', '2030-06-28T00:00Z'], // the 30th is a Sunday and the last: never into the month after
  ['0 0 ? * 3#1 *', '2030-01-01T00:00:00Z', '2030-02-05T00:00Z'], // 3 is Tuesday
  ['0 0 ? * TUE#5 *', '2030-01-29T00:00:00Z', '2030-04-30T00:00Z'],
  ['0 0 ? * 6L *', '2030-01-01T00:00:00Z', '2030-01-25T00:00Z'], // 6 is Friday
  ['0 0 ? * FRIL *', '2030-01-01T00:00:00Z', '2030-01-25T00:00Z'],
  ['0 0 ? * L *', '2030-01-01T00:00:00Z', '2030-01-05T00:00Z'], // the last day of the week is Saturday
  ['0 0 1 JAN,jul ? 2031-2033/2', '2031-07-01T00:00:00Z', '2033-01-01T00:00Z'],
  ['0 8 ? * 3#1', '2030-01-01T08:00:00Z', '2030-02-05T08:00Z'], // without a year
  ['0 8 * * 3#1', '2030-01-01T08:00:00Z', '2030-02-05T08:00Z'], // `*` in place of `?`
  ['0 8 5 * *', '2030-01-05T08:00:00Z', '2030-02-05T08:00Z'],
  ['0 0 31 2 ? *', '2030-01-01T00:00:00Z', undefined],
  ['0 0 1 1 ? 2029', '2030-01-01T00:00:00Z', undefined],
  ['0 0 1 1 ? 2199', '2030-01-01T00:00:00Z', '2199-01-01T00:00Z'],
])('%s after %s is %s', (text, after, expected) => {
  expect(next(text, after)).toBe(expected);
});

test.each([
  ['0 12 1 * MON *', "one of day of month and day of week must be '?'"],
  ['0 12 * * * *', "one of day of month and day of week must be '?'"],
  ['0 12 ? * ? *', "only one of day of month and day of week can be '?'"],
  ['0 12 * *', 'it must have six fields'],
  ['0 12 * * ? * *', 'it must have six fields'],
  ['60 12 * * ? *', "minutes must be from 0 to 59, got '60'"],
  ['0 24 * * ? *', "hours must be from 0 to 23, got '24'"],
  ['0 12 0 * ? *', "day of month must be from 1 to 31, got '0'"],
  ['0 12 32W * ? *', "day of month must be from 1 to 31, got '32'"],
  ['0 12 LW * ? *', "day of month must be from 1 to 31, got 'LW'"],
  ['0 12 1,L * ? *', "day of month must be from 1 to 31, got 'L'"],
  ['0 12 * 13 ? *', "month must be from 1 to 12 or JAN to DEC, got '13'"],
  ['0 12 * FOO ? *', "month must be from 1 to 12 or JAN to DEC, got 'FOO'"],
  ['0 12 ? * 8 *', "day of week must be from 1 to 7 or SUN to SAT, got '8'"],
  ['0 12 ? * 0 *', "day of week must be from 1 to 7 or SUN to SAT, got '0'"],
  ['0 12 ? * MON#6 *', 'the number after # must be from 1 to 5'],
  ['0 12 ? * MON#1,TUE#2 *', "day of week must be from 1 to 7 or SUN to SAT, got 'MON#1'"],
  ['0 12 ? * FRI-MON *', "day of week 'FRI-MON' starts after its end; write it as two ranges"],
  ['0 12 ? * MON 1969', "year must be from 1970 to 2199, got '1969'"],
  ['0 1-2-3 * * ? *', "hours '1-2-3' is not a range"],
  ['0 */0 * * ? *', "hours '*/0' is not a list of values, ranges and steps"],
  ['0 1,,2 * * ? *', "hours '1,,2' is not a list of values, ranges and steps"],
  ['? 12 * * ? *', "minutes must be from 0 to 59, got '?'"],
  ['', 'it must have six fields'],
])('%s is refused', (text, message) => {
  expect(() => new Cron(text)).toThrow(message);
});

/** A piece of an expression, and what it means, put as a question about one day or number. */
interface Meant<T> { readonly text: string; readonly holds: (value: T) => boolean }

function numbers(min: number, max: number, names: readonly string[] = []): fc.Arbitrary<Meant<number>> {
  const value = fc.integer({ min, max });
  const show = (n: number) => fc.constantFrom(String(n), names[n - min] ?? String(n));
  const part = fc.oneof(
    value.chain(n => show(n).map(text => ({ text, holds: (v: number) => v === n }))),
    fc.tuple(value, value).chain(([a, b]) => fc.tuple(show(Math.min(a, b)), show(Math.max(a, b)))
      .map(([from, to]) => ({ text: `${from}-${to}`, holds: (v: number) => v >= Math.min(a, b) && v <= Math.max(a, b) }))),
    fc.tuple(value, fc.integer({ min: 1, max: 40 }))
      .map(([n, step]) => ({ text: `${n}/${step}`, holds: (v: number) => v >= n && (v - n) % step === 0 })),
    fc.integer({ min: 1, max: 40 }).map(step => ({ text: `*/${step}`, holds: (v: number) => (v - min) % step === 0 })),
    fc.constant({ text: '*', holds: () => true }),
  );
  return fc.array(part, { minLength: 1, maxLength: 3 })
    .map(parts => ({ text: parts.map(({ text }) => text).join(','), holds: v => parts.some(({ holds }) => holds(v)) }));
}

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const shift = (day: Date, days: number) => new Date(day.getTime() + days * DAY);
const isSameMonth = (day: Date, days: number) => shift(day, days).getUTCMonth() === day.getUTCMonth();
const isWeekday = (day: Date) => day.getUTCDay() % 6 !== 0;

/** Is no weekday of the month closer to its n-th day than this one? */
function isNearestWeekday(day: Date, n: number): boolean {
  const nth = shift(day, n - day.getUTCDate());
  if (nth.getUTCMonth() !== day.getUTCMonth() || !isWeekday(day)) return false;
  const distance = Math.abs(day.getUTCDate() - n);
  for (let other = -3; other <= 3; other++) {
    const candidate = shift(nth, other);
    if (candidate.getUTCMonth() === day.getUTCMonth() && isWeekday(candidate) && Math.abs(other) < distance) return false;
  }
  return true;
}

const days: fc.Arbitrary<Meant<Date>> = fc.oneof(
  numbers(1, 31).map(({ text, holds }) => ({ text: `${text} MONTH ?`, holds: (day: Date) => holds(day.getUTCDate()) })),
  numbers(1, 7, WEEKDAYS).map(({ text, holds }) => ({ text: `? MONTH ${text}`, holds: (day: Date) => holds(day.getUTCDay() + 1) })),
  fc.constant({ text: 'L MONTH ?', holds: (day: Date) => !isSameMonth(day, 1) }),
  fc.integer({ min: 1, max: 31 }).map(n => ({ text: `${n}W MONTH ?`, holds: (day: Date) => isNearestWeekday(day, n) })),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([weekday, n]) => ({
    text: `? MONTH ${weekday}#${n}`,
    holds: (day: Date) => day.getUTCDay() + 1 === weekday && isSameMonth(day, -7 * (n - 1)) && !isSameMonth(day, -7 * n),
  })),
  fc.integer({ min: 1, max: 7 }).map(weekday => ({
    text: `? MONTH ${weekday}L`, holds: (day: Date) => day.getUTCDay() + 1 === weekday && !isSameMonth(day, 7),
  })),
);

test('any expression fires when a clock that is looked at every minute would say so', () => {
  const minutes = numbers(0, 59);
  const instant = fc.date({ min: new Date('2024-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(fc.property(minutes, numbers(0, 23), days, numbers(1, 12, MONTHS), instant, (minute, hour, day, month, after) => {
    const found = new Cron(`${minute.text} ${hour.text} ${day.text.replace('MONTH', month.text)} *`).next(after);
    const end = after.getTime() + 400 * DAY;
    const fires = (time: Date) => month.holds(time.getUTCMonth() + 1) && day.holds(time)
      && hour.holds(time.getUTCHours()) && minute.holds(time.getUTCMinutes());
    let expected: Date | undefined;
    for (let time = Math.floor(after.getTime() / 60_000) * 60_000 + 60_000; time <= end && !expected;) {
      const at = new Date(time);
      if (fires(at)) expected = at;
      // whole days and hours that cannot hold it are stepped over
      if (!month.holds(at.getUTCMonth() + 1) || !day.holds(at)) time = Math.floor(time / DAY) * DAY + DAY;
      else time += 60_000;
    }
    expect(found && found.getTime() <= end ? found : undefined).toEqual(expected);
  }), { numRuns: 300 });
});
