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

/**
 * What to do when a task that is to be started is running already, started by somebody else: by hand, by a schedule, or by another start.
 * On deploy, the previous execution of the same `TaskExecution` does not count: the new one supersedes it, whatever is chosen here.
 */
export enum IfRunning {
  /**
   * Let the service queue the execution. The service refuses one with the same filters as one that is waiting (whether also as one that
   * runs is not known), and one of a task with TaskQueueing.DISABLED. A refusal fails the start at once, and names what is in the way.
   */
  QUEUE = 'QUEUE',

  /**
   * Take the execution in progress for this one, if its options, filters, manifest and mode are those asked for; otherwise start one as
   * with `QUEUE`. It is never cancelled on behalf of this one. After a change of a location, only one that started since is taken.
   */
  ATTACH = 'ATTACH',

  /**
   * Start nothing, and fail. The start itself is sent with TaskQueueing.DISABLED, so that it fails also when something starts in the same
   * moment or the agent is busy.
   */
  FAIL = 'FAIL',
}
