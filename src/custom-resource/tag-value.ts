import { createHash } from 'node:crypto';

const TAG_VALUE_MAX = 256;
const HASH_LENGTH = 24;

/**
 * A value that fits into a tag: the end of what is too long is replaced by the hash of the whole. The ARN of a stack, at most 229
 * characters with its slash, always stays, because permissions go by it.
 */
export function tagValue(text: string): string {
  if (text.length <= TAG_VALUE_MAX) return text;
  return text.slice(0, TAG_VALUE_MAX - HASH_LENGTH) + createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}
