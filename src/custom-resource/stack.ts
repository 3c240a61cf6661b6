import { unlessNotFound } from './errors';
import type { Invocation } from './invocation';
import { retrying } from './retry';
import type { StackState } from './services';

/** The only statuses in which CloudFormation waits for the answer to a Create or an Update that goes forward. */
export const WAITS_IN: { readonly [requestType: string]: readonly string[] } = {
  Create: ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
  Update: ['UPDATE_IN_PROGRESS'],
};

/** The state of a stack; undefined if there is no such stack any more. */
export function readStack(run: Invocation, stackId: string): Promise<StackState | undefined> {
  run.step = `reading the status of ${stackId}`;
  return retrying(run, 'cloudformation:DescribeStacks', stackId, signal => describe(run, stackId, signal));
}

/** The same by a single call, for what can do without. */
export function tryToReadStack(run: Invocation, stackId: string): Promise<StackState | undefined> {
  return run.attempt(signal => describe(run, stackId, signal));
}

function describe(run: Invocation, stackId: string, signal: AbortSignal): Promise<StackState | undefined> {
  return unlessNotFound(run.services.stack(stackId, signal));
}

export function isRollingBack(state: StackState | undefined): boolean {
  return state?.status.includes('ROLLBACK') ?? false;
}

/**
 * Whether a stack is being deleted because somebody wants it to be, or wants that of the stack that it is nested in. A creation that failed can look
 * the same from inside: a nested stack that is taken back with the update that made it, a create with on-failure DELETE, and RollbackStack of
 * a stack that was never complete.
 */
export async function isBeingDeleted(run: Invocation, stackId: string): Promise<boolean> {
  const own = await readStack(run, stackId);
  if (own?.status !== 'DELETE_IN_PROGRESS') return false;
  const isNested = own.rootId !== undefined && own.rootId !== stackId;
  const root = isNested ? await readStack(run, own.rootId!) : own;
  if (isNested && root?.status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') return true; // it was taken out of the other's template
  return root?.status === 'DELETE_IN_PROGRESS' && (root.operationTypes?.includes('DELETE_STACK') ?? true);
}

/** Whether nothing of the stack is to stay: it is gone or being deleted, or its creation is rolled back. */
export function isBeingRemoved(state: StackState | undefined): boolean {
  return state === undefined || state.status.startsWith('DELETE_') || state.status.startsWith('ROLLBACK_');
}
