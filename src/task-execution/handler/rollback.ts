import { retrying } from './retry';
import type { Run } from './run';

/**
 * Whether the stack is on its way back. The update that CloudFormation then sends looks like any other, so only the stack's
 * status tells; an execution that goes back to an old setting is never what anybody wants.
 *
 * If the status cannot be read, nothing may start, because it could be a rollback, and no success may be reported,
 * because it could be an update whose execution would then be missing without a word: the update fails and says why. That
 * can leave a stack in UPDATE_ROLLBACK_FAILED, from which `continue-update-rollback` leads on; an execution that
 * deletes files at the destination has no way back.
 *
 * @throws Failure if the status cannot be read
 */
export async function isRollingBack(run: Run, stackId: string): Promise<boolean> {
  run.step = `reading the status of ${stackId}`;
  const { status } = await retrying(run, 'cloudformation:DescribeStacks', stackId, signal => run.services.stack(stackId, signal));
  return status.includes('ROLLBACK');
}
