import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Agent, Filter, NfsLocation, S3Location, Task, TaskExecution, VerifyMode } from 'cdk-datasync';

const app = new App();
const stack = new Stack(app, 'DeployTimeSeed');

const bucket = new Bucket(stack, 'Bucket');
const agent = Agent.fromAgentArn(stack, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');

const task = new Task(stack, 'Task', {
  source: new NfsLocation(stack, 'Share', {
    serverHostname: 'fileserver.example.com',
    subdirectory: '/export/projects',
    agents: [agent],
  }),
  destination: new S3Location(stack, 'Seeded', { bucket, subdirectory: 'seeded/' }),
  options: { verifyMode: VerifyMode.ONLY_FILES_TRANSFERRED },
  includes: Filter.simplePattern('/data', '/media', '/tools', '/read me.txt'),
  excludes: Filter.simplePattern('*.tmp', '/data/cache'),
});

const seed = new TaskExecution(stack, 'Seed', { task });

new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
new CfnOutput(stack, 'TaskExecutionArn', { value: seed.taskExecutionArn });
