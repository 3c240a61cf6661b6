import { count, idOf, time, until } from '../../../../emulator/console/page/format';

test('an id is what stands behind the last slash', () => {
  expect(idOf('arn:aws:datasync:us-east-1:000000000000:task/task-1/execution/exec-2')).toBe('exec-2');
});

test('numbers have separators', () => {
  expect(count(1_234_567, 'skipped')).toBe('1,234,567 skipped');
});

test('a time is told in UTC, wherever the browser is', () => {
  expect(time(Date.parse('2030-01-02T23:30:00Z'))).toBe('Wed, 2 Jan 2030, 23:30 UTC');
});

test.each([
  [-5_000, 'less than a minute'], [59_999, 'less than a minute'], [60_000, '1 min'], [3_599_999, '59 min'], [3_600_000, '1 h 0 min'],
  [19_200_000, '5 h 20 min'], [2 * 86_400_000 - 1, '47 h 59 min'], [2 * 86_400_000, '2 d'],
])('%d ms are %s', (ms, text) => {
  expect(until(ms)).toBe(text);
});
