import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { Failure } from '../../../custom-resource/errors';
import { ATTRIBUTE_TASK_EXECUTION_ARN, consoleUrl, COUNTERS, UNKNOWN } from '../../contract';
import { describeExecution, describeTaskIfAny, isCancelled, taskOf } from '../datasync/executions';
import type { Execution } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';

/** So much of the service's own text is repeated. */
const DETAIL_MAX = 300;

/** The attributes of the resource when its end is waited for. What the service does not know, or knows no more, is `unknown`, never missing. */
export async function executionAttributesOf(
  run: TaskExecutionInvocation, arn: string, execution?: Execution,
): Promise<{ [attribute: string]: string }> {
  const described = (execution ?? await describeIfPossible(run, arn))?.described ?? {} as Partial<DescribeTaskExecutionCommandOutput>;
  const attributes: { [attribute: string]: unknown } = {
    [ATTRIBUTE_TASK_EXECUTION_ARN]: arn,
    Status: described.Status,
    StartTime: described.StartTime?.toISOString(),
    TotalDuration: described.Result?.TotalDuration,
  };
  for (const counter of COUNTERS) attributes[counter] = described[counter];
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value ?? UNKNOWN)]));
}

/** An Update that starts nothing must not fail because nobody says what became of the last execution. */
async function describeIfPossible(run: TaskExecutionInvocation, arn: string): Promise<Execution | undefined> {
  try {
    return await describeExecution(run, arn);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.log.warn('not known what became of the execution', { execution: arn, reason: error.message });
    return undefined;
  }
}

/** Why an execution did not succeed: the service's code and text, the phase, and how far it came. */
export function failureOf(execution: Execution): string {
  const { arn, described } = execution;
  const { Result = {} } = described;
  const phase = (['Prepare', 'Transfer', 'Verify'] as const).find(name => Result[`${name}Status`] === 'ERROR');
  const reason = [Result.ErrorCode, shortened(Result.ErrorDetail)].filter(Boolean).join(': ') || 'the service gives no reason';
  if (isCancelled(execution)) return `${arn} was cancelled (${reason}), ${progressText(described)}`;
  return `${arn} failed${phase ? ` in the phase ${phase.toUpperCase()}` : ''} (${reason}), ${progressText(described)}`;
}

/** What follows must not be cut off. */
function shortened(detail: string | undefined): string | undefined {
  return detail && detail.length > DETAIL_MAX ? `${detail.slice(0, DETAIL_MAX)}...` : detail;
}

/** Where more of an execution is to be found. */
export async function whereToLook(run: TaskExecutionInvocation, arn: string): Promise<string> {
  const taskArn = taskOf(arn)!;
  const { CloudWatchLogGroupArn: logGroup, Options } = await describeTaskIfAny(run, taskArn) ?? {};
  const [, partition, , region] = taskArn.split(':');
  const isLogged = logGroup !== undefined && Options?.LogLevel !== 'OFF';
  return `See ${isLogged ? `the log group ${logGroup.split(':')[6]}, and ` : ''}${consoleUrl(partition, region, taskArn.split('/')[1])} in the console`;
}

/** `1,203 of 9,000 files, 1,048,576 bytes, 12 deleted, 3 failed`: what is known of it. */
export function progressText(described: Partial<DescribeTaskExecutionCommandOutput>): string {
  const { FilesTransferred = 0, EstimatedFilesToTransfer, BytesTransferred = 0, FilesDeleted = 0, FilesFailed } = described;
  const failed = Object.values(FilesFailed ?? {}).reduce((sum: number, count) => sum + (Number(count) || 0), 0);
  return [
    `${shown(FilesTransferred)} ${EstimatedFilesToTransfer === undefined ? '' : `of ${shown(EstimatedFilesToTransfer)} `}files`,
    ...(BytesTransferred > 0 ? [`${shown(BytesTransferred)} bytes`] : []),
    ...(FilesDeleted > 0 ? [`${shown(FilesDeleted)} deleted`] : []),
    ...(failed > 0 ? [`${shown(failed)} failed`] : []),
  ].join(', ');
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
