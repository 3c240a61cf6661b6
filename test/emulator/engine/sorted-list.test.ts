import * as fc from 'fast-check';
import { SortedList } from '../../../emulator/engine/sorted-list';

test('any list comes back in order, as often as it is read, and equal records in the order of their coming', () => {
  fc.assert(fc.property(fc.array(fc.nat(30), { maxLength: 700 }), fc.integer({ min: 1, max: 300 }), (keys, runLength) => {
    const list = new SortedList<{ key: number; index: number }>((a, b) => a.key - b.key, runLength);
    const records = keys.map((key, index) => ({ key, index }));
    records.forEach(record => list.push(record));
    const sorted = [...records].sort((a, b) => a.key - b.key || a.index - b.index);
    expect([...list.inOrder()]).toEqual(sorted);
    expect([...list.inOrder()]).toEqual(sorted);
    list.close();
  }), { numRuns: 60 });
});
