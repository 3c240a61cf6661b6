import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { DataSyncClient } from '@aws-sdk/client-datasync';
import type { DescribedExecution } from './execution-view';
import { lookUp, LookupError } from './lookup';
import type { TaskEndpoint } from './task-endpoint';
import { isPending } from '../../src/task-execution/handler/datasync/executions';

/** Between two looks. How often an account may ask is not documented; the console looks every few seconds. */
const INTERVAL_MS = { aws: 5_000, server: 500 };
const LONGEST_PAUSE_MS = 60_000;
/** Looks in a row that may fail: a quarter of an hour in AWS, half a minute elsewhere. */
const FAILURES = { aws: 17, server: 6 };

export interface WatchOptions {
  readonly where: TaskEndpoint;
  readonly arn: string;
  readonly signal: AbortSignal;
  /** Gets every answer. */
  readonly onLook: (described: DescribedExecution) => void;
  /** Gets a line when a look fails that is made again, and when it works again. */
  readonly onProblem: (line: string) => void;
  /** @default - of the timers */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Looks at an execution again and again until it has ended, and returns the last answer. It goes on when it is throttled, when nobody answers
 * for a while, and when credentials have expired: with each new try it reads them anew.
 *
 * @throws LookupError when it cannot be looked at, or not any more; the reason of the signal when that is aborted
 */
export async function watchExecution({ where, arn, signal, onLook, onProblem, pause = wait }: WatchOptions): Promise<DescribedExecution> {
  const place = where.isAws ? 'aws' : 'server';
  let client = where.connect();
  let looks = 0;
  let failures = 0;
  try {
    for (;;) {
      try {
        const described = await describeExecution(client, where, arn, signal);
        if (failures > 0) onProblem('It answers again');
        failures = 0;
        looks++;
        onLook(described);
        if (!isPending({ arn, status: described.Status })) return described;
        await pause(INTERVAL_MS[place], signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof LookupError) || !mayPass(error, looks) || ++failures > FAILURES[place]) throw error;
        const ms = Math.min(INTERVAL_MS[place] * 2 ** (failures - 1), LONGEST_PAUSE_MS);
        onProblem(`${error.message}. Looking again in ${ms / 1000} s`);
        await pause(ms, signal);
        client.destroy();
        client = where.connect();
      }
    }
  } finally {
    client.destroy();
  }
}

/** @throws LookupError */
export async function describeExecution(client: DataSyncClient, where: TaskEndpoint, arn: string, signal?: AbortSignal): Promise<DescribedExecution> {
  const { $metadata: _, ...described } = await lookUp('DescribeTaskExecution', arn, where, signal, options =>
    client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }), options));
  return described as DescribedExecution;
}

/** What has never answered is more likely to be wrong than to be back soon. */
function mayPass({ failure }: LookupError, looks: number): boolean {
  return failure === 'throttled' || (looks > 0 && (failure === 'no answer' || failure === 'credentials'));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
