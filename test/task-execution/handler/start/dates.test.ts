import { TimeZone } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ScheduledDate } from '../../../../src';
import { formatDate, hasDates, withDates } from '../../../../src/task-execution/handler/start/dates';

const DAY = 86_400_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia', 'America/Sao_Paulo', 'Pacific/Kiritimati'];
const at = (text: string) => Date.parse(text);
const time = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2090-12-31T23:59:59Z') });
const zone = fc.constantFrom(...ZONES);

/** The date in a zone by another way: as Swedish has it. */
const swedish = (moment: number, timeZone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(moment);

test.each<[string, string, string, string, object]>([
  ['the scheduled time itself', '2026-03-01T02:30:05Z', 'UTC', '2026/03/01 02:30:05', {}],
  ['the day before, over a month end', '2026-03-01T02:30:00Z', 'UTC', '2026/02/28 02:30:00', { days: -1 }],
  ['the day before, in a leap year', '2028-03-01T02:30:00Z', 'UTC', '2028/02/29 02:30:00', { days: -1 }],
  ['the day before, over a year end', '2027-01-01T00:00:00Z', 'UTC', '2026/12/31 00:00:00', { days: -1 }],
  ['a month before the 31st', '2026-03-31T12:00:00Z', 'UTC', '2026/02/28 12:00:00', { months: -1 }],
  ['a month after 31 January', '2028-01-31T12:00:00Z', 'UTC', '2028/02/29 12:00:00', { months: 1 }],
  ['a year after a leap day', '2028-02-29T12:00:00Z', 'UTC', '2029/02/28 12:00:00', { years: 1 }],
  ['months first, then days', '2026-03-31T12:00:00Z', 'UTC', '2026/03/01 12:00:00', { months: -1, days: 1 }],
  ['another day in the zone', '2026-03-01T23:30:00Z', 'Europe/Berlin', '2026/03/02 00:30:00', {}],
  ['midnight is 00, not 24', '2026-03-01T23:00:00Z', 'Europe/Berlin', '2026/03/02 00:00:00', {}],
  ['the day before one of 23 hours', '2026-03-29T22:30:00Z', 'Europe/Berlin', '2026/03/29 00:30:00', { days: -1 }],
  ['the day before one of 25 hours', '2026-10-25T23:30:00Z', 'Europe/Berlin', '2026/10/25 00:30:00', { days: -1 }],
  ['an hour that passes while clocks go forward', '2026-03-29T01:30:00Z', 'Europe/Berlin', '2026/03/29 01:30:00', { hours: -1 }],
  ['an hour that passes while clocks go back', '2026-10-25T01:30:00Z', 'Europe/Berlin', '2026/10/25 02:30:00', { hours: -1 }],
  ['90 minutes', '2026-10-25T01:30:00Z', 'UTC', '2026/10/25 00:00:00', { minutes: -90 }],
])('a date may be %s', (_, scheduled, timeZone, expected, offset) => {
  expect(formatDate('yyyy/MM/dd HH:mm:ss', at(scheduled), timeZone, offset)).toBe(expected);
});

test.each([
  ['yy-M-d-H', '26-3-1-2'], ['DDD', '060'], ['yyyyMMdd', '20260301'], ["'year='yyyy", 'year=2026'], ["yyyy''MM", "2026'03"], ["'it''s' d", "it's 1"], ['-/ .', '-/ .'],
])('the pattern %s gives %s', (pattern, expected) => {
  expect(formatDate(pattern, at('2026-03-01T02:30:05Z'), 'UTC')).toBe(expected);
});

test('a date is that of its zone, at any time', () => {
  fc.assert(fc.property(time, zone, (moment, timeZone) => formatDate('yyyy-MM-dd', moment, timeZone) === swedish(moment, timeZone)));
});

test('days are those of the calendar, however many hours they have', () => {
  fc.assert(fc.property(time, zone, fc.integer({ min: -800, max: 800 }), (moment, timeZone, days) => {
    const expected = new Date(at(`${swedish(moment, timeZone)}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
    expect(formatDate('yyyy-MM-dd', moment, timeZone, { days })).toBe(expected);
    expect(formatDate('HH:mm', moment, timeZone, { days })).toBe(formatDate('HH:mm', moment, timeZone));
  }));
});

test('months end in that month, on the same day or on its last', () => {
  fc.assert(fc.property(time, zone, fc.integer({ min: -60, max: 60 }), (moment, timeZone, months) => {
    const [year, month, day] = swedish(moment, timeZone).split('-').map(Number);
    const [y, m, d] = formatDate('yyyy-MM-dd', moment, timeZone, { months }).split('-').map(Number);
    expect(y * 12 + m).toBe(year * 12 + month + months);
    expect(d === day || (d < day && d === new Date(Date.UTC(y, m, 0)).getUTCDate())).toBe(true);
    expect(formatDate('yyyy-MM-dd', moment, timeZone, { years: months })).toBe(formatDate('yyyy-MM-dd', moment, timeZone, { months: months * 12 }));
  }));
});

test('hours and minutes are time that passes', () => {
  fc.assert(fc.property(time, zone, fc.integer({ min: -5000, max: 5000 }), (moment, timeZone, minutes) =>
    formatDate('yyyy-MM-dd HH:mm:ss', moment, timeZone, { minutes }) === formatDate('yyyy-MM-dd HH:mm:ss', moment + minutes * 60_000, timeZone)));
});

test('what ScheduledDate.format() marks is found in any value, goes by its own zone or that of the schedule, and leaves nothing of it', () => {
  const own = ScheduledDate.format("'y='yyyy/MM/dd", { timeZone: TimeZone.ASIA_KOLKATA, offset: { days: -1, hours: 0 } });
  const value = { Includes: [{ Value: `/a/${own}|/b/${ScheduledDate.format('HH')}`, More: 1 }], Other: undefined, None: null };
  expect(hasDates(value)).toBe(true);
  const resolved = withDates(value, at('2026-03-01T20:00:00Z'), 'Europe/Berlin');
  expect(resolved).toEqual({ Includes: [{ Value: '/a/y=2026/03/01|/b/21', More: 1 }], Other: undefined, None: null });
  expect(hasDates(resolved)).toBe(false);
});

test('any pattern comes back from its mark as it was', () => {
  const literal = fc.stringMatching(/^[A-Za-z0-9 .,:;=%&+#~!()_-]{1,12}$/).map(text => `'${text}'`);
  fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom('yyyy', 'MM', 'dd', '/', '-'), literal), { minLength: 1 }), time, (parts, moment) => {
    const pattern = parts.join('-');
    expect(withDates(ScheduledDate.format(pattern), moment, 'UTC')).toBe(formatDate(pattern, moment, 'UTC'));
  }));
});

test('a mark that is none is named', () => {
  expect(() => withDates('{cdk-datasync:date?format=QQ}', 0, 'UTC')).toThrow('{cdk-datasync:date?format=QQ} is no date. Make it with ScheduledDate.format().');
});
