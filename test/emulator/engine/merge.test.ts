import * as fc from 'fast-check';
import type { Item } from '../../../emulator/engine/backend';
import { mergeJoin } from '../../../emulator/engine/merge';
import { sortKeys } from '../../../emulator/engine/order';

async function* listing(keys: string[], batch: number): AsyncGenerator<Item[]> {
  for (let at = 0; at < keys.length; at += batch) yield keys.slice(at, at + batch).map(key => ({ key, kind: 'file', size: 0 }));
  yield [];
}

const keys = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '/', '😀', '\ue000'), minLength: 1, maxLength: 4 }), { maxLength: 30 }).map(sortKeys);

test('pairs up what is on both sides, in order', async () => {
  await fc.assert(fc.asyncProperty(keys, keys, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), async (left, right, a, b) => {
    const seen: Array<[string | undefined, string | undefined]> = [];
    for await (const pairs of mergeJoin(listing(left, a), listing(right, b))) {
      for (const { source, destination } of pairs) seen.push([source?.key, destination?.key]);
    }
    const all = sortKeys([...new Set([...left, ...right])]);
    expect(seen).toEqual(all.map(key => [left.includes(key) ? key : undefined, right.includes(key) ? key : undefined]));
  }));
});

test('a listing out of order is an error, not a wrong answer', async () => {
  const merged = mergeJoin(listing(['b', 'a'], 1), listing([], 1));
  await expect((async () => { for await (const pairs of merged) void pairs; })()).rejects.toThrow('"a" came after "b"');
});
