import type { Duration } from 'aws-cdk-lib';
import type { OnTimeout } from './on-timeout';

/** How long a deployment waits for the end of an execution. */
export interface SucceededOptions {
  /**
   * How long the execution may take, from its start and with its time in the queue: one minute to 12 hours. CloudFormation waits for an hour for
   * one resource, so a timeout over 45 minutes makes a custom resource for each 50 minutes of it, which wait one after the other.
   *
   * @default Duration.minutes(45)
   */
  readonly timeout?: Duration;

  /**
   * What becomes of an execution that takes longer.
   *
   * @default OnTimeout.CANCEL
   */
  readonly onTimeout?: OnTimeout;
}

/** When a `TaskExecution` counts as done, so that the deployment goes on. */
export class Completion {
  /** As soon as the service has accepted the start. What becomes of the execution does not affect the deployment. */
  public static started(): Completion {
    return new Completion();
  }

  /**
   * When the execution has succeeded. If it ends with an error, the deployment fails with the service's reason, and CloudFormation rolls back.
   * A rollback never waits for an execution.
   *
   * Once per stack this makes a state machine, its role, and a policy of the function: no function runs while the deployment waits.
   */
  public static succeeded(options: SucceededOptions = {}): Completion {
    return new Completion(options);
  }

  private constructor(
    /** @internal */
    public readonly _succeeded?: SucceededOptions,
  ) {}

  /**
   * Whether what depends on the execution comes after its end.
   *
   * @internal
   */
  public get _waitsForEnd(): boolean {
    return this._succeeded !== undefined;
  }
}
