import { printable } from './format';
import { splitPatterns } from '../../src/task-execution/filter-grammar';
import type { Item } from '../engine/backend';
import { Filter, parsePatterns } from '../engine/filter';
import type { ItemOutcome } from '../engine/outcome';
import type { TransferRequest } from '../engine/request';

/** Finds out which of the patterns to include match nothing at the source: most often they are not written as paths are. */
export class UnmatchedIncludes {
  /** Those that have matched nothing so far. */
  private readonly left: Map<string, Filter>;
  private readonly hasExcludes: boolean;

  constructor({ includes, excludes }: Pick<TransferRequest, 'includes' | 'excludes'>) {
    this.hasExcludes = excludes.length > 0;
    const patterns = includes.flatMap(({ Value }) => splitPatterns(Value ?? '')).filter(pattern => parsePatterns(pattern).length > 0);
    this.left = new Map(patterns.map(Value => [Value, new Filter([{ Value }], [])]));
  }

  /** Has to be told of everything that the source has. */
  public note({ item, what }: { readonly item: Item; readonly what?: ItemOutcome['what'] }): void {
    if (this.left.size === 0 || what === 'Deleted') return;
    const path = item.key.replace(/\/$/, '');
    for (const [pattern, filter] of this.left) if (filter.isIncluded(path)) this.left.delete(pattern);
  }

  /** A line for each pattern that has matched nothing. */
  public warnings(): string[] {
    return [...this.left.keys()].map(pattern => {
      const hint = /^[/*]/.test(pattern) ? 'patterns are paths below it, such as /folder1 or /reports*' : `a pattern begins with a slash: /${printable(pattern)}`;
      return `note: the include '${printable(pattern)}' matches nothing at the source${this.hasExcludes ? ' that is not excluded' : ''}; ${hint}`;
    });
  }
}
