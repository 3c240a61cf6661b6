import { sortKeys } from './order';
import type { FilterRule } from './request';

/** Where a run keeps what is on its way. */
export const WORKING_FOLDER = '.aws-datasync';
/** Working folders of the service itself at the root of a location, and the snapshots of OpenZFS. */
const RESERVED_ROOTS = [WORKING_FOLDER, '.awssync', '.zfs'];
/** What is on its way into a folder that is mounted from elsewhere. */
const ON_ITS_WAY = new RegExp(`(^|/)\\${WORKING_FOLDER}-\\d+-\\d+$`);

/** False if an item of that name, with or without a slash at the end, is not reserved wherever it is, as long as the folder above it is not. */
export function mayBeReserved(name: string): boolean {
  return name.startsWith('.') || name.endsWith('.snapshot') || name.endsWith('.snapshot/');
}

/** True for what the service never copies, compares or deletes, whatever the filters say. */
export function isReserved(path: string): boolean {
  if (!path.includes('.')) return false;
  if (path.endsWith('.snapshot') || path.includes('.snapshot/')) return true;
  if (path.includes(WORKING_FOLDER) && ON_ITS_WAY.test(path)) return true;
  if (!path.startsWith('.')) return false;
  return RESERVED_ROOTS.some(name => path === name || path.startsWith(`${name}/`));
}

/** One pattern: the literal texts between its stars. `/a*` is `['/a', '']`. */
type Pattern = readonly string[];

/**
 * The patterns of one filter value. `|` separates patterns, `*` is any run of characters (also across `/`), `\` escapes `*`, `|` and `\`
 * and is dropped before anything else. A slash at the end of a pattern means nothing.
 */
export function parsePatterns(value: string): Pattern[] {
  const patterns: string[][] = [];
  let pieces = [''];
  const finish = () => {
    const last = pieces.length - 1;
    if (pieces[last].endsWith('/')) pieces[last] = pieces[last].slice(0, -1);
    patterns.push(pieces);
    pieces = [''];
  };
  let empty = true;
  for (let i = 0; i < value.length; i++) {
    const char = value[i];
    if (char === '|') {
      if (!empty) finish();
      empty = true;
      continue;
    }
    if (char === '*') pieces.push('');
    else if (char !== '\\') pieces[pieces.length - 1] += char;
    else if ('*|\\'.includes(value[i + 1] ?? ' ')) pieces[pieces.length - 1] += value[++i];
    else continue; // a pattern of nothing else is none
    empty = false;
  }
  if (!empty) finish();
  return patterns;
}

/** Does the pattern cover the whole path? */
function covers(pattern: Pattern, path: string): boolean {
  const last = pattern.length - 1;
  if (last === 0) return path === pattern[0];
  if (!path.startsWith(pattern[0])) return false;
  let at = pattern[0].length;
  for (let i = 1; i < last; i++) {
    const found = path.indexOf(pattern[i], at);
    if (found < 0) return false;
    at = found + pattern[i].length;
  }
  return path.length - at >= pattern[last].length && path.endsWith(pattern[last]);
}

/** Patterns that match a path or any folder above it. */
class PatternSet {
  private readonly literals = new Set<string>();
  private readonly globs: Pattern[] = [];

  constructor(rules: readonly FilterRule[]) {
    for (const rule of rules) {
      for (const pattern of parsePatterns(rule.Value ?? '')) {
        if (pattern.length === 1) this.literals.add(pattern[0]);
        else this.globs.push(pattern, [...pattern.slice(0, -1), `${pattern[pattern.length - 1]}/`, '']); // what it names, and all below it
      }
    }
  }

  public get isEmpty(): boolean {
    return this.literals.size === 0 && this.globs.length === 0;
  }

  /** `path` has a leading slash. */
  public matches(path: string): boolean {
    if (this.literals.size > 0) {
      for (let end = path.length; end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
        if (this.literals.has(path.slice(0, end))) return true;
      }
    }
    return this.globs.some(pattern => covers(pattern, path));
  }

  /** Could anything below `folder` (leading and trailing slash) match, although the folder itself does not? */
  public mayMatchBelow(folder: string): boolean {
    for (const literal of this.literals) if (literal.startsWith(folder)) return true;
    return this.globs.some(([head]) => head.startsWith(folder) || folder.startsWith(head));
  }

  /** Texts one of which starts every path that matches. */
  public heads(): string[] {
    return [...this.literals, ...this.globs.map(([head]) => head)];
  }
}

/** Which items of a location take part in a transfer. */
export class Filter {
  private readonly includes: PatternSet;
  private readonly excludes: PatternSet;

  constructor(public readonly includeRules: readonly FilterRule[], public readonly excludeRules: readonly FilterRule[]) {
    this.includes = new PatternSet(includeRules);
    this.excludes = new PatternSet(excludeRules);
  }

  /** Does an include cover the path (no slash at either end)? Without includes everything is covered. */
  public isIncluded(path: string): boolean {
    return this.includes.isEmpty || this.includes.matches(`/${path}`);
  }

  public isExcluded(path: string): boolean {
    return !this.excludes.isEmpty && this.excludes.matches(`/${path}`);
  }

  /** Must the walk enter this folder? Only includes prune it: what is excluded is listed first, as the service does it. */
  public entersFolder(path: string): boolean {
    return this.isIncluded(path) || this.includes.mayMatchBelow(`/${path}/`);
  }

  /** Key prefixes, in order and none inside another, that cover everything included: what an object store has to list. */
  public keyPrefixes(): string[] {
    if (this.includes.isEmpty) return [''];
    const heads = this.includes.heads().filter(head => head === '' || head.startsWith('/')).map(head => head.slice(1));
    sortKeys(heads);
    return heads.filter((head, i) => !heads.slice(0, i).some(other => head.startsWith(other)));
  }
}
