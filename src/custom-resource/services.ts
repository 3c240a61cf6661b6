/** What DescribeStacks says of a stack, as far as it decides about what a request may still do. */
export interface StackState {
  readonly status: string;
  /** Milliseconds since the epoch; absent for a stack that was never updated. */
  readonly lastUpdatedTime?: number;
  /** Differs from one CREATE_STACK or UPDATE_STACK to the next; absent where the service does not list the stack's last operations. */
  readonly operation?: string;
  /** The types of the stack's last operations; absent where the service does not list them. */
  readonly operationTypes?: readonly string[];
  /** The outermost stack, if this one is nested. */
  readonly rootId?: string;
}

/** The operations of Step Functions that waits need. */
export type StatesOperation = 'StartExecution' | 'DescribeExecution' | 'ListExecutions' | 'StopExecution';

/** The members of the answers that are read here. */
export interface StatesAnswer {
  readonly executions?: Array<{ readonly executionArn: string; readonly name: string; readonly startDate: number }>;
  readonly nextToken?: string;
}

/**
 * What the function of a custom resource touches outside of its process, its clock included; a handler adds the services that only it
 * calls. Tests put a real emulator, a broken network, a crash or virtual time behind it; nothing else reaches outside.
 *
 * A call is one attempt, never retried below this line: what may be repeated is decided in `retry.ts` and by the handlers. Every call
 * rejects soon after its signal is aborted; one that does not is no longer waited for.
 */
export interface CustomResourceServices {
  /** DescribeStacks of one stack. */
  stack(stackId: string, signal: AbortSignal): Promise<StackState>;
  /** One call of Step Functions. */
  states(operation: StatesOperation, input: object, signal: AbortSignal): Promise<StatesAnswer>;
  /** One HTTP PUT; gives the status code. Its errors must not carry the URL. */
  put(url: string, body: string, signal: AbortSignal): Promise<number>;
  /** Resolves after a while, rejects as soon as the signal is aborted. All that waits, waits by this: timeouts of calls as well. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Writes one line of the log. */
  write(line: string): void;
}
