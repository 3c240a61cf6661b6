import type { Operator } from '@aws-sdk/client-datasync';
import { InvalidRequestError } from '../errors';

/**
 * Whether a property of a resource passes a filter of a List operation. Several values are alternatives,
 * except to the operators that negate.
 *
 * @throws InvalidRequestError when the operator does not go with the property, or a value is no time
 */
export function matchesFilter(property: string | Date, operator: Operator, values: readonly string[]): boolean {
  const compare = property instanceof Date ? timeOperator(property, operator) : textOperator(property, operator);
  return operator.startsWith('Not') ? values.every(compare) : values.some(compare);
}

function textOperator(property: string, operator: Operator): (value: string) => boolean {
  switch (operator) {
    case 'Equals':
    case 'In':
      return value => property === value;
    case 'NotEquals':
      return value => property !== value;
    case 'Contains':
      return value => property.includes(value);
    case 'NotContains':
      return value => !property.includes(value);
    case 'BeginsWith':
      return value => property.startsWith(value);
    default:
      throw new InvalidRequestError(`Invalid parameter: operator ${operator} is for times, not for texts.`);
  }
}

/** Times are compared to the second, which is as fine as the filter's values are. */
function timeOperator(property: Date, operator: Operator): (value: string) => boolean {
  const seconds = Math.floor(property.getTime() / 1000);
  switch (operator) {
    case 'Equals':
    case 'In':
      return value => seconds === secondsOf(value);
    case 'NotEquals':
      return value => seconds !== secondsOf(value);
    case 'LessThan':
      return value => seconds < secondsOf(value);
    case 'LessThanOrEqual':
      return value => seconds <= secondsOf(value);
    case 'GreaterThan':
      return value => seconds > secondsOf(value);
    case 'GreaterThanOrEqual':
      return value => seconds >= secondsOf(value);
    default:
      throw new InvalidRequestError(`Invalid parameter: operator ${operator} is for texts, not for times.`);
  }
}

/** `2019-12-15 17:15:20`, in UTC. */
function secondsOf(value: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?Z?$/.exec(value);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : NaN;
  if (Number.isNaN(time)) throw new InvalidRequestError(`Invalid parameter: '${value}' is not a time like 2019-12-15 17:15:20.`);
  return time / 1000;
}
