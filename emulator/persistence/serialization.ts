/**
 * A value as JSON, on one line. Unlike plain JSON it keeps times and maps, and entries of maps without a value.
 */
export function encode(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, json: unknown) {
    const original = this[key]; // JSON has made a text of a time by now
    if (original instanceof Date) return { $time: original.getTime() };
    if (original instanceof Map) return { $map: [...original].map(entry => entry.filter(part => part !== undefined)) };
    return json;
  });
}

/**
 * The value that was encoded.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function decode(text: string): any {
  return JSON.parse(text, (_key, value) => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
    if ('$time' in value) return new Date(value.$time);
    return '$map' in value ? new Map(value.$map.map(([key, one]: unknown[]) => [key, one])) : value;
  });
}
