import type { Stack } from 'aws-cdk-lib';
import type { S3LocationProps } from '../../src';
import { S3Location, Task } from '../../src';
import { locationOf } from '../support/stacks';

export const OURS = { account: '111122223333', region: 'eu-west-1' };
export const THEIRS = { account: '444455556666', region: 'us-east-1' };

/** What a location needs of a bucket and its key, as `permissionsOf` lists it. */
export const READ_KEY = 'kms:Decrypt';
export const WRITE_KEY = 'kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo';
export const ON_BUCKET = 's3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads';
export const READ = 's3:GetObject s3:GetObjectTagging s3:GetObjectVersion s3:GetObjectVersionTagging s3:ListMultipartUploadParts';
export const WRITE = 's3:AbortMultipartUpload s3:DeleteObject s3:PutObject s3:PutObjectTagging';

/** A location that a task writes to. */
export function destination(scope: Stack, props: S3LocationProps): S3Location {
  const location = new S3Location(scope, 'S3', props);
  new Task(scope, 'Task', { source: locationOf(scope, 'Source'), destination: location });
  return location;
}
