import type { CfnTask } from 'aws-cdk-lib/aws-datasync';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { BucketAccess, checkPartition } from './location/bucket-access';
import { KEY_READ, MANIFEST_READ } from './private/permissions';
import type { BoundConfig } from './private/service-role';
import { ServiceRole } from './private/service-role';
import { withoutDates, withSampleDates } from './task-execution/date-pattern';
import { checkAccount, checkText, requireKind, S3_PATH_RULE } from './validation/checks';
import { refuseDates } from './validation/date-rules';
import type { Problems } from './validation/problems';
import { whenSynthesized } from './validation/warnings';

/** Options of `Manifest.fromBucket()`. */
export interface ManifestOptions {
  /**
   * The version of the object; 1 to 100 characters.
   *
   * @default - the latest, at the start of each execution
   */
  readonly objectVersionId?: string;

  /**
   * The role by which the service reads the manifest, of the account of the task. It gets the permissions for that, unless it was imported as not
   * changeable.
   *
   * @default - a role that only this account's DataSync may assume, which may read this object only
   */
  readonly role?: IRole;
}

/**
 * A list of what a task transfers: nothing else is listed, compared or deleted. It does not go together with filters, nor with
 * `PreserveDeletedFiles.REMOVE`.
 *
 * It is a CSV file in UTF-8 without a heading: one full path per line, relative to the `subdirectory` of the source, and of a source in S3 a version
 * of the object after a comma, if you like. A path is of a file or an object, never of a folder.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/transferring-with-manifest.html
 */
export class Manifest {
  /**
   * A manifest in a bucket of S3. It makes a role by which the service reads it, unless you bring one.
   *
   * @param bucket of any account and Region
   * @param key of the object, such as `manifests/today.csv`; 1 to 1024 characters, which are letters and digits of ASCII, spaces
   * and `_ - + . / ( )`. Of a `ScheduledTaskExecution` it may have dates of
   * `ScheduledDate.format()`, in whose place the role may read anything
   */
  public static fromBucket(bucket: IBucket, key: string, options: ManifestOptions = {}): Manifest {
    return new Manifest(false, bucket, key, options);
  }

  /** No manifest, for an execution of a task that has one: all that its filters leave is transferred. */
  public static none(): Manifest {
    return new Manifest(true);
  }

  private constructor(
    private readonly isNone: boolean, private readonly bucket?: IBucket, private readonly key = '', private readonly options: ManifestOptions = {},
  ) {}

  /** @internal */
  public get _isNone(): boolean {
    return this.isNone;
  }

  /** @internal */
  public get _key(): string {
    return this.key;
  }

  /**
   * @param scheduled whether there is a scheduled time, of which the key may have dates
   * @internal
   */
  public _check(scope: IConstruct, problems: Problems, scheduled = false): void {
    if (this.isNone) return;
    requireKind(scope, 'bucket of manifest', this.bucket, 'bucketArn', 'give a bucket, such as Bucket.fromBucketName()');
    checkPartition(problems, scope, 'bucket of manifest', this.bucket!);
    if (!scheduled) refuseDates(problems, { 'key of manifest': this.key });
    checkText(problems, 'key of manifest', this.key, {
      becomes: withSampleDates,
      max: 1024,
      ...S3_PATH_RULE,
      remedy: 'choose another key, such as "manifests/today.csv"',
      emptyRemedy: 'give the key of the object, such as "manifests/today.csv"',
    });
    checkText(problems, 'objectVersionId of manifest', this.options.objectVersionId, { max: 100, remedy: 'give the version of the object, or leave it out for the latest' });
    if (this.options.role) checkAccount(problems, scope, 'role of manifest', this.options.role);
  }

  /**
   * Makes what the service needs to read it, below the task or the start.
   *
   * @internal
   */
  public _bind(scope: Construct): BoundConfig<CfnTask.ManifestConfigProperty> | undefined {
    const { bucket, key, options } = this;
    if (!bucket) return undefined;
    const user = 'the manifest of this task';
    const serviceRole = new ServiceRole(scope, { id: 'ManifestRole', given: options.role, description: 'Lets DataSync read the manifest of a task', user });
    const access = new BucketAccess(scope, { bucket, pattern: withoutDates(key, '*'), serviceRole, roleArn: serviceRole.role.roleArn, user });
    access.allow(MANIFEST_READ, KEY_READ);
    whenSynthesized(scope, () => access.warnOfWhatIsMissing());
    const s3 = {
      s3BucketArn: bucket.bucketArn,
      manifestObjectPath: key,
      manifestObjectVersionId: options.objectVersionId,
      bucketAccessRoleArn: serviceRole.role.roleArn,
    };
    return { config: { source: { s3 } }, role: serviceRole.role, dependables: access.dependables };
  }
}
