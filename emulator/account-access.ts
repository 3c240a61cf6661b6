import type { S3Access } from './model/s3-access';
import { DEFAULT_SCOPE } from './model/scope';

/**
 * Access to the buckets of an account: a local cloud takes an access key id of 12 digits for the account, as this emulator does. Credentials
 * that somebody gave are taken as they are, and the account of those who have none is that of `test`.
 */
export function ofAccount(access: S3Access | undefined, account: string): S3Access | undefined {
  if (access?.credentials?.accessKeyId !== 'test' || account === DEFAULT_SCOPE.account) return access;
  return { ...access, credentials: { ...access.credentials, accessKeyId: account } };
}
