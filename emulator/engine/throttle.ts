import { setTimeout as sleep } from 'node:timers/promises';
import type { Throttled } from './backend';

/** Longest sleep in ms, so that a new limit or a cancel takes effect soon. */
const STEP = 100;

/**
 * One token bucket for all streams of a run. A taker may go into debt, the next one waits until it is paid: large chunks keep the
 * average rate without being cut up.
 */
export class Throttle implements Throttled {
  private tokens = 0;
  private refilled = performance.now();
  private queue: Promise<void> = Promise.resolve();

  constructor(private limit: number) {}

  public get limited(): boolean {
    return this.limit > 0;
  }

  /** Bytes per second; everything below 1 is no limit. */
  public set bytesPerSecond(limit: number) {
    this.limit = limit;
    this.tokens = Math.min(this.tokens, 0);
  }

  public take(bytes: number, signal: AbortSignal): Promise<void> {
    const turn = this.queue.then(() => this.wait(bytes, signal));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async wait(bytes: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (!this.limited) return;
      const now = performance.now();
      this.tokens = Math.min(this.tokens + (now - this.refilled) / 1000 * this.limit, this.limit * STEP / 1000);
      this.refilled = now;
      if (this.tokens >= 0) break;
      await sleep(Math.min(STEP, Math.ceil(-this.tokens / this.limit * 1000)), undefined, { signal });
    }
    this.tokens -= bytes;
  }
}
