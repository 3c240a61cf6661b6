import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { areCredentialsMissing, missingCredentials } from '../../local-services/missing-credentials';

/** What a client that only looks may send, and the permission that each takes. */
const READS: Readonly<Record<string, string>> = {
  HeadBucketCommand: 's3:ListBucket',
  ListObjectsV2Command: 's3:ListBucket',
  HeadObjectCommand: 's3:GetObject',
  GetObjectCommand: 's3:GetObject',
  GetObjectTaggingCommand: 's3:GetObjectTagging',
};

/** Lets a client send nothing that could change a bucket, whoever asks it to. */
export function onlyReads(client: S3Client): void {
  client.middlewareStack.add((next, { commandName = '' }) => async args => {
    if (!Object.hasOwn(READS, commandName)) throw new Error(`${commandName} is not sent: it could change something, and this only looks`);
    return next(args);
  }, { step: 'initialize', name: 'onlyReads' });
}

/** Gives what AWS refuses a text with the cause and the remedy. The store itself says little: an answer to HEAD has no text at all. */
export function explainRefusals(client: S3Client, bucket: string): void {
  client.middlewareStack.add((next, { commandName = '' }) => async args => {
    try {
      return await next(args);
    } catch (error) {
      const text = explained(error, bucket, commandName);
      if (text !== undefined) Object.assign(error as Error, { name: 'Error', message: text });
      throw error;
    }
  }, { step: 'initialize', name: 'explainRefusals' });
}

/**
 * The Region of a bucket in AWS, found when it is asked for first. Whoever may not list the bucket is told it all the same.
 *
 * @param profile of the user's configuration files @default - AWS_PROFILE, else the default one
 */
export function regionOf(bucket: string, profile?: string): () => Promise<string> {
  let found: Promise<string> | undefined;
  return () => found ??= findRegion(bucket, profile);
}

async function findRegion(bucket: string, profile: string | undefined): Promise<string> {
  const configured = new S3Client({ profile });
  const region = await configured.config.region().catch(() => 'us-east-1');
  configured.destroy();
  const client = new S3Client({ profile, region, forcePathStyle: true, requestHandler: { connectionTimeout: 10_000 } });
  onlyReads(client);
  try {
    return (await client.send(new HeadBucketCommand({ Bucket: bucket }))).BucketRegion ?? region;
  } catch (error) {
    const { $response } = error as { $response?: { headers?: Record<string, string> } };
    if (!$response) throw error;
    return $response.headers?.['x-amz-bucket-region'] ?? region; // the first look into it will say what is wrong
  } finally {
    client.destroy();
  }
}

const BAD_CREDENTIALS = /^(InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed)/;

function explained(error: unknown, bucket: string, commandName: string): string | undefined {
  const { name = '', message = '', $metadata } = error as Partial<Error> & { $metadata?: { httpStatusCode?: number } };
  const firstLine = message.split('\n')[0];
  if (areCredentialsMissing(error)) return missingCredentials('AWS', firstLine);
  if (BAD_CREDENTIALS.test(name)) return `AWS does not take the credentials (${name}): sign in again, or give those of another --profile`;
  if ($metadata?.httpStatusCode === 403) {
    const detail = /^(UnknownError|Forbidden|Access Denied)?$/.test(firstLine) ? '' : `, AWS says: ${firstLine}`;
    return `${READS[commandName]} on the bucket ${bucket} is denied: allow it, or give another --profile${detail}`;
  }
  return name === 'NoSuchBucket' ? `there is no bucket ${bucket}` : undefined;
}
