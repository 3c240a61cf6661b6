import { bytes, duration, items, printable } from './format';
import type { ExecutionSummary } from '../console/status';

/** Between two lines about the same phase. */
const LINE_MS = 2_000;

/** Says in lines how executions go on: each phase, now and then how far it is, and at the end what was copied. */
export function executionLines(print: (line: string) => void, now: () => number = Date.now): (execution: ExecutionSummary) => void {
  const last = new Map<string, { readonly status: string; readonly time: number }>();
  return execution => {
    const { arn, status, endTime } = execution;
    const before = last.get(arn);
    if (endTime === undefined && before?.status === status && now() - before.time < LINE_MS) return;
    last.set(arn, { status, time: now() });
    for (const line of linesOf(execution)) print(line);
  };
}

function linesOf({ arn, taskName, status, progress, itemsFailed, durationMs, endTime, errorCode, errorDetail }: ExecutionSummary): string[] {
  const name = `${arn.slice(arn.lastIndexOf('/') + 1)}${taskName ? ` (${printable(taskName)})` : ''}: ${status}`;
  const { itemsTransferred, itemsPlanned, itemsSkipped, itemsDeleted, bytesWritten } = progress;
  if (endTime === undefined) return [itemsPlanned === 0 ? name : `${name}, ${itemsTransferred.toLocaleString('en')} of ${items(itemsPlanned)}, ${bytes(bytesWritten)}`];
  return [
    `${name}, ${items(itemsTransferred)} (${bytes(bytesWritten)}) copied, ${itemsSkipped.toLocaleString('en')} skipped, `
      + `${itemsDeleted.toLocaleString('en')} deleted, ${itemsFailed.toLocaleString('en')} failed, in ${duration(durationMs)}`,
    ...errorDetail ? [`  ${errorCode}: ${printable(errorDetail)}`] : [],
  ];
}
