/**
 * What the state machine of a waiter and the steps of a function agree on. The machine's data are what CloudFormation asked for, what the
 * function decided, and how far the last step came; above all they are small, as an execution's data may have 256 KiB.
 *
 * @internal
 */

/** A request of CloudFormation that is answered later. The ResponseURL lets whoever has it answer: it stands in the machine's input and nowhere else. */
export interface WaitRequest {
  readonly RequestType: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** What the answer calls the resource where the steps do not say otherwise. */
  readonly PhysicalResourceId: string;
  /** Whether the log of the function is still there for who reads that it failed: the first deployment of a stack takes it along. */
  readonly LogStays: boolean;
  /** Whether CloudFormation is told SUCCESS although it failed. */
  readonly IsFailureIgnored?: boolean;
  /** What the steps poll, as the handler decided. */
  readonly Subject: unknown;
}

/** How far the last step came. */
export interface WaitProgress {
  /** Whether CloudFormation has its answer. */
  readonly Answered: boolean;
  /** Seconds until the next step. */
  readonly Pause: number;
  /** Steps so far. */
  readonly Steps: number;
  /** Steps in a row that came to no result, because a service did not answer or permit it. */
  readonly Failures: number;
}

/**
 * What the machine is started with. It is made of the event alone, so that a second delivery of the event has the very same bytes: a machine
 * takes the same name with the same input for the same start.
 */
export interface WaitInput {
  readonly Request: WaitRequest;
  readonly Progress: WaitProgress;
}

export const NO_PROGRESS: WaitProgress = { Answered: false, Pause: 0, Steps: 0, Failures: 0 };

/** With what the machine calls the function. */
export interface WaitStep {
  readonly Wait: WaitInput & {
    /** When the machine began, in ISO 8601. */
    readonly StartedAt: string;
    /** Why the machine cannot go on: what Step Functions says of a step that failed for good. A cause need not be there, nor be JSON. */
    readonly Broken?: { readonly Error?: string; readonly Cause?: string };
  };
}

/** How long one step may take, in seconds. Far less than the function's own timeout: a step that hangs is taken again. */
export const STEP_TIMEOUT = 120;

/** When the steps have to decide, in seconds since CloudFormation made its request, which it gives up after an hour. */
export const DECIDE_AFTER = 55 * 60;

/** How long a machine runs at most, in seconds. The step that decides has its time, and two more if it fails. */
export const MACHINE_TIMEOUT = 58 * 60;

/** Seconds: CloudFormation's own limit, and its default. */
export const WAITED_SERVICE_TIMEOUT = 60 * 60;

/** The longest pause between two steps, in seconds: what is given up is noticed within it. */
export const LONGEST_PAUSE = 60;
