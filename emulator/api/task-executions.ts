import type {
  CancelTaskExecutionRequest, CancelTaskExecutionResponse, DescribeTaskExecutionRequest, DescribeTaskExecutionResponse, ListTaskExecutionsRequest,
  ListTaskExecutionsResponse, StartTaskExecutionRequest, StartTaskExecutionResponse, UpdateTaskExecutionRequest, UpdateTaskExecutionResponse,
} from '@aws-sdk/client-datasync';
import type { Context, Handlers } from './context';
import { InvalidRequestError } from '../errors';
import type { MutableExecution } from '../lifecycle/execution';
import { startExecution } from '../lifecycle/start-execution';
import { countersOf } from '../model/counters';
import type { Execution } from '../model/execution';
import { page } from '../model/pagination';
import { effectiveOptions } from '../model/task';

export const taskExecutions: Handlers = {
  StartTaskExecution: (context, input: StartTaskExecutionRequest): StartTaskExecutionResponse => {
    const task = context.tasks.get(input.TaskArn!, context.caller);
    return { TaskExecutionArn: startExecution(context, task, input).arn };
  },

  DescribeTaskExecution: (context, { TaskExecutionArn }: DescribeTaskExecutionRequest): DescribeTaskExecutionResponse => {
    const execution = find(context, TaskExecutionArn);
    return {
      TaskExecutionArn: execution.arn,
      Status: execution.status,
      Options: execution.effectiveOptions,
      Includes: [...execution.filters.includes],
      Excludes: [...execution.filters.excludes],
      ManifestConfig: execution.configs.manifest,
      TaskReportConfig: execution.configs.report,
      TaskMode: execution.task.mode,
      StartTime: execution.creationTime,
      LaunchTime: execution.launchTime,
      EndTime: execution.endTime,
      ...countersOf(execution),
      Result: resultOf(execution),
      ReportResult: execution.reportResult,
    };
  },

  CancelTaskExecution: (context, { TaskExecutionArn }: CancelTaskExecutionRequest): CancelTaskExecutionResponse => {
    context.queue.cancel(find(context, TaskExecutionArn));
    return {};
  },

  UpdateTaskExecution: (context, { TaskExecutionArn, Options }: UpdateTaskExecutionRequest): UpdateTaskExecutionResponse => {
    const execution = find(context, TaskExecutionArn);
    const others = Object.entries(Options!).filter(([name, value]) => name !== 'BytesPerSecond' && value !== undefined).map(([name]) => name);
    if (others.length > 0 || Options!.BytesPerSecond === undefined) {
      throw new InvalidRequestError(`Invalid SyncOption value. Option: ${others.join(',') || 'none'}. Only BytesPerSecond of an execution can be updated.`);
    }
    execution.throttle(effectiveOptions(execution.task, execution.effectiveOptions, Options));
    return {};
  },

  ListTaskExecutions: (context, input: ListTaskExecutionsRequest): ListTaskExecutionsResponse => {
    const all = input.TaskArn ? context.tasks.get(input.TaskArn, context.caller).executions : context.executions.visibleTo(context.caller);
    const { items, nextToken } = page(`executions of ${input.TaskArn ?? 'every task'}`, all, ({ arn }) => arn, input);
    return {
      TaskExecutions: items.map(({ arn, status, task }) => ({ TaskExecutionArn: arn, Status: status, TaskMode: task.mode })),
      NextToken: nextToken,
    };
  },
};

function find(context: Context, arn: string | undefined): MutableExecution {
  return context.executions.get(arn!, context.caller);
}

/** Enhanced mode overlaps its phases and reports no durations of them. */
function resultOf(execution: Execution): DescribeTaskExecutionResponse['Result'] {
  const [prepare, transfer, verify] = (['PREPARING', 'TRANSFERRING', 'VERIFYING'] as const).map(phase => execution.phase(phase));
  const overlapping = execution.task.mode === 'ENHANCED';
  return {
    PrepareDuration: overlapping ? 0 : prepare.durationMs,
    PrepareStatus: prepare.status,
    TransferDuration: overlapping ? 0 : transfer.durationMs,
    TransferStatus: transfer.status,
    VerifyDuration: overlapping ? 0 : verify.durationMs,
    VerifyStatus: verify.status,
    TotalDuration: execution.totalDurationMs,
    ErrorCode: execution.errorCode,
    ErrorDetail: execution.errorDetail,
  };
}
