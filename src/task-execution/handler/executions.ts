import {
  DescribeTaskCommand, DescribeTaskExecutionCommand, ListTagsForResourceCommand, ListTaskExecutionsCommand,
} from '@aws-sdk/client-datasync';
import type {
  DescribeTaskCommandOutput, DescribeTaskExecutionCommandOutput, ListTagsForResourceCommandOutput, ListTaskExecutionsCommandOutput,
} from '@aws-sdk/client-datasync';
import { Trouble, troubleOf } from './errors';
import { retrying } from './retry';
import type { Run } from './run';

export type Task = DescribeTaskCommandOutput & { readonly TaskArn: string };

export interface ListedExecution {
  readonly arn: string;
  readonly status?: string;
}

export interface Execution extends ListedExecution {
  /** Milliseconds since the epoch. */
  readonly startTime?: number;
}

const EXECUTION_ARN = /^(arn:[a-z-]+:datasync:[a-z0-9-]+:\d{12}:task\/task-[0-9a-f]{17})\/execution\/exec-[0-9a-f]{17}$/;

export function isExecutionArn(text: string): boolean {
  return EXECUTION_ARN.test(text);
}

/** Whether an execution still does something or will. A status that is not known yet counts as going on. */
export function isPending(execution: ListedExecution): boolean {
  return execution.status !== 'SUCCESS' && execution.status !== 'ERROR';
}

export async function describeTask(run: Run, taskArn: string): Promise<Task> {
  const task: DescribeTaskCommandOutput = await retrying(run, 'datasync:DescribeTask', taskArn, abortSignal =>
    run.services.datasync.send(new DescribeTaskCommand({ TaskArn: taskArn }), { abortSignal }));
  return { ...task, TaskArn: taskArn };
}

/** Undefined if there is no such execution (any more: the service forgets them after 30 days). */
export async function describeExecution(run: Run, arn: string): Promise<Execution | undefined> {
  const found = await retrying(run, 'datasync:DescribeTaskExecution', arn, abortSignal => unlessNotFound<DescribeTaskExecutionCommandOutput>(
    run.services.datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }), { abortSignal })));
  return found && { arn, status: found.Status, startTime: found.StartTime?.getTime() };
}

/** All executions of a task that the service still knows, in the service's order, which it does not document. */
export async function listExecutions(run: Run, taskArn: string): Promise<ListedExecution[]> {
  const executions: ListedExecution[] = [];
  let token: string | undefined;
  do {
    const command = new ListTaskExecutionsCommand({ TaskArn: taskArn, MaxResults: 100, NextToken: token });
    const page = await retrying(run, 'datasync:ListTaskExecutions', taskArn, abortSignal => unlessNotFound<ListTaskExecutionsCommandOutput>(
      run.services.datasync.send(command, { abortSignal })));
    for (const { TaskExecutionArn: arn, Status: status } of page?.TaskExecutions ?? []) {
      if (arn) executions.push({ arn, status });
    }
    token = page?.NextToken;
  } while (token);
  return executions;
}

/** The value of a tag; undefined too if the execution is gone. */
export async function tagOf(run: Run, arn: string, key: string): Promise<string | undefined> {
  let token: string | undefined;
  do {
    const command = new ListTagsForResourceCommand({ ResourceArn: arn, MaxResults: 100, NextToken: token });
    const page = await retrying(run, 'datasync:ListTagsForResource', arn, abortSignal => unlessNotFound<ListTagsForResourceCommandOutput>(
      run.services.datasync.send(command, { abortSignal })));
    const tag = page?.Tags?.find(candidate => candidate.Key === key);
    if (tag) return tag.Value;
    token = page?.NextToken;
  } while (token);
  return undefined;
}

async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (troubleOf(error) === Trouble.NOT_FOUND) return undefined;
    throw error;
  }
}
