import { PassThrough } from 'node:stream';
import { barLine, ExecutionBar, ExecutionJson, Pace } from '../../../emulator/cli/execution-display';
import type { DescribedExecution, ExecutionView } from '../../../emulator/cli/execution-view';
import { viewOf } from '../../../emulator/cli/execution-view';

const MIB = 1024 * 1024;

function described(more: Partial<DescribedExecution>): DescribedExecution {
  return { TaskExecutionArn: 'arn', TaskMode: 'BASIC', StartTime: new Date(0), LaunchTime: new Date(0), ...more } as DescribedExecution;
}

function transferring(files: number): ExecutionView {
  return viewOf(described({
    Status: 'TRANSFERRING', EstimatedFilesToTransfer: 1000, EstimatedBytesToTransfer: 1000 * MIB, FilesTransferred: files, BytesWritten: files * MIB,
  }), 5_000);
}

/** The pace of a transfer that is looked at every ten seconds. */
function paceOf(...views: ExecutionView[]): Pace {
  let now = 0;
  const pace = new Pace(() => now);
  for (const view of views) {
    pace.add(view);
    now += 10_000;
  }
  return pace;
}

describe('the pace', () => {
  test('is not known after one look', () => {
    const pace = paceOf(transferring(100));
    expect([pace.bytesPerSecond, pace.millisecondsLeft]).toEqual([undefined, undefined]);
  });

  test('is that between the looks of the last minute, not that of all the time', () => {
    const pace = paceOf(...[0, 0, 0, 0, 0, 0, 0, 0, 100, 200, 300, 400, 500, 600, 700].map(transferring));
    expect(pace.bytesPerSecond).toBe(10 * MIB);
    expect(pace.millisecondsLeft).toBeCloseTo(30_000, 0);
  });

  test('of what does not move says nothing of the time that is left', () => {
    const pace = paceOf(transferring(100), transferring(100));
    expect([pace.bytesPerSecond, pace.millisecondsLeft]).toEqual([0, undefined]);
  });

  test('of what becomes more as it is prepared says nothing of the time that is left', () => {
    const enhanced = (planned: number) => viewOf(described({
      Status: 'TRANSFERRING', TaskMode: 'ENHANCED', EstimatedFilesToTransfer: planned, FilesTransferred: 100,
    }), 0);
    expect(paceOf(enhanced(200), enhanced(2000)).millisecondsLeft).toBeUndefined();
  });

  test('begins anew with each phase', () => {
    const verifying = viewOf(described({ Status: 'VERIFYING', FilesTransferred: 10 }), 0);
    expect(paceOf(transferring(0), transferring(100), verifying).bytesPerSecond).toBeUndefined();
  });
});

describe('the line with the bar', () => {
  const pace = paceOf(transferring(0), transferring(100), transferring(200));

  test.each([
    [120, 'transferring 20% ▓▓▓▓░░░░░░░░░░░░░░░░░░░░ 200/1,000 items, 200.0 MiB of 1000.0 MiB, 10.0 MiB/s, 79 s left'],
    [80, 'transferring 20% ▓▓▓░░░░░░░░░░░░░ 200.0 MiB of 1000.0 MiB, 79 s left'],
    [60, 'transferring 20% ▓▓▓░░░░░░░░░░░░░ 79 s left'],
    [40, 'transferring 20% ▓░░░░░░░ 79 s left'],
    [30, 'transferring 20% ▓░░░░░░░'],
    [10, 'transferr'],
  ])('fits into %i columns', (columns, line) => {
    expect(barLine(transferring(200), pace, 1_000, columns)).toBe(line);
    expect(line.length).toBeLessThan(columns);
  });

  test.each<[Partial<DescribedExecution>, string]>([
    [{ Status: 'QUEUED' }, 'queued for 6.0 s'],
    [{ Status: 'PREPARING', EstimatedFilesToTransfer: 12, EstimatedBytesToTransfer: 2048 }, 'preparing 12 items found, 2.0 KiB, for 6.0 s'],
    [{ Status: 'VERIFYING', EstimatedFilesToTransfer: 4, EstimatedBytesToTransfer: 2048, FilesTransferred: 4, FilesVerified: 1 },
      'verifying 25% ▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░ 1 verified, 2.0 KiB, for 6.0 s'],
    [{ Status: 'CANCELLING' }, 'cancelling for 6.0 s'],
  ])('%j says what is known', (more, line) => {
    expect(barLine(viewOf(described(more), 5_000), new Pace(), 1_000, 100)).toBe(line);
  });
});

test('a line of JSON is printed when something has changed, and may not steer a terminal', () => {
  const lines: string[] = [];
  const display = new ExecutionJson(line => lines.push(line), { where: 'here' });
  const failed = described({ Status: 'ERROR', Result: { ErrorDetail: '\u009b2J' } });
  for (const answer of [described({ Status: 'QUEUED' }), described({ Status: 'QUEUED' }), failed]) display.show(viewOf(answer, 0), answer);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('\\u009b2J');
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { where: 'here', execution: { Status: 'QUEUED' } }, { where: 'here', outcome: 'ERROR', execution: { Status: 'ERROR', Result: { ErrorDetail: '\u009b2J' } } },
  ]);
});

test('the bar lets a long line be read whole, and leaves the terminal as it was', async () => {
  const terminal = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 40 });
  let printed = '';
  const shows = (text: string) => new Promise<void>(resolve => {
    terminal.on('data', data => {
      printed += data;
      if (printed.includes(text)) resolve();
    });
  });
  const bar = new ExecutionBar(terminal as unknown as NodeJS.WriteStream);
  const problem = 'the AWS credentials have expired; sign in again, such as with "aws sso login"';
  const isDrawn = shows('transferring 20% ▓░░░░░░░');
  bar.show(transferring(200));
  await isDrawn;
  const isSaid = shows(`${problem}\n`);
  bar.problem(problem);
  await isSaid;
  expect(printed).not.toContain('\u001b[?7l'); // no wrapping
  bar.stop();
  bar.stop();
  expect((printed + (terminal.read() ?? '')).lastIndexOf('\u001b[?25h')).toBeGreaterThan(printed.lastIndexOf('\u001b[?25l')); // the cursor is back
});
