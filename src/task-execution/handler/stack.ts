import type { TaskExecutionInvocation } from './invocation';
import { Failure } from '../../custom-resource/errors';
import type { StackState } from '../../custom-resource/services';
import { isBeingDeleted, isRollingBack, readStack, WAITS_IN } from '../../custom-resource/stack';

/** The stack's clock and the one that dates requests need not agree to the second. */
export const TOLERANCE_MS = 5_000;

/** A younger request belongs to the operation in progress. When CloudFormation sets LastUpdatedTime is not documented. */
const YOUNG_MS = 2 * 60_000;

/** Whether an execution started since the stack's last update began. Of one that has never been updated, everything did. */
export function startedInOperation(startTime: number | undefined, { lastUpdatedTime }: StackState): boolean {
  return startTime === undefined || lastUpdatedTime === undefined || startTime >= lastUpdatedTime - TOLERANCE_MS;
}

/** Whether the time of the last update may be that of the stage which sent a request instead of that of its operation: it is so recent. */
export function hasMoved({ lastUpdatedTime }: StackState, date: number | undefined, milliseconds: number): boolean {
  return date !== undefined && lastUpdatedTime !== undefined && lastUpdatedTime > date - milliseconds;
}

/** What a start depends on, immediately before and after it. */
export interface Guard {
  /** The stack as it was at the first step of the request, if what started in its operation counts as started for it. */
  readonly first: StackState | undefined;
  /** @throws Failure if nothing may start any more */
  requireWaiting(): Promise<void>;
  /** @throws Failure if nothing might have started at the first step of the request: then it never may */
  requireWaitedAtFirst(): void;
  /** The state of a stack in which what was started has to go. */
  findEnd(own: boolean): Promise<StackState | undefined>;
}

/**
 * Whether CloudFormation still waits for a request: what a start depends on, immediately before and after it. CloudFormation gives up a
 * request in flight when another resource fails, and tells nobody; and the Update that it sends in a rollback looks like any other.
 */
export class StackGuard implements Guard {
  /** @throws Failure if the stack cannot be read: what cannot be judged does not start */
  public static async read(run: TaskExecutionInvocation, stackId: string, requestType: string, date: number | undefined): Promise<StackGuard> {
    return new StackGuard(run, stackId, requestType, date, await readStack(run, stackId));
  }

  private constructor(
    private readonly run: TaskExecutionInvocation, private readonly stackId: string, private readonly requestType: string,
    private readonly date: number | undefined,
    /** The stack as it was at the first step of the request. */
    public readonly first: StackState | undefined,
  ) {
    run.log.info('stack', { status: first?.status, lastUpdatedTime: first?.lastUpdatedTime });
  }

  /** @throws Failure if CloudFormation does not wait for a start any more */
  public async requireWaiting(): Promise<void> {
    this.judge(await readStack(this.run, this.stackId));
  }

  /** @throws Failure if CloudFormation did not wait for a start at the first step of the request: then it never will */
  public requireWaitedAtFirst(): void {
    this.judge(this.first);
  }

  private judge(state: StackState | undefined): void {
    const allowed = WAITS_IN[this.requestType] ?? [];
    if (!state || !allowed.includes(state.status)) {
      throw new Failure(
        `Nothing was started: the stack is ${state?.status ?? 'gone'}, and a start on ${this.requestType} needs ${allowed.join(' or ')}`,
        'Look in the events of the stack for the resource that failed first; the next deployment starts the task',
      );
    }
    if (this.isOtherOperation(state)) {
      throw new Failure(
        `Nothing was started: ${this.stackId} is in another operation than the one that asked for the start`,
        'The operation in progress sends a request of its own, if it needs one',
      );
    }
  }

  /**
   * The stack, if it is on its way back or away; anything else, COMPLETE included, means that a start is good.
   *
   * @param own whether this delivery has started what is judged. What another one has started, that one has judged already, and told
   * CloudFormation: a later operation on its way back is none of its business.
   */
  public async findEnd(own: boolean): Promise<StackState | undefined> {
    const state = await readStack(this.run, this.stackId);
    if (!state) return { status: 'gone' };
    if (!own && isRollingBack(state) && this.mayBeLater(state)) return undefined;
    // What was being created and is updated by now was created well: another delivery has answered, and the way back is that of a later operation.
    if (this.first?.status === 'CREATE_IN_PROGRESS' && state.status.startsWith('UPDATE_')) return undefined;
    return isRollingBack(state) || state.status.startsWith('DELETE_') ? state : undefined;
  }

  /** Whether a rollback may be that of a later operation. Without operation ids, a time that has moved may have moved with the rollback. */
  private mayBeLater({ operation, lastUpdatedTime }: StackState): boolean {
    const { first } = this;
    if (first === undefined || isRollingBack(first)) return false;
    if (operation !== undefined && first.operation !== undefined) return operation !== first.operation;
    return differ(first.lastUpdatedTime, lastUpdatedTime);
  }

  private isOtherOperation(state: StackState): boolean {
    const { operation, lastUpdatedTime } = state;
    const { first } = this;
    if (first?.status !== state.status || differ(first.operation, operation) || differ(first.lastUpdatedTime, lastUpdatedTime)) return true;
    if (this.date === undefined || lastUpdatedTime === undefined) return false;
    return this.run.services.now() - this.date > YOUNG_MS && lastUpdatedTime > this.date + TOLERANCE_MS;
  }
}

/** For the run before the deletion of a stack, which comes to its end whatever becomes of the stack. */
export class DeletionGuard implements Guard {
  public readonly first = undefined;

  constructor(private readonly run: TaskExecutionInvocation, private readonly stackId: string) {}

  public async requireWaiting(): Promise<void> {
    if (await isBeingDeleted(this.run, this.stackId)) return;
    throw new Failure(`Nothing was started: ${this.stackId} is not being deleted any more`, 'Delete the stack again');
  }

  public requireWaitedAtFirst(): void {}

  public async findEnd(): Promise<undefined> {}
}

/** Of what is missing on one side nothing is known. */
function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
