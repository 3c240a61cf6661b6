/**
 * The states of an execution.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/run-task.html#understand-task-execution-statuses
 */
export enum TaskExecutionStatus {
  /** Waits for another execution of the task, or for the agent. */
  QUEUED = 'QUEUED',
  /** Is being initialized. */
  LAUNCHING = 'LAUNCHING',
  /** Lists and compares source and destination. */
  PREPARING = 'PREPARING',
  /** Copies. */
  TRANSFERRING = 'TRANSFERRING',
  /** Compares what was copied. */
  VERIFYING = 'VERIFYING',
  /** Is being cancelled. */
  CANCELLING = 'CANCELLING',
  /** Finished without an error. */
  SUCCESS = 'SUCCESS',
  /** Failed, failed for some items, or was cancelled. */
  ERROR = 'ERROR',
}
