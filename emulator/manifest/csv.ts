/** What is wrong with a manifest as a whole. */
export class ManifestError extends Error {
  public readonly name = 'ManifestError';
}

/** One record of a CSV file, with the number of the line that it starts in. */
export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Longer than any path and version together: a quote that is never closed must not fill the memory. */
const MAX_ROW_CHARACTERS = 64 * 1024;

/**
 * Reads CSV as it arrives: UTF-8, lines that end in LF, CR or CRLF, fields in quotes where they hold a comma, a quote (doubled) or a
 * line break. Empty lines are passed over.
 *
 * @throws ManifestError telling the line
 */
export async function* parseCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = new CsvParser();
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new ManifestError(`line ${parser.line} or one soon after it is not UTF-8`);
    }
  };
  for await (const chunk of chunks) yield parser.parse(decode(chunk));
  yield parser.parse(decode());
  yield parser.end();
}

const SPECIAL = /[",\r\n]/g;

type Position = 'start of field' | 'plain' | 'quoted' | 'after quote';

class CsvParser {
  public line = 1;
  private startLine = 1;
  private fields: string[] = [];
  private field = '';
  private characters = 0;
  private position: Position = 'start of field';
  private afterCarriageReturn = false;

  public parse(text: string): Row[] {
    const rows: Row[] = [];
    for (let at = 0; at < text.length;) {
      const length = this.takeOrdinary(text, at) || this.takeSpecial(text[at], rows);
      at += length;
      this.characters += length;
      if (this.characters > MAX_ROW_CHARACTERS) throw this.error(`has more than ${MAX_ROW_CHARACTERS} characters; is a quote not closed?`);
    }
    return rows;
  }

  public end(): Row[] {
    if (this.position === 'quoted') throw this.error('has a quote that is not closed');
    const rows: Row[] = [];
    this.endRow(rows);
    return rows;
  }

  /** Takes the characters up to the next one that may mean something, and gives their number. */
  private takeOrdinary(text: string, at: number): number {
    SPECIAL.lastIndex = at;
    const end = SPECIAL.exec(text)?.index ?? text.length;
    if (end === at) return 0;
    if (this.position === 'after quote') throw this.error('has characters between a closing quote and the end of the field');
    if (this.position === 'start of field') this.position = 'plain';
    this.field += text.slice(at, end);
    this.afterCarriageReturn = false;
    return end - at;
  }

  /** Takes a quote, a comma or a character of a line break. */
  private takeSpecial(char: string, rows: Row[]): number {
    const isRestOfBreak = char === '\n' && this.afterCarriageReturn;
    this.afterCarriageReturn = char === '\r';
    if (this.position === 'quoted') {
      if (char === '"') this.position = 'after quote';
      else this.field += char;
    } else if (isRestOfBreak) {
      return 1;
    } else if (char === '\n' || char === '\r') {
      this.endRow(rows);
    } else if (char === ',') {
      this.endField();
    } else {
      if (this.position === 'plain') throw this.error('has a quote inside a field without quotes; put the field in quotes and double the one inside');
      if (this.position === 'after quote') this.field += char;
      this.position = 'quoted';
    }
    if ((char === '\n' && !isRestOfBreak) || char === '\r') this.line++;
    return 1;
  }

  private endField(): void {
    this.fields.push(this.field);
    this.field = '';
    this.position = 'start of field';
  }

  private endRow(rows: Row[]): void {
    const isEmpty = this.fields.length === 0 && this.position === 'start of field';
    this.endField();
    if (!isEmpty) rows.push({ line: this.startLine, fields: this.fields });
    this.fields = [];
    this.characters = 0;
    this.startLine = this.line + 1;
  }

  private error(problem: string): ManifestError {
    return new ManifestError(`line ${this.startLine} ${problem}`);
  }
}
