import { MultiBar } from 'cli-progress';
import { executionLines } from './execution-lines';
import type { DescribedExecution, ExecutionView } from './execution-view';
import { percent } from './execution-view';
import { bytes, duration, number } from './format';
import { printableJson } from '../text/printable';

/** Between two lines about the same phase where there is no terminal. */
const LINE_MS = 30_000;
/** The rate is that of so long before now. */
const RATE_MS = 60_000;

/** Shows how an execution goes on. */
export interface ExecutionDisplay {
  show(view: ExecutionView, described: DescribedExecution): void;
  /** Says something about the looking. */
  problem(line: string): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** A bar, redrawn in one line. */
export class ExecutionBar implements ExecutionDisplay {
  private readonly bars: MultiBar;
  private readonly pace = new Pace();
  private view: ExecutionView | undefined;
  private seen = 0;
  private isOn = true;

  constructor(stream: NodeJS.WriteStream) {
    this.bars = new MultiBar({
      stream,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: true, // else what is said in between is cut off at the right
      fps: 4,
      format: () => this.line(stream.columns || 80),
    });
    this.bars.create(1, 0);
  }

  public show(view: ExecutionView): void {
    this.pace.add(view);
    this.view = view;
    this.seen = performance.now();
    if (view.outcome) this.stop();
  }

  public problem(line: string): void {
    this.bars.log(`${line}\n`);
  }

  public stop(): void {
    if (this.isOn) this.bars.stop();
    this.isOn = false;
  }

  private line(columns: number): string {
    return this.view ? barLine(this.view, this.pace, performance.now() - this.seen, columns) : '';
  }
}

/** A line for each phase and now and then, as it happens. */
export class ExecutionLines implements ExecutionDisplay {
  private readonly print: (view: ExecutionView) => void;

  constructor(print: (line: string) => void) {
    this.print = executionLines(print, Date.now, LINE_MS);
  }

  public show(view: ExecutionView): void {
    if (!view.outcome) this.print(view); // the end gets more than a line
  }

  public problem(line: string): void {
    console.error(line);
  }

  public stop(): void {
    // there is nothing to take back
  }
}

/** A JSON document in a line whenever something has changed. */
export class ExecutionJson implements ExecutionDisplay {
  private last = '';

  constructor(private readonly print: (line: string) => void, private readonly where: object) {}

  public show(view: ExecutionView, described: DescribedExecution): void {
    const now = JSON.stringify(described);
    if (now === this.last) return;
    this.last = now;
    this.print(printableJson(JSON.stringify({ ...this.where, ...documentOf(view, described) })));
  }

  public problem(line: string): void {
    console.error(line);
  }

  public stop(): void {
    // every line is whole
  }
}

/** What `--json` tells of an execution: the service's answer as it is, and what is made of it. */
export function documentOf({ outcome, progress, fraction, durationMs }: ExecutionView, described: DescribedExecution): object {
  return { outcome, progress: { ...progress, fraction, durationMs }, execution: described };
}

/** How fast it goes, between the looks of the last minute. */
export class Pace {
  private readonly looks: Array<{ readonly time: number; readonly view: ExecutionView }> = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  public add(view: ExecutionView): void {
    if (view.status !== this.looks.at(-1)?.view.status) this.looks.length = 0; // another phase, another pace
    this.looks.push({ time: this.now(), view });
    while (this.looks.length > 2 && this.looks[0].time < this.now() - RATE_MS) this.looks.shift();
  }

  /** Undefined after a single look. */
  public get bytesPerSecond(): number | undefined {
    return this.perSecond(({ progress }) => progress.bytesWritten);
  }

  /** Undefined when it cannot be told, or nothing moves. */
  public get millisecondsLeft(): number | undefined {
    const fraction = this.looks.at(-1)?.view.fraction;
    const perSecond = this.perSecond(view => view.fraction ?? 0);
    return fraction === undefined || !perSecond || perSecond < 0 ? undefined : (1 - fraction) / perSecond * 1000;
  }

  private perSecond(what: (view: ExecutionView) => number): number | undefined {
    const [first, last] = [this.looks[0], this.looks.at(-1)];
    return !first || !last || first.time === last.time ? undefined : (what(last.view) - what(first.view)) / (last.time - first.time) * 1000;
  }
}


/**
 * One line that fits: of what there is no room for, the less important is left out.
 *
 * @param passed milliseconds since the last look
 */
export function barLine(view: ExecutionView, pace: Pace, passed: number, columns: number): string {
  const { status, fraction, progress, durationMs } = view;
  const { itemsPlanned, itemsTransferred, itemsDeleted, itemsVerified, bytesPlanned, bytesWritten } = progress;
  const isTransferring = status === 'TRANSFERRING';
  const left = pace.millisecondsLeft;
  const head = `${status.toLowerCase()}${fraction === undefined ? '' : ` ${percent(fraction)}`}`;
  const done = status === 'VERIFYING' ? `${number(itemsVerified)} verified` : `${number(itemsTransferred + itemsDeleted)}/${number(itemsPlanned)} items`;
  const texts: ReadonlyArray<readonly [importance: number, text: string | false]> = [
    [2, itemsPlanned > 0 && (fraction === undefined ? `${number(itemsPlanned)} items found` : done)],
    [4, itemsPlanned > 0 && (isTransferring ? `${bytes(bytesWritten)} of ${bytes(bytesPlanned)}` : bytes(bytesPlanned))],
    [3, isTransferring && pace.bytesPerSecond !== undefined && `${bytes(Math.max(0, Math.round(pace.bytesPerSecond)))}/s`],
    [5, left !== undefined ? `${duration(Math.max(0, left - passed))} left` : `for ${duration(durationMs + passed)}`],
  ];
  const bar = fraction === undefined ? [] : [barOf(fraction, columns >= 100 ? 24 : columns >= 60 ? 16 : 8)];
  for (let least = 0; least <= 5; least++) {
    const tail = texts.filter(([importance, text]) => text && importance > least).map(([, text]) => text).join(', ');
    const line = [head, ...bar, tail].filter(Boolean).join(' ');
    if (line.length < columns) return line;
  }
  return head.slice(0, Math.max(0, columns - 1));
}

function barOf(fraction: number, width: number): string {
  const full = Math.floor(fraction * width);
  return '\u2593'.repeat(full) + '\u2591'.repeat(width - full);
}
