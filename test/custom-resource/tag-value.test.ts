import { tagValue } from '../../src/custom-resource/tag-value';

test('what fits into a tag stays as it is', () => {
  expect(tagValue('x'.repeat(256))).toBe('x'.repeat(256));
});

test('a value that does not fit ends in the hash of all of it, in characters that a tag may have', () => {
  const long = tagValue('x'.repeat(257));
  expect(long).toMatch(/^x{232}[0-9a-f]{24}$/);
  expect(tagValue('x'.repeat(258))).not.toBe(long);
});

test('the longest ARN of a stack stays, which the permission to cancel goes by', () => {
  const stackId = `arn:aws-us-gov:cloudformation:ap-southeast-1:123456789012:stack/${'s'.repeat(128)}/6b2d0f2e-0000-1111-2222-333344445555`;
  expect(tagValue(`${stackId}/${'L'.repeat(255)}`)).toMatch(new RegExp(`^${stackId}/`));
});
