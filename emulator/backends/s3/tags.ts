import { GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectName } from './copy';

/** Tags of an object; none where the store does not know what tags are. */
export async function readTags(client: S3Client, { bucket, key, version }: ObjectName, signal: AbortSignal): Promise<Record<string, string>> {
  try {
    const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: version });
    const { TagSet = [] } = await client.send(command, { abortSignal: signal });
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key!, Value!]));
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 501) return {};
    throw error;
  }
}
