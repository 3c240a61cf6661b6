import { tagValue } from '../../../src/task-execution/handler/identity';

test('what fits into a tag stays as it is', () => {
  expect(tagValue('x'.repeat(256))).toBe('x'.repeat(256));
});

test('what does not fit is replaced by its hash, in characters that a tag may have', () => {
  const long = tagValue('x'.repeat(257));
  expect(long).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(tagValue('x'.repeat(258))).not.toBe(long);
});
