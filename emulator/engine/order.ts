/**
 * Orders keys by their UTF-8 bytes, as S3 lists them. UTF-16, which JavaScript compares by, differs from it in one place:
 * surrogates (characters beyond U+FFFF) have to come after U+E000..U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

const BEYOND_SURROGATES = /[\ud800-\uffff]/;

/** Sorts in place; the native order is several times faster and the same for all but rare names. */
export function sortKeys(keys: string[]): string[] {
  return keys.some(key => BEYOND_SURROGATES.test(key)) ? keys.sort(compareKeys) : keys.sort();
}
