import { statusAt, short } from './history';
import { unanswered } from './invariants';
import type { Invariant } from './invariants';
import { chainOf } from './scenario';
import { DECIDE_AFTER } from '../../../src/custom-resource/waiter/contract';
import { COMPLETION_TIMEOUT } from '../../../src/task-execution/contract';

/** A link goes on when the execution has succeeded, when the next link takes over, or with CONTINUE when its time is over. */
export const aLinkSucceedsAtTheEndOnly: Invariant = ({ history, scenario }) => history.linkRequests.flatMap(request => {
  const { type, stackStatus, answer, answeredAt, sentAt, link } = request;
  if (type === 'Delete' || stackStatus.includes('ROLLBACK') || answer?.Status !== 'SUCCESS') return [];
  const execution = history.executions.find(({ arn }) => arn === link!.arn);
  if (!execution || (execution.goneAt !== undefined && execution.goneAt <= answeredAt!)) return [];
  const status = statusAt(execution, answeredAt!);
  const { count, timeout, onTimeout } = chainOf(scenario);
  const waited = (answeredAt! - sentAt) / 1000;
  const isTakenOver = link!.n < count - 1 && waited >= COMPLETION_TIMEOUT.link - 1;
  const hadItsTime = onTimeout === 'CONTINUE' && ((answeredAt! - execution.createdAt) / 1000 >= timeout - 1 || waited >= DECIDE_AFTER - 1);
  return status === 'SUCCESS' || ((isTakenOver || hadItsTime) && status !== 'ERROR') ? []
    : [`${type} ${short(request.id)} of link ${link!.n + 1} succeeded when ${short(link!.arn)} was ${status}`];
});

export const aRollbackNeverWaits: Invariant = ({ history }) => history.linkRequests
  .filter(({ type, stackStatus, invocations }) => type === 'Update' && stackStatus.includes('ROLLBACK') && invocations.some(({ step }) => step))
  .map(({ id, link }) => `${short(id)} of link ${link!.n + 1} waits, although the stack goes back`);

export const everyLinkIsAnsweredInTime: Invariant = ({ history }) => unanswered(history.linkRequests);

/** What is waited for has succeeded by then, or, with CONTINUE, has had its time. */
export const aWaitSucceedsAtTheEndOnly: Invariant = ({ history, scenario: { completion } }) => history.requests.flatMap(request => {
  if (request.type === 'Delete' || request.answer?.Status !== 'SUCCESS' || !request.invocations.some(({ step }) => step)) return [];
  const execution = history.executions.find(({ arn }) => arn === request.answer!.PhysicalResourceId);
  const status = execution && statusAt(execution, request.answeredAt!);
  if (status === 'SUCCESS') return [];
  // Times are told to the second; and what has started late has to be decided when CloudFormation's hour is nearly over.
  const hadItsTime = execution !== undefined && (request.answeredAt! - execution.createdAt >= (completion!.timeout - 1) * 1000
    || request.answeredAt! - request.sentAt >= (DECIDE_AFTER - 1) * 1000);
  return completion!.onTimeout === 'CONTINUE' && hadItsTime ? [] : [`${request.type} ${short(request.id)} succeeded when its execution was ${status}`];
});

/** The machine of a request has come to its end, one way or another. */
export const noWaitGoesOnForEver: Invariant = ({ history, now }) => history.invocations
  .filter(({ step, request, startedAt }) => step && request && startedAt > request.deadline && startedAt < now)
  .map(({ n, request }) => `invocation ${n} was still a step of ${short(request!.id)} after its time`);
