/**
 * The states of an execution.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/run-task.html#understand-task-execution-statuses
 */
export class TaskExecutionStatus {
  /** Waits for another execution of the task, or for the agent. */
  public static readonly QUEUED = TaskExecutionStatus.of('QUEUED');

  /** Is being initialized. */
  public static readonly LAUNCHING = TaskExecutionStatus.of('LAUNCHING');

  /** Lists and compares source and destination. */
  public static readonly PREPARING = TaskExecutionStatus.of('PREPARING');

  /** Copies. */
  public static readonly TRANSFERRING = TaskExecutionStatus.of('TRANSFERRING');

  /** Compares what was copied. */
  public static readonly VERIFYING = TaskExecutionStatus.of('VERIFYING');

  /** Is being cancelled. */
  public static readonly CANCELLING = TaskExecutionStatus.of('CANCELLING');

  /** Finished without an error. */
  public static readonly SUCCESS = TaskExecutionStatus.of('SUCCESS');

  /** Failed, failed for some items, or was cancelled. */
  public static readonly ERROR = TaskExecutionStatus.of('ERROR');

  /** A state that is newer than this library, as the service names it. */
  public static of(value: string): TaskExecutionStatus {
    return new TaskExecutionStatus(value);
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}
