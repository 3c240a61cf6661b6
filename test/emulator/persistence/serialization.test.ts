import fc from 'fast-check';
import { decode, encode } from '../../../emulator/persistence/serialization';

test.each<[unknown, string]>([
  [{ a: 1, b: undefined, c: null, d: 'x\ny', e: [true] }, '{"a":1,"c":null,"d":"x\\ny","e":[true]}'],
  [{ at: new Date(5) }, '{"at":{"$time":5}}'],
  [new Map<string, unknown>([['key', 'value'], ['empty', undefined]]), '{"$map":[["key","value"],["empty"]]}'],
  [new Map([['nested', new Map([['at', new Date(7)]])]]), '{"$map":[["nested",{"$map":[["at",{"$time":7}]]}]]}'],
])('%j is %s, and comes back', (value, text) => {
  expect(encode(value)).toBe(text);
  expect(decode(text)).toEqual(value);
});

test('whatever is in a tag, a name or a list comes back as it was, on one line', () => {
  const record = fc.record({
    tags: fc.array(fc.tuple(fc.string(), fc.option(fc.string(), { nil: undefined }))).map(entries => new Map(entries)),
    creationTime: fc.date({ noInvalidDate: true }),
    name: fc.string({ unit: 'binary' }),
    options: fc.dictionary(fc.constantFrom('Uid', 'LogLevel'), fc.oneof(fc.string(), fc.integer())).map(options => ({ ...options })),
  });
  fc.assert(fc.property(record, value => {
    expect(encode(value)).not.toContain('\n');
    expect(decode(encode(value))).toEqual(value);
  }));
});
