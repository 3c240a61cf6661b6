import fc from 'fast-check';
import { page } from '../../../emulator/model/pagination';

const identity = (item: string) => item;

test('pages put together are the list, in order, whatever the size of a page', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 7 }), (all, MaxResults) => {
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const { items, nextToken } = page('all', all, identity, { MaxResults, NextToken });
      expect(items.length).toBeLessThanOrEqual(MaxResults);
      seen.push(...items);
      NextToken = nextToken;
    } while (NextToken);
    expect(seen).toEqual([...all].sort((one, other) => one < other ? -1 : 1));
  }));
});

test('what is deleted between two calls hides nothing else', () => {
  const { nextToken } = page('all', ['a', 'b', 'c', 'd'], identity, { MaxResults: 2 });
  expect(page('all', ['c', 'd'], identity, { MaxResults: 2, NextToken: nextToken }).items).toEqual(['c', 'd']);
});

test('0 results means the default of 100', () => {
  const all = Array.from({ length: 101 }, (_, index) => String(index));
  expect(page('all', all, identity, { MaxResults: 0 }).items).toHaveLength(100);
});

test('a token of one list is none of another', () => {
  const { nextToken } = page('one', ['a', 'b'], identity, { MaxResults: 1 });
  expect(() => page('other', ['a', 'b'], identity, { NextToken: nextToken })).toThrow('NextToken is not one that this list returned');
});

test.each(['x', '====', Buffer.from('{}').toString('base64url'), Buffer.from('null').toString('base64url')])('%s is no token', NextToken => {
  expect(() => page('all', ['a'], identity, { NextToken })).toThrow('NextToken is not one that this list returned');
});
