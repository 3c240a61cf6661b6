import { createHash } from 'node:crypto';
import { splitPatterns } from './filter-grammar';

/**
 * One text for all spellings of a value that mean the same to the service. The constructs hash long values in this form, and the
 * function compares in it.
 *
 * @internal
 */

/** Longer values travel as their hash, so that events stay small. */
const LONGEST = 256;

/** A text, or its hash if it is long. The hash of a hash is itself. */
export function short(text: string): string {
  return text.length <= LONGEST ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** The patterns of a filter as a set. */
export function patternSet(value: string): string {
  return [...new Set(splitPatterns(value).filter(pattern => pattern !== ''))].sort().join('|');
}

/** A subdirectory without the slashes at its ends. */
export function bareSubdirectory(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/**
 * Any value as one text: the order of an object's members says nothing, that of a list does. Numbers and booleans are their texts, as
 * CloudFormation sends them.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => a < b ? -1 : 1);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
  }
  return value === undefined || value === null ? '' : JSON.stringify(short(String(value)));
}

/** Whether a value says no more than none at all. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}
