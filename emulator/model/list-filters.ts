import type { Operator as OperatorName } from '@aws-sdk/client-datasync';
import { InvalidRequestError } from '../errors';

/** What a filter of a List operation asks of a property. Several values are alternatives, except to the operators that negate. */
interface Condition {
  readonly Operator?: OperatorName;
  readonly Values?: readonly string[];
}

type Comparison<T> = (property: T, value: T) => boolean;

const TEXT_OPERATORS: Partial<Record<OperatorName, Comparison<string>>> = {
  Equals: (text, value) => text === value,
  In: (text, value) => text === value,
  NotEquals: (text, value) => text !== value,
  Contains: (text, value) => text.includes(value),
  NotContains: (text, value) => !text.includes(value),
  BeginsWith: (text, value) => text.startsWith(value),
};

const TIME_OPERATORS: Partial<Record<OperatorName, Comparison<number>>> = {
  Equals: (time, value) => time === value,
  In: (time, value) => time === value,
  NotEquals: (time, value) => time !== value,
  LessThan: (time, value) => time < value,
  LessThanOrEqual: (time, value) => time <= value,
  GreaterThan: (time, value) => time > value,
  GreaterThanOrEqual: (time, value) => time >= value,
};

/**
 * Whether texts pass a filter. Made before the list is looked at, so that a wrong filter fails whatever the list holds.
 *
 * @throws InvalidRequestError when the operator does not go with texts
 */
export function textFilter({ Operator, Values }: Condition): (text: string) => boolean {
  const compare = TEXT_OPERATORS[Operator!];
  if (!compare) throw new InvalidRequestError(`Invalid parameter: operator ${Operator} is for times, not for texts.`);
  return text => quantified(Operator!, Values!, value => compare(text, value));
}

/**
 * As `textFilter`, of times. They are compared to the second, which is as fine as the filter's values are.
 *
 * @throws InvalidRequestError when the operator does not go with times, or a value is none
 */
export function timeFilter({ Operator, Values }: Condition): (time: Date) => boolean {
  const compare = TIME_OPERATORS[Operator!];
  if (!compare) throw new InvalidRequestError(`Invalid parameter: operator ${Operator} is for texts, not for times.`);
  const values = Values!.map(secondsOf);
  return time => quantified(Operator!, values, value => compare(Math.floor(time.getTime() / 1000), value));
}

/** Whether the operator holds for several: for one of them or, if it negates, for all. */
export function quantified<T>(operator: OperatorName, candidates: readonly T[], holds: (candidate: T) => boolean): boolean {
  return operator.startsWith('Not') ? candidates.every(holds) : candidates.some(holds);
}

/** `2019-12-15 17:15:20`, in UTC. */
function secondsOf(value: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?Z?$/.exec(value);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : NaN;
  if (Number.isNaN(time)) throw new InvalidRequestError(`Invalid parameter: '${value}' is not a time like 2019-12-15 17:15:20.`);
  return time / 1000;
}
