import { NameClash } from '../../../emulator/engine/name-clash';
import { sortKeys } from '../../../emulator/engine/order';

test.each<[string, string[], string[]]>([
  ['nothing', ['a', 'b/', 'b/c'], []],
  ['a folder and what is in it', ['a', 'a/', 'a/b', 'a/c/', 'a/c/d', 'b'], ['a/', 'a/b', 'a/c/', 'a/c/d']],
  ['with other names in between', ['a', 'a-1', 'a-2', 'a.b', 'a/', 'a/b', 'a0'], ['a/', 'a/b']],
  ['further down', ['x/', 'x/a', 'x/a!', 'x/a/', 'x/a/b', 'x/b'], ['x/a/', 'x/a/b']],
  ['several, one within the name of another', ['a', 'a-', 'a-/', 'a-/x', 'a/', 'a/y'], ['a-/', 'a-/x', 'a/', 'a/y']],
])('below the name of an object: %s', (_, keys, below) => {
  const clash = new NameClash();
  expect(sortKeys([...keys])).toEqual(keys);
  expect(keys.filter(key => clash.isBelowObject({ key, kind: key.endsWith('/') ? 'folder' : 'file', size: 0 }))).toEqual(below);
});
