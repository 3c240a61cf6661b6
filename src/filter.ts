import { Fn, Token } from 'aws-cdk-lib';

/** The kind of a filter. */
export enum FilterType {
  /** Patterns of paths, in which `*` stands for any characters. */
  SIMPLE_PATTERN = 'SIMPLE_PATTERN',
}

/**
 * Which files, folders and objects a transfer includes or excludes.
 *
 * Paths are relative to the location, begin with `/` and are case sensitive, so a pattern begins with `/` or with `*`. A pattern that names a folder covers everything
 * in it. In a pattern, `*` stands for any characters, `/` included, `|` separates alternatives, and `\` takes the special
 * meaning from `*`, `|` and `\`.
 *
 * - Of `includes`, only what matches is scanned and transferred. `*` may only be the last character of a pattern.
 * - Of `excludes`, everything is scanned, and what matches is left out. `*` may be anywhere: `*.tmp`, `/a*z`.
 *
 * All patterns of a transfer together may have 102,400 characters. Paths that end in `.snapshot` and the service's own
 * folders are always left out.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/filtering.html
 * @example
 * new datasync.Task(this, 'Task', {
 *   source,
 *   destination,
 *   includes: datasync.Filter.simplePattern('/invoices', '/reports-2026*', datasync.Filter.literal('/odd|name*.txt')),
 *   excludes: datasync.Filter.simplePattern('*.tmp', '*.partial'),
 * });
 */
export class Filter {
  /**
   * A path that is meant as it is: its `*`, `|` and `\` get escaped.
   *
   * @param path the path of a file, folder or object. A token is not escaped, as its value is not known yet.
   * @returns a pattern for `simplePattern`
   */
  public static literal(path: string): string {
    return path.replace(/[\\*|]/g, '\\$&');
  }

  /**
   * What matches any of the patterns.
   *
   * @param patterns such as `/folder` or `/file.txt`, or those of a list token: `...parameter.valueAsList`. Whether a pattern is right depends on its use, so the task checks it
   */
  public static simplePattern(...patterns: string[]): Filter {
    return new Filter(FilterType.SIMPLE_PATTERN, patterns);
  }

  /** The kind of the filter. */
  public readonly filterType: FilterType;

  /** What goes over the wire: all patterns, separated by `|`. */
  public readonly value: string;

  private constructor(filterType: FilterType, patterns: string[]) {
    this.filterType = filterType;
    this.value = patterns.map(pattern => isList(pattern) ? Fn.join('|', [pattern]) : pattern).join('|');
  }
}

/** A list of which only the deployment knows how many patterns it has is one item that stands for all. */
function isList(pattern: string): boolean {
  return Token.isUnresolved([pattern]) && !Token.isUnresolved(pattern);
}
