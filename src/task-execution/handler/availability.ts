import { describeTask } from './executions';
import type { Task } from './executions';
import type { Run } from './run';

/**
 * Whether the service lets a task start. CloudFormation calls a task created while it is still CREATING, and a task
 * whose locations are new can be UNAVAILABLE for a moment; every other status can start or queue.
 */
export function isStartable(task: Task): boolean {
  return task.Status !== 'CREATING' && task.Status !== 'UNAVAILABLE';
}

/**
 * Waits until the task can be started.
 *
 * @throws TimeUp with the service's own ErrorCode and ErrorDetail
 */
export async function waitUntilStartable(run: Run, seen: Task): Promise<void> {
  let task = seen;
  for (let attempt = 0; !isStartable(task); attempt++) {
    run.step = `waiting until ${task.TaskArn} is AVAILABLE; ${describe(task)}`;
    if (attempt === 0) run.log.info('waiting until the task is available', { task: task.TaskArn, status: task.Status, detail: describe(task) });
    await run.sleep(run.backoff(attempt, 1_000, 15_000));
    task = await describeTask(run, task.TaskArn);
  }
}

function describe({ Status, ErrorCode, ErrorDetail }: Task): string {
  const error = [ErrorCode, ErrorDetail].filter(Boolean).join(': ');
  const reason = error || (Status === 'UNAVAILABLE' ? 'an agent of its locations may be offline' : 'its locations may be unreachable');
  return `it is ${Status} (${reason})`;
}
