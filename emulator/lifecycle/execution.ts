import type { ReportResult, TaskExecutionStatus } from '@aws-sdk/client-datasync';
import { offlineImpediment } from './agent-status';
import { FailedItems } from './failed-items';
import { ItemLists, noteFailure, noteOutcome } from './item-lists';
import { faultyDestination } from '../backends/decorators/faulty-destination';
import { translated } from '../backends/decorators/foreign';
import { Clock } from '../clock';
import type { Backend } from '../engine/backend';
import type { Counters, Phase, PhaseResult, TransferObserver, TransferResult } from '../engine/outcome';
import { Transfer } from '../engine/transfer';
import { InvalidRequestError } from '../errors';
import { Faults } from '../faults/faults';
import { S3Access, s3ClientConfig } from '../local-services/s3-access';
import { S3Manifest } from '../manifest/s3-manifest';
import { idOf } from '../model/arns';
import { Filters } from '../model/filters';
import { Location } from '../model/location';
import { CompleteOptions } from '../model/options';
import { manifestOf, RunConfigs } from '../model/run-configs';
import { Resource } from '../model/store';
import { agentsOf, Task } from '../model/task';
import { Logs } from '../observe/logs';
import { TaskLog } from '../observe/task-log';
import { summaryOf } from '../report/summary';
import { TaskReport } from '../report/task-report';

/** Outcome of an execution that was cancelled; the service documents no code or text for it. */
const CANCELLED = { code: 'Cancelled', detail: 'The task execution was cancelled.' };

/** Behind the reason of an execution that ended before its time. */
const REPAIR = 'What had been copied is there; the next execution completes it.';

/** Outcome of an execution that the end of the emulator has cut short. */
const INTERRUPTED = {
  code: 'Interrupted',
  running: `The emulator stopped while the execution was running. ${REPAIR}`,
  queued: 'The emulator stopped while the execution was queued. Nothing has been copied.',
};

/** What executions need of the emulator that they run in. */
export interface ExecutionHost {
  readonly clock: Clock;
  readonly offlineAgents: ReadonlySet<string>;
  readonly faults: Faults;
  readonly logs: Logs;
  /** Told of every item that fails. */
  readonly failedItems: FailedItems;
  readonly itemLists: ItemLists;
  /** How manifests and reports are reached. */
  readonly s3?: S3Access;
  openLocation(location: Location): Backend;
  /** Told of every new status. */
  publishExecutionStatus(execution: Execution): void;
}

/** What durations are measured between: they go by the machine, unlike the times that the service tells. */
type Moment = 'LAUNCHING' | Phase | 'END';

/** All that outlives the emulator of an execution. */
export interface ExecutionRecord extends Resource {
  readonly status: TaskExecutionStatus;
  readonly options: CompleteOptions;
  readonly filters: Filters;
  readonly configs: RunConfigs;
  readonly reportResult?: ReportResult;
  readonly launchTime?: Date;
  readonly endTime?: Date;
  readonly errorCode?: string;
  readonly errorDetail?: string;
  readonly result?: TransferResult;
  readonly moments: ReadonlyMap<Moment, number>;
  readonly counters?: Counters;
  readonly itemsFailed?: number;
}

/** One run of a task, from the start request to its end. */
export class Execution implements Resource {
  /** An execution of an emulator that is gone. */
  static restore(record: ExecutionRecord, task: Task, host: ExecutionHost): Execution {
    const { arn, creationTime, tags, status, options, filters, configs, reportResult, result, moments, counters, ...rest } = record;
    const execution = Object.assign(new Execution(arn, task, options, filters, configs, tags, host, creationTime), rest);
    execution.current = status;
    execution.result = result;
    if (reportResult) execution.report?.restore(reportResult);
    execution.moments = new Map(moments);
    if (counters) execution.transfer = { counters, bytesPerSecond: options.BytesPerSecond };
    return execution;
  }

  launchTime?: Date;
  endTime?: Date;
  errorCode?: string;
  errorDetail?: string;
  /** Live counters and the throttle; absent before both locations could be opened. */
  transfer?: { readonly counters: Counters; bytesPerSecond: number };
  /** Once for each step that an item failed at, in both modes: the counters of Basic mode do not tell. */
  itemsFailed = 0;

  private current: TaskExecutionStatus = 'QUEUED';
  private hasWaited = false;
  private launchedOn?: readonly string[];
  private result?: TransferResult;
  /** When each was reached first, in epoch milliseconds of the machine. */
  private moments = new Map<Moment, number>();
  private readonly abort = new AbortController();
  /** Ends the transfer: when the execution is cancelled, and when it is to fail on purpose. */
  private readonly stop = new AbortController();
  /** Looks again whether it can go on, if it waits for that. */
  private wake?: () => void;
  private readonly report?: TaskReport;
  private log?: TaskLog;

  constructor(
    readonly arn: string,
    readonly task: Task,
    /** In force for this run; the limit of the bandwidth may change while it runs. */
    private options: CompleteOptions,
    readonly filters: Filters,
    readonly configs: RunConfigs,
    readonly tags: Map<string, string | undefined>,
    private readonly host: ExecutionHost,
    readonly creationTime = host.clock.now(),
  ) {
    this.report = configs.report && new TaskReport(configs.report, { taskId: idOf(task.arn), executionId: idOf(arn), mode: task.mode }, host);
  }

  get record(): ExecutionRecord {
    const { arn, creationTime, tags, current: status, options, filters, configs, reportResult } = this;
    const { launchTime, endTime, errorCode, errorDetail, result, moments, transfer, itemsFailed } = this;
    return {
      ...{ arn, creationTime, tags, status, options, filters, configs, reportResult },
      ...{ launchTime, endTime, errorCode, errorDetail, result, moments, counters: transfer?.counters, itemsFailed },
    };
  }

  get status(): TaskExecutionStatus {
    return this.current;
  }

  /** The agents that it keeps busy: as of its launch, since an update of a location may have changed those of its task. */
  get agents(): readonly string[] {
    return this.launchedOn ?? agentsOf(this.task);
  }

  get effectiveOptions(): CompleteOptions {
    return this.options;
  }

  /** Not at its end. */
  get isPending(): boolean {
    return this.endTime === undefined;
  }

  /** Launched and not at its end. */
  get isRunning(): boolean {
    return this.isPending && this.launchTime !== undefined;
  }

  /** Was asked to stop. */
  get isCancelled(): boolean {
    return this.abort.signal.aborted;
  }

  /** Has to wait for its turn. */
  queue(): void {
    this.hasWaited = true;
    this.enter('QUEUED');
  }

  /** Runs to the end. Never rejects: what goes wrong becomes the execution's error. */
  async run(): Promise<void> {
    this.launchedOn = this.agents;
    this.launchTime = this.hasWaited ? this.host.clock.now() : this.creationTime;
    this.reach('LAUNCHING');
    this.log = this.host.logs.open(this);
    this.enter('LAUNCHING');
    const { source, destination, mode } = this.task;
    const backends: Backend[] = [];
    try {
      // As with the service, the answer to the start comes before any phase.
      await new Promise(resolve => setImmediate(resolve));
      await this.host.faults.launch(this.task, this.abort.signal);
      await this.agentsOnline();
      this.abort.signal.throwIfAborted();
      if (this.failOnPurpose('LAUNCHING')) return this.end('ERROR');
      backends.push(this.host.openLocation(source), this.host.openLocation(destination));
      const transfer = new Transfer({
        ...translated({ source: backends[0], options: this.options }, source.type, destination.type),
        destination: this.host.faults.meetsItemsOf(this.task) ? faultyDestination(backends[1], this.host.faults, this.task) : backends[1],
        includes: this.filters.includes,
        excludes: this.filters.excludes,
        manifest: this.manifest(),
        taskMode: mode,
        storageClass: destination.storageClass,
        locationNames: { source: idOf(source.arn), destination: idOf(destination.arn) },
      });
      this.transfer = transfer;
      this.result = await transfer.run(this.observer(), this.stop.signal);
      this.errorCode ??= this.result.errorCode;
      this.errorDetail ??= this.result.errorDetail;
      const status = this.errorCode === undefined ? 'SUCCESS' : 'ERROR';
      if (this.isReportable(this.result)) await this.report?.write(summaryOf(this, status, this.host.clock.now()));
      this.end(status);
    } catch (error) {
      this.errorCode = 'InternalError';
      this.errorDetail = (error as Error).message;
      this.end('ERROR');
    } finally {
      backends.forEach(backend => backend.close());
    }
  }

  /**
   * Asks the execution to stop; what has been copied stays.
   *
   * @throws InvalidRequestError when it is at its end
   */
  cancel(): void {
    if (!this.isPending) throw new InvalidRequestError(`Sync task cannot be cancelled in its current status: ${this.current}`);
    if (this.abort.signal.aborted) return;
    this.abort.abort();
    this.stop.abort();
    this.wake?.();
    this.enter('CANCELLING');
    if (!this.launchTime) this.end('ERROR');
  }

  /** Ends an execution that had not ended when the emulator that it ran in did. */
  interrupt(): void {
    if (!this.isPending) return;
    if (this.current === 'CANCELLING') this.abort.abort();
    this.errorCode = INTERRUPTED.code;
    this.errorDetail = this.launchTime ? INTERRUPTED.running : INTERRUPTED.queued;
    this.end('ERROR');
  }

  /** Has to be told when an agent of its task was switched off or on: a launch waits for agents, a transfer does not survive the loss of one. */
  agentsChanged(): void {
    const impediment = offlineImpediment(this.agents, this.host.offlineAgents);
    if (impediment && this.moments.has('PREPARING') && !this.result) {
      this.errorCode = impediment.errorCode;
      this.errorDetail = `${impediment.errorDetail} ${REPAIR}`;
      this.stop.abort();
    }
    this.wake?.();
  }

  /** Changes the limit of the bandwidth of a queued or running execution. */
  throttle(options: CompleteOptions): void {
    if (!this.isPending) throw new InvalidRequestError(`Sync task execution cannot be updated in its current status: ${this.current}`);
    this.options = options;
    if (this.transfer) this.transfer.bytesPerSecond = options.BytesPerSecond;
  }

  /** How far a phase got, while running as well as afterwards. */
  phase(phase: Phase): PhaseResult {
    if (this.result) return this.result[PHASE_RESULTS[phase]];
    const began = this.moments.get(phase);
    if (began === undefined) return { status: 'PENDING', durationMs: 0 };
    const next = PHASES.slice(PHASES.indexOf(phase) + 1).map(later => this.moments.get(later)).find(time => time !== undefined);
    return next === undefined
      ? { status: this.isPending ? 'PENDING' : 'ERROR', durationMs: this.millisecondsFrom(began) }
      : { status: 'SUCCESS', durationMs: next - began };
  }

  /** Milliseconds from the launch to the end, or until now. */
  get totalDurationMs(): number {
    const launched = this.moments.get('LAUNCHING');
    return launched === undefined ? 0 : this.millisecondsFrom(launched);
  }

  /** How the task report of this run fares, if there is to be one. */
  get reportResult(): ReportResult | undefined {
    return this.report?.result;
  }

  private async agentsOnline(): Promise<void> {
    while (!this.isCancelled && offlineImpediment(this.agents, this.host.offlineAgents)) {
      await new Promise<void>(go => { this.wake = go; });
    }
  }

  private manifest(): S3Manifest | undefined {
    const object = manifestOf(this.configs, this.task.source.type);
    return object && new S3Manifest(object, this.host.s3 && s3ClientConfig(this.host.s3));
  }

  private observer(): TransferObserver {
    const items = this.host.itemLists.begin(this.task.arn, this.arn);
    return {
      onPhase: phase => this.begin(phase),
      onItem: outcome => {
        if (items) noteOutcome(items, outcome);
        this.report?.note({ outcome });
        this.log?.outcome(outcome);
      },
      onItemFailure: failure => {
        if (items) noteFailure(items, failure);
        this.report?.note({ failure });
        this.log?.failure(failure);
        this.itemsFailed++;
        this.host.failedItems.note(this.arn, failure);
      },
    };
  }

  /** Unless it failed as a whole before anything was done. */
  private isReportable({ prepare, transfer }: TransferResult): boolean {
    return this.isCancelled || prepare.status === 'SUCCESS' || transfer.status !== 'PENDING';
  }

  private begin(phase: Phase): void {
    this.reach(phase);
    if (this.current !== phase && !this.abort.signal.aborted) this.enter(phase);
    if (this.failOnPurpose(phase)) this.stop.abort();
  }

  private reach(moment: Moment): void {
    if (!this.moments.has(moment)) this.moments.set(moment, Date.now());
  }

  private millisecondsFrom(moment: number): number {
    return (this.moments.get('END') ?? Date.now()) - moment;
  }

  private failOnPurpose(phase: string): boolean {
    const fault = this.host.faults.executionError(this.task, phase);
    if (!fault) return false;
    this.errorCode = fault.errorCode;
    this.errorDetail = fault.errorDetail ?? 'This error is part of the fault plan.';
    return true;
  }

  private end(status: 'SUCCESS' | 'ERROR'): void {
    this.endTime = this.host.clock.now();
    this.reach('END');
    this.report?.abandon();
    if (this.abort.signal.aborted) {
      this.errorCode = CANCELLED.code;
      this.errorDetail = CANCELLED.detail;
    }
    // Asked to stop, it did not finish, even if all that was left to do was done in the meantime.
    const final = this.abort.signal.aborted ? 'ERROR' : status;
    if (this.log) this.host.logs.end(this.log, this, final);
    this.enter(final);
  }

  private enter(status: TaskExecutionStatus): void {
    this.current = status;
    this.host.publishExecutionStatus(this);
  }
}

/** The service's text about a missing execution. */
export function executionNotFound(arn: string): string {
  return `Sync task execution ${arn} is not found.`;
}

const PHASES: readonly Phase[] = ['PREPARING', 'TRANSFERRING', 'VERIFYING'];
const PHASE_RESULTS = { PREPARING: 'prepare', TRANSFERRING: 'transfer', VERIFYING: 'verify' } as const;
