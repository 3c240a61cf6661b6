import type {
  CancelTaskExecutionCommand, DataSyncClient, DescribeTaskCommand, DescribeTaskExecutionCommand, ListTagsForResourceCommand,
  ListTaskExecutionsCommand, StartTaskExecutionCommand, TagResourceCommand,
} from '@aws-sdk/client-datasync';

/** The commands of DataSync that the functions send, and no other. */
export type DataSyncCommand =
  | CancelTaskExecutionCommand | DescribeTaskCommand | DescribeTaskExecutionCommand | ListTagsForResourceCommand
  | ListTaskExecutionsCommand | StartTaskExecutionCommand | TagResourceCommand;

/** What DescribeStacks says of a stack, as far as it decides about a start. */
export interface StackState {
  readonly status: string;
  /** Milliseconds since the epoch; absent for a stack that was never updated. */
  readonly lastUpdatedTime?: number;
  /** Differs from one CREATE_STACK or UPDATE_STACK to the next; absent where the service does not list the stack's last operations. */
  readonly operation?: string;
}

/** A parameter at one time. Its version grows by one with each write; absent where the service does not tell it. */
export interface KeptParameter {
  readonly value?: string;
  readonly version?: number;
}

/**
 * Everything outside of the process that a function touches, its clock included. Tests put a real emulator, a broken network, a
 * crash or virtual time behind it; nothing else in this folder reaches outside.
 *
 * A call is one attempt, never retried below this line: what may be repeated is decided in `retry.ts` and `start.ts`. Every call
 * rejects soon after its signal is aborted; one that does not is no longer waited for.
 */
export interface Services {
  readonly datasync: Pick<DataSyncClient, 'send'>;
  /** DescribeStacks of one stack. */
  stack(stackId: string, signal: AbortSignal): Promise<StackState>;
  /** Writes the SSM parameter. */
  putParameter(name: string, value: string, signal: AbortSignal): Promise<void>;
  /** Reads the SSM parameter, or with `<name>:<version>` what it was; undefined if there is none. */
  getParameter(name: string, signal: AbortSignal): Promise<KeptParameter | undefined>;
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
