import { Execution } from './execution';
import { agentsOf, Task } from './task';
import { InvalidRequestError } from '../errors';

const MAX_QUEUED_PER_TASK = 50;
const MAX_ENHANCED_RUNNING = 120;

/**
 * Decides when an execution runs: a task runs one at a time, and so does an agent; who came first goes first.
 */
export class ExecutionQueue {
  private readonly waiting = new Set<Execution>();
  private readonly running = new Map<Execution, Promise<void>>();

  /**
   * Launches the execution or, if it has to wait, queues it.
   *
   * @throws InvalidRequestError when the service would not queue it
   */
  submit(execution: Execution): void {
    this.checkAdmission(execution);
    execution.task.executions.push(execution);
    this.waiting.add(execution);
    this.launchReady();
    if (this.waiting.has(execution)) execution.queue();
  }

  /**
   * Cancels a queued or running execution; what waited for a queued one moves up.
   *
   * @throws InvalidRequestError when it is at its end
   */
  cancel(execution: Execution): void {
    execution.cancel();
    this.launchReady();
  }

  /** Cancels everything and waits until the last has stopped. */
  async close(): Promise<void> {
    for (const execution of this.waiting) execution.cancel();
    for (const execution of this.running.keys()) execution.cancel();
    await Promise.all(this.running.values());
  }

  private checkAdmission(execution: Execution): void {
    const { task } = execution;
    const pending = task.executions.filter(({ isPending }) => isPending);
    const twin = pending.find(other => sameSelection(other, execution));
    if (twin) {
      throw new InvalidRequestError(
        `Sync task ${task.arn} already has an execution with the same filters and manifest: ${twin.arn} is ${twin.status}. ` +
        'Executions of one task are queued only if their filters or manifests differ.',
      );
    }
    if (execution.effectiveOptions.TaskQueueing === 'DISABLED' && this.busyKeys().some(key => keysOf(task).includes(key))) {
      throw new InvalidRequestError(`Sync task ${task.arn} or an agent of it is busy, and TaskQueueing is DISABLED.`);
    }
    if (pending.filter(({ isRunning }) => !isRunning).length >= MAX_QUEUED_PER_TASK) {
      throw new InvalidRequestError(`Sync task ${task.arn} already has ${MAX_QUEUED_PER_TASK} queued executions.`);
    }
  }

  private busyKeys(): string[] {
    return [...this.waiting, ...this.running.keys()].filter(({ isPending }) => isPending).flatMap(({ task }) => keysOf(task));
  }

  private launchReady(): void {
    const taken = new Set([...this.running.keys()].flatMap(({ task }) => keysOf(task)));
    let enhanced = [...this.running.keys()].filter(({ task }) => task.mode === 'ENHANCED').length;
    for (const execution of this.waiting) {
      const keys = keysOf(execution.task);
      const isEnhanced = execution.task.mode === 'ENHANCED';
      const ready = execution.isPending && !keys.some(key => taken.has(key)) && !(isEnhanced && enhanced >= MAX_ENHANCED_RUNNING);
      // One that still waits keeps its place: nothing behind it may take what it waits for.
      if (execution.isPending) keys.forEach(key => taken.add(key));
      if (ready || !execution.isPending) this.waiting.delete(execution);
      if (ready) {
        if (isEnhanced) enhanced += 1;
        this.launch(execution);
      }
    }
  }

  private launch(execution: Execution): void {
    this.running.set(execution, execution.run().then(() => {
      this.running.delete(execution);
      this.launchReady();
    }));
  }
}

function keysOf(task: Task): string[] {
  return [task.arn, ...agentsOf(task)];
}

function sameSelection(one: Execution, other: Execution): boolean {
  return JSON.stringify([one.filters, one.configs.manifest]) === JSON.stringify([other.filters, other.configs.manifest]);
}
