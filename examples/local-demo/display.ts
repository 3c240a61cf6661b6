import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { Presets, SingleBar } from 'cli-progress';

/** The phases of an execution: a bar on a terminal, a line for each phase elsewhere. */
export class PhaseDisplay {
  private bar?: SingleBar;
  private phase?: string;

  constructor(private readonly terminal: boolean = process.stdout.isTTY === true) {}

  public show(state: DescribeTaskExecutionCommandOutput | undefined): void {
    if (!state?.Status) return;
    const { Status: phase, BytesTransferred = 0, EstimatedBytesToTransfer = 0, FilesTransferred = 0, EstimatedFilesToTransfer = 0 } = state;
    if (!this.terminal) {
      const files = COUNTING.has(phase) ? ` ${count(FilesTransferred)} of ${count(EstimatedFilesToTransfer)} files` : '';
      if (phase !== this.phase) console.log(`  ${phase.padEnd(files ? 12 : 0)}${files}`);
    } else {
      this.bar ??= newBar();
      this.bar.setTotal(Math.max(EstimatedBytesToTransfer, 1));
      this.bar.update(Math.min(BytesTransferred, EstimatedBytesToTransfer), {
        phase: phase.padEnd(12), done: count(FilesTransferred), all: count(EstimatedFilesToTransfer),
      });
    }
    this.phase = phase;
  }

  public end(): void {
    this.bar?.stop();
  }
}

/** The phases in which it is known how much there is to do. */
const COUNTING = new Set(['TRANSFERRING', 'VERIFYING', 'SUCCESS', 'ERROR']);

function newBar(): SingleBar {
  const bar = new SingleBar({ format: '  {phase} {bar} {percentage}%  {done} of {all} files' }, Presets.shades_classic);
  bar.start(1, 0, { phase: '', done: '0', all: '0' });
  return bar;
}

/** `1,234` */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Rows below each other, numbers at the right. */
export function table(rows: ReadonlyArray<readonly [string, number, number, string?]>): string {
  const cells = rows.map(([name, files, bytes, remark = '']) => [name, `${count(files)} files`, `${count(bytes)} bytes`, remark]);
  const width = (column: number) => Math.max(...cells.map(row => row[column].length));
  return cells.map(([name, files, bytes, remark]) =>
    `  ${name.padEnd(width(0))}  ${files.padStart(width(1))}  ${bytes.padStart(width(2))}  ${remark}`.trimEnd()).join('\n');
}
