import type { CloudFormationCustomResourceDeleteEvent } from 'aws-lambda';
import { NOT_STARTED_PREFIX } from '../contract';
import { describeExecution, isExecutionArn, isPending, tagsOf } from './executions';
import type { PendingExecution } from './find';
import { tagValue } from './identity';
import { cancelOwned, findPendingOwned, tasksOf } from './owned';
import type { Run } from './run';
import type { StackState } from './services';
import { requestDate } from './request-date';
import { isGoing, isRollingBack, readStack, startedInOperation } from './stack';

/** CloudFormation waits for every Delete of a cleanup, one after the other, and tries it three times only. */
const CLEANUP_WAIT_MS = 60_000;
/** The service's lists may not show yet what has just started. */
const LIST_LAG_MS = 10_000;
/** The Deletes of a cleanup are sent when it begins, with a date to the second. */
const MOVED_MS = 1_000;

/**
 * Cancels what a Delete is about, waits for its end, and leaves everything else alone:
 * - an execution's ARN: that execution, if this resource has started it;
 * - `not-started:<RequestId>`: what that request has started after all;
 * - an id that CloudFormation made up, because it never got an answer: everything that the resource has started if the stack goes back,
 *   otherwise what started before this operation, because the resource may have started something again since;
 * - whatever the id, everything that the resource has started if the stack is deleted.
 *
 * Nothing but the ARN of the task is read of the properties, and it may be wrong.
 */
export async function remove(run: Run, event: CloudFormationCustomResourceDeleteEvent, owner: string): Promise<void> {
  const { PhysicalResourceId: id, StackId, ResourceProperties, ResponseURL } = event;
  const known = isExecutionArn(id) ? await findOwned(run, id, owner) : [];
  await cancelOwned(run, known, 0); // whatever becomes of the rest

  const tasks = tasksOf(id, ResourceProperties);
  const state = await readStack(run, StackId).catch(error => {
    // Only an id that CloudFormation made up cannot be judged without.
    if (!isExecutionArn(id) && !id.startsWith(NOT_STARTED_PREFIX)) throw error;
    run.log.warn('the stack cannot be read', { reason: (error as Error).message });
    return { status: 'unknown' };
  });
  const selected = selection(id, state, requestDate(ResponseURL));
  let found: PendingExecution[] = [];
  if (selected) {
    for (let attempt = 0; attempt < 2 && found.length === 0 && tasks.length > 0; attempt++) {
      if (attempt > 0) await run.sleep(LIST_LAG_MS);
      found = selected(await findPendingOwned(run, tasks, owner));
      if (isExecutionArn(id)) break;
    }
  }
  const all = [...known, ...found.filter(({ arn }) => !known.some(execution => execution.arn === arn))];
  await cancelOwned(run, all, state?.status.includes('CLEANUP') ? CLEANUP_WAIT_MS : undefined);
}

type Selection = (owned: PendingExecution[]) => PendingExecution[];

function selection(id: string, state: StackState | undefined, date: number | undefined): Selection | undefined {
  if (isGoing(state)) return owned => owned;
  if (isExecutionArn(id)) return undefined;
  if (id.startsWith(NOT_STARTED_PREFIX)) {
    const request = tagValue(id.slice(NOT_STARTED_PREFIX.length));
    return owned => owned.filter(execution => execution.request === request);
  }
  if (isRollingBack(state)) return owned => owned;
  const { lastUpdatedTime } = state!;
  if (lastUpdatedTime === undefined) return () => [];
  // If this time has moved on with the cleanup, it does not tell any more when the operation began.
  const moved = date !== undefined && lastUpdatedTime > date - MOVED_MS;
  return owned => (moved ? withoutNewest(owned) : owned).filter(({ startTime }) => !startedInOperation(startTime, state!));
}

/** The newest may be what the resource has started since. */
function withoutNewest(owned: PendingExecution[]): PendingExecution[] {
  const newest = Math.max(...owned.map(({ startTime = 0 }) => startTime));
  return owned.filter(({ startTime = 0 }) => startTime < newest);
}

async function findOwned(run: Run, arn: string, owner: string): Promise<PendingExecution[]> {
  run.step = `looking whether ${arn} still runs`;
  const execution = await describeExecution(run, arn);
  if (!execution || !isPending(execution)) return [];
  const tags = await tagsOf(run, arn, execution.startTime);
  if (tags.owner === owner) return [{ ...execution, ...tags }];
  run.log.info('left alone: somebody else started it', { execution: arn, status: execution.status });
  return [];
}
