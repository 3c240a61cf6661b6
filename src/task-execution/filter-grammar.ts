/**
 * The grammar of the service's filters. `|` separates patterns, `*` stands for any characters, and `\` takes the special meaning from
 * `*`, `|` and `\`; before anything else it is dropped.
 *
 * @internal
 */

/** The includes and excludes of a transfer may have so many characters together. */
export const FILTERS_MAX_CHARACTERS = 102_400;

/** The alternatives of a filter, escapes and all: what is between unescaped `|`. */
export function splitPatterns(value: string): string[] {
  const patterns = [''];
  for (const [part] of value.matchAll(/\\[\\*|]|[^]/g)) {
    if (part === '|') patterns.push('');
    else patterns[patterns.length - 1] += part;
  }
  return patterns;
}

/** A pattern with a plain character in the place of each escape. */
export function withoutEscapes(pattern: string): string {
  return pattern.replace(/\\[\\*|]/g, '_');
}

/** Whether a `*` stands anywhere but at the end, which the service does not take in includes. */
export function hasInnerWildcard(pattern: string): boolean {
  return /\*[^]/.test(withoutEscapes(pattern));
}
