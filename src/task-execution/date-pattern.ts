/**
 * Dates in the texts of a scheduled start: what marks one, and what its pattern may have. The handler puts the date of the scheduled time in the
 * place of the mark.
 *
 * @internal
 */

/** Years, months and days of a calendar; hours and minutes that pass. */
export const OFFSET_UNITS = ['years', 'months', 'days', 'hours', 'minutes'] as const;

/** Letters that stand for a part of a date. */
export const DATE_FIELDS = ['yyyy', 'yy', 'MM', 'M', 'DDD', 'dd', 'd', 'HH', 'H', 'mm', 'ss'] as const;
export type DateField = typeof DATE_FIELDS[number];

/** A part of a pattern: a field, or a text that is meant as it is. */
export type DatePart = { readonly field: DateField } | { readonly text: string };

/** A mark. The query has `format`, perhaps `timeZone`, and the units of an offset. No character has a meaning in filters, templates or the scheduler. */
export const DATE_MARK = /\{cdk-datasync:date\?([A-Za-z0-9%=&._+-]*)\}/g;

export function hasDateMark(text: string): boolean {
  return text.search(DATE_MARK) >= 0;
}

/** The same text with something else in the place of dates, which are not known before the start. */
export function withoutDates(text: string, replacement: string): string {
  return text.replace(DATE_MARK, replacement);
}

/** The same text with digits in the place of dates, as many as they have at most: what it will look like at the start. */
export function withSampleDates(text: string): string {
  return text.replace(DATE_MARK, (_, query) => (datePartsOf(new URLSearchParams(query).get('format') ?? '') ?? [])
    .map(part => 'text' in part ? part.text : '0'.repeat(Math.max(part.field.length, 2))).join(''));
}

export function dateMark(query: { readonly [name: string]: string }): string {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/[!'()*~]/g, encoded)}`).join('&');
  return `{cdk-datasync:date?${text}}`;
}

/** The parts of a pattern: equal letters are a field, and what is in apostrophes is text, two of them an apostrophe; undefined if it is none. */
export function datePartsOf(pattern: string): DatePart[] | undefined {
  const parts: DatePart[] = [];
  for (const [all, quoted, letter] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^]/g)) {
    if (quoted !== undefined) parts.push({ text: quoted === '' ? "'" : quoted.replaceAll("''", "'") });
    else if (letter !== undefined && isField(all)) parts.push({ field: all });
    else if (letter !== undefined || all === "'") return undefined;
    else parts.push({ text: all });
  }
  return parts;
}

function isField(text: string): text is DateField {
  return (DATE_FIELDS as readonly string[]).includes(text);
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
