import * as fc from 'fast-check';
import type { Row } from '../../../emulator/manifest/csv';
import { ManifestError, parseCsv } from '../../../emulator/manifest/csv';

/** Parses a text that arrives in pieces of so many bytes. */
async function parse(text: string | Buffer, size = 3): Promise<Row[]> {
  const bytes = Buffer.from(text as string);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const rows: Row[] = [];
  for await (const batch of parseCsv(chunks())) rows.push(...batch);
  return rows;
}

test.each<[string, Row[]]>([
  ['', []],
  ['a.png', [{ line: 1, fields: ['a.png'] }]],
  ['a\nb\n', [{ line: 1, fields: ['a'] }, { line: 2, fields: ['b'] }]],
  ['a\rb\r', [{ line: 1, fields: ['a'] }, { line: 2, fields: ['b'] }]],
  ['a\r\nb\r\n', [{ line: 1, fields: ['a'] }, { line: 2, fields: ['b'] }]],
  ['\n\na\n\r\nb', [{ line: 3, fields: ['a'] }, { line: 5, fields: ['b'] }]],
  ['a,v1\nb,\n', [{ line: 1, fields: ['a', 'v1'] }, { line: 2, fields: ['b', ''] }]],
  ['"a,b",v\n', [{ line: 1, fields: ['a,b', 'v'] }]],
  ['"say ""hi"""', [{ line: 1, fields: ['say "hi"'] }]],
  ['"two\r\nlines","v\n1"\nb', [{ line: 1, fields: ['two\r\nlines', 'v\n1'] }, { line: 4, fields: ['b'] }]],
  ['""\n', [{ line: 1, fields: [''] }]],
  [' a b , c ', [{ line: 1, fields: [' a b ', ' c '] }]],
  ['\ufeffa', [{ line: 1, fields: ['a'] }]],
  ['ä😀/é', [{ line: 1, fields: ['ä😀/é'] }]],
])('the rows of %j are read, however it is cut up', async (text, rows) => {
  for (const size of [1, 2, 1000]) expect(await parse(text, size)).toEqual(rows);
});

test.each([
  ['a\nb"c\n', 'line 2 has a quote inside a field without quotes'],
  ['a\n"b" ,v', 'line 2 has characters between a closing quote and the end of the field'],
  ['a\n"b"c', 'line 2 has characters between a closing quote'],
  ['a\n"b\nc\n', 'line 2 has a quote that is not closed'],
  [`a\n"${'x'.repeat(70_000)}`, 'line 2 has more than 65536 characters; is a quote not closed?'],
  [Buffer.from([0x61, 0x0a, 0xff]), 'is not UTF-8'],
  [Buffer.from([0x61, 0x0a, 0xc3]), 'is not UTF-8'],
])('%j is refused', async (text, message) => {
  await expect(parse(text)).rejects.toThrow(ManifestError);
  await expect(parse(text)).rejects.toThrow(message);
});

test('whatever is written in quotes comes back, however it is cut up', async () => {
  const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
  const field = fc.string({ unit: fc.oneof(fc.constantFrom('"', ',', '\n', '\r', ' '), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 8 });
  const table = fc.array(fc.array(field, { minLength: 1, maxLength: 2 }), { maxLength: 8 });
  await fc.assert(fc.asyncProperty(table, fc.constantFrom('\n', '\r', '\r\n'), fc.integer({ min: 1, max: 9 }), async (rows, end, size) => {
    const text = rows.map(fields => fields.map(quote).join(',') + end).join('');
    expect((await parse(text, size)).map(({ fields }) => fields)).toEqual(rows);
  }));
});
