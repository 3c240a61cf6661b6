import type { IfRunning } from './if-running';
import type { OnDeleteFailure } from './on-delete-failure';
import type { OnTimeout } from './on-timeout';
import type { RunOn } from './run-on';

/**
 * What the constructs send and the functions read: the one file that both sides import. The choices that a user has, `IfRunning` and `RunOn`,
 * are the enums of the public API.
 *
 * CloudFormation turns every number and boolean of a custom resource into a string, so the wire types say `string`
 * where the service wants a number. The schedule's payload goes through the same shapes.
 *
 * @internal
 */

/** The service's `FilterRule`. */
export interface WireFilterRule {
  readonly FilterType: string;
  readonly Value: string;
}

/** The service's `TagListEntry`. */
export interface WireTag {
  readonly Key: string;
  readonly Value: string;
}

/** Of an execution that has none of what its task has. */
export const NO_CONFIG = 'NONE';

export type WireConfig = typeof NO_CONFIG | { readonly [member: string]: unknown };

/** What to start, common to both ways of starting. */
export interface WireStartRequest {
  readonly TaskArn: string;
  /** The service's `Options`; every value is a string, `BytesPerSecond` included. */
  readonly OverrideOptions?: { readonly [option: string]: string };
  readonly Includes?: WireFilterRule[];
  readonly Excludes?: WireFilterRule[];
  /** The service's `ManifestConfig`; `NONE` in place of the empty one, which CDK leaves out. */
  readonly ManifestConfig?: WireConfig;
  /** The service's `TaskReportConfig`; the same. */
  readonly TaskReportConfig?: WireConfig;
  readonly Tags?: WireTag[];
  readonly IfRunning: IfRunning;
  /** Seconds to wait until the task is available; without it `TASK_AVAILABILITY_TIMEOUT`. */
  readonly TaskAvailabilityTimeout?: string;
}

/** Values of one side of a transfer: of a location that the app defines the fields that decide what is transferred (`compared-fields.ts`). */
export interface WireLocationValues {
  /** CloudFormation's resource type; absent when only the ARN is known. */
  readonly Type?: string;
  /** Absent when the task is in another stack and has it from a reference. It counts only where the fields do not tell. */
  readonly Arn?: string;
  /** Paths of the fields that another stack knows and this one cannot. */
  readonly Unknown?: string[];
  readonly [field: string]: unknown;
}

/**
 * What decides which bytes an execution transfers, as CloudFormation resolved it: the task's own options, filters and manifest, and both
 * locations. What the execution overrides stands in the start request; the handler lays it over these.
 */
export interface WireValues {
  /** Version of the list of fields. A field that one of two lists lacks is not compared. */
  readonly Version: string;
  /** Absent when the task is known by its ARN only. Like a location it may have `Unknown` fields. */
  readonly Task?: { readonly [field: string]: unknown };
  readonly Source?: WireLocationValues;
  readonly Destination?: WireLocationValues;
}

/** The properties of `Custom::DataSyncTaskExecution`. */
export interface WireTaskExecutionProperties extends WireStartRequest {
  readonly RunOn: RunOn;
  readonly Values?: WireValues;
  /** What the user gave as `triggers`: values of any kind, whose change starts the task. */
  readonly Triggers?: { readonly [name: string]: unknown };
  /** Differs at every synthesis; only with `EVERY_DEPLOYMENT`. */
  readonly Deployment?: string;
  /** `true` if an execution outlives its successor: an update never cancels it. */
  readonly Retain?: string;
  /** ARN of the state machine with which the end is waited for; absent when it is not. */
  readonly Waiter?: string;
  /** Seconds from the start of the execution; only with `Waiter`. */
  readonly CompletionTimeout?: string;
  /** Only with `Waiter`. */
  readonly OnTimeout?: OnTimeout;
  /** `true` if links wait for the end, so that what is before this execution must not stay in its way. Not with `Waiter`. */
  readonly WaitsForEnd?: string;
  /** The run before the deletion of the stack; absent if there is none. */
  readonly OnDelete?: WireRunOnDelete;
}

/** How the task is run once more before the stack is deleted. */
export interface WireRunOnDelete {
  /** ARN of the state machine with which the end is waited for. */
  readonly Waiter: string;
  /** Seconds from the request of CloudFormation. */
  readonly Timeout: string;
  readonly OnFailure: OnDeleteFailure;
}

/**
 * The properties of `Custom::DataSyncTaskExecutionWait`, one link of a long wait. CloudFormation updates it exactly when another execution was
 * started.
 */
export interface WireTaskExecutionWaitProperties {
  readonly TaskExecutionArn: string;
  /** Logical id of the start. */
  readonly Start: string;
  readonly Waiter: string;
  /** Seconds from the start of the execution to the end of the last link. */
  readonly CompletionTimeout: string;
  readonly OnTimeout: OnTimeout;
  /** `true` if another link goes on waiting when the time of this one is over. */
  readonly HasNext?: string;
}

/** The payload with which EventBridge Scheduler invokes the schedule's function. */
export interface WireScheduledStart extends WireStartRequest {
  /** ARN of the schedule: with `ScheduledTime` it names one start, however often it is delivered. */
  readonly ScheduleArn: string;
  readonly ScheduledTime: string;
  /** That of the schedule, which dates have that name none; UTC without it. */
  readonly TimeZone?: string;
  /** Name of the SSM parameter that keeps the ARN of the latest execution. */
  readonly ParameterName?: string;
}

const ARN = 'arn:[a-z-]+:datasync:[a-z0-9-]+:[0-9]{12}:';
const TASK = `${ARN}task/task-[0-9a-f]{17}`;

/** The service's ARNs, of any partition: a new one needs no release of this library. The first group of an execution's is its task's. */
export const ARN_PATTERNS = {
  task: new RegExp(`^${TASK}$`),
  execution: new RegExp(`^(${TASK})/execution/exec-[0-9a-f]{17}$`),
  location: new RegExp(`^${ARN}location/loc-[0-9a-z]{17}$`),
  agent: new RegExp(`^${ARN}agent/agent-[0-9a-z]{17}$`),
};

/** The resource type of a deploy-time start. */
export const TASK_EXECUTION_RESOURCE_TYPE = 'Custom::DataSyncTaskExecution';

/** The resource type of one link of a long wait. */
export const WAIT_RESOURCE_TYPE = 'Custom::DataSyncTaskExecutionWait';

/** Attributes of the custom resource, for `Fn::GetAtt`. */
export const ATTRIBUTE_TASK_EXECUTION_ARN = 'TaskExecutionArn';

/** Attributes under the names of `AWS::DataSync::TaskExecution`, when the end is waited for: what the service counts. */
export const COUNTERS = [
  'EstimatedFilesToTransfer', 'EstimatedBytesToTransfer', 'EstimatedFilesToDelete', 'FilesTransferred', 'FilesSkipped', 'FilesDeleted', 'FilesVerified',
  'BytesTransferred', 'BytesWritten', 'BytesCompressed',
] as const;

/** An attribute of which the service knows nothing, or knows nothing any more: an attribute that is missing would fail whatever reads it. */
export const UNKNOWN = 'unknown';

/**
 * How long the end of an execution is waited for, in seconds: by default, as long as one request of CloudFormation leaves room for; and at
 * most, in links of which each waits its time.
 */
export const COMPLETION_TIMEOUT = { default: 45 * 60, oneRequest: 45 * 60, link: 50 * 60, max: 12 * 3600 };

/** Physical id of a start that failed before anything was started: this and the request's id. */
export const NOT_STARTED_PREFIX = 'not-started:';

/** How long the function of a deploy-time start may take, in seconds. */
export const FUNCTION_TIMEOUT = 15 * 60;

/**
 * How long CloudFormation waits for the answer to one request, in seconds: a little longer than the function takes, so that the
 * function's reason is what is shown. An older request is given up: it starts nothing, and nobody reads its answer.
 */
export const SERVICE_TIMEOUT = FUNCTION_TIMEOUT + 2 * 60;

/** How long a start waits for its task to become available, in seconds: by default, and at most. A schedule may come back every minute. */
export const TASK_AVAILABILITY_TIMEOUT = { deploy: 300, schedule: 120, max: 600 };

/** How long `IfRunning.WAIT` waits for what others have started, in seconds: a schedule may come back every minute. */
export const OTHERS_TIMEOUT = { deploy: 600, schedule: 120 };

/** By partition. */
const CONSOLES: { readonly [partition: string]: string } = { 'aws-cn': 'console.amazonaws.cn', 'aws-us-gov': 'console.amazonaws-us-gov.com' };

/** The page of a task in the console, from which its executions are one click away. */
export function consoleUrl(partition: string, region: string, taskId: string): string {
  return `https://${CONSOLES[partition] ?? 'console.aws.amazon.com'}/datasync/home?region=${region}#/tasks/${taskId}`;
}

/** So many executions of one task the service takes into its queue. */
export const QUEUE_MAX = 50;

/** Every tag of ours begins like this. */
export const TAG_PREFIX = 'cdk-datasync:';

/**
 * Tag on every execution: what asked for it. A retry looks for it and adopts the execution instead of starting another.
 * On deploy the RequestId of the CloudFormation event, on schedule the schedule and its scheduled time.
 */
export const TAG_REQUEST = `${TAG_PREFIX}request`;

/** Tag on every execution: who owns it (stack and logical id, or the schedule). Only what we started is ever cancelled. */
export const TAG_OWNER = `${TAG_PREFIX}owner`;

/** Tag on every execution of a deployment: `<version>:<hash>` of the effective values that it was started with, triggers and deployment included. */
export const TAG_VALUES = `${TAG_PREFIX}values`;

/** Tag on an execution that was started for something else than a Create or an Update. */
export const TAG_PURPOSE = `${TAG_PREFIX}purpose`;

/** The purpose of a run before the deletion of the stack. No other Delete cancels it. */
export const PURPOSE_ON_DELETE = 'on-delete';

/** The service's limit of tags. */
export const TAGS_MAX = 50;

/** Tags of ours: request, owner and values, one for the purpose of a run, and one kept free. */
export const OWN_TAGS = 5;

/** So many tags are left for those of a user. */
export const USER_TAGS_MAX = TAGS_MAX - OWN_TAGS;

/** Characters as the service counts them: code points, of which some are two units of a JavaScript string. */
export function charactersOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
