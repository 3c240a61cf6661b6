import { callFailed, ErrorKind, errorKindOf } from './errors';
import type { Invocation } from './invocation';

/** For how long a call is repeated that fails in one way, in milliseconds. All of it also ends with the function's time. */
const RETRIED_FOR: { readonly [kind in ErrorKind]: number } = {
  [ErrorKind.THROTTLED]: Number.POSITIVE_INFINITY,
  [ErrorKind.DENIED]: 2 * 60_000, // far longer than IAM propagation takes
  [ErrorKind.UNCLEAR]: 5 * 60_000,
  [ErrorKind.NOT_FOUND]: 0,
  [ErrorKind.REFUSED]: 0,
};

/** What was made a moment ago may be missing in the service's lists for so long. */
export const LIST_LAG_MS = 10_000;

/** Waits between the attempts of one call, until it is no use any more. */
export class RetryPolicy {
  private attempt = 0;
  private readonly since = new Map<ErrorKind, number>();

  constructor(private readonly run: Invocation, private readonly operation: string, private readonly subject: string) {}

  /**
   * Sleeps before the next attempt.
   *
   * @throws Failure when the call has failed in this way for too long, or always will
   */
  public async wait(error: unknown): Promise<void> {
    this.run.signal.throwIfAborted();
    const kind = errorKindOf(error);
    const now = this.run.services.now();
    const since = this.since.get(kind) ?? now;
    this.since.set(kind, since);
    const failure = callFailed(this.operation, this.subject, error);
    if (now - since >= RETRIED_FOR[kind]) throw failure;
    this.run.log.warn('trying again', { operation: this.operation, subject: this.subject, reason: failure.message });
    this.run.step = `trying again after this: ${failure.message}`;
    await this.run.sleep(this.run.backoff(this.attempt++, 500, 20_000));
  }
}

/** Repeats a call that may be repeated: one that changes nothing, or changes the same thing to the same value. */
export async function retrying<T>(run: Invocation, operation: string, subject: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const policy = new RetryPolicy(run, operation, subject);
  const step = run.step;
  for (;;) {
    try {
      const result = await run.attempt(call);
      run.step = step;
      return result;
    } catch (error) {
      await policy.wait(error);
    }
  }
}
