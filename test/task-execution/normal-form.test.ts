import { bareSubdirectory, canonical, isEmpty, patternSet, short } from '../../src/task-execution/normal-form';

test.each([
  ['what is not long', 'x'.repeat(256), 'x'.repeat(256)],
  ['what is long', 'x'.repeat(257), expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
  ['a hash', short('x'.repeat(300)), short('x'.repeat(300))],
])('short: %s', (_, text, expected) => {
  expect(short(text)).toEqual(expected);
});

test.each([
  ['/b|/a', '/a|/b'], ['/a|/a', '/a'], ['/a||', '/a'], ['', ''], ['/a\\|b|/0', '/0|/a\\|b'], ['/a\\\\|/0', '/0|/a\\\\'],
])('patternSet: %j is %j', (value, expected) => {
  expect(patternSet(value)).toBe(expected);
});

test.each([['/a/b/', 'a/b'], ['//a//', 'a'], ['/', ''], ['', ''], ['a//b', 'a//b']])('bareSubdirectory: %j is %j', (path, expected) => {
  expect(bareSubdirectory(path)).toBe(expected);
});

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: [true] }, { b: ['true'], a: '1' }, true],
  [{ a: undefined }, {}, true],
  [['a', 'b'], ['b', 'a'], false],
  [['a,b'], ['a', 'b'], false],
  ['"a"', 'a', false],
  [{ a: 'b' }, ['a', 'b'], false],
  [{ a: {} }, { a: [] }, false],
  ['x'.repeat(300), short('x'.repeat(300)), true],
])('canonical: %j and %j are the same: %s', (one, other, same) => {
  expect(canonical(one) === canonical(other)).toBe(same);
});

test.each<[unknown, boolean]>([
  [undefined, true], [null, true], ['', true], [[], true], [{}, true], [0, false], [false, false], ['a', false], [[''], false],
])('isEmpty: %j %s', (value, empty) => {
  expect(isEmpty(value)).toBe(empty);
});
