import type { IResource } from 'aws-cdk-lib';
import { Resource } from 'aws-cdk-lib';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { OnExecutionStateChangeOptions } from './task-events';
import { executionStateChangeRule } from './task-events';
import { TaskGrants } from './task-grants';

/** A transfer from one location to another that can be started any number of times. */
export interface ITask extends IResource, aws_datasync.ITaskRef {
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

  /**
   * A metric of this task.
   *
   * The service emits metrics every five minutes while an execution runs. There is none of success or failure.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html
   */
  metric(metricName: string, props?: MetricOptions): Metric;

  /**
   * Number of files, objects and (in Basic mode) directories transferred.
   *
   * @default - sum over 5 minutes
   */
  metricFilesTransferred(props?: MetricOptions): Metric;

  /**
   * Number of bytes sent over the network, before compression. In Basic mode only.
   *
   * @default - sum over 5 minutes
   */
  metricBytesTransferred(props?: MetricOptions): Metric;

  /**
   * Number of bytes written to the destination.
   *
   * @default - sum over 5 minutes
   */
  metricBytesWritten(props?: MetricOptions): Metric;

  /**
   * Calls a target whenever an execution of this task gets into another state. The service sends these events at best effort.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/events.html
   * @example
   * task.onExecutionStateChange('Failed', { states: [datasync.TaskExecutionStatus.ERROR], target: new SnsTopic(topic) });
   */
  onExecutionStateChange(id: string, options?: OnExecutionStateChangeOptions): Rule;
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

  public metric(metricName: string, props?: MetricOptions): Metric {
    return new Metric({
      namespace: 'AWS/DataSync',
      metricName,
      dimensionsMap: { TaskId: this.taskId },
      statistic: 'Sum',
      ...props,
    }).attachTo(this);
  }

  public metricFilesTransferred(props?: MetricOptions): Metric {
    return this.metric('FilesTransferred', props);
  }

  public metricBytesTransferred(props?: MetricOptions): Metric {
    return this.metric('BytesTransferred', props);
  }

  public metricBytesWritten(props?: MetricOptions): Metric {
    return this.metric('BytesWritten', props);
  }

  public onExecutionStateChange(id: string, options?: OnExecutionStateChangeOptions): Rule {
    return executionStateChangeRule(this, id, options);
  }
}
