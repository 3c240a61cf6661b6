import type { S3Access } from '../../../emulator/local-services/s3-access';
import { ofScope } from '../../../emulator/local-services/scope-access';

const access = (accessKeyId: string, region = 'us-east-1'): S3Access => ({
  endpoint: 'http://127.0.0.1:1', region, credentials: { accessKeyId, secretAccessKey: 'test' },
});

test.each([
  ['another account is its own access key id', access('test'), '111122223333', access('111122223333', 'eu-west-1')],
  ['the account of those who have none keeps what it has', access('test'), '000000000000', access('test', 'eu-west-1')],
  ['credentials that were given stay, in their Region', access('mine'), '111122223333', access('mine')],
])('%s', (_, given, account, used) => {
  expect(ofScope(given, { account, region: 'eu-west-1' })).toEqual(used);
});

test('no access stays none', () => {
  expect(ofScope(undefined, { account: '111122223333', region: 'eu-west-1' })).toBeUndefined();
});
