import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The parts of a jsii assembly that the tests look at. */
export interface Docs {
  readonly summary?: string;
  readonly default?: string;
  readonly see?: string;
  readonly custom?: { readonly [tag: string]: string };
}

export interface Parameter {
  readonly name: string;
  readonly type: unknown;
  readonly optional?: boolean;
}

export interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly type?: unknown;
  readonly optional?: boolean;
  readonly static?: boolean;
  readonly overrides?: string;
  readonly parameters?: Parameter[];
  readonly returns?: { readonly type: { readonly fqn?: string } };
}

export interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly abstract?: boolean;
  readonly base?: string;
  readonly interfaces?: string[];
  readonly docs?: Docs;
  readonly properties?: Member[];
  readonly methods?: Member[];
  readonly members?: Member[];
  readonly initializer?: { readonly docs?: Docs; readonly parameters?: Parameter[] };
}

const ROOT = path.join(__dirname, '..', '..');
const ASSEMBLY = path.join(ROOT, '.jsii');

/** The types that the package offers to all languages; compiles them first if the sources are newer. */
export function publicTypes(): Type[] {
  if (!fs.existsSync(ASSEMBLY) || newest(path.join(ROOT, 'src')) > fs.statSync(ASSEMBLY).mtimeMs) {
    execFileSync(process.execPath, [require.resolve('jsii/bin/jsii'), '--silence-warnings=reserved-word'], { cwd: ROOT, stdio: 'pipe' });
  }
  return Object.values(JSON.parse(fs.readFileSync(ASSEMBLY, 'utf8')).types);
}

function newest(folder: string): number {
  return Math.max(...fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => fs.statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}
