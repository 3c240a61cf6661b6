import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { UNSIGNED } from './unsigned';
import { InvalidRequestError } from '../errors';

/** An endpoint that speaks S3, and the credentials for it. */
export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  /** @default - nobody: requests are not signed */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** Certificates in PEM format that the server's own is signed by. @default - those that Node.js knows */
  readonly certificate?: string;
}

/**
 * Access to an S3 endpoint with the credentials of the environment, or with `test`/`test`, which local clouds take.
 * No other source of credentials is asked: an emulator never reaches into an AWS profile by accident.
 */
export function s3Access(endpoint: string, environment: NodeJS.ProcessEnv = process.env): S3Access {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  return {
    endpoint,
    region: environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1',
    credentials: AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY
      ? { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN }
      : { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** The settings of a client of that endpoint. */
export function s3ClientConfig({ endpoint, region, credentials }: S3Access): S3ClientConfig {
  return { endpoint, region, forcePathStyle: true, ...(credentials ? { credentials } : UNSIGNED) };
}

/**
 * The test that the service makes when a location in S3 is created or updated: can the prefix be listed? It makes none of other stores.
 *
 * @throws InvalidRequestError with the service's text
 */
export async function testS3Access(access: S3Access, bucket: string, prefix: string): Promise<void> {
  const client = new S3Client({
    ...s3ClientConfig(access),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }));
  } catch (error) {
    const { name, message } = error as Error;
    throw new InvalidRequestError(
      `DataSync location access test failed: could not perform s3:ListObjectsV2 on bucket ${bucket}. ` +
      `Ensure bucket access role has s3:ListBucket permission. (${access.endpoint} answered ${[name, message].filter(Boolean).join(': ')})`,
    );
  } finally {
    client.destroy();
  }
}
