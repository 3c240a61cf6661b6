// A plain JavaScript app against the installed package.
const { App, CfnOutput, Stack } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { S3Location, Task, TaskExecution } = require('cdk-datasync');

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Installed');
const task = new Task(stack, 'Copy', {
  source: new S3Location(stack, 'From', { bucket: new Bucket(stack, 'Source') }),
  destination: new S3Location(stack, 'To', { bucket: new Bucket(stack, 'Destination') }),
});
const execution = new TaskExecution(stack, 'Start', { task });
new CfnOutput(stack, 'TaskExecutionArn', { value: execution.taskExecutionArn });
app.synth();
