import type {
  CreateLocationS3Request, CreateLocationS3Response, DescribeLocationS3Request, DescribeLocationS3Response,
} from '@aws-sdk/client-datasync';
import { Handlers, newResource } from './context';
import { describeLocation } from './locations';
import { InvalidRequestError, NotEmulatedError } from '../errors';
import { newLocationArn } from '../model/arns';
import { foldersOf, LocationType } from '../model/location';
import { testS3Access } from '../model/s3-access';

const S3: LocationType = { name: 'S3', aws: true, posix: false };

export const s3Locations: Handlers = {
  CreateLocationS3: async (context, input: CreateLocationS3Request): Promise<CreateLocationS3Response> => {
    const { s3 } = context;
    const bucket = bucketOf(input);
    const prefix = prefixOf(input.Subdirectory ?? '');
    if (!s3) {
      throw new InvalidRequestError(
        `DataSync location access test failed: could not perform s3:ListObjectsV2 on bucket ${bucket}. ` +
        'The emulator was started without an S3 endpoint: give --s3-endpoint or AWS_ENDPOINT_URL_S3.',
      );
    }
    await testS3Access(s3, bucket, prefix);
    const storageClass = input.S3StorageClass ?? 'STANDARD';
    const { arn } = context.locations.add({
      ...newResource(newLocationArn(context.caller), input.Tags),
      type: S3,
      uri: `s3://${bucket}/${prefix}`,
      agentArns: [],
      storageClass: storageClass === 'GLACIER_INSTANT_RETRIEVAL' ? 'GLACIER_IR' : storageClass, // S3 has another name for it
      details: { S3StorageClass: storageClass, S3Config: input.S3Config },
      content: { kind: 's3', bucket, prefix },
    });
    return { LocationArn: arn };
  },

  DescribeLocationS3: (context, input: DescribeLocationS3Request): DescribeLocationS3Response => describeLocation(context, input, 'S3'),
};

function bucketOf({ S3BucketArn, S3StorageClass, AgentArns }: CreateLocationS3Request): string {
  const [, , service, , , resource] = S3BucketArn!.split(':');
  if (service === 's3-outposts' || S3StorageClass === 'OUTPOSTS') throw new NotEmulatedError('S3 on Outposts');
  if (/^accesspoint\b/.test(resource)) throw new NotEmulatedError('An S3 access point as a location');
  if (AgentArns?.length) {
    throw new InvalidRequestError('Invalid parameter: AgentArns is only for S3 on Outposts; leave it out for a bucket in a Region.');
  }
  return resource;
}

/** With a slash at its end and none at its start, as the service adds and removes them. */
function prefixOf(subdirectory: string): string {
  // Unlike a file system, a bucket tells `a//b` from `a/b`; the service transfers neither such keys nor what is below them.
  if (/[^/]\/\/+[^/]/.test(subdirectory)) throw new InvalidRequestError(`Invalid parameter: Subdirectory '${subdirectory}' must not contain '//'.`);
  return foldersOf(subdirectory).map(folder => `${folder}/`).join('');
}
