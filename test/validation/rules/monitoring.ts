import { Duration, Lazy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { OURS } from './rule';
import type { Section } from './rule';
import { Task, TaskAlarms, TaskDashboard, TaskLogQueries } from '../../../src';
import { LOCATION_ARN, TASK_ARN } from '../../support/stacks';

const imported = (stack: Stack) => Task.fromTaskArn(stack, 'Task', TASK_ARN);
const within = (successWithin: Duration) => (stack: Stack) => new TaskAlarms(stack, 'Alarms', { task: imported(stack), successWithin });

export const MONITORING_SECTIONS: Section[] = [
  {
    title: 'Alarms, dashboards and queries',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    errors: [
      ['a shorter time than there are events in', within(Duration.minutes(5)), OURS],
      ['a longer time than CloudWatch looks back', within(Duration.days(8))],
      ['parts of a minute', within(Duration.seconds(660.5))],
      ['parts of an hour over more than a day', within(Duration.minutes(1500 + 1))],
      ['a time that only the deployment knows', within(Duration.hours(Lazy.number({ produce: () => 3 }))), OURS],
      ['alarms of an L1', stack => new TaskAlarms(stack, 'Alarms', {
        task: new CfnTask(stack, 'L1', { sourceLocationArn: LOCATION_ARN, destinationLocationArn: LOCATION_ARN }) as unknown as Task,
      }), OURS],
      ['a dashboard of nothing', stack => new TaskDashboard(stack, 'Dashboard', { tasks: [] }), OURS],
      ['queries of no log', stack => new TaskLogQueries(stack, 'Queries', { task: imported(stack) }), OURS],
    ],
  },
];
