import { createHash } from 'node:crypto';

/** Who asks for an execution, and for which one. Both become tags of the execution. */
export interface Identity {
  /** Stack and logical id, or the schedule. */
  readonly owner: string;
  /** One start, however often it is delivered. */
  readonly request: string;
  /** Milliseconds since the epoch: no execution that started earlier can be this request's. */
  readonly notBefore: number;
}

const TAG_VALUE_MAX = 256;

/** A value that fits into a tag; what is too long is replaced by its hash. */
export function tagValue(text: string): string {
  return text.length <= TAG_VALUE_MAX ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
