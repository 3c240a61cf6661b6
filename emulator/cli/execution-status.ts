import { DescribeTaskCommand, ListTaskExecutionsCommand } from '@aws-sdk/client-datasync';
import type { DataSyncClient, DescribeTaskCommandOutput, ListTaskExecutionsCommandOutput, TaskExecutionListEntry } from '@aws-sdk/client-datasync';
import type { ExecutionDisplay } from './execution-display';
import { documentOf, ExecutionBar, ExecutionJson, ExecutionLines } from './execution-display';
import type { DescribedExecution, Outcome } from './execution-view';
import { rowsOf, viewOf } from './execution-view';
import { describeExecution, watchExecution } from './execution-watch';
import { bytes, duration, number, printable, table } from './format';
import { lookUp, LookupError } from './lookup';
import type { TaskArn } from './task-arn';
import type { TaskEndpoint, TaskEndpointOptions } from './task-endpoint';
import { findTaskEndpoint } from './task-endpoint';
import { idOf } from '../model/arns';
import { printableJson } from '../text/printable';

export interface LookArguments extends TaskEndpointOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

type Task = Omit<DescribeTaskCommandOutput, '$metadata'>;

/** How many of a task's executions are shown with what they did. */
const LAST = 5;

/**
 * Shows a task or an execution.
 *
 * @throws LookupError when it cannot be looked at
 */
export async function lookAt(arn: TaskArn, args: LookArguments): Promise<void> {
  const where = await findTaskEndpoint(arn, args);
  if (!args.json) print([placeRow(where)]);
  const client = where.connect();
  try {
    if (arn.execution) await showExecution(client, where, arn.execution, args);
    else await showTask(client, where, arn.task, args);
  } finally {
    client.destroy();
  }
}

async function showExecution(client: DataSyncClient, where: TaskEndpoint, arn: string, { json }: LookArguments): Promise<void> {
  const described = await describeExecution(client, where, arn);
  const view = viewOf(described, Date.now());
  if (json) printJson({ ...placeOf(where), ...documentOf(view, described) });
  else print(rowsOf(view, described));
}

async function showTask(client: DataSyncClient, where: TaskEndpoint, arn: string, { json }: LookArguments): Promise<void> {
  const task = await describeTask(client, where, arn);
  const { CurrentTaskExecutionArn: latest } = task;
  const current = latest ? await unlessForgotten(describeExecution(client, where, latest)) : undefined;
  const view = current && viewOf(current, Date.now());
  const { last, counts } = await listExecutions(client, where, arn);
  if (json) return printJson({ ...placeOf(where), task, ...view && documentOf(view, current), executionCounts: counts, lastExecutions: last });
  print([
    ...taskRows(task),
    ...view ? rowsOf(view, current) : [['execution', 'none, or none of the last 30 days']],
    ['history', countsText(counts)],
  ]);
  if (last.length > 1) console.log(`\n${table([['EXECUTION', 'STATUS', 'STARTED', 'ITEMS', 'BYTES', 'TIME'], ...last.map(lastRow)]).join('\n')}`);
}

/**
 * Follows an execution, or the current one of a task, to its end.
 *
 * @throws LookupError when it cannot be looked at, or not any more; the reason of the signal when that is aborted
 */
export async function follow(arn: TaskArn, args: LookArguments, signal: AbortSignal): Promise<Outcome> {
  const where = await findTaskEndpoint(arn, args);
  if (!args.json) print([placeRow(where)]);
  const execution = arn.execution ?? await currentExecution(where, arn.task, signal);
  if (!args.json) print([['execution', execution]]);
  const display = displayFor(args, where);
  let isCancelling = false;
  try {
    const last = await watchExecution({
      where,
      arn: execution,
      signal,
      onLook: described => {
        isCancelling ||= described.Status === 'CANCELLING';
        display.show(viewOf(described, Date.now(), isCancelling), described);
      },
      onProblem: line => display.problem(line),
    });
    const view = viewOf(last, Date.now(), isCancelling);
    if (!args.json) print(rowsOf(view, last).slice(1));
    return view.outcome!;
  } catch (error) {
    display.stop();
    if (signal.aborted) console.error(`Stopped watching; the execution goes on. To end it: ${cancelCommand(execution, where)}`);
    throw error;
  }
}

function cancelCommand(execution: string, { isAws, url }: TaskEndpoint): string {
  return `aws datasync cancel-task-execution --task-execution-arn ${execution}${isAws ? '' : ` --endpoint-url ${url}`}`;
}

/** A build's log is no terminal, whatever it looks like. */
function displayFor({ json }: LookArguments, where: TaskEndpoint): ExecutionDisplay {
  if (json) return new ExecutionJson(console.log, placeOf(where));
  return process.stdout.isTTY && !process.env.CI ? new ExecutionBar(process.stdout) : new ExecutionLines(console.log);
}

async function currentExecution(where: TaskEndpoint, task: string, signal: AbortSignal): Promise<string> {
  const client = where.connect();
  try {
    const { CurrentTaskExecutionArn: arn } = await describeTask(client, where, task, signal);
    if (arn) return arn;
    throw new LookupError(`${task} has never been started, so there is nothing to watch`, 'none');
  } finally {
    client.destroy();
  }
}

async function describeTask(client: DataSyncClient, where: TaskEndpoint, arn: string, signal?: AbortSignal): Promise<Task> {
  const { $metadata: _, ...task } = await lookUp('DescribeTask', arn, where, signal, options => client.send(new DescribeTaskCommand({ TaskArn: arn }), options));
  return task;
}

/** All that the service still knows, counted by status, and the last ones, the latest first. */
async function listExecutions(
  client: DataSyncClient, where: TaskEndpoint, task: string,
): Promise<{ last: DescribedExecution[]; counts: Record<string, number> }> {
  const all: TaskExecutionListEntry[] = [];
  let NextToken: string | undefined;
  do {
    const input = { TaskArn: task, NextToken };
    const page: ListTaskExecutionsCommandOutput = await lookUp('ListTaskExecutions', task, where, undefined, options =>
      client.send(new ListTaskExecutionsCommand(input), options));
    all.push(...page.TaskExecutions ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  const counts: Record<string, number> = {};
  for (const { Status = 'unknown' } of all) counts[Status] = (counts[Status] ?? 0) + 1;
  // The order of the list is not documented: whichever way it is by time, the last ones are at one of its ends.
  const candidates = all.length <= 2 * LAST ? all : [...all.slice(0, LAST), ...all.slice(-LAST)];
  const described = await Promise.all(candidates.map(({ TaskExecutionArn }) => unlessForgotten(describeExecution(client, where, TaskExecutionArn!))));
  const last = described.filter(each => each !== undefined).sort((a, b) => Number(b.StartTime ?? 0) - Number(a.StartTime ?? 0)).slice(0, LAST);
  return { last, counts };
}

/** It may be forgotten in between. */
async function unlessForgotten(answer: Promise<DescribedExecution>): Promise<DescribedExecution | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof LookupError && error.failure === 'gone') return undefined;
    throw error;
  }
}

function placeOf({ text, url }: TaskEndpoint): object {
  return { where: text, endpoint: url };
}

function placeRow({ text }: TaskEndpoint): string[] {
  return ['where', text];
}

function taskRows(task: Task): string[][] {
  const { TaskArn, Name, Status, TaskMode, SourceLocationArn, DestinationLocationArn, Schedule, ScheduleDetails, ErrorCode, ErrorDetail } = task;
  const schedule = Schedule?.ScheduleExpression && [Schedule.ScheduleExpression, Schedule.Status, ScheduleDetails?.DisabledReason].filter(Boolean).join(', ');
  return [
    ['task', [TaskArn, Name].filter(Boolean).join(' ')],
    ['status', [Status, TaskMode].filter(Boolean).join(', ')],
    ['from', SourceLocationArn ?? '-'],
    ['to', DestinationLocationArn ?? '-'],
    ...schedule ? [['schedule', schedule]] : [],
    ...ErrorCode || ErrorDetail ? [['problem', [ErrorCode, ErrorDetail].filter(Boolean).join(': ')]] : [],
    ['', ''],
  ];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([status, count]) => `${number(count)} ${status}`).join(', ') || 'no executions';
}

function lastRow(described: DescribedExecution): string[] {
  const { arn, status, outcome, progress, durationMs } = viewOf(described, Date.now());
  return [
    idOf(arn),
    outcome ?? status,
    described.StartTime?.toISOString() ?? '-',
    number(progress.itemsTransferred),
    bytes(progress.bytesWritten),
    duration(durationMs),
  ];
}

/** Labels of the same width in all parts of the output. */
const WIDTH = 'execution'.length;

function print(rows: readonly string[][]): void {
  for (const [label, text] of rows) console.log(`${label.padEnd(WIDTH)}  ${printable(text)}`.trimEnd());
}

function printJson(document: object): void {
  for (const line of JSON.stringify(document, undefined, 2).split('\n')) console.log(printableJson(line));
}
