import { CONSTRUCTS, everything } from './support/everything';

test('the app with everything in it has every construct of the library: a new one belongs into test/support/everything.ts', () => {
  const abstract = ['Location']; // only imports are of it
  const found = new Set(everything().flatMap(stack => stack.node.findAll()).map(construct => construct.constructor.name));
  expect(CONSTRUCTS.size).toBeGreaterThan(15);
  expect([...CONSTRUCTS.keys()].filter(name => !abstract.includes(name) && !found.has(name))).toEqual([]);
});
