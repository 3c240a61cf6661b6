import { setTimeout as sleep } from 'node:timers/promises';
import { failureLines } from './execution-lines';
import { bytes, duration, printable, table } from './format';
import type { ExecutionSummary, Status } from '../console/status';
import { idOf } from '../model/arns';
import { printableJson } from '../text/printable';

const INTERVAL_MS = 1_000;
const TIMEOUT_MS = 10_000;

/** Shows all that goes on at a running server, once. */
export async function showServer(endpoint: string): Promise<void> {
  console.log(show(await fetchStatus(endpoint)).join('\n'));
}

/** On a terminal one screen that is drawn anew; elsewhere, what changed is appended. */
export async function followServer(endpoint: string): Promise<never> {
  let shown = '';
  for (;;) {
    const text = show(await fetchStatus(endpoint)).join('\n');
    if (process.stdout.isTTY) process.stdout.write(`\u001b[H\u001b[J${text}\n`);
    else if (text !== shown) console.log(`${new Date().toISOString()}\n${text}\n`);
    shown = text;
    await sleep(INTERVAL_MS);
  }
}

/**
 * The same as JSON, once.
 *
 * @param about what there is to say of the server besides
 */
export async function printServer(endpoint: string, about: object): Promise<void> {
  const json = JSON.stringify({ endpoint, ...about, ...await fetchStatus(endpoint) }, undefined, 2);
  console.log(json.split('\n').map(printableJson).join('\n'));
}

/** A line whenever something has changed but the time. */
export async function printServerChanges(endpoint: string, about: object): Promise<never> {
  let shown = '';
  for (;;) {
    const { time, ...status } = await fetchStatus(endpoint);
    const text = JSON.stringify(status);
    if (text !== shown) console.log(printableJson(JSON.stringify({ endpoint, ...about, time, ...status })));
    shown = text;
    await sleep(INTERVAL_MS);
  }
}

/** @throws Error when nothing answers, or something else than the emulator */
export async function fetchStatus(endpoint: string): Promise<Status> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(new URL('/_emulator/status', endpoint), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await answer.text();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    throw new Error(`nothing answers at ${endpoint} (${cause?.code ?? cause?.message ?? message}); start it with "npx cdk-datasync up" or "npx cdk-datasync serve", or give its --endpoint`);
  }
  const status = parse(text);
  if (!answer.ok || !status?.tasks || !status.executions) {
    throw new Error(`what answers at ${endpoint} is not this emulator: HTTP ${answer.status} ${printable(text.slice(0, 200))}`);
  }
  return status;
}

function parse(text: string): Status | undefined {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return undefined;
  }
}

function show({ tasks, executions, omitted }: Status): string[] {
  const taskRows = tasks.map(({ arn, name, status, mode, source, destination }) => [
    idOf(arn), status, mode, printable(name ?? '-'), `${printable(source)} -> ${printable(destination)}`,
  ]);
  return [
    ...section('task', 'status', 'mode', 'name', 'from -> to')(taskRows, omitted.tasks, 'no tasks'),
    '',
    ...section('execution', 'status', 'done', 'items', 'bytes', 'per second', 'time', 'of')(executions.map(rowOf), omitted.executions, 'no executions'),
    ...executions.flatMap(execution => [...reasonOf(execution), ...failureLines(execution)]),
    ...executions.filter(({ reportError }) => reportError).map(({ arn, reportError }) => `${idOf(arn)}: no task report: ${printable(reportError!)}`),
  ];
}

function reasonOf({ arn, errorCode, errorDetail }: ExecutionSummary): string[] {
  return errorDetail ? [`${idOf(arn)}: ${errorCode}: ${printable(errorDetail)}`] : [];
}

function rowOf({ arn, taskArn, taskName, status, progress, bytesPerSecond, durationMs, endTime }: ExecutionSummary): string[] {
  const done = progress.itemsTransferred + progress.itemsDeleted;
  return [
    idOf(arn),
    status,
    endTime === undefined ? `${Math.floor(progress.fraction * 100)}%` : '-',
    endTime === undefined ? `${done} of ${progress.itemsPlanned}` : String(done),
    bytes(progress.bytesWritten),
    bytes(bytesPerSecond),
    duration(durationMs),
    printable(taskName ?? idOf(taskArn)),
  ];
}

function section(...head: string[]): (rows: string[][], omitted: number, nothing: string) => string[] {
  return (rows, omitted, nothing) => {
    if (rows.length === 0) return [nothing];
    return [...table([head.map(name => name.toUpperCase()), ...rows]), ...omitted > 0 ? [`and ${omitted} more`] : []];
  };
}
