import type { DescribedExecution } from '../../../emulator/cli/execution-view';
import { percent, rowsOf, viewOf } from '../../../emulator/cli/execution-view';

const ARN = 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0';
const START = new Date('2026-01-01T00:00:00Z');
const NOW = START.getTime() + 60_000;

function described(more: Partial<DescribedExecution>): DescribedExecution {
  return { TaskExecutionArn: ARN, TaskMode: 'BASIC', StartTime: START, LaunchTime: START, ...more } as DescribedExecution;
}

const HALF = { EstimatedFilesToTransfer: 10, EstimatedBytesToTransfer: 0, FilesTransferred: 5 };

test.each<[string, Partial<DescribedExecution>, number | undefined]>([
  ['is not known in a queue', { Status: 'QUEUED' }, undefined],
  ['is not known while Basic mode counts what there is', { Status: 'PREPARING', ...HALF }, undefined],
  ['is that of the transfer', { Status: 'TRANSFERRING', ...HALF }, 0.5],
  ['is not known of a transfer of nothing', { Status: 'TRANSFERRING' }, undefined],
  ['is known of what Enhanced mode has found so far', { Status: 'PREPARING', TaskMode: 'ENHANCED', ...HALF }, 0.5],
  ['counts folders apart in Enhanced mode', { Status: 'TRANSFERRING', TaskMode: 'ENHANCED', ...HALF, EstimatedFoldersToTransfer: 10 }, 0.25],
  ['is that of the verification of what was transferred', { Status: 'VERIFYING', FilesTransferred: 4, FilesSkipped: 4, FilesVerified: 1 }, 0.25],
  ['is that of the verification of everything', {
    Status: 'VERIFYING', FilesTransferred: 4, FilesSkipped: 4, FilesVerified: 1, Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
  }, 0.125],
  ['is not known of the verification of nothing', { Status: 'VERIFYING' }, undefined],
  ['is none when it has ended', { Status: 'SUCCESS', ...HALF }, undefined],
])('how far it is %s', (_, more, fraction) => {
  expect(viewOf(described(more), NOW).fraction).toBe(fraction);
});

test.each<[string, Partial<DescribedExecution>, boolean, string | undefined]>([
  ['goes on', { Status: 'VERIFYING' }, false, undefined],
  ['goes on in a status that is not known yet', { Status: 'RESTING' as 'QUEUED' }, false, undefined],
  ['is being cancelled', { Status: 'CANCELLING' }, true, undefined],
  ['succeeded', { Status: 'SUCCESS' }, false, 'SUCCESS'],
  ['succeeded before the cancellation came', { Status: 'SUCCESS' }, true, 'SUCCESS'],
  ['failed', { Status: 'ERROR', Result: { ErrorCode: 'NoMem' } }, false, 'ERROR'],
  ['was cancelled, as its result says', { Status: 'ERROR', Result: { ErrorCode: 'TaskExecutionCancelled' } }, false, 'CANCELLED'],
  ['was cancelled, as was seen', { Status: 'ERROR' }, true, 'CANCELLED'],
])('an execution that %s', (_, more, cancelled, outcome) => {
  expect(viewOf(described(more), NOW, cancelled).outcome).toBe(outcome);
});

test('how many items failed is not told in Basic mode, which does not count them', () => {
  expect(viewOf(described({ Status: 'ERROR' }), NOW).itemsFailed).toBeUndefined();
  expect(viewOf(described({ Status: 'ERROR', FilesFailed: { Prepare: 1, Transfer: 2 }, FoldersFailed: { List: 3 } }), NOW).itemsFailed).toBe(6);
});

test('all that is known of an execution that goes on stands in rows, with the rate since the transfer began and the time that is left', () => {
  const answer = described({
    Status: 'TRANSFERRING',
    LaunchTime: new Date(START.getTime() + 10_000),
    EstimatedFilesToTransfer: 2000,
    EstimatedBytesToTransfer: 4 * 1024 * 1024 * 1024,
    FilesTransferred: 1000,
    BytesWritten: 2 * 1024 * 1024 * 1024,
    FilesSkipped: 7,
    Result: { PrepareDuration: 10_000, PrepareStatus: 'SUCCESS', TransferStatus: 'PENDING', VerifyStatus: 'PENDING' },
  });
  expect(rowsOf(viewOf(answer, NOW), answer)).toEqual([
    ['execution', ARN],
    ['status', 'TRANSFERRING, 50%, about 40 s left'],
    ['items', '1,000 of 2,000 items transferred, 7 skipped, 0 deleted, 0 verified'],
    ['bytes', '2.0 GiB of 4.0 GiB, 51.2 MiB/s on average'],
    ['phases', 'prepare SUCCESS (10 s), transfer PENDING, verify PENDING'],
    ['started', '2026-01-01T00:00:00.000Z, launched 2026-01-01T00:00:10.000Z'],
    ['time', '60 s'],
  ]);
});

test('of an execution that failed the rows say why, and what became of its report', () => {
  const answer = described({
    Status: 'ERROR',
    TaskMode: 'ENHANCED',
    EndTime: new Date(START.getTime() + 5_000),
    FilesFailed: { Transfer: 2 },
    Result: { TotalDuration: 5_000, ErrorCode: 'SrcLocHitAccess', ErrorDetail: 'permission denied' },
    ReportResult: { Status: 'ERROR', ErrorCode: 'NoBucket', ErrorDetail: 'gone' },
  });
  expect(rowsOf(viewOf(answer, NOW), answer)).toEqual([
    ['execution', ARN],
    ['status', 'ERROR'],
    ['items', '0 transferred, 0 skipped, 0 deleted, 0 verified, 2 failed'],
    ['bytes', '0 B'],
    ['started', '2026-01-01T00:00:00.000Z'],
    ['time', '5.0 s'],
    ['error', 'SrcLocHitAccess: permission denied'],
    ['report', 'ERROR, NoBucket, gone'],
  ]);
});

test('what is not done is never 100%', () => {
  expect(percent(0.9999)).toBe('99%');
});
