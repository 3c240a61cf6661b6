import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Filter, TaskExecution } from '../../src';
import { splitPatterns } from '../../src/task-execution/filter-grammar';
import { messageOf, newStack, nfsToS3, warningsOf } from '../support/stacks';

test.each<[string, string[]]>([
  ['/a', ['/a']],
  ['/a|/b', ['/a', '/b']],
  ['/a\\|b|/c', ['/a\\|b', '/c']],
  ['/a\\\\|/b', ['/a\\\\', '/b']],
  ['a||b', ['a', '', 'b']],
  ['', ['']],
  ['|', ['', '']],
  ['/a\\', ['/a\\']],
])('%j has the patterns %j', (value, patterns) => {
  expect(splitPatterns(value)).toEqual(patterns);
});

const includeStar = 'an include may have "*" as its last character only; '
  + 'include the folder and exclude what is not wanted, or escape a literal "*" with Filter.literal()';

test.each<[string, 'includes' | 'excludes', string[], string]>([
  ['nothing', 'includes', [], 'includes "": must not be empty; leave includes out to filter nothing'],
  ['nothing', 'excludes', [''], 'excludes "": must not be empty; leave excludes out to filter nothing'],
  ['a star at the beginning', 'includes', ['*.txt'], `includes "*.txt": ${includeStar}`],
  ['a star in the middle', 'includes', ['/ok*', '/a*/b'], `includes "/a*/b": ${includeStar}`],
  ['two stars', 'includes', ['/a**'], `includes "/a**": ${includeStar}`],
  ['a star before a line break', 'includes', ['/a*\n'], `includes "/a*\\n": ${includeStar}`],
  ['a star before an escape', 'includes', ['/a*\\|b'], `includes "/a*\\\\|b": ${includeStar}`],
  ['a NUL character', 'excludes', ['/a\0'], 'excludes "/a\\u0000": contains a NUL character; remove it'],
])('a task refuses %s', (_, property, patterns, message) => {
  const stack = newStack();
  expect(messageOf(() => nfsToS3(stack, { [property]: Filter.simplePattern(...patterns) })))
    .toBe(`DataSyncValidationError: [Stack/Task] ${message}`);
});

test.each<[string, unknown, string]>([
  ['a text', '/a', '"/a"'],
  ['a list', ['/a'], '["/a"]'],
  ['nothing', null, 'null'],
  ['a token', Lazy.any({ produce: () => [] }), '(known at deployment)'],
  ['rules of an L1', [{ filterType: 'SIMPLE_PATTERN', value: '/a' }], '[{"filterType":"SIMPLE_PATTERN","value":"/a"}]'],
])('a task refuses %s in the place of a filter, for callers without a compiler', (_, filter, shown) => {
  expect(messageOf(() => nfsToS3(newStack(), { includes: filter as Filter }))).toBe(
    `DataSyncValidationError: [Stack/Task] includes ${shown}: must be a Filter; write Filter.simplePattern("/folder"), whose patterns may be tokens`);
});

test.each<[string, 'includes' | 'excludes', string[]]>([
  ['a folder', 'includes', ['/folder']],
  ['a star at the end', 'includes', ['/folder*', '/other/*']],
  ['a literal star', 'includes', [Filter.literal('/a*b')]],
  ['everything', 'includes', ['*']],
  ['stars anywhere', 'excludes', ['*.tmp', '*/temp', '/a*b*', '*']],
  ['a literal pipe', 'includes', [Filter.literal('/a|b')]],
  ['a token', 'includes', [Fn.importValue('Pattern')]],
  ['a dynamic reference', 'includes', ['{{resolve:ssm:/folder}}', '*']],
  ['a token among others', 'includes', ['/a', Lazy.string({ produce: () => '*' })]],
])('a task accepts %s', (_, property, patterns) => {
  const stack = newStack();
  expect(messageOf(() => nfsToS3(stack, { [property]: Filter.simplePattern(...patterns) }))).toBe('no error');
  expect(warningsOf(stack)).toEqual([]);
});

test.each([
  [102_400, 'no error'],
  [102_401, 'DataSyncValidationError: [Stack/Task] includes and excludes (102401 characters): may have 102400 characters together; '
    + 'filter by folders that the items have in common, or split the task'],
])('a task counts includes and excludes together: %d characters', (total, message) => {
  const stack = newStack();
  const excludes = Filter.simplePattern('/' + 'x'.repeat(99));
  const includes = Filter.simplePattern('/' + 'x'.repeat(total - 101));
  expect(messageOf(() => nfsToS3(stack, { includes, excludes }))).toBe(message);
});

test.each([
  [102_400, 'no error'],
  [102_401, 'DataSyncValidationError: [Stack/Task] includes (102401 characters): may have 102400 characters together; '
    + 'filter by folders that the items have in common, or split the task'],
])('a task counts a character outside of the basic plane once: %d characters', (total, message) => {
  expect(messageOf(() => nfsToS3(newStack(), { includes: Filter.simplePattern('/' + '\u{1f4c1}'.repeat(total - 1)) }))).toBe(message);
});

const matchesNothing = 'a path begins with "/", so a pattern that begins neither with "/" nor with "*" matches nothing';

test.each<['includes' | 'excludes', string, string]>([
  ['includes', 'folder1', 'write "/folder1" for what is at the top of the location'],
  ['includes', 'a/b*', 'write "/a/b*" for what is at the top of the location'],
  ['includes', '\\*odd', 'write "/\\\\*odd" for what is at the top of the location'],
  ['excludes', 'tmp', 'write "/tmp" for what is at the top of the location, or "*/tmp" for that name anywhere'],
])('a task warns of %s %j', (property, pattern, remedy) => {
  const stack = newStack();
  nfsToS3(stack, { [property]: Filter.simplePattern('/fine', pattern) });
  expect(warningsOf(stack)).toEqual([`/Stack/Task ${property} ${JSON.stringify(pattern)}: ${matchesNothing}; ${remedy} [ack: cdk-datasync:filterNotAnchored]`]);
});

test.each<['includes' | 'excludes', string[]]>([['includes', ['/a', '']], ['excludes', ['/a||/b']], ['excludes', ['|']]])('a task warns of the empty pattern in %s %j', (property, patterns) => {
  const stack = newStack();
  nfsToS3(stack, { [property]: Filter.simplePattern(...patterns) });
  expect(new Set(warningsOf(stack))).toEqual(new Set([
    `/Stack/Task ${property} "${patterns.join('|')}" has an empty pattern, of which it is not documented what it matches; remove it [ack: cdk-datasync:filterEmptyPattern]`,
  ]));
});

test('a start warns of its patterns as well', () => {
  const stack = newStack();
  new TaskExecution(stack, 'Run', { task: nfsToS3(stack), includes: Filter.simplePattern('folder1') });
  expect(warningsOf(stack)).toEqual([expect.stringContaining('/Stack/Run includes "folder1"')]);
});

test.each(['/a\\b', '/a\\'])('a task warns of the stray backslash in %j', pattern => {
  const stack = newStack();
  nfsToS3(stack, { excludes: Filter.simplePattern(pattern) });
  expect(warningsOf(stack)).toEqual([
    `/Stack/Task excludes ${JSON.stringify(pattern)}: the service drops a backslash that does not escape "*", "|" or "\\"; `
    + 'separate folders with "/", and escape a literal backslash with Filter.literal() [ack: cdk-datasync:filterBackslash]',
  ]);
});

test('a start counts the filter that it has together with the one that it takes over from its task', () => {
  const stack = newStack();
  const task = nfsToS3(stack, { includes: Filter.simplePattern('/' + 'x'.repeat(60_000)), excludes: Filter.simplePattern('/short') });
  const excludes = Filter.simplePattern('/' + 'y'.repeat(50_000));
  expect(messageOf(() => new TaskExecution(stack, 'Long', { task, excludes }))).toBe(
    'DataSyncValidationError: [Stack/Long] includes of the task and excludes (110002 characters): may have 102400 characters together; '
    + 'filter by folders that the items have in common, or split the task');
  const reverse = nfsToS3(newStack(), { includes: Filter.simplePattern('/short'), excludes });
  expect(messageOf(() => new TaskExecution(Stack.of(reverse), 'Long', { task: reverse, includes: Filter.simplePattern('/' + 'x'.repeat(60_000)) }))).toContain(
    'includes and excludes of the task (110002 characters): may have 102400 characters together');
  expect(messageOf(() => new TaskExecution(stack, 'Short', { task, excludes, includes: Filter.simplePattern('/a') }))).toBe('no error');
});
