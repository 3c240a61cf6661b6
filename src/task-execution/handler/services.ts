import type {
  CancelTaskExecutionCommand, DataSyncClient, DescribeTaskCommand, DescribeTaskExecutionCommand, ListTagsForResourceCommand,
  ListTaskExecutionsCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';

/** The commands of DataSync that the functions send, and no other. */
export type DataSyncCommand =
  | CancelTaskExecutionCommand | DescribeTaskCommand | DescribeTaskExecutionCommand | ListTagsForResourceCommand
  | ListTaskExecutionsCommand | StartTaskExecutionCommand;

/**
 * Everything outside of the process that a function touches. Tests put a real emulator, a broken network or a crash
 * behind it; nothing else in this folder reaches outside.
 */
export interface Services {
  /** One attempt, never retried below this line: what may be repeated is decided in `retry.ts` and `start.ts`. */
  readonly datasync: Pick<DataSyncClient, 'send'>;
  /** The stack's status, one attempt. */
  stackStatus(stackId: string, signal: AbortSignal): Promise<string>;
  /** Writes the SSM parameter, one attempt. */
  putParameter(name: string, value: string, signal: AbortSignal): Promise<void>;
  /** One HTTP PUT; gives the status code. Its errors must not carry the URL. */
  put(url: string, body: string, signal: AbortSignal): Promise<number>;
  /** Resolves after a while, rejects as soon as the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Writes one line of the log. */
  write(line: string): void;
}
