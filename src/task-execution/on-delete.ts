import type { Duration } from 'aws-cdk-lib';
import type { OnDeleteFailure } from './on-delete-failure';

/** How the task is run once more before its stack is deleted. */
export interface RunOnDeleteOptions {
  /**
   * How long one deletion waits for the end of the run: one to 45 minutes. CloudFormation waits for an hour for one resource; with `OnDeleteFailure.BLOCK`
   * the next deletion goes on waiting for the same run.
   *
   * @default Duration.minutes(45)
   */
  readonly timeout?: Duration;

  /**
   * What becomes of the deletion when the run fails, cannot be started, or has not ended in time.
   *
   * @default OnDeleteFailure.BLOCK
   */
  readonly onFailure?: OnDeleteFailure;
}

/** What happens when the stack of a `TaskExecution` is deleted. */
export class OnDelete {
  /** An execution that is still running is cancelled. */
  public static cancel(): OnDelete {
    return new OnDelete();
  }

  /**
   * Saves before it destroys: the task is run once more, with the options and filters of this execution, and only when that has succeeded are the task, its
   * locations and all else that it needs deleted. An execution of this resource that is still running is cancelled for it. The run waits behind executions
   * of others, whatever `ifRunning` says, unless it says `WAIT`.
   *
   * Only the deletion of the stack does that, or of the nested stack that this is in: a rollback, an update that replaces or removes the
   * `TaskExecution`, and the deletion of a stack that could not be created do not. What has been saved must not be deleted with the stack: retain the
   * destination.
   *
   * Once per stack this makes a state machine, its role, and a policy of the function, which `Completion.succeeded()` has in common.
   */
  public static run(options: RunOnDeleteOptions = {}): OnDelete {
    return new OnDelete(options);
  }

  private constructor(
    /** @internal */
    public readonly _run?: RunOnDeleteOptions,
  ) {}
}
