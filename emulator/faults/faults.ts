import type { Fault, FaultControl, FaultPlan, Frequency, OfOperations, OfTasks } from './plan';
import { isNamed, parseFaultPlan } from './plan';
import { Filter } from '../engine/filter';
import { ServiceError } from '../errors';
import { idOf } from '../model/arns';
import type { StateChangeEvent } from '../model/events';
import type { TaskUnavailability } from '../model/task-availability';

const STATUSES: Readonly<Record<string, number>> = { InternalException: 500, ServiceUnavailableException: 503 };
const MESSAGES = { READ: 'EACCES: permission denied, open', WRITE: 'ENOSPC: no space left on device, write' } as const;

type Of<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;

/** What faults tell tasks apart by. */
interface NamedTask {
  readonly arn: string;
  readonly name?: string;
}

/** Fault injection: a plan of what goes wrong on purpose, and how often each fault of it was injected. */
export class Faults implements FaultControl {
  private active: ReadonlyArray<{ readonly fault: Fault; due: number; injected: number }> = [];
  private changed = new AbortController();
  private tellOfChange: () => void = () => undefined;

  /** Registers who is told whenever another plan is in force. */
  public onChange(tell: () => void): void {
    this.tellOfChange = tell;
  }

  public get plan(): FaultPlan {
    return { faults: this.active.map(({ fault }) => fault) };
  }

  public get injected(): number[] {
    return this.active.map(({ injected }) => injected);
  }

  /** @throws InvalidRequestError when it is not right; the old one stays then */
  public replace(plan: unknown): void {
    // cloned once it is known to be right: what is not may be nested deeper than can be cloned
    this.active = structuredClone(parseFaultPlan(plan)).faults.map(fault => ({ fault, due: 0, injected: 0 }));
    this.changed.abort();
    this.changed = new AbortController();
    this.tellOfChange();
  }

  /** Carries out an operation, and answers it as the plan has it. */
  public async answer(operation: string, input: object, perform: () => object | Promise<object>): Promise<object> {
    const role = (input as { S3Config?: { BucketAccessRoleArn: string } }).S3Config?.BucketAccessRoleArn;
    if (role && this.injectNext('roleDenied', ({ roles }) => !roles || isNamed(role, roles))) {
      throw new ServiceError('InvalidRequestException', 'Unable to assume role. Reason: Access denied when calling sts:AssumeRole', 400, 'InvalidParameter');
    }
    const isMeant = ({ operations }: OfOperations) => !operations || isNamed(operation, operations);
    const slow = this.injectNext('slowAnswer', isMeant);
    const error = this.injectNext('apiError', isMeant);
    const output = !error || error.performed ? await perform() : undefined;
    if (slow) await new Promise(resolve => setTimeout(resolve, slow.delayMs).unref());
    if (output && !error) return output;
    const { error: type = 'ThrottlingException', status, message = 'This error is part of the fault plan' } = error!;
    throw new ServiceError(type, message, status ?? STATUSES[type] ?? 400, type);
  }

  /** What keeps a task from being started, if the plan does. */
  public unavailabilityOf(task: NamedTask): TaskUnavailability | undefined {
    const fault = this.injectNext('taskUnavailable', isOf(task));
    return fault && { status: fault.status ?? 'UNAVAILABLE', errorCode: fault.errorCode, errorDetail: fault.errorDetail };
  }

  /** Holds an execution of the task in LAUNCHING for as long as the plan wants it to be stuck. */
  public async holdLaunch(task: NamedTask, cancelled: AbortSignal): Promise<void> {
    if (!this.injectNext('stuckLaunching', isOf(task)) || cancelled.aborted) return;
    const released = AbortSignal.any([cancelled, this.changed.signal]);
    await new Promise<void>(go => released.addEventListener('abort', () => go(), { once: true }));
  }

  /** The error with which an execution of the task is to end as it enters a phase. */
  public executionError(task: NamedTask, phase: string): { readonly errorCode: string; readonly errorDetail?: string } | undefined {
    return this.injectNext('executionError', fault => isOf(task)(fault) && (fault.phase ?? 'LAUNCHING') === phase);
  }

  /** Whether any item of the task could fail. */
  public mayFailItemsOf(task: NamedTask): boolean {
    return this.active.some(({ fault }) => fault.kind === 'itemFailure' && isOf(task)(fault));
  }

  /** The text with which an item is to fail; empty for a checksum that comes out wrong. */
  public itemFailure(task: NamedTask, at: Of<'itemFailure'>['at'], path: string): string | undefined {
    const fault = this.injectNext('itemFailure', one => isOf(task)(one) && one.at === at && new Filter([], [{ Value: one.paths }]).isExcluded(path));
    return fault && (fault.message ?? (at === 'VERIFY' ? '' : MESSAGES[at]));
  }

  /** Whether the event is to be lost. */
  public losesEvent(event: StateChangeEvent): boolean {
    return this.injectNext('lostEvent', ({ states, detailTypes }) =>
      (!states || states.includes(event.detail.State)) && (!detailTypes || detailTypes.includes(event['detail-type']))) !== undefined;
  }

  /** The first fault of that kind whose turn it is, which is counted then. */
  private injectNext<Kind extends Fault['kind']>(kind: Kind, isMeant: (fault: Of<Kind>) => boolean): Of<Kind> | undefined {
    for (const entry of this.active) {
      const { times = Infinity, share = 1 }: Frequency = entry.fault.kind === 'taskUnavailable' ? {} : entry.fault;
      if (entry.fault.kind !== kind || entry.injected >= times || !isMeant(entry.fault as Of<Kind>)) continue;
      entry.due += share;
      if (entry.due < 1 - Number.EPSILON * 8) continue;
      entry.due -= 1;
      entry.injected += 1;
      return entry.fault as Of<Kind>;
    }
    return undefined;
  }
}

function isOf({ arn, name }: NamedTask): (fault: OfTasks) => boolean {
  return ({ tasks }) => !tasks || [arn, idOf(arn), name ?? ''].some(one => isNamed(one, tasks));
}
