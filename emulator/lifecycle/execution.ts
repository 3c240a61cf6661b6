import type { ReportResult, TaskExecutionStatus } from '@aws-sdk/client-datasync';
import { unavailabilityByAgents } from './agent-status';
import type { Clock } from '../clock';
import type { Counters, Phase, PhaseResult, TransferResult } from '../engine/outcome';
import { InvalidRequestError } from '../errors';
import type { Execution } from '../model/execution';
import type { Filters } from '../model/filters';
import type { CompleteOptions } from '../model/options';
import type { RunConfigs } from '../model/run-configs';
import type { Resource } from '../model/store';
import type { Task } from '../model/task';
import { agentsOf } from '../model/task';
import { NO_REPORT, PENDING_REPORT } from '../report/task-report';

/** Outcome of an execution that was cancelled; the service documents no code or text for it. */
const CANCELLED = { errorCode: 'Cancelled', errorDetail: 'The task execution was cancelled.' };

/** What to do after an execution that ended before its time. */
const REMEDY = 'What had been copied is there; the next execution completes it.';

/** Outcome of an execution that was queued or running when the emulator stopped. */
const INTERRUPTED = {
  code: 'Interrupted',
  running: `The emulator stopped while the execution was running. ${REMEDY}`,
  queued: 'The emulator stopped while the execution was queued. Nothing has been copied.',
};

const PHASES: readonly Phase[] = ['PREPARING', 'TRANSFERRING', 'VERIFYING'];
const PHASE_RESULTS = { PREPARING: 'prepare', TRANSFERRING: 'transfer', VERIFYING: 'verify' } as const;

/** What the states of executions need of the emulator that they are in. */
export interface ExecutionHost {
  readonly clock: Clock;
  readonly offlineAgents: ReadonlySet<string>;
  /** Told of every new status. */
  publishExecutionStatus(execution: MutableExecution): void;
}

/** Why an execution fails as a whole. */
export interface ExecutionError {
  readonly errorCode: string;
  readonly errorDetail: string;
}

/** How an execution ends. */
export type FinalStatus = 'SUCCESS' | 'ERROR';

/** What durations are measured between, by the clock of the machine; times in answers are those of the emulator's clock. */
type Moment = 'LAUNCHING' | Phase | 'END';

/** The part of a transfer that is shown while it runs, and its limit. */
interface TrackedTransfer {
  readonly counters: Counters;
  bytesPerSecond: number;
}

/** The part of a task report that is shown while it is written. */
interface TrackedReport {
  readonly result: ReportResult;
}

/** What a start request comes to. */
export interface ExecutionSettings extends Pick<Resource, 'arn' | 'tags'> {
  readonly task: Task;
  readonly options: CompleteOptions;
  readonly filters: Filters;
  readonly configs: RunConfigs;
  /** @default - now */
  readonly creationTime?: Date;
}

/** All that is saved of an execution. */
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

/** The states of an execution, from the start request to its end. `launch` carries out what happens in between. */
export class MutableExecution implements Execution {
  /** An execution of an earlier emulator, from what it has saved. */
  public static restore(record: ExecutionRecord, task: Task, host: ExecutionHost): MutableExecution {
    const { arn, creationTime, tags, status, options, filters, configs, reportResult, result, moments, counters, ...rest } = record;
    const execution = Object.assign(new MutableExecution({ arn, creationTime, tags, task, options, filters, configs }, host), rest);
    execution.current = status;
    execution.result = result;
    execution.report = reportResult && { result: reportResult };
    execution.moments = new Map(moments);
    if (counters) execution.transfer = { counters, bytesPerSecond: options.BytesPerSecond };
    return execution;
  }

  public readonly arn: string;
  public readonly task: Task;
  public readonly tags: Map<string, string | undefined>;
  public readonly filters: Filters;
  public readonly configs: RunConfigs;
  public readonly creationTime: Date;
  public launchTime?: Date;
  public endTime?: Date;
  public errorCode?: string;
  public errorDetail?: string;
  public itemsFailed = 0;

  private options: CompleteOptions;
  private current: TaskExecutionStatus = 'QUEUED';
  private hasWaited = false;
  private launchedOn?: readonly string[];
  private transfer?: TrackedTransfer;
  private report?: TrackedReport;
  private result?: TransferResult;
  /** When each was reached first, in epoch milliseconds by the clock of the machine. */
  private moments = new Map<Moment, number>();
  private readonly cancellation = new AbortController();
  private readonly stop = new AbortController();
  /** Has it look again whether its agents are online, if it waits for that. */
  private wake?: () => void;

  constructor({ arn, task, tags, options, filters, configs, creationTime }: ExecutionSettings, private readonly host: ExecutionHost) {
    this.arn = arn;
    this.task = task;
    this.tags = tags;
    this.options = options;
    this.filters = filters;
    this.configs = configs;
    this.creationTime = creationTime ?? host.clock.now();
    if (configs.report) this.report = { result: PENDING_REPORT };
  }

  public get record(): ExecutionRecord {
    const { arn, creationTime, tags, current: status, options, filters, configs, reportResult } = this;
    const { launchTime, endTime, errorCode, errorDetail, result, moments, counters, itemsFailed } = this;
    return {
      ...{ arn, creationTime, tags, status, options, filters, configs, reportResult },
      ...{ launchTime, endTime, errorCode, errorDetail, result, moments, counters, itemsFailed },
    };
  }

  public get status(): TaskExecutionStatus {
    return this.current;
  }

  public get agents(): readonly string[] {
    return this.launchedOn ?? agentsOf(this.task);
  }

  public get effectiveOptions(): CompleteOptions {
    return this.options;
  }

  public get counters(): Counters | undefined {
    return this.transfer?.counters;
  }

  public get isPending(): boolean {
    return this.endTime === undefined;
  }

  public get isRunning(): boolean {
    return this.isPending && this.launchTime !== undefined;
  }

  public get isCancelled(): boolean {
    return this.cancellation.signal.aborted;
  }

  /** Fires when it is cancelled. */
  public get cancelled(): AbortSignal {
    return this.cancellation.signal;
  }

  /** Fires when its transfer has to end: as it is cancelled, and as it fails as a whole. */
  public get stopped(): AbortSignal {
    return this.stop.signal;
  }

  public get reportResult(): ReportResult | undefined {
    return this.report?.result;
  }

  public get totalDurationMs(): number {
    const launched = this.moments.get('LAUNCHING');
    return launched === undefined ? 0 : this.millisecondsFrom(launched);
  }

  public phase(phase: Phase): PhaseResult {
    if (this.result) return this.result[PHASE_RESULTS[phase]];
    const began = this.moments.get(phase);
    if (began === undefined) return { status: 'PENDING', durationMs: 0 };
    const next = PHASES.slice(PHASES.indexOf(phase) + 1).map(later => this.moments.get(later)).find(time => time !== undefined);
    return next === undefined
      ? { status: this.isPending ? 'PENDING' : 'ERROR', durationMs: this.millisecondsFrom(began) }
      : { status: 'SUCCESS', durationMs: next - began };
  }

  /** Enters QUEUED: it has to wait for its turn. */
  public queue(): void {
    this.hasWaited = true;
    this.enter('QUEUED');
  }

  /** Enters LAUNCHING. */
  public launch(): void {
    this.launchedOn = this.agents;
    this.launchTime = this.hasWaited ? this.host.clock.now() : this.creationTime;
    this.reach('LAUNCHING');
    this.enter('LAUNCHING');
  }

  /** Resolves when all of its agents are online, or it is cancelled. */
  public async agentsOnline(): Promise<void> {
    while (!this.isCancelled && unavailabilityByAgents(this.agents, this.host.offlineAgents)) {
      await new Promise<void>(go => { this.wake = go; });
    }
  }

  /** Takes its transfer, and its report if it is to have one: what it tells of both comes from there. */
  public track(transfer: TrackedTransfer, report: TrackedReport | undefined): void {
    this.transfer = transfer;
    this.report = report;
  }

  /** Enters a phase of its transfer. */
  public begin(phase: Phase): void {
    this.reach(phase);
    if (this.current !== phase && !this.isCancelled) this.enter(phase);
  }

  /** Takes the result of its transfer, and tells how the execution ends. */
  public complete(result: TransferResult): FinalStatus {
    this.result = result;
    this.errorCode ??= result.errorCode;
    this.errorDetail ??= result.errorDetail;
    return this.errorCode === undefined ? 'SUCCESS' : 'ERROR';
  }

  /** Stops its transfer, and has it end with that error. */
  public fail({ errorCode, errorDetail }: ExecutionError): void {
    this.errorCode = errorCode;
    this.errorDetail = errorDetail;
    this.stop.abort();
  }

  /**
   * Asks the execution to stop; what has been copied stays.
   *
   * @throws InvalidRequestError when it is at its end
   */
  public cancel(): void {
    if (!this.isPending) throw new InvalidRequestError(`Sync task cannot be cancelled in its current status: ${this.current}`);
    if (this.isCancelled) return;
    this.cancellation.abort();
    this.stop.abort();
    this.wake?.();
    this.enter('CANCELLING');
    if (!this.launchTime) this.end('ERROR');
  }

  /** Ends an execution that was queued or running when the emulator that has saved it stopped. */
  public interrupt(): void {
    if (!this.isPending) return;
    if (this.current === 'CANCELLING') this.cancellation.abort();
    this.errorCode = INTERRUPTED.code;
    this.errorDetail = this.launchTime ? INTERRUPTED.running : INTERRUPTED.queued;
    this.end('ERROR');
  }

  /** Has to be told when an agent of its task was switched off or on: a launch waits for agents, a transfer does not survive the loss of one. */
  public agentsChanged(): void {
    const unavailability = unavailabilityByAgents(this.agents, this.host.offlineAgents);
    if (unavailability && this.moments.has('PREPARING') && !this.result) {
      this.fail({ errorCode: unavailability.errorCode, errorDetail: `${unavailability.errorDetail} ${REMEDY}` });
    }
    this.wake?.();
  }

  /**
   * Changes the limit of the bandwidth of a queued or running execution.
   *
   * @throws InvalidRequestError when it is at its end
   */
  public throttle(options: CompleteOptions): void {
    if (!this.isPending) throw new InvalidRequestError(`Sync task execution cannot be updated in its current status: ${this.current}`);
    this.options = options;
    if (this.transfer) this.transfer.bytesPerSecond = options.BytesPerSecond;
  }

  /**
   * Ends the execution.
   *
   * @param beforeTold gets the final status, before anybody else is told of it
   */
  public end(status: FinalStatus, beforeTold?: (final: FinalStatus) => void): void {
    this.endTime = this.host.clock.now();
    this.reach('END');
    if (this.reportResult?.Status === 'PENDING') this.report = { result: NO_REPORT };
    if (this.isCancelled) Object.assign(this, CANCELLED);
    // Asked to stop, it did not finish, even if all that was left to do was done in the meantime.
    const final = this.isCancelled ? 'ERROR' : status;
    beforeTold?.(final);
    this.enter(final);
  }

  private reach(moment: Moment): void {
    if (!this.moments.has(moment)) this.moments.set(moment, Date.now());
  }

  private millisecondsFrom(moment: number): number {
    return (this.moments.get('END') ?? Date.now()) - moment;
  }

  private enter(status: TaskExecutionStatus): void {
    this.current = status;
    this.host.publishExecutionStatus(this);
  }
}
