import type { Answer } from '../../../src/custom-resource/respond';
import { TAG_PURPOSE } from '../../../src/task-execution/contract';
import type { FakeInvocation } from '../../custom-resource/fault-simulation/fake-lambda';

/** What a request asks for, as far as can be known from outside; `maybe` where it hangs on what cannot be seen from there. */
export type Wanted = 'start' | 'nothing' | 'maybe';

/** One request of CloudFormation to the custom resource. Times are milliseconds since the epoch. */
export interface Request {
  readonly id: string;
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly stackId: string;
  /** Of the start; that of a link is the one which it waits for. */
  readonly logicalId: string;
  /** The operation of the stack, counted over all stacks. */
  readonly operation: number;
  readonly sentAt: number;
  readonly deadline: number;
  readonly physicalId?: string;
  /** The request that has never answered, so that the physical id was made up. */
  readonly madeUpFor?: string;
  readonly taskArn: string;
  /** The settings asked for, of those that decide what is transferred. */
  readonly settings: string;
  /** Filters and options that a start for this request carries. */
  readonly shape: string;
  readonly wanted: Wanted;
  readonly stackStatus: string;
  /** The answer that CloudFormation took. */
  answer?: Answer;
  answeredAt?: number;
  givenUpAt?: number;
  readonly invocations: Invocation[];
  /** If it is one to a link of a long wait: which one, and the execution whose end that waits for. */
  readonly link?: { readonly n: number; readonly arn: string };
}

/** One execution of the function. */
export type Invocation = FakeInvocation<Request>;

export type Starter = Invocation | 'others';

export interface Execution {
  readonly n: number;
  readonly arn: string;
  readonly taskArn: string;
  readonly starter: Starter;
  /** When the start was sent, and when the service took it. */
  readonly sentAt: number;
  readonly createdAt: number;
  readonly tags: { [key: string]: string };
  readonly shape: string;
  readonly statuses: Array<{ readonly at: number; readonly status: string }>;
  cancelledBy?: Starter;
  cancelledAt?: number;
  /** Went with its task. */
  goneAt?: number;
}

export interface Cancellation {
  readonly at: number;
  readonly arn: string;
  readonly by: Starter;
  readonly execution?: Execution;
}

export interface RefusedStart {
  readonly at: number;
  readonly taskArn: string;
  readonly by: Starter;
}

export interface Stage {
  readonly at: number;
  readonly stackId: string;
  readonly status: string;
  /** The ids of the starts that are there and did not fail, and the settings that they have, by logical id. */
  readonly held: ReadonlyMap<string, { readonly id: string; readonly settings: string }>;
  /** The ids that CloudFormation holds for the starts, and those that it still has to delete or failed to. */
  readonly holds: readonly string[];
}

/** All that happened in a scenario, for the invariants to judge and for people to read. */
export class History {
  public readonly requests: Request[] = [];
  public readonly linkRequests: Request[] = [];
  public readonly invocations: Invocation[] = [];
  public readonly executions: Execution[] = [];
  public readonly cancellations: Cancellation[] = [];
  public readonly refusedStarts: RefusedStart[] = [];
  public readonly stages: Stage[] = [];
  /** Every answer that reached CloudFormation, taken or too late. */
  public readonly answers: Array<{
    readonly at: number; readonly by: Invocation; readonly answer: Answer; readonly taken: boolean; readonly alreadyAcknowledged: boolean;
  }> = [];
  public readonly parameterWrites: Array<{ readonly at: number; readonly value: string; readonly by: Invocation }> = [];
  public readonly lines: Array<{ readonly at: number; readonly text: string }> = [];
  /** Ids whose deletion CloudFormation has given up, or never asked for. */
  public readonly abandoned = new Set<string>();

  constructor(private readonly clock: { readonly now: number }) {}

  public say(text: string): void {
    this.lines.push({ at: this.clock.now, text });
  }

  public timeline(): string {
    const start = this.lines[0]?.at ?? 0;
    return this.lines.map(({ at, text }) => `  ${stamp(at - start)}  ${text}`).join('\n');
  }
}

function stamp(milliseconds: number): string {
  const [hours, minutes, seconds] = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60];
  return `${Math.floor(hours)}:${String(Math.floor(minutes)).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
}

/** Short names, so that a timeline can be read. */
export function short(id: string | undefined): string {
  if (id === undefined) return 'nothing';
  return id.replace(/^arn:.*\/execution\/exec-0*/, 'exec-').replace(/^arn:aws:datasync:[^:]*:\d*:task\/task-0*/, 'task-')
    .replace(/^arn:aws:cloudformation:.*:stack\//, 'stack ').replace(/00000000-0000-4000-8000-0+/g, 'R');
}

/** Whether it saves what the stack has before that is deleted. */
export function isRunOnDelete({ tags }: Execution): boolean {
  return tags[TAG_PURPOSE] !== undefined;
}

export function statusAt(execution: Execution, time: number): string | undefined {
  return execution.statuses.filter(({ at }) => at <= time).at(-1)?.status;
}

export function isPendingAt(execution: Execution, time: number): boolean {
  if (execution.goneAt !== undefined && execution.goneAt <= time) return false;
  const status = statusAt(execution, time);
  return status !== undefined && status !== 'SUCCESS' && status !== 'ERROR' && status !== 'CANCELLING';
}

/** Whether it can have transferred anything: it was neither cancelled in the queue nor while it was launched, which comes before any listing. */
export function everRan({ statuses, cancelledAt }: Execution): boolean {
  const launched = statuses.some(({ status }) => status === 'LAUNCHING');
  return launched && !(cancelledAt !== undefined && statuses.every(({ status }) => status !== 'TRANSFERRING'));
}
