import type { Duration } from 'aws-cdk-lib';
import type { IfRunning } from './if-running';

/** What the functions of this library do around a start, and the service itself does not. */
export interface StartPolicyOptions {
  /**
   * What to do when the task is running already.
   *
   * @default IfRunning.QUEUE
   */
  readonly ifRunning?: IfRunning;

  /**
   * How long to wait until the task is available, for example while its agent is offline: 10 minutes at most. Then the start fails.
   *
   * @default - 5 minutes on deploy, 2 minutes on schedule
   */
  readonly taskAvailabilityTimeout?: Duration;
}
