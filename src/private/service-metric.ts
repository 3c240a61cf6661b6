import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';

/**
 * A metric that the service emits, by its name: a sum, unless the options say otherwise.
 *
 * @param subject what it is about
 */
export function serviceMetric(subject: IConstruct, dimensionsMap: { [name: string]: string }, metricName: string, options?: MetricOptions): Metric {
  return new Metric({ namespace: 'AWS/DataSync', metricName, dimensionsMap, statistic: Stats.SUM, ...options }).attachTo(subject);
}
