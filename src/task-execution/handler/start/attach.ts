import type { FilterRule, ManifestConfig, Options, TaskReportConfig } from '@aws-sdk/client-datasync';
import { bareSubdirectory, patternSet } from '../../normal-form';
import type { Execution, Task } from '../datasync/executions';
import type { StartRequest } from '../parse';

/** Options that do not decide what an execution transfers. */
const NOT_COMPARED = new Set(['LogLevel', 'BytesPerSecond', 'TaskQueueing']);

/**
 * Whether an execution does what a start asks for: by its options, filters, manifest and mode, as the service completes them. Its
 * locations cannot be seen.
 */
export function doesWhatIsAsked({ described }: Execution, task: Task, request: StartRequest): boolean {
  return sameOptions({ ...task.Options, ...request.overrideOptions }, described.Options ?? {})
    && filters(request.includes ?? task.Includes) === filters(described.Includes)
    && filters(request.excludes ?? task.Excludes) === filters(described.Excludes)
    && manifest(request.manifestConfig ?? task.ManifestConfig) === manifest(described.ManifestConfig)
    && (!request.taskReportConfig || report(request.taskReportConfig) === report(described.TaskReportConfig))
    && (task.TaskMode ?? 'BASIC') === (described.TaskMode ?? 'BASIC');
}

/** An option that only one of the two shows cannot be compared, and counts as another. */
function sameOptions(asked: Options, actual: Options): boolean {
  const names = new Set([...Object.keys(asked), ...Object.keys(actual)].filter(name => !NOT_COMPARED.has(name)));
  return [...names].every(name => asked[name as keyof Options] === actual[name as keyof Options]);
}

/** The patterns of a filter are a set. */
function filters(rules: FilterRule[] = []): string {
  return patternSet(rules.map(({ Value = '' }) => Value).join('|'));
}

function manifest({ Action = 'TRANSFER', Format = 'CSV', Source }: ManifestConfig = {}): string {
  const { S3BucketArn, ManifestObjectPath, ManifestObjectVersionId } = Source?.S3 ?? {};
  return JSON.stringify([S3BucketArn && Action, S3BucketArn && Format, S3BucketArn, ManifestObjectPath, ManifestObjectVersionId]);
}

/** What is reported counts only if it is asked for. */
function report({ Destination, OutputType }: TaskReportConfig = {}): string {
  const { S3BucketArn, Subdirectory } = Destination?.S3 ?? {};
  return JSON.stringify([S3BucketArn, bareSubdirectory(Subdirectory ?? ''), S3BucketArn && OutputType]);
}
