import { Log } from './log';
import type { Services } from './services';

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

/** The function's time is nearly up; what it was doing is all there is to say. */
export class TimeUp extends Error {}

/** One invocation of a function: its services, its clock and what it is doing right now. */
export class Run {
  readonly log: Log;
  /** Aborted when the work has to stop. */
  readonly signal: AbortSignal;
  /** What the function is doing, for the answer when its time is up. */
  step = 'starting';

  private readonly abort = new AbortController();
  private readonly workEnds: number;
  private readonly functionEnds: number;
  private readonly workTime: number;

  constructor(readonly services: Services, readonly context: InvocationContext) {
    const remaining = context.getRemainingTimeInMillis();
    this.functionEnds = services.now() + remaining;
    this.workTime = remaining - Math.min(ANSWER_MARGIN_MS, remaining / 4);
    this.workEnds = services.now() + this.workTime;
    this.signal = this.abort.signal;
    this.log = new Log(services, context.awsRequestId);
  }

  /** Milliseconds until the work has to stop. */
  get workTimeLeft(): number {
    return this.workEnds - this.services.now();
  }

  /** Milliseconds until Lambda ends the function. */
  get timeLeft(): number {
    return this.functionEnds - this.services.now();
  }

  /** A signal for one attempt of one call. */
  attemptSignal(): AbortSignal {
    return AbortSignal.any([this.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
  }

  /** Sleeps, but never past the end of the work. */
  async sleep(milliseconds: number): Promise<void> {
    if (this.workTimeLeft <= milliseconds) throw this.timeUp();
    await this.services.sleep(milliseconds, this.signal);
  }

  /**
   * Refuses to begin something that could not be brought to its end. A function with little time in all gets to use half of it.
   *
   * @throws TimeUp
   */
  requireTime(milliseconds: number): void {
    if (this.workTimeLeft < Math.min(milliseconds, this.workTime / 2)) throw this.timeUp();
  }

  /** `floor` to `ceiling` milliseconds, growing with the attempt, with jitter so that many functions do not come back at once. */
  backoff(attempt: number, floor: number, ceiling: number): number {
    const top = Math.min(ceiling, floor * 2 ** (attempt + 1));
    return Math.round(floor + this.services.random() * (top - floor));
  }

  /** Does the work and ends on time, whatever hangs in it. */
  async onTime<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const clock = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.timeUp()), Math.max(0, this.workTimeLeft));
    });
    const working = work();
    working.catch(() => {}); // it may still fail when nobody waits for it any more
    try {
      return await Promise.race([working, clock]);
    } finally {
      clearTimeout(timer);
      this.abort.abort();
    }
  }

  private timeUp(): TimeUp {
    return new TimeUp(`the function's time was nearly up while ${this.step}`);
  }
}
