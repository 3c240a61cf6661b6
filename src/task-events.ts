import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { arnUnderCondition } from './private/conditions';
import type { StateChange } from './private/state-change-rule';
import type { TaskExecutionStatus } from './task-execution/task-execution-status';
import type { TaskStatus } from './task-status';

/** Which changes of state of executions to react to, and how. */
export interface OnExecutionStateChangeOptions extends OnEventOptions {
  /**
   * The states to react to: at least one.
   *
   * @default - all of them
   */
  readonly states?: TaskExecutionStatus[];
}

/** Which changes of state of a task to react to, and how. */
export interface OnTaskStateChangeOptions extends OnEventOptions {
  /**
   * The states to react to: at least one.
   *
   * @default - all of them
   */
  readonly states?: TaskStatus[];
}

/**
 * The events of a task. The service sends them at best effort: one may be lost. They come in the account and Region of the task only.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/events.html
 */
export interface ITaskEvents {
  /**
   * Calls a target whenever an execution of this task gets into another state.
   *
   * @example
   * task.onExecutionStateChange('Ended', {
   *   states: [datasync.TaskExecutionStatus.SUCCESS, datasync.TaskExecutionStatus.ERROR],
   *   target: new SnsTopic(topic),
   * });
   */
  onExecutionStateChange(id: string, options?: OnExecutionStateChangeOptions): Rule;

  /** Calls a target whenever an execution of this task has finished without an error. */
  onExecutionSucceeded(id: string, options?: OnEventOptions): Rule;

  /**
   * Calls a target whenever an execution of this task has failed, has failed for some items, or was cancelled: the event is the same. It also comes of
   * executions that a deployment cancels, for example in a rollback.
   *
   * @example
   * task.onExecutionFailed('Failed', { target: new SnsTopic(topic) });
   */
  onExecutionFailed(id: string, options?: OnEventOptions): Rule;

  /** Calls a target whenever this task itself gets into another state. */
  onTaskStateChange(id: string, options?: OnTaskStateChangeOptions): Rule;

  /** Calls a target whenever this task can no longer be started, for example because one of its agents is offline. */
  onTaskUnavailable(id: string, options?: OnEventOptions): Rule;
}

type Task = IConstruct & aws_datasync.ITaskRef;

/** @internal */
export function executionStateChange(task: Task, states?: TaskExecutionStatus[]): StateChange {
  return { detailType: 'DataSync Task Execution State Change', arnPrefix: `${arnUnderCondition(task)}/execution/`, className: 'TaskExecutionStatus', states };
}

/** @internal */
export function taskStateChange(task: Task, states?: TaskStatus[]): StateChange {
  return { detailType: 'DataSync Task State Change', arnPrefix: arnUnderCondition(task), className: 'TaskStatus', states };
}
