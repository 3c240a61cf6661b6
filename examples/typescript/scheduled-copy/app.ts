import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Agent, Filter, IfRunning, NfsLocation, S3Location, ScheduledTaskExecution, Task, TransferMode } from 'cdk-datasync';

const app = new App();
const stack = new Stack(app, 'ScheduledCopy');

const bucket = new Bucket(stack, 'Bucket');
const agent = Agent.fromAgentArn(stack, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');

const task = new Task(stack, 'Task', {
  source: new NfsLocation(stack, 'Share', {
    serverHostname: 'fileserver.example.com',
    subdirectory: '/export/projects',
    agents: [agent],
  }),
  destination: new S3Location(stack, 'Copied', { bucket, subdirectory: 'copied/' }),
  options: { transferMode: TransferMode.CHANGED },
  includes: Filter.simplePattern('/data', '/media', '/tools', '/read me.txt'),
  excludes: Filter.simplePattern('*.tmp', '/data/cache'),
});

new ScheduledTaskExecution(stack, 'EveryMinute', {
  task,
  schedule: ScheduleExpression.rate(Duration.minutes(1)),
  ifRunning: IfRunning.ATTACH, // a run that takes longer than a minute is not followed by a queue of others
  storeTaskExecutionArn: true,
});

new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
