import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { bytes, duration, items, number } from './format';
import { isCancelled, isPending } from '../../src/task-execution/handler/datasync/executions';
import { newCounters } from '../engine/counters';
import type { Counters } from '../engine/outcome';
import type { Progress } from '../engine/progress';
import { progressOf } from '../engine/progress';
import type { TaskMode } from '../engine/request';

/** The answer of DescribeTaskExecution. */
export type DescribedExecution = DescribeTaskExecutionCommandOutput;

/** How an execution ended. The service has no status for one that was cancelled. */
export type Outcome = 'SUCCESS' | 'ERROR' | 'CANCELLED';

/** An execution as people look at it. */
export interface ExecutionView {
  readonly arn: string;
  readonly status: string;
  /** Undefined as long as it goes on. */
  readonly outcome?: Outcome;
  readonly progress: Progress;
  /** Of the phase that it is in, from 0 to 1. Undefined before the service knows how much there is. */
  readonly fraction?: number;
  /** The service tells it in Enhanced mode only. */
  readonly itemsFailed?: number;
  /** Since it was started, until its end or until now. */
  readonly durationMs: number;
  /** Since the transfer began, as far as that is known. */
  readonly transferMs: number;
  readonly endTime?: number;
  readonly errorCode?: string;
  readonly errorDetail?: string;
}

/**
 * @param now epoch milliseconds
 * @param cancelled whether it was seen while it was being cancelled
 */
export function viewOf(described: DescribedExecution, now: number, cancelled = false): ExecutionView {
  const { TaskExecutionArn: arn = '', Status: status = 'unknown', TaskMode: mode = 'BASIC', StartTime, LaunchTime = StartTime, EndTime, Result = {} } = described;
  const progress = progressOf(countersOf(described), mode as TaskMode);
  const end = EndTime?.getTime() ?? now;
  const since = (time: Date | undefined) => Math.max(0, end - (time?.getTime() ?? end));
  const isOver = !isPending({ arn, status });
  return {
    arn,
    status,
    outcome: isOver ? outcomeOf(described, cancelled) : undefined,
    progress,
    fraction: fractionOf(described, progress),
    itemsFailed: failedOf(described),
    durationMs: (isOver && Result.TotalDuration) || since(StartTime),
    transferMs: Result.TransferDuration || Math.max(0, since(LaunchTime) - (Result.PrepareDuration ?? 0)),
    endTime: isOver ? end : undefined,
    errorCode: Result.ErrorCode,
    errorDetail: Result.ErrorDetail,
  };
}

function outcomeOf(described: DescribedExecution, cancelled: boolean): Outcome {
  if (described.Status === 'SUCCESS') return 'SUCCESS';
  return cancelled || isCancelled({ arn: '', status: described.Status, described }) ? 'CANCELLED' : 'ERROR';
}

function countersOf(described: DescribedExecution): Counters {
  const none = newCounters();
  const entries = Object.entries(none).map(([name, zero]) => [name, described[name as keyof Counters] ?? zero]);
  return Object.fromEntries(entries) as unknown as Counters;
}

/** In Basic mode the estimates are made while it prepares, and nothing is transferred before; in Enhanced mode all of it happens at once. */
function fractionOf({ Status, TaskMode: mode, Options }: DescribedExecution, progress: Progress): number | undefined {
  const { itemsPlanned, itemsTransferred, itemsSkipped, itemsVerified, fraction } = progress;
  if (mode !== 'ENHANCED' && Status === 'VERIFYING') {
    const all = itemsTransferred + (Options?.VerifyMode === 'POINT_IN_TIME_CONSISTENT' ? itemsSkipped : 0);
    return all === 0 ? undefined : Math.min(1, itemsVerified / all);
  }
  const isKnown = Status === 'TRANSFERRING' || (mode === 'ENHANCED' && (Status === 'PREPARING' || Status === 'VERIFYING'));
  return isKnown && itemsPlanned > 0 ? fraction : undefined;
}

function failedOf({ FilesFailed, FoldersFailed }: DescribedExecution): number | undefined {
  const counts = [...Object.values(FilesFailed ?? {}), ...Object.values(FoldersFailed ?? {})].filter(count => typeof count === 'number');
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** All there is to say, as labels and texts. */
export function rowsOf(view: ExecutionView, described: DescribedExecution): string[][] {
  const { arn, status, outcome, progress, fraction, itemsFailed, durationMs, transferMs, errorCode, errorDetail } = view;
  const { itemsPlanned, itemsTransferred, itemsSkipped, itemsDeleted, itemsVerified, bytesPlanned, bytesWritten } = progress;
  const { StartTime, LaunchTime, Result, ReportResult } = described;
  const isTransferring = !outcome && status === 'TRANSFERRING' && fraction && transferMs > 0;
  return [
    ['execution', arn],
    ['status', [
      outcome === 'CANCELLED' ? `${status}, cancelled` : status,
      ...fraction === undefined ? [] : [percent(fraction)],
      ...isTransferring ? [`about ${duration(transferMs * (1 - fraction) / fraction)} left`] : [],
    ].join(', ')],
    ['items', [
      outcome || itemsPlanned === 0 ? `${number(itemsTransferred)} transferred` : `${number(itemsTransferred)} of ${items(itemsPlanned)} transferred`,
      `${number(itemsSkipped)} skipped`, `${number(itemsDeleted)} deleted`, `${number(itemsVerified)} verified`,
      ...itemsFailed === undefined ? [] : [`${number(itemsFailed)} failed`],
    ].join(', ')],
    ['bytes', [
      outcome || bytesPlanned === 0 ? bytes(bytesWritten) : `${bytes(bytesWritten)} of ${bytes(bytesPlanned)}`,
      ...transferMs > 0 && bytesWritten > 0 ? [`${bytes(Math.round(bytesWritten / transferMs * 1000))}/s on average`] : [],
    ].join(', ')],
    ...Result?.PrepareStatus ? [['phases', phasesOf(Result)]] : [],
    ...StartTime ? [['started', `${StartTime.toISOString()}${LaunchTime && LaunchTime > StartTime ? `, launched ${LaunchTime.toISOString()}` : ''}`]] : [],
    ['time', duration(durationMs)],
    ...errorCode || errorDetail ? [['error', [errorCode, errorDetail].filter(Boolean).join(': ')]] : [],
    ...ReportResult?.Status ? [['report', [ReportResult.Status, ReportResult.ErrorCode, ReportResult.ErrorDetail].filter(Boolean).join(', ')]] : [],
  ];
}

function phasesOf(result: NonNullable<DescribedExecution['Result']>): string {
  const phase = (name: string, status: string | undefined, ms: number | undefined) => `${name} ${status ?? 'PENDING'}${ms ? ` (${duration(ms)})` : ''}`;
  return [
    phase('prepare', result.PrepareStatus, result.PrepareDuration),
    phase('transfer', result.TransferStatus, result.TransferDuration),
    phase('verify', result.VerifyStatus, result.VerifyDuration),
  ].join(', ');
}

/** Never 100% of what is not done. */
export function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)}%`;
}
