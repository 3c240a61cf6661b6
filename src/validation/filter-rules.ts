import type { IConstruct } from 'constructs';
import { isKnownLater } from './checks';
import { refuseDates } from './date-rules';
import type { Problems } from './problems';
import { show } from './problems';
import { warn } from './warnings';
import type { Filter } from '../filter';
import { charactersOf } from '../task-execution/contract';
import { FILTERS_MAX_CHARACTERS, hasInnerWildcard, splitPatterns, withoutEscapes } from '../task-execution/filter-grammar';

export interface Filters {
  readonly includes?: Filter;
  readonly excludes?: Filter;
}

/**
 * Checks the filters of a task or of one execution.
 *
 * @param inherited the filters of the task, of which those of an execution replace one or both
 * @param scheduled whether there is a scheduled time, of which they may have dates
 */
export function checkFilters(problems: Problems, scope: IConstruct, own: Filters, inherited: Filters = {}, scheduled = false): void {
  const { includes, excludes } = own;
  if (!scheduled) refuseDates(problems, { includes: includes?.value, excludes: excludes?.value });
  checkFilter(problems, scope, 'includes', includes);
  checkFilter(problems, scope, 'excludes', excludes);
  if (!includes && !excludes) return;
  const effective: Array<[string, Filter | undefined]> = [
    includes ? ['includes', includes] : ['includes of the task', inherited.includes],
    excludes ? ['excludes', excludes] : ['excludes of the task', inherited.excludes],
  ];
  const known = effective.flatMap(([name, filter]) => typeof filter?.value === 'string' && !isKnownLater(filter.value) ? [{ name, value: filter.value }] : []);
  const total = known.reduce((sum, { value }) => sum + charactersOf(value), 0);
  if (total > FILTERS_MAX_CHARACTERS) {
    problems.add(`${known.map(({ name }) => name).join(' and ')} (${total} characters)`, `may have ${FILTERS_MAX_CHARACTERS} characters together`,
      'filter by folders that the items have in common, or split the task');
  }
}

function checkFilter(problems: Problems, scope: IConstruct, property: 'includes' | 'excludes', filter: Filter | undefined): void {
  if (filter === undefined) return;
  if (typeof filter?.value !== 'string') { // from callers without a compiler
    problems.add(`${property} ${show(filter)}`, 'must be a Filter', 'write Filter.simplePattern("/folder"), whose patterns may be tokens');
    return;
  }
  if (isKnownLater(filter.value)) return;
  for (const pattern of splitPatterns(filter.value)) {
    const subject = `${property} ${show(pattern)}`;
    if (filter.value === '') {
      problems.add(subject, 'must not be empty', `leave ${property} out to filter nothing`);
    } else if (pattern === '') {
      warn(scope, 'filterEmptyPattern', `${property} ${show(filter.value)} has an empty pattern, of which it is not documented what it matches; remove it`);
    }
    if (pattern.includes('\0')) problems.add(subject, 'contains a NUL character', 'remove it');
    if (property === 'includes' && hasInnerWildcard(pattern)) {
      problems.add(subject, 'an include may have "*" as its last character only',
        'include the folder and exclude what is not wanted, or escape a literal "*" with Filter.literal()');
    }
    if (/^[^/*]/.test(withoutEscapes(pattern))) {
      const anywhere = property === 'excludes' ? `, or ${show(`*/${pattern}`)} for that name anywhere` : '';
      warn(scope, 'filterNotAnchored', `${subject}: a path begins with "/", so a pattern that begins neither with "/" nor with "*" matches nothing; `
        + `write ${show(`/${pattern}`)} for what is at the top of the location${anywhere}`);
    }
    if (/\\/.test(withoutEscapes(pattern))) {
      warn(scope, 'filterBackslash', `${subject}: the service drops a backslash that does not escape "*", "|" or "\\"; `
        + 'separate folders with "/", and escape a literal backslash with Filter.literal()');
    }
  }
}
