import type { Filter } from '../filter';
import type { Manifest } from '../manifest';
import type { Options } from '../options';
import type { TaskReport } from '../task-report';

/**
 * What the service's StartTaskExecution takes: what one execution does differently from its task.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/API_StartTaskExecution.html
 */
export interface StartTaskExecutionOptions {
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
   * A list of what to transfer, instead of the filters or the manifest of the task. `Manifest.none()` for a task that has one.
   *
   * @default - the manifest of the task
   */
  readonly manifest?: Manifest;

  /**
   * What to report, instead of what the task reports. `TaskReport.none()` for a task that reports. It does not count as a change.
   *
   * @default - the report of the task
   */
  readonly taskReport?: TaskReport;

  /**
   * Tags of the execution: at most 45, with values that are not empty. The tags of the task are not copied.
   *
   * @default - only the tags by which the library recognizes its own executions
   */
  readonly tags?: { [key: string]: string };
}
