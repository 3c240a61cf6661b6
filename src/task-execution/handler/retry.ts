import { callFailed, Trouble, troubleOf } from './errors';
import type { Run } from './run';

/** How long one kind of trouble may last, in milliseconds. All of it also ends with the function's time. */
const PATIENCE: { readonly [trouble in Trouble]: number } = {
  [Trouble.THROTTLED]: Number.POSITIVE_INFINITY,
  [Trouble.DENIED]: 2 * 60_000, // far longer than IAM takes to spread a policy
  [Trouble.UNCLEAR]: 5 * 60_000,
  [Trouble.NOT_FOUND]: 0,
  [Trouble.REFUSED]: 0,
};

/** Waits between the attempts of one call, until it is no use any more. */
export class Patience {
  private attempt = 0;
  private readonly since = new Map<Trouble, number>();

  constructor(private readonly run: Run, private readonly operation: string, private readonly subject: string) {}

  /**
   * Sleeps before the next attempt.
   *
   * @throws Failure when the trouble has lasted too long or cannot pass
   */
  async wait(error: unknown): Promise<void> {
    this.run.signal.throwIfAborted();
    const trouble = troubleOf(error);
    const now = this.run.services.now();
    const since = this.since.get(trouble) ?? now;
    this.since.set(trouble, since);
    const failure = callFailed(this.operation, this.subject, error);
    if (now - since >= PATIENCE[trouble]) throw failure;
    this.run.log.warn('trying again', { operation: this.operation, subject: this.subject, reason: failure.message });
    this.run.step = `trying again after this: ${failure.message}`;
    await this.run.sleep(this.run.backoff(this.attempt++, 500, 20_000));
  }
}

/** Repeats a call that may be repeated: one that changes nothing, or changes the same thing to the same value. */
export async function retrying<T>(run: Run, operation: string, subject: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new Patience(run, operation, subject);
  const step = run.step;
  for (;;) {
    try {
      const result = await run.attempt(call);
      run.step = step;
      return result;
    } catch (error) {
      await patience.wait(error);
    }
  }
}
