import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The metrics of a task. Each is a sum over 5 minutes, unless the options say otherwise.
 *
 * The service emits its own metrics every five minutes while an execution runs, and none of success or failure. Those of executions that succeeded or
 * failed, and of the task being unavailable, count events, which may be lost. Their rule is made when they are first asked for, in the stack of the task.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html
 */
export interface ITaskMetrics {
  /** A metric of the service of this task, by its name. */
  metric(metricName: string, options?: MetricOptions): Metric;

  /** Number of executions that finished without an error: of events that say so. */
  metricExecutionsSucceeded(options?: MetricOptions): Metric;

  /** Number of executions that failed, failed for some items, or were cancelled: of events that say so, and do not tell which. */
  metricExecutionsFailed(options?: MetricOptions): Metric;

  /** How often the task became one that cannot be started: of events that say so. */
  metricTaskUnavailable(options?: MetricOptions): Metric;

  /** Number of files, objects and (in Basic mode) folders transferred. */
  metricFilesTransferred(options?: MetricOptions): Metric;

  /** Number of files, objects and (in Basic mode) folders deleted at the destination because the source does not have them. */
  metricFilesDeleted(options?: MetricOptions): Metric;

  /** Number of bytes written to the destination. */
  metricBytesWritten(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of bytes sent over the network, before compression. */
  metricBytesTransferred(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of bytes sent over the network, after compression. */
  metricBytesCompressed(options?: MetricOptions): Metric;

  /** In Basic mode only. Logical size in bytes of what preparing found at the source. */
  metricBytesPreparedSource(options?: MetricOptions): Metric;

  /** In Basic mode only. Logical size in bytes of what preparing found at the destination. */
  metricBytesPreparedDestination(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of bytes read at the source to verify. */
  metricBytesVerifiedSource(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of bytes read at the destination to verify. */
  metricBytesVerifiedDestination(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of files, objects and folders that preparing looked at, at the source. */
  metricFilesPreparedSource(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of files, objects and folders that preparing looked at, at the destination. */
  metricFilesPreparedDestination(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of files, objects and folders that were not transferred. */
  metricFilesSkipped(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of files, objects and folders verified at the source. */
  metricFilesVerifiedSource(options?: MetricOptions): Metric;

  /** In Basic mode only. Number of files, objects and folders verified at the destination. */
  metricFilesVerifiedDestination(options?: MetricOptions): Metric;

  /** In Enhanced mode only. Number of objects found at the source. */
  metricFilesListedSource(options?: MetricOptions): Metric;

  /** In Enhanced mode only. Number of objects that will be tried to transfer, as far as they are prepared. */
  metricFilesPrepared(options?: MetricOptions): Metric;

  /** In Enhanced mode only. Number of objects verified. */
  metricFilesVerified(options?: MetricOptions): Metric;
}
