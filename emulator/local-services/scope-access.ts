import type { S3Access } from './s3-access';
import type { Scope } from '../model/scope';
import { DEFAULT_SCOPE } from '../model/scope';

/**
 * Access to the buckets of an account in a Region: a local cloud takes an access key id of 12 digits for the account, as this emulator does,
 * and may want to be asked in the Region of the bucket. With credentials that somebody gave, everything is taken as it was given.
 */
export function ofScope(access: S3Access | undefined, { account, region }: Scope): S3Access | undefined {
  if (access?.credentials?.accessKeyId !== 'test') return access;
  const accessKeyId = account === DEFAULT_SCOPE.account ? 'test' : account;
  return { ...access, region, credentials: { ...access.credentials, accessKeyId } };
}
