import { statSync } from 'node:fs';
import type { CreateLocationS3Request } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { InvalidRequestError, NotEmulatedError } from '../../errors';
import { bucketFolder } from '../../lifecycle/open-location';
import { bucketOfAccessPoint, parseAccessPoint } from '../../local-services/access-point';
import { testS3Access } from '../../local-services/s3-access';
import { prefixOf } from '../../model/location';
import { storageClassOf, TYPES } from '../../model/location-types';
import { partitionOf } from '../../model/scope';

export const s3Locations = locationOperations<CreateLocationS3Request>({
  api: 'S3',
  name: 'S3',

  derive: async (settings, _, { s3, caller, root }) => {
    const { bucket, host } = await bucketOf(settings, partitionOf(caller.region), s3?.endpoint);
    const prefix = prefixOf(settings.Subdirectory ?? '');
    if (s3) await testS3Access(s3, bucket, prefix);
    else requireFolder(bucketFolder(root, bucket), bucket);
    const storageClass = settings.S3StorageClass ?? 'STANDARD';
    return {
      type: TYPES.S3,
      uri: `s3://${host}/${prefix}`,
      agentArns: [],
      storageClass: storageClassOf(storageClass),
      details: { S3StorageClass: storageClass, S3Config: settings.S3Config },
      content: { kind: 's3', bucket, prefix },
    };
  },
});

/** Without an S3 endpoint a folder stands in for a bucket, if there is one. */
function requireFolder(folder: string, bucket: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new InvalidRequestError(
    `DataSync location access test failed: could not perform s3:ListObjectsV2 on bucket ${bucket}. ` +
    'The emulator was started without an S3 endpoint: give --s3-endpoint or AWS_ENDPOINT_URL_S3, ' +
    `or create ${folder}, a folder that stands in for the bucket.`,
  );
}

/** The bucket, and what stands for it in the URI: of an access point its ARN, as of one on Outposts (inferred). */
async function bucketOf(
  { S3BucketArn, S3StorageClass, AgentArns }: CreateLocationS3Request, ownPartition: string, endpoint: string | undefined,
): Promise<{ readonly bucket: string; readonly host: string }> {
  const [, partition, service, , , resource] = S3BucketArn!.split(':');
  if (service === 's3-outposts' || S3StorageClass === 'OUTPOSTS') throw new NotEmulatedError('S3 on Outposts');
  if (partition !== ownPartition) throw new InvalidRequestError(`Invalid parameter: S3BucketArn ${S3BucketArn} must be in the partition ${ownPartition}.`);
  if (AgentArns?.length) {
    throw new InvalidRequestError('Invalid parameter: AgentArns is only for S3 on Outposts; leave it out for a bucket in a Region.');
  }
  const accessPoint = parseAccessPoint(S3BucketArn!);
  return accessPoint ? { bucket: await bucketOfAccessPoint(endpoint, accessPoint), host: S3BucketArn! } : { bucket: resource, host: resource };
}
