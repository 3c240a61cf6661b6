import type { Item } from '../../../emulator/engine/backend';
import { UnknownContent } from '../../../emulator/engine/unknown-content';

const failed = (key: string, more: Partial<Item> = {}): Item => ({ key, kind: key === '' || key.endsWith('/') ? 'folder' : 'file', size: 0, error: 'EACCES', ...more });

const CASES: Array<[string, Item[], string[], string[]]> = [
  ['a folder that failed', [failed('a/')], ['a/', 'a/b', 'a/b/c'], ['a', 'a!', 'ab/']],
  ['the location itself', [failed('')], ['a', 'a/b'], []],
  ['a file that failed', [failed('a')], [], ['a', 'a/', 'a/b']],
  ['what may be a folder by now', [failed('a', { unlisted: true })], ['a/', 'a/b'], ['a', 'a!', 'ab/']],
  ['what sorts between that and the folder', [failed('a', { unlisted: true }), failed('a!', { unlisted: true }), failed('a!b')], ['a/', 'a/b'], ['a!b/c']],
  ['a folder in a folder', [failed('a/'), failed('a/b/')], ['a/b/c', 'a/c'], ['b']],
  ['one after the other', [failed('a/'), failed('b/')], ['b/', 'b/c'], ['c/']],
];

test.each(CASES)('%s hides what is below it', (_, items, hidden, known) => {
  const unknown = new UnknownContent();
  for (const item of items) unknown.note(item, item);
  expect([...hidden, ...known].filter(key => unknown.atSource(key))).toEqual(hidden);
  const roots = items.map(({ key }) => `${key}/`).concat(items.map(({ key }) => key));
  expect([...hidden, ...known].filter(key => unknown.atDestination(key))).toEqual(hidden.filter(key => !roots.includes(key)));
});

test('a folder that the source has and the destination cannot list is known at the source', () => {
  const unknown = new UnknownContent();
  unknown.note({ key: 'a/', kind: 'folder', size: 0 }, failed('a/'));
  expect({ source: unknown.atSource('a/b'), destination: unknown.atDestination('a/b') }).toEqual({ source: false, destination: true });
});
