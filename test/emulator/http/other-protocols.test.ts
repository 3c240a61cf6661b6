import { encodeCbor } from '../../../emulator/http/other-protocols';

test.each<[string, object, string]>([
  ['nothing', {}, 'a0'],
  ['two texts', { a: 'b', cd: '' }, 'a2 6161 6162 626364 60'],
  ['a text in characters of two bytes', { a: 'ü' }, 'a1 6161 62c3bc'],
  ['a text of 23 bytes', { a: 'x'.repeat(23) }, `a1 6161 77${'78'.repeat(23)}`],
  ['a text of 24 bytes', { a: 'x'.repeat(24) }, `a1 6161 7818${'78'.repeat(24)}`],
  ['a text of 256 bytes', { a: 'x'.repeat(256) }, `a1 6161 790100${'78'.repeat(256)}`],
  ['a member without a text, which is left out', { a: undefined, b: 'c' }, 'a1 6162 6163'],
])('%s in CBOR', (_, value, bytes) => {
  expect(encodeCbor(value).toString('hex')).toBe(bytes.replaceAll(' ', ''));
});
