import type { ManifestConfig, TaskReportConfig } from '@aws-sdk/client-datasync';
import type { Filters } from './filters';
import type { CompleteOptions } from './options';
import { InvalidRequestError, NotEmulatedError, ServiceError } from '../errors';
import type { LocationType } from './location';
import type { ManifestObject } from '../manifest/s3-manifest';

/** What runs may have besides options and filters. */
export interface RunConfigs {
  readonly manifest?: ManifestConfig;
  readonly report?: TaskReportConfig;
}

/** The members of requests that change them. */
interface ConfigChange {
  readonly ManifestConfig?: ManifestConfig;
  readonly TaskReportConfig?: TaskReportConfig;
}

/**
 * The configurations after a request: what it leaves out stays, and an empty structure removes.
 *
 * @throws InvalidRequestError or ServiceError when one is not complete, or needs an S3 endpoint and there is none
 */
export function changedConfigs(current: RunConfigs, change: ConfigChange, hasBuckets: boolean): RunConfigs {
  const { ManifestConfig: manifest, TaskReportConfig: report } = change;
  const changed = {
    manifest: manifest ? completeManifest(manifest) : current.manifest,
    report: report ? completeReport(report) : current.report,
  };
  if (!hasBuckets && (changed.manifest ?? changed.report)) {
    throw new InvalidRequestError(
      'Invalid parameter: ManifestConfig and TaskReportConfig name a bucket, and the emulator was started without an S3 endpoint: ' +
      'give --s3-endpoint or AWS_ENDPOINT_URL_S3.',
    );
  }
  return changed;
}

/**
 * Checks a manifest against the other settings of a run.
 *
 * @throws InvalidRequestError when they contradict each other
 */
export function checkManifest({ manifest }: RunConfigs, filters: Filters, options: CompleteOptions): void {
  if (!manifest) return;
  if (filters.includes.length + filters.excludes.length > 0) {
    throw new InvalidRequestError('Invalid parameter: ManifestConfig cannot be combined with Includes or Excludes. Leave out the one or the other.');
  }
  if (options.PreserveDeletedFiles === 'REMOVE') {
    throw new InvalidRequestError(
      'Invalid parameter: ManifestConfig cannot be combined with PreserveDeletedFiles REMOVE: what a manifest does not list is left alone. Use PRESERVE.',
    );
  }
}

/** Where the manifest of a run is, if it has one. */
export function manifestOf({ manifest }: RunConfigs, source: LocationType): ManifestObject | undefined {
  const object = manifest?.Source?.S3;
  return object && {
    bucket: bucketOf(object.S3BucketArn!),
    key: object.ManifestObjectPath!,
    version: object.ManifestObjectVersionId,
    source: source.name === 'S3' ? 'S3' : 'other',
  };
}

/** The name of a bucket. */
export function bucketOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

function completeManifest(config: ManifestConfig): ManifestConfig | undefined {
  if (Object.keys(config).length === 0) return undefined;
  const { S3 } = config.Source ?? {};
  if (!S3) {
    throw new ServiceError(
      'ValidationException', 'ManifestConfig needs Source.S3 with the BucketAccessRoleArn of an IAM role that may read the manifest.',
    );
  }
  checkBucket('ManifestConfig.Source.S3.S3BucketArn', S3.S3BucketArn!);
  const { ManifestObjectPath: path } = S3;
  if (!path || path.endsWith('/')) {
    throw new InvalidRequestError(`Invalid parameter: ManifestConfig.Source.S3.ManifestObjectPath must be the key of an object, got '${path}'.`);
  }
  return { Action: 'TRANSFER', Format: 'CSV', ...config };
}

function completeReport(config: TaskReportConfig): TaskReportConfig | undefined {
  if (Object.keys(config).length === 0) return undefined;
  const { S3 } = config.Destination ?? {};
  if (!S3) throw new InvalidRequestError('Invalid parameter: TaskReportConfig needs Destination.S3, the bucket that reports are written to.');
  checkBucket('TaskReportConfig.Destination.S3.S3BucketArn', S3.S3BucketArn!);
  const complete = { OutputType: 'SUMMARY_ONLY', ReportLevel: 'ERRORS_ONLY', ObjectVersionIds: 'NONE', ...config } as const;
  // The service forgets overrides that change nothing.
  const overrides = Object.entries(config.Overrides ?? {}).filter(([, { ReportLevel: level }]) => level && level !== complete.ReportLevel);
  return { ...complete, Overrides: overrides.length > 0 ? Object.fromEntries(overrides) : undefined };
}

function checkBucket(member: string, arn: string): void {
  if (!/^arn:[^:]*:s3:::/.test(arn)) throw new NotEmulatedError(`An S3 access point as ${member}`);
}
