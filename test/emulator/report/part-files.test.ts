import * as fc from 'fast-check';
import { MAX_FILE_BYTES, partFiles } from '../../../emulator/report/part-files';

test('however it is split, every part is JSON within the limit, and the parts hold all records in their order', () => {
  const record = fc.record({ RelativePath: fc.string({ unit: 'grapheme', maxLength: 40 }) });
  fc.assert(fc.property(fc.array(record, { maxLength: 60 }), fc.integer({ min: 120, max: 600 }), (records, maxBytes) => {
    const files = [...partFiles({ TaskExecutionId: 'exec-1' }, 'Transferred', records.map(each => JSON.stringify(each)), maxBytes)];
    const parsed = files.map(file => JSON.parse(file));
    expect(parsed.flatMap(({ Transferred }) => Transferred)).toEqual(records);
    for (const [i, file] of files.entries()) {
      expect(parsed[i].TaskExecutionId).toBe('exec-1');
      expect(Buffer.byteLength(file) <= maxBytes || parsed[i].Transferred.length === 1).toBe(true);
    }
  }));
});

test('a list of a hundred thousand files is split at 5 MB', () => {
  const records = Array.from({ length: 100_000 }, (_, i) => JSON.stringify({ RelativePath: `/folder/file-${i}`, padding: 'x'.repeat(60) }));
  const sizes = [...partFiles({}, 'Verified', records)].map(file => Buffer.byteLength(file));
  expect(sizes.length).toBe(Math.ceil(records.join(',').length / MAX_FILE_BYTES));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000_000);
});

test('no records, no file', () => {
  expect([...partFiles({}, 'Deleted', [])]).toEqual([]);
});
