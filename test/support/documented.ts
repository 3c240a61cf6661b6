import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A command that a page shows, and what the page says that it prints. */
export interface DocumentedCommand {
  readonly text: string;
  readonly output: readonly string[];
}

/** Commands that a page shows together. */
export interface Block {
  readonly page: string;
  readonly commands: readonly DocumentedCommand[];
}

/** The pages for users: everything that they may type stands there. */
export const PAGES: readonly string[] = ['README.md', ...pagesBelow('docs', /\.md$/), ...pagesBelow('examples', /(^|\/)README\.md$/)];

export function pageText(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The blocks of commands of a page. With prompts, what has none is output; without, every line is a command. */
export function blocksOf(page: string): Block[] {
  const blocks = [...pageText(page).matchAll(/^```(?:console|sh|shell|bash)\n([^]*?)^```/gm)];
  const typedLines = (text: string) => linesOf(text).map(line => ({ text: line, output: [] }));
  return blocks.map(([, text]) => ({ page, commands: /^\$ /m.test(text) ? withPrompts(text) : typedLines(text) }));
}

/** The file of this name that a page shows. */
export function fileOf(page: string, name: string): string {
  const [, text] = pageText(page).split(`<!-- the file ${name} -->`);
  return /```.*\n([^]*?)^```/m.exec(text)![1];
}

function withPrompts(text: string): DocumentedCommand[] {
  const [first, ...commands] = `\n${text.replace(/\\\n\s*/g, '')}`.split('\n$ ');
  if (first.trim()) throw new Error(`this stands before the first command: ${first}`);
  return commands.map(command => {
    const [typed, ...output] = linesOf(command);
    return { text: typed, output };
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').map(line => line.trimEnd()).filter(line => line !== '');
}

function pagesBelow(folder: string, name: RegExp): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true }).map(String);
  return files.filter(file => name.test(file) && !/(^|\/)(node_modules|\.venv)\//.test(file)).sort().map(file => `${folder}/${file}`);
}
