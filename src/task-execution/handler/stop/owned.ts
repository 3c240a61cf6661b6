import { cancelAll } from './cancel';
import { isExecutionArn, taskOf } from '../datasync/executions';
import type { ListedExecution } from '../datasync/executions';
import { findNewestPending, findPending } from '../datasync/find';
import type { PendingExecution } from '../datasync/find';
import type { TaskExecutionInvocation } from '../invocation';
import { isTaskArn } from '../parse';

/** What an event tells, as it came: nothing of it needs to be as it should. */
export type Properties = { readonly [name: string]: unknown } | undefined;

/** The tasks whose executions an event may be about. */
export function tasksOf(physicalId: string, ...properties: Properties[]): string[] {
  const named = properties.map(one => one?.TaskArn).filter(isTaskArn);
  return [...new Set([...named, ...(isExecutionArn(physicalId) ? [taskOf(physicalId)!] : [])])];
}

/** Everything of the tasks that the owner has started and that runs or waits, but for the run before the deletion, which ends by itself. */
export async function findPendingOwned(
  run: TaskExecutionInvocation, taskArns: readonly string[], owner: string, find = findPending,
): Promise<PendingExecution[]> {
  run.step = `looking for executions of ${taskArns.join(', ')} that were started for ${owner}`;
  const pending = await Promise.all(taskArns.map(taskArn => find(run, taskArn)));
  return pending.flat().filter(execution => execution.owner === owner && execution.purpose === undefined);
}

/** The same of the newest of each task only, for when the service does not list them. */
export function findNewestOwned(run: TaskExecutionInvocation, taskArns: readonly string[], owner: string): Promise<PendingExecution[]> {
  return findPendingOwned(run, taskArns, owner, findNewestPending);
}

/** Cancels executions and waits for their ends as long as may be; one that takes longer ends on its own. */
export async function cancelOwned(run: TaskExecutionInvocation, executions: readonly ListedExecution[], milliseconds?: number): Promise<void> {
  const left: ListedExecution[] = await cancelAll(run, executions, milliseconds);
  for (const { arn, status } of left) run.log.warn('not waited for any longer: it ends on its own', { execution: arn, status });
}
