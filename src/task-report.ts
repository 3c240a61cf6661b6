import type { CfnTask } from 'aws-cdk-lib/aws-datasync';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { BucketAccess, checkPartition } from './location/bucket-access';
import { KEY_REPORT, REPORT_WRITE } from './private/permissions';
import { placeOfBucket } from './private/place';
import type { BoundConfig } from './private/service-role';
import { ServiceRole } from './private/service-role';
import { withoutDates, withSampleDates } from './task-execution/date-pattern';
import { checkAccount, checkMember, checkText, requireKind, S3_PATH_RULE } from './validation/checks';
import { refuseDates } from './validation/date-rules';
import type { Problems } from './validation/problems';
import { whenSynthesized } from './validation/warnings';

/** What a list of a report has. */
export enum ReportLevel {
  /** What went wrong. */
  ERRORS_ONLY = 'ERRORS_ONLY',
  /** What went wrong and what did not. */
  SUCCESSES_AND_ERRORS = 'SUCCESSES_AND_ERRORS',
}

/** Whether a report has the versions of new objects, in a bucket with versions. */
export enum ObjectVersionIds {
  /** With versions. */
  INCLUDE = 'INCLUDE',
  /** Without. */
  NONE = 'NONE',
}

/** Options of `TaskReport.summary()`. */
export interface TaskReportOptions {
  /**
   * Prefix of the keys of reports, such as `reports/`; at most 4096 characters, which are letters and digits of ASCII, spaces and `_ - + . / ( )`. The
   * service puts `Summary-Reports/` or `Detailed-Reports/` right behind it, so that it should end in a slash. Of a `ScheduledTaskExecution` it may
   * have dates of `ScheduledDate.format()`, in whose place the role may write anything.
   *
   * @default - the whole bucket
   */
  readonly subdirectory?: string;

  /**
   * Whether the report has the versions of new objects, in a bucket with versions.
   *
   * @default - NONE
   */
  readonly objectVersionIds?: ObjectVersionIds;

  /**
   * The role by which the service writes reports, of the account of the task. It gets the permission for that, unless it was imported as not
   * changeable.
   *
   * @default - a role that only this account's DataSync may assume, which may write below this prefix only
   */
  readonly role?: IRole;
}

/** Options of `TaskReport.standard()`. */
export interface StandardTaskReportOptions extends TaskReportOptions {
  /**
   * What the lists have.
   *
   * @default - ERRORS_ONLY
   */
  readonly reportLevel?: ReportLevel;

  /**
   * What the list of transferred items has.
   *
   * @default - as `reportLevel`
   */
  readonly transferred?: ReportLevel;

  /**
   * What the list of verified items has.
   *
   * @default - as `reportLevel`
   */
  readonly verified?: ReportLevel;

  /**
   * What the list of deleted items has. There is one with `PreserveDeletedFiles.REMOVE` only.
   *
   * @default - as `reportLevel`
   */
  readonly deleted?: ReportLevel;

  /**
   * What the list of skipped items has.
   *
   * @default - as `reportLevel`
   */
  readonly skipped?: ReportLevel;
}

const LISTS = ['transferred', 'verified', 'deleted', 'skipped'] as const;

/**
 * A report on each execution of a task, as JSON in a bucket of S3.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/task-reports.html
 */
export class TaskReport {
  /**
   * A summary: settings, counts, bytes, times and the outcome. It makes a role by which the service writes it, unless you bring one.
   *
   * @param bucket where it is written
   */
  public static summary(bucket: IBucket, options: TaskReportOptions = {}): TaskReport {
    return new TaskReport('SUMMARY_ONLY', bucket, options);
  }

  /**
   * The summary, and lists of what was transferred, verified, skipped and deleted.
   *
   * @param bucket where they are written
   */
  public static standard(bucket: IBucket, options: StandardTaskReportOptions = {}): TaskReport {
    return new TaskReport('STANDARD', bucket, options);
  }

  /** No report, for an execution of a task that has one. */
  public static none(): TaskReport {
    return new TaskReport();
  }

  private constructor(
    private readonly outputType?: string, private readonly bucket?: IBucket, private readonly options: StandardTaskReportOptions = {},
  ) {}

  /** @internal */
  public get _subdirectory(): string | undefined {
    return this.options.subdirectory;
  }

  /**
   * @param scheduled whether there is a scheduled time, of which the prefix may have dates
   * @internal
   */
  public _check(scope: IConstruct, problems: Problems, scheduled = false): void {
    if (this.outputType === undefined) return;
    requireKind(scope, 'bucket of taskReport', this.bucket, 'bucketArn', 'give a bucket, such as Bucket.fromBucketName()');
    checkPartition(problems, scope, 'bucket of taskReport', this.bucket!);
    const { subdirectory, objectVersionIds, reportLevel, role } = this.options;
    if (!scheduled) refuseDates(problems, { 'subdirectory of taskReport': subdirectory });
    checkText(problems, 'subdirectory of taskReport', subdirectory, {
      becomes: withSampleDates,
      max: 4096,
      ...S3_PATH_RULE,
      remedy: 'choose another prefix, such as "reports/"',
      emptyRemedy: 'leave it out for the whole bucket',
    });
    checkMember(problems, 'objectVersionIds of taskReport', objectVersionIds, ObjectVersionIds);
    checkMember(problems, 'reportLevel of taskReport', reportLevel, ReportLevel);
    for (const list of LISTS) checkMember(problems, `${list} of taskReport`, this.options[list], ReportLevel);
    if (role) checkAccount(problems, scope, 'role of taskReport', role);
  }

  /**
   * Where the reports are, as text: of two places one of which is inside the other, one begins with the other. Undefined if there
   * are none.
   *
   * @internal
   */
  public get _place(): string | undefined {
    return this.bucket && placeOfBucket(this.bucket.bucketArn, this.options.subdirectory);
  }

  /**
   * Makes what the service needs to write them, below the task or the start.
   *
   * @internal
   */
  public _bind(scope: Construct): BoundConfig<CfnTask.TaskReportConfigProperty> | undefined {
    const { bucket, outputType, options: { subdirectory, objectVersionIds, reportLevel, role, ...lists } } = this;
    if (!bucket || !outputType) return undefined;
    const user = 'the reports of this task';
    const serviceRole = new ServiceRole(scope, { id: 'ReportRole', given: role, description: 'Lets DataSync write the reports of a task', user });
    const access = new BucketAccess(scope, { bucket, pattern: `${withoutDates(subdirectory ?? '', '*')}*`, serviceRole, roleArn: serviceRole.role.roleArn, user });
    access.allow(REPORT_WRITE, KEY_REPORT);
    whenSynthesized(scope, () => access.warnOfWhatIsMissing());
    const given = LISTS.filter(list => lists[list] !== undefined);
    return {
      config: {
        destination: { s3: { s3BucketArn: bucket.bucketArn, bucketAccessRoleArn: serviceRole.role.roleArn, subdirectory } },
        outputType,
        objectVersionIds,
        reportLevel,
        overrides: given.length > 0 ? Object.fromEntries(given.map(list => [list, { reportLevel: lists[list] }])) : undefined,
      },
      role: serviceRole.role,
      dependables: access.dependables,
    };
  }
}
