import { Duration } from 'aws-cdk-lib';
import { Filter } from '../filter';
import { Options } from '../options';

/** How to start a task: what one execution does differently from its task. */
export interface TaskStartOptions {
  /**
   * Options that replace those of the task, one by one.
   *
   * @default - the options of the task
   */
  readonly overrideOptions?: Options;

  /**
   * What to transfer, instead of what the task includes.
   *
   * @default - what the task includes
   */
  readonly includes?: Filter;

  /**
   * What not to transfer, instead of what the task excludes.
   *
   * @default - what the task excludes
   */
  readonly excludes?: Filter;

  /**
   * Tags of the execution: at most 45, with values that are not empty. The tags of the task are not copied.
   *
   * @default - only the tags by which the library recognizes its own executions
   */
  readonly tags?: { [key: string]: string };

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

/** What to do when a task that is to be started is running already. */
export enum IfRunning {
  /**
   * Let the service queue the execution. The service refuses one with the same filters as one that is waiting (whether also as one that
   * runs is not known), and one of a task with TaskQueueing.DISABLED. A refusal fails the start at once.
   */
  QUEUE = 'QUEUE',

  /** Start nothing, and take the execution in progress for this one. It is never cancelled on behalf of this one. */
  ATTACH = 'ATTACH',

  /** Start nothing, and fail. The start itself is sent with TaskQueueing.DISABLED, so that it fails also when the agent is busy. */
  FAIL = 'FAIL',
}
