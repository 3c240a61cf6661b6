import type { WriteStream } from 'node:tty';
import type { SingleBar } from 'cli-progress';
import { MultiBar, Presets } from 'cli-progress';
import { bytes, duration, items, number } from './format';
import type { Counters, Phase } from '../engine/outcome';
import { progressOf } from '../engine/progress';
import type { TaskMode } from '../engine/request';

const TICK_MS = 100;
/** Between two lines where there is no terminal. */
const LINE_MS = 5_000;

/** Shows how far a transfer is: a bar on a terminal, a line now and then elsewhere. */
export interface ProgressDisplay {
  phase(phase: Phase): void;
  /** Prints a line without disturbing the display. */
  log(line: string): void;
  stop(): void;
}

export function showProgress(counters: Counters, mode: TaskMode, stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? new Bar(counters, mode, stream) : new Lines(counters, mode, stream);
}

class Bar implements ProgressDisplay {
  private readonly bars: MultiBar;
  private readonly bar: SingleBar;
  private timer: NodeJS.Timeout | undefined;
  private current: Phase = 'PREPARING';
  private began = performance.now();

  constructor(private readonly counters: Counters, private readonly mode: TaskMode, stream: WriteStream) {
    this.bars = new MultiBar({ stream, format: '{phase} {bar} {percentage}% {text}', hideCursor: true, barsize: 24, clearOnComplete: true }, Presets.shades_grey);
    this.bar = this.bars.create(100, 0, this.payload());
    this.timer = setInterval(() => this.draw(), TICK_MS);
  }

  public phase(phase: Phase): void {
    this.current = phase;
    if (phase === 'TRANSFERRING') this.began = performance.now();
    this.draw();
  }

  public log(line: string): void {
    this.bars.log(`${line}\n`);
  }

  public stop(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.bars.stop();
  }

  private draw(): void {
    this.bar.update(Math.floor(this.fraction() * 100), this.payload());
  }

  private fraction(): number {
    const { fraction, itemsVerified, itemsTransferred, itemsSkipped } = progressOf(this.counters, this.mode);
    // how much there is to verify is not known before: what was transferred at least, with what was skipped at most
    return this.current === 'VERIFYING' ? itemsVerified / Math.max(1, itemsTransferred + itemsSkipped) : fraction;
  }

  private payload(): object {
    const { bytesWritten, itemsTransferred } = progressOf(this.counters, this.mode);
    const rate = bytesWritten / Math.max(0.1, (performance.now() - this.began) / 1000);
    return {
      phase: this.current.toLowerCase().padEnd('transferring'.length),
      text: `${items(itemsTransferred)}, ${bytes(bytesWritten)}${this.current === 'TRANSFERRING' ? `, ${bytes(rate)}/s` : ''}`,
    };
  }
}

class Lines implements ProgressDisplay {
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout;
  private current: Phase = 'PREPARING';

  constructor(private readonly counters: Counters, private readonly mode: TaskMode, private readonly stream: NodeJS.WriteStream) {
    this.timer = setInterval(() => this.line(), LINE_MS);
  }

  public phase(phase: Phase): void {
    this.current = phase;
    if (phase !== 'PREPARING') this.line(); // nothing is known yet, and an error that ends it stands alone
  }

  public log(line: string): void {
    this.stream.write(`${line}\n`);
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private line(): void {
    const { itemsPlanned, itemsTransferred, itemsDeleted, itemsVerified, bytesWritten, bytesPlanned } = progressOf(this.counters, this.mode);
    const texts: Record<Phase, string> = {
      PREPARING: `preparing: ${items(itemsPlanned)} to do, ${bytes(bytesPlanned)}`,
      TRANSFERRING: `transferring: ${number(itemsTransferred + itemsDeleted)} of ${items(itemsPlanned)}, ${bytes(bytesWritten)} of ${bytes(bytesPlanned)}`,
      VERIFYING: `verifying: ${items(itemsVerified)}`,
    };
    this.log(`${duration(performance.now() - this.began)} ${texts[this.current]}`);
  }
}
