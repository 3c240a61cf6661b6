import { short, statusAt } from './history';
import type { Invariant } from './invariants';
import { chainOf, FIRST, SECOND, waitsForEnd } from './scenario';

/** What comes after a start starts when that has succeeded: when it has come to its end, if that is waited for. If it has failed, nothing starts. */
export const whatComesAfterStartsAfterASuccess: Invariant = ({ history, scenario }) => history.executions.flatMap(({ starter, sentAt, arn }) => {
  const second = starter === 'others' ? undefined : starter.request;
  if (second?.logicalId !== SECOND) return [];
  const first = history.requests.filter(({ logicalId, type, operation, sentAt: at }) =>
    logicalId === FIRST && type !== 'Delete' && operation === second.operation && at < second.sentAt).at(-1);
  if (!first) return []; // it is as it was
  if (first.answer?.Status !== 'SUCCESS') return [`${short(arn)} was started although ${short(first.id)}, which it comes after, has not succeeded`];
  const before = history.executions.find(execution => execution.arn === first.answer!.PhysicalResourceId);
  const isNew = first.wanted === 'start' || (before && before.createdAt >= first.sentAt);
  const { onTimeout } = scenario.completion ?? chainOf(scenario);
  if (!before || !isNew || !waitsForEnd(scenario, FIRST) || onTimeout === 'CONTINUE') return [];
  const status = statusAt(before, sentAt);
  return status === 'SUCCESS' ? [] : [`${short(arn)} was started when ${short(before.arn)}, which it comes after, was ${status}`];
});
