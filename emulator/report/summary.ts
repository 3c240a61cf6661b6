import { timestamp } from './format';
import { idOf, scopeOfArn } from '../model/arns';
import { countersOf } from '../model/counters';
import type { Execution } from '../model/execution';
import type { Location } from '../model/location';

/** What a report says of the run as a whole. AWS documents which facts it has, and no names for them. */
export function summaryOf(execution: Execution, status: 'SUCCESS' | 'ERROR', endTime: Date): object {
  const { arn, task, configs, filters, isCancelled, creationTime, errorCode, errorDetail } = execution;
  const { BytesTransferred, BytesWritten, BytesCompressed, ...counters } = countersOf(execution);
  return {
    TaskId: idOf(task.arn),
    AccountId: scopeOfArn(arn).account,
    SourceLocation: describe(task.source),
    DestinationLocation: describe(task.destination),
    Status: isCancelled ? 'CANCELLED' : status,
    ...(errorCode !== undefined && { ErrorCode: errorCode, ErrorDetail: errorDetail }),
    StartTime: timestamp(creationTime.getTime()),
    EndTime: timestamp(endTime.getTime()),
    TotalTime: execution.totalDurationMs,
    Counters: counters,
    LogicalBytes: BytesWritten,
    PhysicalBytes: BytesCompressed,
    BytesTransferred,
    TaskMode: task.mode,
    Options: execution.effectiveOptions,
    Includes: filters.includes,
    Excludes: filters.excludes,
    ManifestConfig: configs.manifest,
  };
}

function describe({ arn, uri }: Location): object {
  return { LocationId: idOf(arn), LocationUri: uri };
}
