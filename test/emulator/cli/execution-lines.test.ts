import { executionLines } from '../../../emulator/cli/execution-lines';
import type { ExecutionSummary } from '../../../emulator/console/status';

function execution(more: Partial<ExecutionSummary>, itemsTransferred = 0): ExecutionSummary {
  return {
    arn: 'arn:aws:datasync:us-east-1:000000000000:task/task-1/execution/exec-1',
    taskArn: 'arn',
    status: 'TRANSFERRING',
    mode: 'BASIC',
    startTime: 0,
    durationMs: 0,
    phases: [],
    itemsFailed: 0,
    failedItems: [],
    bytesPerSecond: 0,
    itemsPerSecond: 0,
    progress: {
      fraction: 0, itemsPlanned: 10, itemsTransferred, itemsDeleted: 1, itemsSkipped: 2, itemsVerified: 0, bytesPlanned: 0, bytesWritten: 2048,
    },
    ...more,
  };
}

test('a phase is said once, and then how far it is every two seconds', () => {
  let now = 0;
  const lines: string[] = [];
  const show = executionLines(line => lines.push(line), () => now);
  for (const [time, transferred] of [[0, 0], [500, 1], [1999, 2], [2000, 3], [2100, 4]]) {
    now = time;
    show(execution({}, transferred));
  }
  show(execution({ status: 'VERIFYING' }, 5));
  expect(lines).toEqual([
    'exec-1: TRANSFERRING, 0 of 10 items, 2.0 KiB', 'exec-1: TRANSFERRING, 3 of 10 items, 2.0 KiB', 'exec-1: VERIFYING, 5 of 10 items, 2.0 KiB',
  ]);
});

test('the end says what was copied and what went wrong, and a name may not steer the terminal', () => {
  const lines: string[] = [];
  executionLines((...printed: string[]) => lines.push(...printed))(execution({
    status: 'ERROR', endTime: 1, durationMs: 1500, taskName: 'Nightly\u001b[2J', itemsFailed: 3, errorCode: 'FilesSkipped', errorDetail: 'some\nthing',
  }, 7));
  expect(lines).toEqual([
    'exec-1 (Nightly\\u{1b}[2J): ERROR, 7 items (2.0 KiB) copied, 2 skipped, 1 deleted, 3 failed, in 1.5 s',
    '  FilesSkipped: some\\u{a}thing',
  ]);
});

test('the end says that there is no task report, though the execution has succeeded', () => {
  const lines: string[] = [];
  executionLines(line => lines.push(line))(execution({ status: 'SUCCESS', endTime: 1, reportError: 'UploadFailed: no\nbucket' }));
  expect(lines.slice(1)).toEqual(['  no task report: UploadFailed: no\\u{a}bucket']);
});

test('the end names the first items that failed, with the reason, and how many there are besides', () => {
  const lines: string[] = [];
  const failedItems = Array.from({ length: 7 }, (_, index) => ({ path: `/f\u001b${index}`, phase: 'TRANSFERRING' as const, step: 'Transfer' as const, message: 'Input/output error' }));
  executionLines(line => lines.push(line))(execution({ status: 'ERROR', endTime: 1, itemsFailed: 30, failedItems }));
  expect(lines.slice(1)).toEqual([
    ...[0, 1, 2, 3, 4].map(index => `  failed: /f\\u{1b}${index}: Input/output error`),
    '  and 25 more; the log and the task report have all of them',
  ]);
});
