/**
 * The states of a task of which the service sends events.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-task-how-to.html
 */
export class TaskStatus {
  /** Ready to start. */
  public static readonly AVAILABLE = TaskStatus.of('AVAILABLE');

  /** An execution is under way. */
  public static readonly RUNNING = TaskStatus.of('RUNNING');

  /** Cannot start: an agent of the task is offline, or a location cannot be reached any more. */
  public static readonly UNAVAILABLE = TaskStatus.of('UNAVAILABLE');

  /** Waits for another task that uses the same agent. */
  public static readonly QUEUED = TaskStatus.of('QUEUED');

  /** A state that is newer than this library, as the service names it. */
  public static of(value: string): TaskStatus {
    return new TaskStatus(value);
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}
