import { bytes, duration, items, printable, table } from '../../../emulator/cli/format';

test.each([
  [0, '0 B'], [0.4, '0.4 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [1536, '1.5 KiB'], [1024 ** 2, '1.0 MiB'], [5 * 1024 ** 4, '5.0 TiB'], [2048 * 1024 ** 4, '2048.0 TiB'],
])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

test.each([
  [0, '0.0 s'], [9_949, '9.9 s'], [9_950, '10 s'], [119_000, '119 s'], [120_000, '2 min'], [7_500_000, '2 h 5 min'],
])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text));

test.each([[0, '0 items'], [1, '1 item'], [1234, '1,234 items']])('%d is %s', (count, text) => expect(items(count)).toBe(text));

test.each([
  ['plain é 😀', 'plain é 😀'], ['a\nb', 'a\\u{a}b'], ['\u001b[31mred', '\\u{1b}[31mred'], ['\u009b2J', '\\u{9b}2J'], ['x\u202egnp.exe', 'x\\u{202e}gnp.exe'],
  ['\u2028', '\\u{2028}'], ['\ud800', '\\u{d800}'],
])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));

test('columns are aligned', () => {
  expect(table([['A', 'BB', 'C'], ['long', 'x', '']])).toEqual(['A     BB  C', 'long  x']);
});
