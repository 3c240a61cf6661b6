import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Agent, Filter, NfsLocation, PreserveDeletedFiles, S3Location, Task, TaskExecution } from 'cdk-datasync';

export class BackupStack extends Stack {
  public readonly projects = new NfsLocation(this, 'Projects', {
    serverHostname: 'fileserver',
    subdirectory: '/projects',
    agents: [Agent.fromAgentArn(this, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0')],
  });
  public readonly archive = new S3Location(this, 'Archive', { bucket: new Bucket(this, 'Bucket') });
  public readonly nightly = new Task(this, 'Nightly', {
    source: this.projects,
    destination: this.archive,
    options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE },
    excludes: Filter.simplePattern('*.tmp', '*/cache'),
  });
  public readonly first = new TaskExecution(this, 'First', { task: this.nightly });
}
