import { completeFilters } from '../../../emulator/model/filters';

const rule = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];

test.each(['/dir', '/dir*', '/dir/*', '/a|/b*|/c', '/50\\*', '/a\\|b*', '*', '/a\\\\*', '/trailing\\'])('the include %s is accepted', value => {
  expect(completeFilters(rule(value))).toEqual({ includes: rule(value), excludes: [] });
});

test.each([
  ['*.txt', '*.txt'], ['/ok|/a*b|/c', '/a*b'], ['/a**', '/a**'], ['/a\\\\*/b', '/a\\\\*/b'], ['*/temp', '*/temp'],
])('the include %s is refused', (value, pattern) => {
  expect(() => completeFilters(rule(value))).toThrow(`Invalid filter: in Includes, '*' is allowed only as the last character of a pattern, got '${pattern}'.`);
});

test.each(['*.tmp', '*/temp', '/a*b', '*'])('the exclude %s is accepted', value => {
  expect(completeFilters([], rule(value))).toEqual({ includes: [], excludes: rule(value) });
});

test('a task without filters has none', () => {
  expect(completeFilters()).toEqual({ includes: [], excludes: [] });
});

test('102,400 characters in total, and no more', () => {
  expect(completeFilters(rule(`/${'a'.repeat(51_199)}`), rule('\\*'.repeat(25_600))).includes).toHaveLength(1);
  expect(() => completeFilters(rule(`/${'a'.repeat(51_200)}`), rule('b'.repeat(51_200)))).toThrow(
    'Invalid filter: Includes and Excludes have 102401 characters, 102400 are allowed in total.',
  );
});

test('a character outside of the basic plane counts once', () => {
  expect(completeFilters(rule(`/${'\u{1f4c1}'.repeat(102_399)}`)).includes).toHaveLength(1);
  expect(() => completeFilters(rule(`/${'\u{1f4c1}'.repeat(102_400)}`))).toThrow('Includes and Excludes have 102401 characters, 102400 are allowed in total.');
});

test.each([
  [{ FilterType: 'REGEX' as any, Value: 'x' }, "FilterType in Includes must be SIMPLE_PATTERN, got 'REGEX'"],
  [{ Value: 'x' }, "FilterType in Includes must be SIMPLE_PATTERN, got 'null'"],
  [{ FilterType: 'SIMPLE_PATTERN' as const }, 'Includes has a rule without a Value; to clear the filter, give an empty list'],
])('%j is refused', (incomplete, message) => {
  expect(() => completeFilters([incomplete])).toThrow(message);
});
