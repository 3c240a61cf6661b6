import { doesWhatIsAsked } from './attach';
import { Availability, isStartable } from './availability';
import { cancelDuplicates, keepFirst } from './duplicates';
import { alreadyRunning, isAboutOptions, refusedBeside, refusedWithoutQueueing, startRefused } from './refusals';
import { restartCommand } from './restart-command';
import { ErrorKind, errorKindOf, Failure } from '../../../custom-resource/errors';
import { OTHERS_TIMEOUT, TAG_REQUEST } from '../../contract';
import { IfRunning } from '../../if-running';
import { describeExecution, describeTask, isCancelled, isPending, setTag } from '../datasync/executions';
import type { Execution, Task } from '../datasync/executions';
import { findExecutions, findOther, findPending } from '../datasync/find';
import type { FoundExecutions, PendingExecution } from '../datasync/find';
import type { Identity } from '../identity';
import type { StartRequest } from '../parse';
import { OthersWait } from './wait-for-others';
import type { TaskExecutionInvocation } from '../invocation';
import type { Guard } from '../stack';
import { startedInOperation } from '../stack';
import { startCommand } from './start-command';
import { CALL_TIMEOUT_MS } from '../../../custom-resource/invocation';
import { RetryPolicy } from '../../../custom-resource/retry';
import { cancelAll, cancelForGood, waitForEnds } from '../stop/cancel';

/** So often a start is refused before the refusal is final: what another delivery has just started can take a moment to show up. */
const REFUSALS = { withPending: 3, alone: 2 };

/** What a start needs to be brought to its end: the call itself, and the looks at the stack and for other executions after it. */
const START_MS = 2 * CALL_TIMEOUT_MS;

/** After a start of which nobody knows what became: how long until the service is sure to show it. */
const SETTLE_MS = 15_000;

/** All that is waited for before a start, the task and others, together takes no longer: CloudFormation waits for what comes after it as well. */
const WAITS_MAX_MS = 10 * 60_000;

/** An older look is taken again before a start: when its calls took long, another delivery may have started, and ended, in the meantime. */
const FRESH_MS = 5_000;
/** So often; then a start goes ahead, however slow the service is. */
const LOOKS_AGAIN = 5;

/** What a start on deploy knows and does on top. */
export interface DeploymentStart {
  readonly guard: Guard;
  /** When CloudFormation made the request, in milliseconds since the epoch, if that is known. */
  readonly date?: number;
  /** Whether what the resource has started before runs on, whatever becomes of this start. */
  readonly retained: boolean;
  /** Milliseconds since the epoch: ATTACH takes no execution that started before. */
  readonly attachAfter?: number;
}

/**
 * Starts a task, idempotently: one execution for a request, however often the request is delivered.
 *
 * Every attempt begins with a look for what an earlier one may have started: an earlier delivery of the request, or a call
 * whose answer got lost. The service has no client token, so the request is a tag on the execution. Two deliveries
 * at the same instant both find nothing; the service then refuses the second start as identical to a pending one, and the
 * next look finds the first.
 *
 * @returns the ARN of the execution
 */
export function startOnce(run: TaskExecutionInvocation, request: StartRequest, identity: Identity, deployment?: DeploymentStart): Promise<string> {
  return new Starter(run, request, identity, deployment).start();
}

class Starter {
  private readonly policy: RetryPolicy;
  private readonly availability: Availability;
  private readonly othersWait: OthersWait;
  private refusals = 0;
  private looksAgain = 0;
  /** Whether there was a start of which nobody knows what became. */
  private unclear = false;
  /** Whether the end of what was being cancelled has been waited for. */
  private waited = false;

  constructor(
    private readonly run: TaskExecutionInvocation, private readonly request: StartRequest, private readonly identity: Identity,
    private readonly deployment?: DeploymentStart,
  ) {
    this.policy = new RetryPolicy(run, 'datasync:StartTaskExecution', request.taskArn);
    const latest = run.services.now() + WAITS_MAX_MS;
    this.availability = new Availability(run, request.taskAvailabilityTimeout, latest);
    this.othersWait = new OthersWait(run, request.taskArn, deployment ? OTHERS_TIMEOUT.deploy : OTHERS_TIMEOUT.schedule,
      Math.min(latest, run.services.now() + run.workTimeLeft - START_MS));
  }

  public async start(): Promise<string> {
    try {
      for (;;) {
        const arn = await this.attempt();
        if (arn) return arn;
      }
    } catch (error) {
      if (!this.unclear || this.run.execution) throw error;
      // The last attempt may have had its effect after all: look once more before giving up.
      await this.run.sleep(Math.min(SETTLE_MS, Math.max(0, this.run.workTimeLeft / 2)));
      const { started } = await this.look();
      if (!started) throw error;
      return this.adopt(started);
    }
  }

  /** Gives the ARN, or nothing if it has to be tried again. */
  private async attempt(): Promise<string | undefined> {
    const lookedAt = this.run.services.now();
    const seen = await this.look();
    if (seen.started) return this.adopt(await keepFirst(this.run, seen.pending, this.identity) ?? seen.started);
    this.deployment?.guard.requireWaitedAtFirst();
    if (!isStartable(seen.task)) {
      await this.availability.wait(seen.task);
      return undefined;
    }
    const equal = await this.findEqual(seen.pending);
    if (equal) return this.adopt(equal);
    const { ifRunning } = this.request;
    const others = seen.pending.filter(execution => !this.isOurs(execution));
    if (ifRunning === IfRunning.FAIL && others.length > 0) throw alreadyRunning(this.request.taskArn, others[0]);
    if (ifRunning === IfRunning.WAIT && others.length > 0) {
      await this.othersWait.wait(others);
      return undefined;
    }
    if (ifRunning === IfRunning.ATTACH) {
      const attached = this.findAttachable(seen, others);
      if (attached) return attached;
      const ending = others.filter(({ status }) => status === 'CANCELLING');
      if (ending.length > 0 && ending.length === others.length && !this.waited) { // there is nothing to attach to in one that is about to end
        await waitForEnds(this.run, ending, this.run.workTimeLeft - START_MS);
        this.waited = true;
        return undefined;
      }
    }
    return this.callService(seen, lookedAt);
  }

  private look(): Promise<FoundExecutions> {
    this.run.step = `looking whether ${this.request.taskArn} has been started for this request before`;
    return findExecutions(this.run, this.request.taskArn, this.identity);
  }

  /** On deploy, what this resource has started itself is superseded, whatever `ifRunning` says. */
  private isOurs({ owner }: PendingExecution): boolean {
    return this.deployment !== undefined && owner === this.identity.owner;
  }

  /**
   * What another request of the same resource has started with the same values, in the same operation of the stack: CloudFormation may
   * repeat a failed request under a new id. It becomes this request's, so that cleaning up after the other one leaves it alone; but not if it
   * is younger than this request, of which this is a late delivery then.
   */
  private async findEqual(pending: PendingExecution[]): Promise<PendingExecution | undefined> {
    const state = this.deployment?.guard.first;
    const equal = state && pending.find(execution => this.isOurs(execution) && execution.status !== 'CANCELLING'
      && execution.values === this.identity.values && startedInOperation(execution.startTime, state));
    const { date = Number.POSITIVE_INFINITY } = this.deployment ?? {};
    if (equal && equal.startTime! <= date) await setTag(this.run, equal.arn, TAG_REQUEST, this.identity.request);
    return equal;
  }

  private findAttachable({ task }: FoundExecutions, others: PendingExecution[]): string | undefined {
    const { attachAfter } = this.deployment ?? {};
    const found = others.filter(execution => execution.status !== 'CANCELLING'
      && doesWhatIsAsked(execution, task, this.request)
      && (attachAfter === undefined || execution.startTime! > attachAfter))
      .sort((a, b) => Number(a.status === 'QUEUED') - Number(b.status === 'QUEUED'))[0];
    if (found) this.run.log.info('attached to an execution in progress', { execution: found.arn, status: found.status });
    return found?.arn;
  }

  private async callService({ pending }: FoundExecutions, lookedAt: number): Promise<string | undefined> {
    await this.deployment?.guard.requireWaiting();
    if (this.run.services.now() - lookedAt > FRESH_MS && this.looksAgain++ < LOOKS_AGAIN) return undefined;
    this.run.step = `starting ${this.request.taskArn}`;
    this.run.requireTime(START_MS); // a start that the end of the function's time cuts off could go on unseen
    const { overrideOptions, ifRunning } = this.request;
    // Something may start between the look and this call. It must be able to queue behind an execution of its own resource.
    const options = ifRunning === IfRunning.FAIL && pending.length === 0 ? { ...overrideOptions, TaskQueueing: 'DISABLED' as const } : overrideOptions;
    const command = startCommand(this.request, this.identity, options);
    try {
      const { TaskExecutionArn } = await this.run.attempt(abortSignal => this.run.services.datasync.send(command, { abortSignal }));
      this.run.execution = TaskExecutionArn;
      this.run.log.info('started', { execution: TaskExecutionArn });
      return await this.conclude(TaskExecutionArn!);
    } catch (error) {
      if (this.run.execution) throw error;
      const kind = errorKindOf(error);
      this.unclear ||= kind === ErrorKind.UNCLEAR;
      if (kind === ErrorKind.REFUSED) {
        await this.handleRefusal(error);
      } else {
        await this.policy.wait(error);
        if (kind === ErrorKind.UNCLEAR) await this.run.sleep(SETTLE_MS);
      }
      return undefined;
    }
  }

  private async adopt(execution: Execution): Promise<string> {
    const { arn } = execution;
    if (this.deployment && isCancelled(execution)) {
      this.run.execution = arn;
      throw new Failure(`${arn}, which this request had started, was cancelled`, 'Nothing more is started for it; deploy again');
    }
    this.run.log.info('adopted: it was started for this request before', { execution: arn, status: execution.status });
    const state = this.deployment?.guard.first;
    return this.settle(arn, isPending(execution) && (!state || startedInOperation(execution.startTime, state)), this.unclear);
  }

  /**
   * What comes right after a start. One that is queued may wait behind that of another delivery, taken by the service a moment before, which the
   * lists are sure to show a little later only. By then that delivery may have answered with this one, and the stack be in another operation.
   */
  private async conclude(arn: string): Promise<string> {
    const own = await this.unlessUnknown(arn, () => describeExecution(this.run, arn));
    const isQueued = own?.status === 'QUEUED';
    const early = isQueued ? await this.unlessUnknown(arn, () => this.findFirst(own)) : undefined;
    if (early?.other) return this.adopt(early.other);
    await this.settle(arn, true, true);
    if (!isQueued) return arn;
    await this.run.sleep(Math.min(SETTLE_MS, this.run.workTimeLeft / 2));
    const late = await this.unlessUnknown(arn, () => this.findFirstOrEnded(own));
    return late ? this.adopt(late) : this.settle(arn, true, false);
  }

  /** The start of another delivery that makes ours one too many, and the status of ours if it is listed. */
  private async findFirst(own: Execution): Promise<{ readonly other?: Execution; readonly status?: string }> {
    const { run, identity, request } = this;
    const pending = await findPending(run, request.taskArn);
    const listed = pending.find(({ arn }) => arn === own.arn); // the list may show the other one first
    const first = await keepFirst(run, listed ? pending : [...pending, { ...own, ...identity }], identity);
    return { other: first?.arn === own.arn ? undefined : first, status: listed?.status };
  }

  private async findFirstOrEnded(own: Execution): Promise<Execution | undefined> {
    const { other, status } = await this.findFirst(own);
    if (other || status === 'QUEUED') return other;
    // What it waited behind is over. If it was the other one, this look has come too late to see it pending.
    const ended = await findOther(this.run, own, this.identity);
    if (ended) await cancelDuplicates(this.run, [own], ended);
    return ended;
  }

  /** When it cannot be found out, this start is kept: another one, if there is any, runs after it, and does no more than this one. */
  private async unlessUnknown<T>(arn: string, find: () => Promise<T>): Promise<T | undefined> {
    try {
      return await find();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.run.log.warn('not known whether another delivery has started one as well', { execution: arn, reason: error.message });
      return undefined;
    }
  }

  /** Looks at the stack once more: what was started for a request that CloudFormation has given up belongs to nobody. */
  private async settle(arn: string, cancellable: boolean, own: boolean): Promise<string> {
    if (!this.deployment) return arn;
    this.run.execution = arn;
    let end: string | undefined;
    try {
      end = (await this.deployment.guard.findEnd(own))?.status;
    } catch (error) {
      if (cancellable) await cancelForGood(this.run, [{ arn }], 0);
      throw error;
    }
    if (end === undefined) return arn;
    if (cancellable) await cancelForGood(this.run, [{ arn }], 0);
    throw new Failure(
      `${arn} was ${cancellable ? 'cancelled' : 'given up'} because the stack is ${end}`,
      'Look in the events of the stack for the resource that failed first, then deploy again',
    );
  }

  /**
   * The service said no. Either the request is wrong, or something pending is in its way: an execution of the same resource, which then
   * goes; what another delivery of this request has started a moment ago; or somebody else's.
   */
  private async handleRefusal(error: unknown): Promise<void> {
    const { run, request } = this;
    this.refusals++;
    const task = await describeTask(run, request.taskArn);
    if (!isStartable(task)) return this.availability.wait(task);
    const pending = await findPending(run, request.taskArn);
    if (pending.some(execution => execution.request === this.identity.request)) return undefined; // the next look finds it
    const predecessors = pending.filter(execution => this.isOurs(execution));
    if (predecessors.length > 0 && !isAboutOptions(error) && !this.deployment!.retained) return this.cancelPredecessors(task, predecessors);
    const others = pending.filter(execution => !this.isOurs(execution));
    // What others have started in the meantime, or a queue that takes no more.
    if (request.ifRunning === IfRunning.WAIT && others.length > 0 && !isAboutOptions(error)) return this.othersWait.wait(others);
    if (this.refusals < (pending.length > 0 ? REFUSALS.withPending : REFUSALS.alone)) {
      return run.sleep(run.backoff(this.refusals, 500, 4_000));
    }
    if (pending.length > 0) throw refusedBeside(request.taskArn, error, pending, this.isOurs(pending[0]) && this.deployment!.retained);
    if (request.ifRunning !== IfRunning.FAIL) throw startRefused(request.taskArn, error);
    throw refusedWithoutQueueing(request.taskArn, error);
  }

  private async cancelPredecessors(task: Task, predecessors: PendingExecution[]): Promise<void> {
    const { run } = this;
    for (const predecessor of predecessors) {
      const restart = restartCommand(task, predecessor);
      run.notes.push(`The previous execution ${predecessor.arn} was cancelled for it; this starts it again: ${restart}`);
      run.log.warn('cancelling the previous execution: the service does not start another beside it', { execution: predecessor.arn, restart });
    }
    const left = await cancelAll(run, predecessors, run.workTimeLeft - START_MS);
    if (left.length === 0) return;
    throw new Failure(
      `${this.request.taskArn} was not started because its previous execution ${left[0].arn} is still ${left[0].status}`,
      'See whether its agents are online, wait until it has ended, then deploy again',
    );
  }
}
