import { ofAccount } from '../../emulator/account-access';
import type { S3Access } from '../../emulator/model/s3-access';

const access = (accessKeyId: string): S3Access => ({ endpoint: 'http://127.0.0.1:1', region: 'eu-central-1', credentials: { accessKeyId, secretAccessKey: 'test' } });

test.each([
  ['another account is its own access key id', 'test', '111122223333', '111122223333'],
  ['the account of those who have none keeps what it has', 'test', '000000000000', 'test'],
  ['credentials that were given stay', 'mine', '111122223333', 'mine'],
])('%s', (_, given, account, used) => {
  expect(ofAccount(access(given), account)).toEqual(access(used));
});

test('no access stays none', () => {
  expect(ofAccount(undefined, '111122223333')).toBeUndefined();
});
