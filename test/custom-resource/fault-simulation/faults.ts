export const FAULTS = ['throttled', 'failed before', 'failed after', 'cut after', 'hangs before', 'hangs after', 'slow'] as const;
export type Fault = typeof FAULTS[number];

/** The calls from the n-th of an operation of the stack on meet a fault. */
export interface Faults<Call extends string = string> {
  readonly operation: number;
  readonly call: Call | 'any';
  readonly nth: number;
  readonly times: number;
  readonly fault: Fault;
}

/** All calls meet a fault for a while. */
export interface Outage<Call extends string = string> {
  readonly operation: number;
  readonly call: Call | 'any';
  readonly after: number;
  readonly seconds: number;
  readonly fault: 'throttled' | 'failed before' | 'failed after' | 'denied';
}

/** What Lambda does with the n-th event that it gets. */
export interface Delivery {
  readonly event: number;
  /** Seconds in the queue. */
  readonly delay: number;
  /** Seconds until the same event is delivered once more, beside the first. */
  readonly duplicate?: number;
}

/** The n-th invocation ends at its n-th call of anything outside of the process, before or after the call had its effect. */
export interface Death {
  readonly invocation: number;
  readonly call: number;
  readonly moment: 'before' | 'after';
}

/** What goes wrong with calls. Of the operations of a stack, each is counted for itself. */
export interface CallFaults {
  readonly seed: number;
  readonly faults: readonly Faults[];
  readonly outages: readonly Outage[];
}
