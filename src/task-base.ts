import type { IResource } from 'aws-cdk-lib';
import { Resource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { serviceMetric } from './private/service-metric';
import type { StateChange } from './private/state-change-rule';
import { stateChangeMetric, stateChangeRule } from './private/state-change-rule';
import type { ITaskEvents, OnExecutionStateChangeOptions, OnTaskStateChangeOptions } from './task-events';
import { executionStateChange, taskStateChange } from './task-events';
import { TaskExecutionStatus } from './task-execution/task-execution-status';
import { TaskGrants } from './task-grants';
import type { ITaskMetrics } from './task-metrics';
import { TaskStatus } from './task-status';

/** A transfer from one location to another that can be started any number of times. */
export interface ITask extends IResource, aws_datasync.ITaskRef, ITaskMetrics, ITaskEvents {
  /**
   * ARN of the task.
   *
   * @attribute
   */
  readonly taskArn: string;

  /**
   * Id of the task, `task-` and 17 hexadecimal digits.
   *
   * @attribute
   */
  readonly taskId: string;

  /** Permissions on the task and its executions. */
  readonly grants: TaskGrants;
}

/**
 * What tasks of this library and imported ones have in common.
 *
 * @internal
 */
export abstract class TaskBase extends Resource implements ITask {
  public abstract readonly taskArn: string;
  public abstract readonly taskId: string;

  public readonly grants: TaskGrants = TaskGrants.fromTask(this);

  /** What L1s that take the task, and starts of this library, take of it. */
  public get taskRef(): aws_datasync.TaskReference {
    return { taskArn: this.taskArn };
  }

  public onExecutionStateChange(id: string, options: OnExecutionStateChangeOptions = {}): Rule {
    const { states, ...rule } = options;
    return stateChangeRule(this, id, executionStateChange(this, states), rule);
  }

  public onExecutionSucceeded(id: string, options?: OnEventOptions): Rule {
    return stateChangeRule(this, id, this.succeeded, options);
  }

  public onExecutionFailed(id: string, options?: OnEventOptions): Rule {
    return stateChangeRule(this, id, this.failed, options);
  }

  public onTaskStateChange(id: string, options: OnTaskStateChangeOptions = {}): Rule {
    const { states, ...rule } = options;
    return stateChangeRule(this, id, taskStateChange(this, states), rule);
  }

  public onTaskUnavailable(id: string, options?: OnEventOptions): Rule {
    return stateChangeRule(this, id, this.unavailable, options);
  }

  public metricExecutionsSucceeded(options?: MetricOptions): Metric {
    return stateChangeMetric(this, 'SucceededMetricRule', this.succeeded, options);
  }

  public metricExecutionsFailed(options?: MetricOptions): Metric {
    return stateChangeMetric(this, 'FailedMetricRule', this.failed, options);
  }

  public metricTaskUnavailable(options?: MetricOptions): Metric {
    return stateChangeMetric(this, 'UnavailableMetricRule', this.unavailable, options);
  }

  public metric(metricName: string, options?: MetricOptions): Metric {
    return serviceMetric(this, { TaskId: this.taskId }, metricName, options);
  }

  public metricFilesTransferred(options?: MetricOptions): Metric {
    return this.metric('FilesTransferred', options);
  }

  public metricFilesDeleted(options?: MetricOptions): Metric {
    return this.metric('FilesDeleted', options);
  }

  public metricBytesWritten(options?: MetricOptions): Metric {
    return this.metric('BytesWritten', options);
  }

  public metricBytesTransferred(options?: MetricOptions): Metric {
    return this.metric('BytesTransferred', options);
  }

  public metricBytesCompressed(options?: MetricOptions): Metric {
    return this.metric('BytesCompressed', options);
  }

  public metricBytesPreparedSource(options?: MetricOptions): Metric {
    return this.metric('BytesPreparedSource', options);
  }

  public metricBytesPreparedDestination(options?: MetricOptions): Metric {
    return this.metric('BytesPreparedDestination', options);
  }

  public metricBytesVerifiedSource(options?: MetricOptions): Metric {
    return this.metric('BytesVerifiedSource', options);
  }

  public metricBytesVerifiedDestination(options?: MetricOptions): Metric {
    return this.metric('BytesVerifiedDestination', options);
  }

  public metricFilesPreparedSource(options?: MetricOptions): Metric {
    return this.metric('FilesPreparedSource', options);
  }

  public metricFilesPreparedDestination(options?: MetricOptions): Metric {
    return this.metric('FilesPreparedDestination', options);
  }

  public metricFilesSkipped(options?: MetricOptions): Metric {
    return this.metric('FilesSkipped', options);
  }

  public metricFilesVerifiedSource(options?: MetricOptions): Metric {
    return this.metric('FilesVerifiedSource', options);
  }

  public metricFilesVerifiedDestination(options?: MetricOptions): Metric {
    return this.metric('FilesVerifiedDestination', options);
  }

  public metricFilesListedSource(options?: MetricOptions): Metric {
    return this.metric('FilesListedSource', options);
  }

  public metricFilesPrepared(options?: MetricOptions): Metric {
    return this.metric('FilesPrepared', options);
  }

  public metricFilesVerified(options?: MetricOptions): Metric {
    return this.metric('FilesVerified', options);
  }

  private get succeeded(): StateChange {
    return executionStateChange(this, [TaskExecutionStatus.SUCCESS]);
  }

  private get failed(): StateChange {
    return executionStateChange(this, [TaskExecutionStatus.ERROR]);
  }

  private get unavailable(): StateChange {
    return taskStateChange(this, [TaskStatus.UNAVAILABLE]);
  }
}
