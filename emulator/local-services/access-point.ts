import { signatureOf, TIMEOUT_MS } from './aws-call';

/** An access point of S3. */
export interface AccessPoint {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** @returns undefined if it is the ARN of something else */
export function parseAccessPoint(arn: string): AccessPoint | undefined {
  const [, partition, region, account, name] = /^arn:([^:]+):s3:([^:]*):(\d{12}):accesspoint[/:](.+)$/.exec(arn) ?? [];
  return partition === undefined ? undefined : { partition, region, account, name };
}

/**
 * The bucket behind an access point: the one that the S3 endpoint says, if it knows the access point, or else the one of the same name.
 *
 * @param endpoint undefined where folders stand in for buckets
 */
export async function bucketOfAccessPoint(endpoint: string | undefined, { account, region, name }: AccessPoint): Promise<string> {
  if (endpoint === undefined) return name;
  try {
    const response = await fetch(new URL(`/v20180820/accesspoint/${encodeURIComponent(name)}`, endpoint), {
      headers: { 'X-Amz-Account-Id': account, ...signatureOf('s3', { account, region }, 'host;x-amz-account-id;x-amz-date', '') },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return (response.ok ? /<Bucket>([^<]+)<\/Bucket>/.exec(text)?.[1] : undefined) ?? name;
  } catch {
    return name; // what is wrong with the endpoint shows when the bucket is tried
  }
}
