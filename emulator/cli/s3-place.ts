import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Place, Stores } from './place';
import { elsewhere, sdkEndpoint } from './sdk-endpoint';
import { S3DryRun } from '../backends/decorators/s3-dry-run';
import { regionOf } from '../backends/s3/aws-bucket';
import { openS3 } from '../backends/s3/backend';
import type { Manifest } from '../engine/manifest';
import { s3Access, s3ClientConfig } from '../local-services/s3-access';
import type { S3Access } from '../local-services/s3-access';
import { ofScope } from '../local-services/scope-access';
import { S3Manifest } from '../manifest/s3-manifest';
import type { ManifestObject } from '../manifest/s3-manifest';

// The one module of "run" and "plan" that brings the SDK of S3 along: it is loaded where there is a bucket.

/** Opens a prefix of a bucket at an endpoint, or in AWS, where nothing is sent that could change it. */
export function openBucket(bucket: string, prefix: string, stores: Stores, isDryRun: boolean): ReturnType<Place['open']> {
  const client = stores.s3Endpoint ? accessAt(stores.s3Endpoint, stores) : { ...inAws(bucket, stores), inAws: true, readOnly: true };
  const real = openS3({ bucket, prefix, readOnly: isDryRun, ...client });
  return isDryRun ? new S3DryRun(real) : real;
}

/** A manifest that lists what to transfer. */
export function openManifest(object: ManifestObject, stores: Stores): Manifest {
  const { s3Endpoint: endpoint } = stores;
  return new S3Manifest(object, endpoint ? s3ClientConfig(accessAt(endpoint, stores)) : { ...inAws(object.bucket, stores), forcePathStyle: true });
}

/** Where buckets without an endpoint are: in AWS, or where environment and profile lead the SDK instead. */
export async function bucketsEndpoint(profile: string | undefined): Promise<string> {
  const command = new HeadBucketCommand({ Bucket: 'bucket' });
  const { url, isAws } = await sdkEndpoint(config => new S3Client({ region: 'us-east-1', profile, forcePathStyle: true, ...config }), command);
  return isAws ? 'AWS' : elsewhere(new URL(url).origin);
}

function accessAt(endpoint: string, { scope }: Stores): S3Access {
  const access = s3Access(endpoint);
  return scope ? ofScope(access, scope)! : access;
}

/** The normal credential chain, and the Region where the bucket is. */
function inAws(bucket: string, { cloud }: Stores): { readonly region: () => Promise<string>; readonly profile?: string } {
  return { region: regionOf(bucket, cloud?.profile), profile: cloud?.profile };
}
