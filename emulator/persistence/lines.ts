import { readSync } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;
const LINE_BREAK = 10;

/** A whole line of a file. */
export interface Line {
  readonly text: string;
  /** From 1 on. */
  readonly number: number;
  /** Where in the file the next one begins. */
  readonly end: number;
}

/**
 * The whole lines of a file that is open, one after the other: it may be larger than any text can be. The file ends at its first NUL,
 * since what was reserved for later lines is made of them; what is behind the last line break was cut off by a kill.
 */
export function* linesOf(file: number): Generator<Line> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let begun: Buffer[] = [];
  let position = 0;
  let end = 0;
  let number = 0;
  for (;;) {
    const read = chunk.subarray(0, readSync(file, chunk, 0, CHUNK_BYTES, position));
    const reserved = read.indexOf(0);
    const bytes = reserved < 0 ? read : read.subarray(0, reserved);
    for (let from = 0; from < bytes.length;) {
      const lineBreak = bytes.indexOf(LINE_BREAK, from);
      if (lineBreak < 0) {
        begun.push(Buffer.from(bytes.subarray(from))); // a copy: the chunk is read into again
        break;
      }
      const line = Buffer.concat([...begun, bytes.subarray(from, lineBreak)]);
      begun = [];
      end += line.length + 1;
      number += 1;
      yield { text: line.toString(), number, end };
      from = lineBreak + 1;
    }
    if (reserved >= 0 || read.length === 0) return;
    position += read.length;
  }
}
