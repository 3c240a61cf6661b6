import { everRan, isRunOnDelete, short, statusAt } from './history';
import type { Request } from './history';
import type { Invariant } from './invariants';
import { FIRST } from './scenario';
import type { Scenario } from './scenario';

const EXECUTION_ARN = /\/execution\/exec-[0-9a-f]{17}$/;

/** Whether a Delete is one that the task is run before. */
export function runsBefore({ type, stackStatus, physicalId, logicalId }: Request, { onDelete }: Scenario): boolean {
  return onDelete !== undefined && logicalId === FIRST && type === 'Delete' && stackStatus === 'DELETE_IN_PROGRESS' && EXECUTION_ARN.test(physicalId!);
}

/** What is to be saved is saved, before CloudFormation deletes what that needs. */
export const aDeletionComesAfterItsRun: Invariant = ({ history, scenario }) => history.requests.flatMap(request => {
  if (!runsBefore(request, scenario) || scenario.onDelete!.onFailure !== 'BLOCK' || request.answer?.Status !== 'SUCCESS') return [];
  const runs = history.executions.filter(execution => isRunOnDelete(execution)
    && execution.starter !== 'others' && execution.starter.request?.stackId === request.stackId);
  return runs.some(run => statusAt(run, request.answeredAt!) === 'SUCCESS') ? []
    : [`Delete ${short(request.id)} succeeded before a run, of ${runs.map(({ arn }) => short(arn)).join(' and ') || 'none'}`];
});

/** Whoever deletes again finds it. One too many, of two deliveries at once, goes while it waits in the queue. */
export const aRunBeforeTheDeletionIsNotCancelled: Invariant = ({ history, scenario }) => history.cancellations.flatMap(({ by, execution }) =>
  by !== 'others' && execution && isRunOnDelete(execution) && scenario.onDelete!.onFailure === 'BLOCK' && everRan(execution)
    ? [`invocation ${by.n} cancelled ${short(execution.arn)}, the run before the deletion`] : []);
