import type { FilterRule } from '@aws-sdk/client-datasync';
import { charactersOf } from '../../src/task-execution/contract';
import { FILTERS_MAX_CHARACTERS, hasInnerWildcard, splitPatterns } from '../../src/task-execution/filter-grammar';
import { InvalidRequestError } from '../errors';

/** A filter rule that has both members. */
export type CompleteFilterRule = Required<{ [Member in keyof FilterRule]: NonNullable<FilterRule[Member]> }>;

/** Both filters of one run. */
export interface Filters {
  readonly includes: readonly CompleteFilterRule[];
  readonly excludes: readonly CompleteFilterRule[];
}

/**
 * Checks what the API model cannot say about filters.
 *
 * @throws InvalidRequestError naming the list and the pattern
 */
export function completeFilters(includes: readonly FilterRule[] = [], excludes: readonly FilterRule[] = []): Filters {
  const filters = { includes: includes.map(rule => complete(rule, 'Includes')), excludes: excludes.map(rule => complete(rule, 'Excludes')) };
  const characters = [...filters.includes, ...filters.excludes].reduce((sum, { Value }) => sum + charactersOf(Value), 0);
  if (characters > FILTERS_MAX_CHARACTERS) {
    throw new InvalidRequestError(`Invalid filter: Includes and Excludes have ${characters} characters, ${FILTERS_MAX_CHARACTERS} are allowed in total.`);
  }
  for (const { Value } of filters.includes) {
    for (const pattern of splitPatterns(Value)) {
      if (hasInnerWildcard(pattern)) {
        const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}...` : pattern;
        throw new InvalidRequestError(`Invalid filter: in Includes, '*' is allowed only as the last character of a pattern, got '${shown}'.`);
      }
    }
  }
  return filters;
}

function complete({ FilterType, Value }: FilterRule, list: string): CompleteFilterRule {
  if (FilterType !== 'SIMPLE_PATTERN') {
    throw new InvalidRequestError(`Invalid filter: FilterType in ${list} must be SIMPLE_PATTERN, got '${FilterType ?? 'null'}'.`);
  }
  if (!Value) throw new InvalidRequestError(`Invalid filter: ${list} has a rule without a Value; to clear the filter, give an empty list.`);
  return { FilterType, Value };
}
