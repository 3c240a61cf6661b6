import { setMaxListeners } from 'node:events';
import { Log } from './log';
import type { CustomResourceServices } from './services';

/** One attempt of a service call may take this long; a call that hangs counts as failed and is looked at again. */
export const CALL_TIMEOUT_MS = 20_000;

/** Kept free for the answer, whatever the work does. A quarter of the time when the function's time is short. */
const ANSWER_MARGIN_MS = 20_000;

/** The part of Lambda's context that the functions use. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
}

/** The time is nearly up; what the function was doing is all there is to say. */
export class TimeUp extends Error {}

/** A call that did not answer in time. Named like what an aborted call rejects with, so that the log shows a name and no code. */
class CallTimeout extends Error {
  public readonly name = 'TimeoutError';
}

/** One invocation of a function: its services, its clock and what it is doing right now. */
export class Invocation<S extends CustomResourceServices = CustomResourceServices> {
  public readonly log: Log;
  /** Aborted when the work has to stop. */
  public readonly signal: AbortSignal;
  /** What the function is doing, for the answer when its time is up. */
  public step = 'starting';

  private readonly abort = new AbortController();
  private readonly workEnds: number;
  private readonly ends: number;

  /** @param deadline when nobody waits for the answer any more, if that is earlier than the end of the function's time */
  constructor(public readonly services: S, public readonly context: InvocationContext, deadline = Number.POSITIVE_INFINITY) {
    const now = services.now();
    this.ends = Math.min(now + context.getRemainingTimeInMillis(), deadline);
    const remaining = this.ends - now;
    this.workEnds = this.ends - Math.min(ANSWER_MARGIN_MS, remaining / 4);
    this.signal = this.abort.signal;
    setMaxListeners(0, this.signal); // every call and every sleep listens as long as it lasts, and many go on at once
    this.log = new Log(services, context.awsRequestId);
  }

  /** Milliseconds until the work has to stop. */
  public get workTimeLeft(): number {
    return this.workEnds - this.services.now();
  }

  /** Milliseconds until the function ends, or until nobody waits for its answer any more. */
  public get timeLeft(): number {
    return this.ends - this.services.now();
  }

  /** One attempt of one call of the work, given up when it takes too long or the work has to stop. */
  public async attempt<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    return this.within(CALL_TIMEOUT_MS, call, this.signal);
  }

  /** Waits for a call so long and no longer, also for one that ignores its signal. */
  public async within<T>(milliseconds: number, call: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
    const inner = new AbortController();
    const timer = new AbortController();
    const stop = () => {
      inner.abort(outer?.reason);
      timer.abort();
    };
    outer?.addEventListener('abort', stop, { once: true });
    const tooLate = this.services.sleep(milliseconds, timer.signal).then(() => {
      const reason = new CallTimeout(`no answer within ${milliseconds / 1000} s`);
      inner.abort(reason);
      throw reason;
    });
    tooLate.catch(() => {});
    try {
      const calling = call(inner.signal);
      calling.catch(() => {}); // it may still fail when nobody waits for it any more
      return await Promise.race([calling, tooLate]);
    } finally {
      timer.abort();
      outer?.removeEventListener('abort', stop);
    }
  }

  /** Sleeps, but never past the end of the work. */
  public async sleep(milliseconds: number): Promise<void> {
    if (this.workTimeLeft <= milliseconds) throw this.timeUp();
    await this.services.sleep(milliseconds, this.signal);
  }

  /**
   * Refuses to begin something that could not be brought to its end.
   *
   * @throws TimeUp
   */
  public requireTime(milliseconds: number): void {
    if (this.workTimeLeft < milliseconds) throw this.timeUp();
  }

  /** `floor` to `ceiling` milliseconds, growing with the attempt, with jitter so that many functions do not come back at once. */
  public backoff(attempt: number, floor: number, ceiling: number): number {
    const top = Math.min(ceiling, floor * 2 ** (attempt + 1));
    return Math.round(floor + this.services.random() * (top - floor));
  }

  /** Does the work and ends on time, whatever hangs in it. */
  public async onTime<T>(work: () => Promise<T>): Promise<T> {
    const timer = new AbortController();
    const clock = this.services.sleep(Math.max(0, this.workTimeLeft), timer.signal).then(() => { throw this.timeUp(); });
    clock.catch(() => {});
    const working = work();
    working.catch(() => {}); // it may still fail when nobody waits for it any more
    try {
      return await Promise.race([working, clock]);
    } finally {
      timer.abort();
      this.abort.abort();
    }
  }

  private timeUp(): TimeUp {
    return new TimeUp(`the function's time was nearly up while ${this.step}`);
  }
}
