import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  Agent, LogLevel, NfsLocation, S3Location, Task, TaskAlarms, TaskDashboard, TaskExecution, TaskExecutionStatus, TaskLogQueries, TaskSchedule,
} from 'cdk-datasync';

const app = new App();
const stack = new Stack(app, 'MonitoredCopy');

const agent = Agent.fromAgentArn(stack, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');
const bucket = new Bucket(stack, 'Bucket');

const task = new Task(stack, 'Task', {
  source: new NfsLocation(stack, 'Share', {
    serverHostname: 'fileserver.example.com',
    subdirectory: '/export/projects',
    agents: [agent],
  }),
  destination: new S3Location(stack, 'Copied', { bucket, subdirectory: 'copied/' }),
  options: { logLevel: LogLevel.TRANSFER },
  logGroup: new LogGroup(stack, 'Log', { removalPolicy: RemovalPolicy.DESTROY }),
  schedule: TaskSchedule.cron({ hour: '2', minute: '30' }),
});

const pager = new Topic(stack, 'Pager');
const alarms = new TaskAlarms(stack, 'Alarms', {
  task,
  successWithin: Duration.hours(26), // a nightly task, and two hours for it to run
  agents: [agent],
  alarmActions: [new SnsAction(pager)],
});
new TaskDashboard(stack, 'Dashboard', { tasks: [task], alarms: [alarms] });
new TaskLogQueries(stack, 'Queries', { task });

const ended = new Queue(stack, 'Ended');
task.onExecutionStateChange('ExecutionEnded', {
  states: [TaskExecutionStatus.SUCCESS, TaskExecutionStatus.ERROR],
  target: new SqsQueue(ended),
});

new TaskExecution(stack, 'FirstCopy', { task }); // not only tonight

new CfnOutput(stack, 'QueueUrl', { value: ended.queueUrl });
