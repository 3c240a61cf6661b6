/** What could steer a terminal, or break a line: control characters, other line breaks, halves of characters, changes of direction. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/** A text as a terminal may show it. */
export function printable(text: string): string {
  return text.replace(UNSAFE, char => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/** JSON as a terminal may show it: the same JSON, since what is unsafe can only stand in texts. */
export function printableJson(json: string): string {
  return json.replace(UNSAFE, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
