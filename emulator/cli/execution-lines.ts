import { bytes, duration, items, number, printable } from './format';
import type { ExecutionSummary } from '../console/status';
import { idOf } from '../model/arns';

/** What is said of an execution. In Basic mode the API does not tell how many items failed, and in none which. */
export type Told = Pick<ExecutionSummary, 'arn' | 'taskName' | 'status' | 'progress' | 'durationMs' | 'endTime' | 'errorCode' | 'errorDetail'>
  & Partial<Pick<ExecutionSummary, 'itemsFailed' | 'failedItems' | 'reportError'>>;

/** Between two lines about the same phase. */
const LINE_MS = 2_000;

/** So many items that failed are named: a reader wants to know why, seldom all of them. */
const NAMED = 5;

/** Says in lines how executions go on: each phase, now and then how far it is, and at the end what was copied. */
export function executionLines(print: (line: string) => void, now: () => number = Date.now, lineMs = LINE_MS): (execution: Told) => void {
  const last = new Map<string, { readonly status: string; readonly time: number }>();
  return execution => {
    const { arn, status, endTime } = execution;
    const before = last.get(arn);
    if (endTime === undefined && before?.status === status && now() - before.time < lineMs) return;
    last.set(arn, { status, time: now() });
    for (const line of linesOf(execution)) print(line);
  };
}

function linesOf(execution: Told): string[] {
  const { arn, taskName, status, progress, itemsFailed, durationMs, endTime, errorCode, errorDetail, reportError } = execution;
  const name = `${idOf(arn)}${taskName ? ` (${printable(taskName)})` : ''}: ${status}`;
  const { itemsTransferred, itemsPlanned, itemsSkipped, itemsDeleted, bytesPlanned, bytesWritten } = progress;
  const planned = bytesPlanned === 0 ? '' : ` of ${bytes(bytesPlanned)}`;
  if (endTime === undefined) {
    return [itemsPlanned === 0 ? name : `${name}, ${number(itemsTransferred)} of ${items(itemsPlanned)}, ${bytes(bytesWritten)}${planned}`];
  }
  return [
    `${name}, ${items(itemsTransferred)} (${bytes(bytesWritten)}) copied, ${number(itemsSkipped)} skipped, `
      + `${number(itemsDeleted)} deleted, ${itemsFailed === undefined ? '' : `${number(itemsFailed)} failed, `}in ${duration(durationMs)}`,
    ...errorCode || errorDetail ? [`  ${printable([errorCode, errorDetail].filter(Boolean).join(': '))}`] : [],
    ...failureLines(execution),
    ...reportError ? [`  no task report: ${printable(reportError)}`] : [],
  ];
}

/** The first items that failed, as far as they are known, each with its reason. */
export function failureLines({ itemsFailed = 0, failedItems = [] }: Pick<Told, 'itemsFailed' | 'failedItems'>): string[] {
  const named = failedItems.slice(0, NAMED);
  const more = itemsFailed - named.length;
  return [
    ...named.map(({ path, message }) => `  failed: ${printable(path)}: ${printable(message)}`),
    ...named.length > 0 && more > 0 ? [`  and ${number(more)} more; the log and the task report have all of them`] : [],
  ];
}
