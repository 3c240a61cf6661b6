import { createHash } from 'node:crypto';

/** Who asks for an execution, and for which one. All but the time become tags of the execution. */
export interface Identity {
  /** Stack and logical id, or the schedule. */
  readonly owner: string;
  /** One start, however often it is delivered. */
  readonly request: string;
  /** Milliseconds since the epoch: no execution that started earlier can be this request's. */
  readonly notBefore: number;
  /** What is to be transferred (see `TAG_VALUES`); only on deploy. */
  readonly values?: string;
}

/** The clocks of two services need not agree to the second. */
export const CLOCK_SKEW_MS = 2 * 60_000;

const TAG_VALUE_MAX = 256;
const HASH_LENGTH = 24;

/**
 * A value that fits into a tag: the end of what is too long is replaced by the hash of the whole. The ARN of a stack, at most 229
 * characters with its slash, always stays, because the function's permission to cancel goes by it.
 */
export function tagValue(text: string): string {
  if (text.length <= TAG_VALUE_MAX) return text;
  return text.slice(0, TAG_VALUE_MAX - HASH_LENGTH) + createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}
