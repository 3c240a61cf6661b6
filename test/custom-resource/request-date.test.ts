import { requestDate } from '../../src/custom-resource/request-date';

const BUCKET = 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/arn%3Aaws';

test.each<[string, unknown, number | undefined]>([
  ['a URL of today', `${BUCKET}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260131T120030Z&X-Amz-Expires=7200&X-Amz-Signature=abc`, Date.UTC(2026, 0, 31, 12, 0, 30)],
  ['an older URL, which tells when it expires', `${BUCKET}?AWSAccessKeyId=AKID&Expires=1769868030&Signature=abc`, (1769868030 - 7200) * 1000],
  ['a URL of an emulator', 'http://localhost:4566/bucket/key', undefined],
  ['a date that is none', `${BUCKET}?X-Amz-Date=yesterday`, undefined],
  ['no URL', 'nowhere', undefined],
  ['nothing', undefined, undefined],
])('the date of a request is read from %s', (_, url, expected) => {
  expect(requestDate(url)).toBe(expected);
});
