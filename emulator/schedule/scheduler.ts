import { parseExpression } from './expression';
import { disabledByService } from './task-schedule';
import type { Clock } from '../clock';
import type { Execution } from '../model/execution';
import type { Task } from '../model/task';

/** In a row and with the same error; the service does not say how many it takes. */
const FAILURES_TO_DISABLE = 5;

/** Starts tasks when their schedules say so. */
export class Scheduler {
  private readonly alarms = new Map<Task, { readonly time: Date; readonly cancel: () => void }>();
  /** What was started here: only that decides about a schedule. */
  private readonly executions = new WeakSet<Execution>();
  private readonly failures = new Map<Task, { readonly error: string; readonly count: number }>();

  /**
   * @param start starts the task with its own settings, or throws an Error that tells why it cannot be started
   * @param onDisabled told of a task whose schedule was disabled
   */
  constructor(
    private readonly clock: Clock,
    private readonly start: (task: Task) => Execution,
    private readonly onDisabled: (task: Task) => void = () => undefined,
  ) {}

  /** Waits for the next time of the task's schedule. To be called whenever that may have changed. */
  public arm(task: Task): void {
    this.disarm(task);
    if (task.schedule?.status !== 'ENABLED') {
      this.failures.delete(task);
      return;
    }
    const time = parseExpression(task.schedule.expression).next(this.clock.now(), task.schedule.since);
    if (!time) return; // its last time has passed
    const cancel = this.clock.at(time, () => {
      this.fire(task);
      this.arm(task);
    });
    this.alarms.set(task, { time, cancel });
  }

  /** When it starts the task next, if it does. */
  public nextTime(task: Task): Date | undefined {
    return this.alarms.get(task)?.time;
  }

  /** Forgets a task that is deleted. */
  public forget(task: Task): void {
    this.disarm(task);
    this.failures.delete(task);
  }

  /** Takes note of the end of an execution. */
  public ended(execution: Execution): void {
    const { task, status, errorCode, errorDetail } = execution;
    if (!this.executions.has(execution) || execution.isCancelled) return;
    if (status === 'SUCCESS') this.failures.delete(task);
    else this.failed(task, `${errorCode}: ${errorDetail}`);
  }

  /** Starts nothing any more. */
  public close(): void {
    this.alarms.forEach(({ cancel }) => cancel());
    this.alarms.clear();
  }

  private fire(task: Task): void {
    try {
      this.executions.add(this.start(task));
    } catch (error) {
      const { message } = error as Error;
      console.error(`The schedule of ${task.arn} could not start it: ${message}`);
      // A run that takes longer than its interval is no failure.
      if (!task.executions.some(({ isPending }) => isPending)) this.failed(task, message);
    }
  }

  private failed(task: Task, error: string): void {
    const last = this.failures.get(task);
    const count = last?.error === error ? last.count + 1 : 1;
    this.failures.set(task, { error, count });
    if (count < FAILURES_TO_DISABLE || task.schedule?.status !== 'ENABLED') return;
    task.schedule = disabledByService(task.schedule, `Disabled after ${count} failures with the same error: ${error}`, this.clock.now());
    this.arm(task);
    this.onDisabled(task);
  }

  private disarm(task: Task): void {
    this.alarms.get(task)?.cancel();
    this.alarms.delete(task);
  }
}
