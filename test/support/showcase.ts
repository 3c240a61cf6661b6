import { App, Duration, Fn, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Environment } from 'aws-cdk-lib/cx-api';
import { nfsLocation } from './stacks';
import { LogLevel, S3Location, ScheduledTaskExecution, Task, TaskExecution } from '../../src';

/** A stack with everything in it that the library creates. */
export function showcase(env?: Partial<Environment>): Stack {
  // Where CDK has rules of its own for templates, what breaks one is an error.
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  const stack = new Stack(app, 'Showcase', { env });
  const bucket = (id: string) => new Bucket(stack, id, { encryption: BucketEncryption.KMS, enforceSSL: true, serverAccessLogsPrefix: 'log/' });
  const inbox = new S3Location(stack, 'Inbox', { bucket: bucket('InboxBucket'), subdirectory: 'in/' });
  const archive = new S3Location(stack, 'Archive', { bucket: bucket('ArchiveBucket') });
  const upload = new Task(stack, 'Upload', {
    source: nfsLocation(stack, 'Share', Fn.importValue('Agent')),
    destination: inbox,
    options: { logLevel: LogLevel.BASIC },
    logGroup: new LogGroup(stack, 'Logs'),
  });
  const copy = new Task(stack, 'Copy', { source: inbox, destination: archive });
  new TaskExecution(stack, 'Seed', { task: upload });
  new TaskExecution(stack, 'Again', { task: copy });
  new ScheduledTaskExecution(stack, 'Hourly', { task: copy, schedule: ScheduleExpression.rate(Duration.hours(1)), storeTaskExecutionArn: true });
  return stack;
}
