/** Where a resource lives: nothing is visible from another account or Region. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

/** What a caller without credentials gets. */
export const DEFAULT_SCOPE: Scope = { account: '000000000000', region: 'us-east-1' };

/**
 * The caller's account and Region, from the credential scope of the request's SigV4 signature.
 *
 * Signatures are not checked. As other local clouds do, an access key id of 12 digits is the account.
 */
export function scopeOf(authorization: string | undefined): Scope {
  const [, accessKeyId, region] = /\bCredential=([^/,\s]+)\/[^/,\s]+\/([a-z0-9-]+)\//.exec(authorization ?? '') ?? [];
  return {
    account: accessKeyId && /^[0-9]{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_SCOPE.account,
    region: region ?? DEFAULT_SCOPE.region,
  };
}

/** Region prefixes of the partitions that the API's ARN patterns allow, besides `aws`. */
const PARTITIONS: ReadonlyArray<readonly [string, string]> = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-isob-', 'aws-iso-b'],
  ['us-iso-', 'aws-iso'],
];

/** The partition of a Region. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}
