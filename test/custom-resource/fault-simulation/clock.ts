// From node:timers: the real one even where a test has replaced the global, and jest's environment keeps it.
import { setImmediate } from 'node:timers';

interface Timer {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/**
 * Time that passes only when nothing is left to do at the present moment: from one timer to the next. The same timers give the
 * same order on every machine, and an hour costs as much as what happens in it.
 */
export class VirtualClock {
  private readonly timers: Timer[] = []; // the next one last
  private order = 0;

  constructor(public now: number) {}

  public at(time: number, action: () => void): () => void {
    const timer: Timer = { time: Math.max(time, this.now), order: this.order++, action, cancelled: false };
    let low = 0;
    for (let high = this.timers.length; low < high;) {
      const middle = Math.floor((low + high) / 2);
      if (this.timers[middle].time > timer.time) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
    return () => { timer.cancelled = true; };
  }

  public after(milliseconds: number, action: () => void): () => void {
    return this.at(this.now + milliseconds, action);
  }

  /** Resolves after a while, rejects as soon as the signal is aborted. */
  public sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        cancel();
        reject(signal!.reason);
      };
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      return signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Lets time pass until `done` holds or nothing more is going to happen; what is due later stays. */
  public async runUntil(done: () => boolean): Promise<void> {
    await drained();
    while (!done()) {
      const timer = this.timers.pop();
      if (!timer) return;
      if (timer.cancelled) continue;
      this.now = timer.time;
      timer.action();
      await drained();
    }
  }
}

/** All promises that can go on have done so. */
function drained(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
