import {
  DescribeTaskCommand, DescribeTaskExecutionCommand, ListTagsForResourceCommand, ListTaskExecutionsCommand, TagResourceCommand,
} from '@aws-sdk/client-datasync';
import type {
  DescribeTaskCommandOutput, DescribeTaskExecutionCommandOutput, ListTagsForResourceCommandOutput, ListTaskExecutionsCommandOutput,
} from '@aws-sdk/client-datasync';
import { ErrorKind, unless, unlessNotFound } from '../../../custom-resource/errors';
import { retrying } from '../../../custom-resource/retry';
import { ARN_PATTERNS, TAG_OWNER, TAG_PURPOSE, TAG_REQUEST, TAG_VALUES } from '../../contract';
import type { TaskExecutionInvocation } from '../invocation';

export type Task = DescribeTaskCommandOutput & { readonly TaskArn: string };

export interface ListedExecution {
  readonly arn: string;
  readonly status?: string;
}

export interface Execution extends ListedExecution {
  /** Milliseconds since the epoch. */
  readonly startTime?: number;
  readonly described: DescribeTaskExecutionCommandOutput;
}

/** The tags of ours on an execution. */
export interface OwnTags {
  readonly owner?: string;
  readonly request?: string;
  readonly values?: string;
  readonly purpose?: string;
}

/** For so long after the start of an execution its tags may not be shown yet. */
const TAG_LAG_MS = 60_000;

export function isExecutionArn(text: string): boolean {
  return ARN_PATTERNS.execution.test(text);
}

/** The task of an execution. */
export function taskOf(executionArn: string): string | undefined {
  return ARN_PATTERNS.execution.exec(executionArn)?.[1];
}

/** Whether an execution still does something or will. A status that is not known yet counts as going on. */
export function isPending(execution: ListedExecution): boolean {
  return execution.status !== 'SUCCESS' && execution.status !== 'ERROR';
}

/** Whether somebody has put an end to an execution. Of one that is over it is only known where the service says so in its result. */
export function isCancelled({ status, described }: Execution): boolean {
  const { ErrorCode = '', ErrorDetail = '' } = described.Result ?? {};
  return status === 'CANCELLING' || (status === 'ERROR' && /cancel/i.test(`${ErrorCode} ${ErrorDetail}`));
}

export async function describeTask(run: TaskExecutionInvocation, taskArn: string): Promise<Task> {
  const task: DescribeTaskCommandOutput = await retrying(run, 'datasync:DescribeTask', taskArn, abortSignal =>
    run.services.datasync.send(new DescribeTaskCommand({ TaskArn: taskArn }), { abortSignal }));
  return { ...task, TaskArn: taskArn };
}

/** Undefined if there is no such task any more, or if it may not be looked at any more: the permissions go by the tasks in the template. */
export async function describeTaskIfAny(run: TaskExecutionInvocation, taskArn: string): Promise<Task | undefined> {
  const task = await retrying(run, 'datasync:DescribeTask', taskArn, abortSignal => unless<DescribeTaskCommandOutput>(
    [ErrorKind.NOT_FOUND, ErrorKind.DENIED], run.services.datasync.send(new DescribeTaskCommand({ TaskArn: taskArn }), { abortSignal })));
  return task && { ...task, TaskArn: taskArn };
}

/** Undefined if there is no such execution (any more: the service forgets them after 30 days, and with their task). */
export async function describeExecution(run: TaskExecutionInvocation, arn: string): Promise<Execution | undefined> {
  const described = await retrying(run, 'datasync:DescribeTaskExecution', arn, abortSignal => unlessNotFound<DescribeTaskExecutionCommandOutput>(
    run.services.datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }), { abortSignal })));
  return described && { arn, status: described.Status, startTime: described.StartTime?.getTime(), described };
}

/** All executions of a task that the service still knows, in the service's order, which it does not document. */
export async function listExecutions(run: TaskExecutionInvocation, taskArn: string): Promise<ListedExecution[]> {
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

/**
 * The tags of ours on an execution. One that has just started may not show its tags yet: one without any is looked at again until it
 * is old enough to be somebody else's.
 */
export async function tagsOf(run: TaskExecutionInvocation, arn: string, startTime: number | undefined): Promise<OwnTags> {
  const { now } = run.services;
  const shown = Math.min((startTime ?? now()) + TAG_LAG_MS, now() + TAG_LAG_MS);
  for (let attempt = 0; ; attempt++) {
    const tags = await readTags(run, arn);
    if (!tags) return {};
    if (tags.size > 0 || now() >= shown) {
      return { owner: tags.get(TAG_OWNER), request: tags.get(TAG_REQUEST), values: tags.get(TAG_VALUES), purpose: tags.get(TAG_PURPOSE) };
    }
    await run.sleep(Math.min(run.backoff(attempt, 500, 10_000), shown - now()));
  }
}

async function readTags(run: TaskExecutionInvocation, arn: string): Promise<Map<string, string> | undefined> {
  const tags = new Map<string, string>();
  let token: string | undefined;
  do {
    const command = new ListTagsForResourceCommand({ ResourceArn: arn, MaxResults: 100, NextToken: token });
    const page = await retrying(run, 'datasync:ListTagsForResource', arn, abortSignal => unlessNotFound<ListTagsForResourceCommandOutput>(
      run.services.datasync.send(command, { abortSignal })));
    if (!page) return undefined;
    for (const { Key, Value } of page.Tags ?? []) if (Key) tags.set(Key, Value ?? '');
    token = page.NextToken;
  } while (token);
  return tags;
}

/** Where it may not be done any more, because the task has left the permissions with the template, `optional` lets it be. */
export async function setTag(run: TaskExecutionInvocation, arn: string, key: string, value: string, optional = false): Promise<void> {
  const command = new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: key, Value: value }] });
  await retrying(run, 'datasync:TagResource', arn, abortSignal => unless<unknown>(
    optional ? [ErrorKind.NOT_FOUND, ErrorKind.DENIED] : [], run.services.datasync.send(command, { abortSignal })));
}
