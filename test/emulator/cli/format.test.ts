import { items, printable, table } from '../../../emulator/cli/format';

test.each([[0, '0 items'], [1, '1 item'], [1234, '1,234 items']])('%d is %s', (count, text) => expect(items(count)).toBe(text));

test.each([
  ['plain é 😀', 'plain é 😀'], ['a\nb', 'a\\u{a}b'], ['\u001b[31mred', '\\u{1b}[31mred'], ['\u009b2J', '\\u{9b}2J'], ['x\u202egnp.exe', 'x\\u{202e}gnp.exe'],
  ['\u2028', '\\u{2028}'], ['\ud800', '\\u{d800}'],
])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));

test('columns are aligned', () => {
  expect(table([['A', 'BB', 'C'], ['long', 'x', '']])).toEqual(['A     BB  C', 'long  x']);
});
