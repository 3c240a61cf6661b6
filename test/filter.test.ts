import { CfnParameter, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { Filter, FilterType } from '../src';
import { splitPatterns } from '../src/task-execution/filter-grammar';

test('patterns are joined by a pipe', () => {
  const filter = Filter.simplePattern('/folder1', '/folder2*');
  expect(filter.filterType).toBe(FilterType.SIMPLE_PATTERN);
  expect(filter.value).toBe('/folder1|/folder2*');
});

test('patterns may be those of a list that only the deployment knows', () => {
  const stack = new Stack();
  const list = new CfnParameter(stack, 'Folders', { type: 'CommaDelimitedList' }).valueAsList;
  expect(stack.resolve(Filter.simplePattern(...list).value)).toEqual({ 'Fn::Join': ['|', { Ref: 'Folders' }] });
});

test('such a list may stand between others', () => {
  const stack = new Stack();
  const [first, second] = ['Folders', 'Files'].map(id => new CfnParameter(stack, id, { type: 'CommaDelimitedList' }).valueAsList);
  expect(stack.resolve(Filter.simplePattern('/a', ...first, '/b', ...second).value)).toEqual({
    'Fn::Join': ['', ['/a|', { 'Fn::Join': ['|', { Ref: 'Folders' }] }, '|/b|', { 'Fn::Join': ['|', { Ref: 'Files' }] }]],
  });
});

test.each([
  ['/plain/path.txt', '/plain/path.txt'],
  ['/a|b', '/a\\|b'],
  ['/50*', '/50\\*'],
  ['/back\\slash', '/back\\\\slash'],
  ['/all\\|*', '/all\\\\\\|\\*'],
])('the literal %s becomes the pattern %s', (path, pattern) => {
  expect(Filter.literal(path)).toBe(pattern);
});

test('any literals survive the way to the service and back', () => {
  const path = fc.string({ unit: fc.constantFrom('a', '/', '*', '|', '\\', ' ', 'ü'), minLength: 1, maxLength: 12 });
  fc.assert(fc.property(fc.array(path, { minLength: 1, maxLength: 5 }), paths => {
    const { value } = Filter.simplePattern(...paths.map(Filter.literal));
    const read = splitPatterns(value).map(pattern => pattern.replace(/\\([\\*|])/g, '$1'));
    expect(read).toEqual(paths);
  }));
});
