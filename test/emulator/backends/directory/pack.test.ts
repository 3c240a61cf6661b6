import * as fc from 'fast-check';
import { pack, unpack } from '../../../../emulator/backends/directory/pack';
import type { Item, Time } from '../../../../emulator/engine/backend';

const id = fc.nat({ max: 2 ** 32 - 1 });
const time: fc.Arbitrary<Time> = fc.tuple(fc.integer({ min: -1e10, max: 1e10 }), fc.nat({ max: 999_999_999 }));
const key = fc.string({ unit: 'binary' }).filter(text => !text.includes('\0'));
const posix = fc.record({ mode: fc.nat({ max: 0o7777 }), uid: id, gid: id, mtime: time, atime: time });
const plain = fc.record({ key, kind: fc.constantFrom('file' as const, 'folder' as const, 'device' as const, 'special' as const), size: fc.maxSafeNat(), posix });
const link = fc.record({ key, kind: fc.constant('symlink' as const), size: fc.maxSafeNat(), posix, target: fc.string({ unit: 'binary' }) });
const failed = fc.record({ key, kind: fc.constantFrom('file' as const, 'folder' as const), size: fc.constant(0), error: fc.string(), errorCode: fc.constant('EIO') });
const items: fc.Arbitrary<Item[]> = fc.array(fc.oneof({ weight: 3, arbitrary: plain }, link, failed));

test('whatever is packed comes out as it was', () => {
  fc.assert(fc.property(items, all => expect(unpack(structuredClone(pack(all)))).toEqual(all)));
});

test('what most items have travels as numbers', () => {
  const [item] = fc.sample(plain, 1);
  expect(pack([item]).others).toEqual([]);
});
