/**
 * Draws the folders of `src` and `emulator` and which of them import values of which, as the picture of docs/architecture.md. Run
 * `npx tsx tools/draw-architecture.ts` when test/architecture.test.ts says that the picture is stale.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..');
const PAGE = path.join(ROOT, 'docs', 'architecture.md');

/** Value imports of a file, as paths without extension below the root. What is only a type costs nothing, and may come from anywhere. */
function valueImports(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap(statement => {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) || !statement.moduleSpecifier) return [];
    if (ts.isImportDeclaration(statement) ? statement.importClause?.isTypeOnly : statement.isTypeOnly) return [];
    const { text } = statement.moduleSpecifier as ts.StringLiteral;
    return text.startsWith('.') ? [path.relative(ROOT, path.resolve(path.dirname(file), text))] : [];
  });
}

/** Where files of the ground may lie; other folders stay together. */
const MAY_BE_GROUND = /^(src|emulator|src\/location|src\/task-execution)\/[\w.-]+$/;

/** Files that import values of nothing but each other: words, limits and tables, which all parts may use, wherever they lie. */
function groundOf(files: readonly string[], imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const ground = new Set<string>();
  for (let isFound = true; isFound;) {
    const next = files.filter(file => MAY_BE_GROUND.test(file) && !ground.has(file) && imports.get(file)!.every(imported => ground.has(imported)));
    next.forEach(file => ground.add(file));
    isFound = next.length > 0;
  }
  return ground;
}

/** The part of the picture that a file belongs to: a folder, a file that is in none, or the ground. */
function partOf(file: string, ground: ReadonlySet<string>): string {
  const [top, folder, ...rest] = file.split(path.sep);
  if (ground.has(file)) return `${top}/ground`;
  if (rest.length === 0) return `${top}/${folder.replace(/\.ts$/, '')}`;
  return PARTS.find(part => file.startsWith(`${part}/`)) ?? `${top}/${folder}`;
}

/** Folders below folders that are parts of their own. */
const PARTS = ['src/task-execution/handler', 'src/task-execution/provider', 'src/agent/activation/handler'];
/** Which part imports values of which. */
export function partImports(): { readonly parts: readonly string[]; readonly edges: ReadonlyArray<readonly [from: string, to: string]> } {
  const files = ['src', 'emulator'].flatMap(top => fs.readdirSync(path.join(ROOT, top), { recursive: true }).map(name => path.join(top, String(name))))
    .filter(name => name.endsWith('.ts')).sort();
  const imports = new Map(files.map(file => [file, valueImports(path.join(ROOT, file))
    .map(imported => files.includes(`${imported}.ts`) ? `${imported}.ts` : path.join(imported, 'index.ts')).filter(imported => files.includes(imported))]));
  const ground = groundOf(files, imports);
  const edges = new Map<string, readonly [string, string]>();
  for (const [file, imported] of imports) {
    for (const other of imported) {
      const edge = [partOf(file, ground), partOf(other, ground)] as const;
      if (edge[0] !== edge[1]) edges.set(edge.join(' '), edge);
    }
  }
  return { parts: [...new Set(files.map(file => partOf(file, ground)))].sort(), edges: [...edges.values()] };
}

export function drawing(): string {
  const { parts, edges } = partImports();
  const id = (part: string) => part.replace(/\W/g, '_');
  return [
    '```mermaid',
    'flowchart TD',
    ...['src', 'emulator'].flatMap(top => [
      `  subgraph ${top} [${top}/]`,
      ...parts.filter(part => part.startsWith(`${top}/`)).map(part => `    ${id(part)}["${part.slice(top.length + 1)}"]`),
      '  end',
    ]),
    // What is reached through something else as well is left out: the picture shows the order, not every import.
    ...edges.filter(([from, to]) => !reaches(edges, from, to)).map(([from, to]) => `  ${id(from)} --> ${id(to)}`).sort(),
    '```',
  ].join('\n');
}

/** By a way of at least two steps. */
function reaches(edges: ReadonlyArray<readonly [string, string]>, from: string, to: string): boolean {
  const next = (part: string) => edges.filter(([start]) => start === part).map(([, end]) => end);
  const seen = new Set<string>([from]);
  const queue = next(from).filter(part => part !== to);
  for (let part; (part = queue.pop()) !== undefined;) {
    if (part === to) return true;
    if (seen.has(part)) continue;
    seen.add(part);
    queue.push(...next(part));
  }
  return false;
}

const BEGIN = '<!-- the picture that follows is drawn by tools/draw-architecture.ts -->\n';
const END = '\n<!-- end of the picture -->';

/** The page with another picture in it. */
export function withDrawing(page: string, picture: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest.split(END);
  return before + BEGIN + picture + END + after;
}

if (require.main === module) fs.writeFileSync(PAGE, withDrawing(fs.readFileSync(PAGE, 'utf8'), drawing()));
