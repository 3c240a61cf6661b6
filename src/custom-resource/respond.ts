import type { Invocation } from './invocation';

/** What CloudFormation is told. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly [attribute: string]: string };
}

const REASON_MAX = 1000; // characters; CloudFormation shows little more
const REASON_MAX_BYTES = 2000; // CloudFormation refuses an answer of more than 4096 in all, and the stack hangs
const ATTEMPT_TIMEOUT_MS = 5_000;
const LAST_MOMENT_MS = 200;
const DELIVERY_TIMEOUT_MS = 3 * 60_000; // then it is cheaper to end; Lambda delivers the event again a minute later

/** Cuts a reason so that CloudFormation takes and shows it; its end, where the log is, always stays. */
export function fitReason(reason: string, end?: string): string {
  const tail = end ? ` ${end}` : '';
  const whole = `${reason}${tail}`;
  if (fits(whole)) return whole;
  let head = reason.slice(0, REASON_MAX);
  while (head && !fits(`${head}...${tail}`)) head = head.slice(0, -10);
  return `${head}...${tail}`;
}

function fits(reason: string): boolean {
  return reason.length <= REASON_MAX && Buffer.byteLength(JSON.stringify(reason)) <= REASON_MAX_BYTES;
}

/**
 * Puts the answer to the ResponseURL until it is taken, for as long as that makes sense. The URL is a secret: whoever has it
 * can answer for us, so it appears in no log and no error.
 *
 * @throws Error if the answer could not be delivered: Lambda then delivers the event once more
 */
export async function deliver(run: Invocation, url: string, answer: Answer): Promise<void> {
  const body = JSON.stringify(answer);
  const never = new AbortController().signal; // the work's own signal has been aborted by now
  let problem = 'there was no time left';
  const giveUp = run.services.now() + DELIVERY_TIMEOUT_MS;
  for (let attempt = 0; run.timeLeft > LAST_MOMENT_MS && run.services.now() < giveUp; attempt++) {
    try {
      const timeout = Math.floor(Math.min(ATTEMPT_TIMEOUT_MS, run.timeLeft - LAST_MOMENT_MS / 2));
      const status = await run.within(timeout, signal => run.services.put(url, body, signal));
      if (status >= 200 && status < 300) return;
      problem = `HTTP status ${status}`;
    } catch (error) {
      problem = errorName(error);
    }
    run.log.warn('the answer was not taken', { attempt, problem });
    const pause = run.backoff(attempt, 200, 5_000);
    if (run.timeLeft - pause < LAST_MOMENT_MS) break;
    await run.services.sleep(pause, never);
  }
  const failure = new Error(`the answer to CloudFormation could not be delivered: ${problem}`);
  failure.stack = undefined;
  throw failure;
}

/** `ECONNRESET` says more than `Error`; a code that is a number, such as that of an aborted call, says nothing. */
function errorName(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : name ?? 'Error';
}
