/** The service splits what would be larger. */
export const MAX_FILE_BYTES = 5_000_000;

/**
 * The texts of the files that hold a list, each at most `maxBytes` long unless a single record is longer.
 *
 * @param records JSON texts
 */
export function* partFiles(head: object, list: string, records: Iterable<string>, maxBytes = MAX_FILE_BYTES): Generator<string> {
  const start = `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(list)}:[`;
  const end = ']}';
  const frame = Buffer.byteLength(start) + end.length;
  let part: string[] = [];
  let bytes = frame;
  for (const record of records) {
    const length = Buffer.byteLength(record) + 1;
    if (part.length > 0 && bytes + length > maxBytes) {
      yield start + part.join(',') + end;
      part = [];
      bytes = frame;
    }
    part.push(record);
    bytes += length;
  }
  if (part.length > 0) yield start + part.join(',') + end;
}
