import { bytes, duration, items, number } from './format';
import type { Counters, Phase } from '../engine/outcome';
import { progressOf } from '../engine/progress';
import type { TaskMode } from '../engine/request';

/** Between two lines where there is no terminal. */
const LINE_MS = 5_000;

/** Shows how far a transfer is: a bar on a terminal, a line now and then elsewhere. */
export interface ProgressDisplay {
  phase(phase: Phase): void;
  /** Prints a line without disturbing the display. */
  log(line: string): void;
  stop(): void;
}

export async function showProgress(counters: Counters, mode: TaskMode, stream: NodeJS.WriteStream): Promise<ProgressDisplay> {
  if (!stream.isTTY) return new Lines(counters, mode, stream);
  const { RunProgressBar } = await import('./run-progress-bar.js');
  return new RunProgressBar(counters, mode, stream);
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
