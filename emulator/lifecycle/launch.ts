import type { ExecutionError, FinalStatus, MutableExecution } from './execution';
import type { FailedItems } from './failed-items';
import type { ItemLists } from './item-lists';
import { noteFailure, noteOutcome } from './item-lists';
import { injectFaults } from '../backends/decorators/fault-injection';
import { translated } from '../backends/decorators/metadata-translation';
import type { Clock } from '../clock';
import type { Backend } from '../engine/backend';
import type { TransferObserver, TransferResult } from '../engine/outcome';
import { Transfer } from '../engine/transfer';
import type { Faults } from '../faults/faults';
import { s3ClientConfig } from '../local-services/s3-access';
import type { S3Access } from '../local-services/s3-access';
import { ofScope } from '../local-services/scope-access';
import { S3Manifest } from '../manifest/s3-manifest';
import { idOf, scopeOfArn } from '../model/arns';
import type { Location } from '../model/location';
import { manifestOf } from '../model/run-configs';
import type { Logs } from '../observe/logs';
import type { TaskLog } from '../observe/task-log';
import { summaryOf } from '../report/summary';
import { TaskReport } from '../report/task-report';

/** What running executions need of the emulator that they run in. */
export interface LaunchHost {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly logs: Logs;
  /** Told of every item that fails. */
  readonly failedItems: FailedItems;
  readonly itemLists: ItemLists;
  /** How manifests and reports are reached. */
  readonly s3?: S3Access;
  openLocation(location: Location): Backend;
}

/** Runs an execution to its end: opens its locations, transfers, reports. Never rejects: what goes wrong becomes the execution's error. */
export async function launch(execution: MutableExecution, host: LaunchHost): Promise<void> {
  const log = host.logs.open(execution);
  const end = (status: FinalStatus) => execution.end(status, final => log && host.logs.end(log, execution, final));
  execution.launch();
  const { task, configs } = execution;
  const s3 = ofScope(host.s3, scopeOfArn(task.arn));
  const subject = { taskId: idOf(task.arn), executionId: idOf(execution.arn), mode: task.mode };
  const report = configs.report && new TaskReport(configs.report, subject, { clock: host.clock, s3 });
  const backends: Backend[] = [];
  try {
    // As with the service, the answer to the start comes before any phase.
    await new Promise(resolve => setImmediate(resolve));
    await host.faults.holdLaunch(task, execution.cancelled);
    await execution.agentsOnline();
    execution.cancelled.throwIfAborted();
    const fault = plannedError(execution, host, 'LAUNCHING');
    if (fault) {
      execution.fail(fault);
      return end('ERROR');
    }
    backends.push(host.openLocation(task.source), host.openLocation(task.destination));
    const transfer = transferOf(execution, { ...host, s3 }, backends[0], backends[1]);
    execution.track(transfer, report);
    const result = await transfer.run(observerOf(execution, host, report, log), execution.stopped);
    const status = execution.complete(result);
    if (isReportable(execution, result)) await report?.write(summaryOf(execution, status, host.clock.now()));
    end(status);
  } catch (error) {
    execution.fail({ errorCode: 'InternalError', errorDetail: (error as Error).message });
    end('ERROR');
  } finally {
    report?.close();
    backends.forEach(backend => backend.close());
  }
}

function transferOf(execution: MutableExecution, host: LaunchHost, source: Backend, destination: Backend): Transfer {
  const { task, effectiveOptions, filters, configs } = execution;
  const object = manifestOf(configs, task.source.type);
  return new Transfer({
    ...translated({ source, options: effectiveOptions }, task.source.type, task.destination.type),
    destination: host.faults.mayFailItemsOf(task) ? injectFaults(destination, host.faults, task) : destination,
    includes: filters.includes,
    excludes: filters.excludes,
    manifest: object && new S3Manifest(object, host.s3 && s3ClientConfig(host.s3)),
    taskMode: task.mode,
    storageClass: task.destination.storageClass,
    locationNames: { source: idOf(task.source.arn), destination: idOf(task.destination.arn) },
  });
}

function observerOf(execution: MutableExecution, host: LaunchHost, report: TaskReport | undefined, log: TaskLog | undefined): TransferObserver {
  const { arn, task } = execution;
  const items = host.itemLists.begin(task.arn, arn);
  return {
    onPhase: phase => {
      execution.begin(phase);
      const fault = plannedError(execution, host, phase);
      if (fault) execution.fail(fault);
    },
    onItem: outcome => {
      if (items) noteOutcome(items, outcome);
      report?.note({ outcome });
      log?.outcome(outcome);
    },
    onItemFailure: failure => {
      if (items) noteFailure(items, failure);
      report?.note({ failure });
      log?.failure(failure);
      execution.itemsFailed++;
      host.failedItems.note(arn, failure);
    },
  };
}

/** The error with which the fault plan wants it to end here. */
function plannedError({ task }: MutableExecution, { faults }: LaunchHost, phase: string): ExecutionError | undefined {
  const fault = faults.executionError(task, phase);
  return fault && { errorCode: fault.errorCode, errorDetail: fault.errorDetail ?? 'This error is part of the fault plan.' };
}

/** Unless it failed as a whole before anything was done. */
function isReportable({ isCancelled }: MutableExecution, { prepare, transfer }: TransferResult): boolean {
  return isCancelled || prepare.status === 'SUCCESS' || transfer.status !== 'PENDING';
}
