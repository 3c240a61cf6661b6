import { TAG_REQUEST } from '../../contract';
import { setTag } from '../datasync/executions';
import type { ListedExecution, OwnTags } from '../datasync/executions';
import type { PendingExecution } from '../datasync/find';
import type { Identity } from '../identity';
import type { TaskExecutionInvocation } from '../invocation';
import { cancelAll } from '../stop/cancel';

/** Takes the place of the request on an execution that was one too many: no later delivery adopts it. */
const DUPLICATE = 'duplicate';

/**
 * Leaves one pending execution for a request. Two deliveries at the same instant both find nothing, and the service may take both starts:
 * whichever delivery sees it cancels the one that still waits in the queue, which has not transferred anything.
 * What a delivery has marked as one too many, and has not come to cancel, goes as well.
 *
 * @returns the one that stays, if any is pending
 */
export async function keepFirst(
  run: TaskExecutionInvocation, pending: readonly PendingExecution[], { owner, request }: Pick<Identity, 'owner' | 'request'>,
): Promise<PendingExecution | undefined> {
  const [first, ...others] = pending.filter(execution => execution.request === request).sort((a, b) => compare(rank(a), rank(b)));
  const marked = pending.filter(execution => execution.owner === owner && isDuplicate(execution));
  await cancelDuplicates(run, [...others, ...marked].filter(({ status }) => status === 'QUEUED'), first);
  return first;
}

export function isDuplicate({ request }: OwnTags): boolean {
  return request === DUPLICATE;
}

/** Cancels what two deliveries of a request have started too much of. */
export async function cancelDuplicates(run: TaskExecutionInvocation, duplicates: readonly ListedExecution[], first?: ListedExecution): Promise<void> {
  for (const { arn } of duplicates) {
    run.log.warn('cancelling one too many: two deliveries of this request have started one each', { execution: arn, first: first?.arn });
    await setTag(run, arn, TAG_REQUEST, DUPLICATE, true); // the task may have left the template, and with it the permission
  }
  await cancelAll(run, duplicates, 0);
}

/** Every delivery ranks them alike: what has left the queue, then the older one, then the smaller ARN; last what is about to end. */
function rank({ status, startTime = 0, arn }: PendingExecution): string {
  const stage = status === 'CANCELLING' ? 2 : status === 'QUEUED' ? 1 : 0;
  return `${stage} ${new Date(startTime).toISOString()} ${arn}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
