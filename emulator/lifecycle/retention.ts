import type { Execution } from '../model/execution';
import type { Store } from '../model/store';

const RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

/** Forgets executions that were started more than 30 days ago and have ended, and returns them. */
export function forgetOld(executions: Store<Execution>, now: Date): Execution[] {
  const old: Execution[] = [];
  for (const execution of executions) {
    if (!execution.isPending && now.getTime() - execution.creationTime.getTime() > RETENTION_MS) old.push(execution);
  }
  for (const execution of old) {
    executions.delete(execution);
    execution.task.executions.splice(execution.task.executions.indexOf(execution), 1);
  }
  return old;
}
