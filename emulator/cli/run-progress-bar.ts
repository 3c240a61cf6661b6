import type { WriteStream } from 'node:tty';
import type { SingleBar } from 'cli-progress';
import { MultiBar, Presets } from 'cli-progress';
import { bytes, items } from './format';
import type { ProgressDisplay } from './run-progress';
import type { Counters, Phase } from '../engine/outcome';
import { progressOf } from '../engine/progress';
import type { TaskMode } from '../engine/request';

const TICK_MS = 100;

/** The display of `run` on a terminal. */
export class RunProgressBar implements ProgressDisplay {
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
