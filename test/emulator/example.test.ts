import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateLocationEfsCommand, CreateLocationNfsCommand, CreateTaskCommand, DataSyncClient, DescribeTaskExecutionCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Agent, Filter, Location, NfsLocation, PreserveDeletedFiles, Task } from 'cdk-datasync';
import { Emulator, startEmulator } from 'cdk-datasync/emulator';

/** The stack under test; in an app of yours it is imported. */
class BackupStack extends Stack {
  constructor(app: App) {
    super(app, 'Backup');
    new Task(this, 'Nightly', {
      source: new NfsLocation(this, 'Projects', {
        serverHostname: 'fileserver',
        subdirectory: '/projects',
        agents: [Agent.fromAgentArn(this, 'Agent', 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0')],
      }),
      destination: Location.fromLocationArn(this, 'Share', 'arn:aws:datasync:us-east-1:000000000000:location/loc-0123456789abcdef0'),
      options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE },
      excludes: Filter.simplePattern('*.tmp', '*/cache'),
    });
  }
}

jest.setTimeout(300_000); // to load the CDK and synthesize takes seconds on a busy machine

let root: string;
let emulator: Emulator;
let datasync: DataSyncClient;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'backup-'));
  emulator = await startEmulator({ port: 0, root });
  datasync = new DataSyncClient({ endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
});

afterAll(async () => {
  datasync.destroy();
  await emulator.close();
  rmSync(root, { recursive: true });
});

test('the backup mirrors the projects, without caches and temporary files', async () => {
  // what the file systems hold: <root>/<kind>/<host or file system id>/<subdirectory>
  const projects = join(root, 'nfs/fileserver/projects');
  const share = join(root, 'efs/fs-0123456789abcdef0');
  mkdirSync(join(projects, 'app/cache'), { recursive: true });
  mkdirSync(share, { recursive: true });
  writeFileSync(join(projects, 'app/main.py'), 'print(1)');
  writeFileSync(join(projects, 'app/cache/large'), 'again and again');
  writeFileSync(join(projects, 'draft.tmp'), '');
  writeFileSync(join(share, 'deleted-long-ago'), '');

  // what the stack would create, in the emulator: CloudFormation's properties are the API's
  const template = Template.fromStack(new BackupStack(new App()));
  const [task] = Object.values(template.findResources('AWS::DataSync::Task'));
  const [nfs] = Object.values(template.findResources('AWS::DataSync::LocationNFS'));
  const source = await datasync.send(new CreateLocationNfsCommand(nfs.Properties));
  const destination = await datasync.send(new CreateLocationEfsCommand({
    EfsFilesystemArn: 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-0123456789abcdef0',
    Ec2Config: {
      SubnetArn: 'arn:aws:ec2:us-east-1:000000000000:subnet/subnet-01234567',
      SecurityGroupArns: ['arn:aws:ec2:us-east-1:000000000000:security-group/sg-01234567'],
    },
  }));
  const { TaskArn } = await datasync.send(new CreateTaskCommand({
    ...task.Properties, SourceLocationArn: source.LocationArn, DestinationLocationArn: destination.LocationArn,
  }));

  const { TaskExecutionArn } = await datasync.send(new StartTaskExecutionCommand({ TaskArn }));
  let execution;
  do {
    await new Promise(resolve => setTimeout(resolve, 50));
    execution = await datasync.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
  } while (!['SUCCESS', 'ERROR'].includes(execution.Status!));

  expect({ status: execution.Status, why: execution.Result?.ErrorDetail }).toEqual({ status: 'SUCCESS', why: undefined });
  expect(readdirSync(share, { recursive: true }).sort()).toEqual(['app', 'app/main.py']);
});
