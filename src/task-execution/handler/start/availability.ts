import { Failure } from '../../../custom-resource/errors';
import { describeTask } from '../datasync/executions';
import type { Task } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';

/**
 * Whether the service lets a task start. CloudFormation calls a task created while it is still CREATING, and a task
 * whose locations are new can be UNAVAILABLE for a moment; every other status can start or queue.
 */
export function isStartable(task: Task): boolean {
  return task.Status !== 'CREATING' && task.Status !== 'UNAVAILABLE';
}

/** Waits for a task, in all no longer than it may take, with few looks: many functions may wait for one task. */
export class Availability {
  private until?: number;
  private attempt = 0;

  /**
   * @param seconds how long the task is waited for
   * @param latest milliseconds since the epoch: where all waits before a start end
   */
  constructor(private readonly run: TaskExecutionInvocation, private readonly seconds: number, private readonly latest = Number.POSITIVE_INFINITY) {}

  /** @throws Failure with the service's own ErrorCode and ErrorDetail when the task does not become available */
  public async wait(seen: Task): Promise<void> {
    const { run } = this;
    this.until ??= Math.min(run.services.now() + this.seconds * 1000, this.latest);
    let task = seen;
    for (; !isStartable(task); this.attempt++) {
      const state = describe(task);
      run.step = `waiting until ${task.TaskArn} is AVAILABLE; ${state}`;
      if (this.attempt === 0) run.log.info('waiting until the task is available', { task: task.TaskArn, status: task.Status, detail: state });
      const left = this.until - run.services.now();
      if (left <= 0) {
        throw new Failure(
          `${task.TaskArn} was not started because it was not AVAILABLE within ${this.seconds} s; ${state}`,
          'Put that right, or allow more time with taskAvailabilityTimeout, then start again',
        );
      }
      const floor = Math.min(1_000 * 2 ** this.attempt, 15_000);
      await run.sleep(Math.min(run.backoff(0, floor, 2 * floor), left));
      task = await describeTask(run, task.TaskArn);
    }
  }
}

function describe({ Status, ErrorCode, ErrorDetail }: Task): string {
  const error = [ErrorCode, ErrorDetail].filter(Boolean).join(': ');
  const reason = error || (Status === 'UNAVAILABLE' ? 'an agent of its locations may be offline' : 'its locations may be unreachable');
  return `it is ${Status} (${reason})`;
}
