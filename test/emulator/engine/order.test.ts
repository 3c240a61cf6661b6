import * as fc from 'fast-check';
import { compareKeys, sortKeys } from '../../../emulator/engine/order';

const key = fc.string({ unit: fc.oneof(fc.constantFrom('a', '/', '-', '\ue000', '\uffff', '😀', '\u{10ffff}'), fc.string({ unit: 'grapheme', maxLength: 1 })) });

test('keys compare like their UTF-8 bytes', () => {
  fc.assert(fc.property(key, key, (a, b) => {
    expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }));
});

test('keys are sorted like their UTF-8 bytes', () => {
  fc.assert(fc.property(fc.array(key), keys => {
    expect(sortKeys([...keys])).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }));
});
