import { Execution } from './execution';
import { Store } from '../model/store';

const RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

/** Forgets executions that were started more than 30 days ago and have ended, and returns them. */
export function forgetOld(executions: Store<Execution>, now = Date.now()): Execution[] {
  const old: Execution[] = [];
  for (const execution of executions) {
    if (now - execution.creationTime.getTime() <= RETENTION_MS) break; // they come in the order of their starts
    if (execution.isPending) continue;
    old.push(execution);
  }
  for (const execution of old) {
    executions.delete(execution);
    execution.task.executions.splice(execution.task.executions.indexOf(execution), 1);
  }
  return old;
}
