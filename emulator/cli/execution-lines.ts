import { bytes, duration, items, number, printable } from './format';
import type { ExecutionSummary } from '../console/status';

/** What is said of an execution. In Basic mode the API does not tell how many items failed. */
export type Told = Pick<ExecutionSummary, 'arn' | 'taskName' | 'status' | 'progress' | 'durationMs' | 'endTime' | 'errorCode' | 'errorDetail'>
  & Partial<Pick<ExecutionSummary, 'itemsFailed'>>;

/** Between two lines about the same phase. */
const LINE_MS = 2_000;

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

function linesOf({ arn, taskName, status, progress, itemsFailed, durationMs, endTime, errorCode, errorDetail }: Told): string[] {
  const name = `${arn.slice(arn.lastIndexOf('/') + 1)}${taskName ? ` (${printable(taskName)})` : ''}: ${status}`;
  const { itemsTransferred, itemsPlanned, itemsSkipped, itemsDeleted, bytesPlanned, bytesWritten } = progress;
  const planned = bytesPlanned === 0 ? '' : ` of ${bytes(bytesPlanned)}`;
  if (endTime === undefined) {
    return [itemsPlanned === 0 ? name : `${name}, ${number(itemsTransferred)} of ${items(itemsPlanned)}, ${bytes(bytesWritten)}${planned}`];
  }
  return [
    `${name}, ${items(itemsTransferred)} (${bytes(bytesWritten)}) copied, ${number(itemsSkipped)} skipped, `
      + `${number(itemsDeleted)} deleted, ${itemsFailed === undefined ? '' : `${number(itemsFailed)} failed, `}in ${duration(durationMs)}`,
    ...errorCode || errorDetail ? [`  ${printable([errorCode, errorDetail].filter(Boolean).join(': '))}`] : [],
  ];
}
