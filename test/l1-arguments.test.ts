import type { Stack } from 'aws-cdk-lib';
import { CfnOutput, CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAgent, CfnLocationAzureBlob, CfnLocationFSxONTAP, CfnLocationS3, CfnLocationSMB, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { CfnSecurityGroup, CfnSubnet, CfnVPCEndpoint, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { FsxOpenZfsLocationProps, TaskProps } from '../src';
import {
  Agent, AgentEndpoint, AgentVpcEndpoint, Ec2Agent, FsxFileSystem, FsxLustreLocation, FsxOpenZfsLocation, Location, NfsLocation, RunOn, S3Location,
  ScheduledTaskExecution, Task, TaskAlarms, TaskDashboard, TaskExecution, TaskExecutionProvider, TaskGrants, TaskLogQueries, TaskMode, VerifyMode,
} from '../src';
import { LOCATION_ARN, locationOf, messageOf, newStack, nfsToS3, permissionsOf, resourceOf, s3Location, TASK_ARN, warningsOf } from './support/stacks';

/** L1s where the library takes constructs, its own ones and others, and the other way round. */

const cfnTask = (stack: Stack) => new CfnTask(stack, 'L1', { sourceLocationArn: LOCATION_ARN, destinationLocationArn: s3Location(stack, 'S3').locationArn });
const cfnSmb = (stack: Stack, more: object = {}) => new CfnLocationSMB(stack, 'Smb', {
  serverHostname: 'files.example.com', subdirectory: '/share', user: 'me', agentArns: [new CfnAgent(stack, 'Agent').ref], ...more,
});

test('a CfnTask is started on deploy and on schedule, and granted', () => {
  const stack = newStack();
  const task = cfnTask(stack);
  const seed = new TaskExecution(stack, 'Seed', { task, runOn: RunOn.CREATE });
  new ScheduledTaskExecution(stack, 'Hourly', { task, schedule: ScheduleExpression.expression('rate(1 hour)') });
  TaskGrants.fromTask(task).cancel(new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  new CfnOutput(stack, 'Arn', { value: seed.taskExecutionArn });
  expect(resourceOf(stack, 'Custom::DataSyncTaskExecution').Properties).toMatchObject({ TaskArn: { Ref: 'L1' }, Values: { Task: { Type: 'AWS::DataSync::Task' } } });
  expect(permissionsOf(stack, 'Operator')).toEqual([expect.stringMatching(/^datasync:CancelTaskExecution on .*L1.*\/execution\/\*$/)]);
});

test('L1s take tasks, agents and locations of the library', () => {
  const stack = newStack();
  const agent = Agent.fromAgentArn(stack, 'Imported', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');
  const task = nfsToS3(stack);
  expect(stack.resolve(CfnTask.arnForTask(task))).toEqual(stack.resolve(task.taskArn));
  expect(CfnTask.arnForTask(Task.fromTaskArn(stack, 'Other', TASK_ARN))).toBe(TASK_ARN);
  expect(CfnAgent.arnForAgent(agent)).toBe(agent.agentArn);
  const source: NfsLocation = new NfsLocation(stack, 'From', { serverHostname: 'host', subdirectory: '/', agents: [agent] });
  const destination: S3Location = s3Location(stack, 'To');
  const l1 = new CfnTask(stack, 'L1', { sourceLocationArn: source, destinationLocationArn: destination });
  expect(stack.resolve([l1.sourceLocationArn, l1.destinationLocationArn])).toEqual(stack.resolve([source.locationArn, destination.locationArn]));
});

test('a location of the library takes a CfnAgent', () => {
  const stack = newStack();
  new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents: [new CfnAgent(stack, 'Agent')] });
  expect(resourceOf(stack, 'AWS::DataSync::LocationNFS').Properties.OnPremConfig.AgentArns).toEqual([{ Ref: 'Agent' }]);
});

describe('an L1 in the place of an interface, which the types of Python let pass, is refused as', () => {
  const group = (stack: Stack): any => new CfnSecurityGroup(stack, 'L1', { groupDescription: 'mine' });
  const zfs = (stack: Stack, more: Partial<FsxOpenZfsLocationProps>) => new FsxOpenZfsLocation(stack, 'It', {
    vpc: new Vpc(stack, 'Vpc'), fileSystem: FsxFileSystem.fromFileSystemId(stack, 'FileSystem', 'fs-0123456789abcdef0'), ...more,
  });
  const agent = (stack: Stack, more: object, makeEndpoint = (vpc: Vpc): any => new AgentVpcEndpoint(stack, 'Endpoint', { vpc })) => {
    const vpc = new Vpc(stack, 'Vpc');
    const endpoint = AgentEndpoint.privateLink(makeEndpoint(vpc), { vpc, subnet: vpc.privateSubnets[0], ...more });
    return new Agent(stack, 'It', { activationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', endpoint });
  };
  const byId = 'give a SecurityGroup; of an L1 one is made by SecurityGroup.fromSecurityGroupId()';
  const byArn = 'give a Task; of an L1 one is made by Task.fromTaskArn()';

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['bucket', stack => new S3Location(stack, 'It', { bucket: new CfnBucket(stack, 'L1') as any }), 'give a bucket; of an L1 one is made by Bucket.fromCfnBucket()'],
    ['logGroup', stack => new Task(stack, 'It', { source: locationOf(stack, 'A'), destination: locationOf(stack, 'B'), logGroup: new CfnLogGroup(stack, 'L1') as any }),
      'give a log group; of an L1 one is made by LogGroup.fromLogGroupArn()'],
    ['fileSystem', stack => new FsxLustreLocation(stack, 'It', {
      vpc: new Vpc(stack, 'Vpc'), fileSystem: new CfnFileSystem(stack, 'L1', { fileSystemType: 'LUSTRE', subnetIds: [] }) as any,
    }), 'give a LustreFileSystem; of an L1 one is made by LustreFileSystem.fromLustreFileSystemAttributes()'],
    ['securityGroups[0]', stack => zfs(stack, { securityGroups: [group(stack)] }), byId],
    ['fileSystemSecurityGroups[0]', stack => zfs(stack, { fileSystemSecurityGroups: [group(stack)] }), byId],
    ['securityGroups[0]', stack => new Ec2Agent(stack, 'It', { vpc: new Vpc(stack, 'Vpc'), securityGroups: [group(stack)] }), byId],
    ['securityGroup of endpoint', stack => agent(stack, { securityGroup: group(stack) }), byId],
    ['subnet of endpoint', stack => agent(stack, { subnet: new CfnSubnet(stack, 'L1', { vpcId: 'vpc-0123456789abcdef0' }) }),
      'give a subnet; of an L1 one is made by Subnet.fromSubnetId()'],
    ['endpoint', stack => agent(stack, {}, vpc => new CfnVPCEndpoint(stack, 'L1', { vpcId: vpc.vpcId })), 'use an AgentVpcEndpoint'],
    ['task', stack => new TaskAlarms(stack, 'It', { task: cfnTask(stack) as any }), byArn],
    ['tasks[0]', stack => new TaskDashboard(stack, 'It', { tasks: [cfnTask(stack) as any] }), byArn],
    ['task', stack => new TaskLogQueries(stack, 'It', { task: cfnTask(stack) as any }), byArn],
    ['agents[0]', stack => new TaskAlarms(stack, 'It', { task: nfsToS3(stack), agents: [new CfnAgent(stack, 'L1') as any] }),
      'give an agent; of an L1 one is made by Agent.fromAgentArn()'],
  ])('%s', (property, make, remedy) => {
    expect(messageOf(() => make(newStack()))).toBe(`DataSyncValidationError: [Stack/It] ${property} "Stack/L1": is of another kind; ${remedy}`);
  });

  test('securityGroups of the functions', () => {
    const stack = newStack();
    expect(messageOf(() => TaskExecutionProvider.of(stack).configure({ vpc: new Vpc(stack, 'Vpc'), securityGroups: [group(stack)] })))
      .toBe(`DataSyncValidationError: [Stack] securityGroups[0] "Stack/L1": is of another kind; ${byId}`);
  });
});

describe('Location.fromCfnLocation', () => {
  test('makes a location of an L1, once, without a resource of its own', () => {
    const stack = newStack();
    const share = cfnSmb(stack);
    const location = Location.fromCfnLocation(share);
    expect(Location.fromCfnLocation(share)).toBe(location);
    expect(location.node.defaultChild).toBe(share);
    expect(location.locationType?.value).toBe('SMB');
    new Task(stack, 'Task', { source: location, destination: s3Location(stack, 'S3') });
    new CfnOutput(stack, 'Uri', { value: location.locationUri! });
    expect(resourceOf(stack, 'AWS::DataSync::Task').Properties.SourceLocationArn).toEqual({ Ref: 'Smb' });
    expect(Template.fromStack(stack).toJSON().Outputs.Uri.Value).toEqual({ 'Fn::GetAtt': ['Smb', 'LocationUri'] });
  });

  const task = (stack: Stack, resource: CfnResource, more: Partial<TaskProps> = {}) =>
    messageOf(() => new Task(stack, 'Task', { source: Location.fromCfnLocation(resource), destination: s3Location(stack, 'S3'), ...more }));
  const container = (stack: Stack, more: object = {}) =>
    new CfnLocationAzureBlob(stack, 'Azure', { azureBlobContainerUrl: 'https://a.blob.core.windows.net/c', azureBlobAuthenticationType: 'NONE', ...more });
  const ontap = (stack: Stack, protocol: object) => new CfnLocationFSxONTAP(stack, 'Ontap', { storageVirtualMachineArn: 'arn', securityGroupArns: ['sg'], protocol });
  const archive = (stack: Stack, more: object = {}) => new CfnLocationS3(stack, 'Archive', {
    s3BucketArn: 'arn:aws:s3:::archive', s3Config: { bucketAccessRoleArn: 'role' }, s3StorageClass: 'DEEP_ARCHIVE', subdirectory: 'in/', ...more,
  });

  test.each<[string, (stack: Stack) => string, string]>([
    ['the type', stack => task(stack, cfnSmb(stack), { destination: locationOf(stack, 'Nfs', Location.fromCfnLocation(stack.node.findChild('Smb') as CfnResource).locationType) }),
      'source of type SMB with destination of type SMB: one side must be an AWS storage service; transfer by way of an S3 location, with two tasks'],
    ['the type of a location without an L1 class',
      stack => task(stack, new CfnResource(stack, 'Any', { type: 'AWS::DataSync::LocationFSxWindows' }), { taskMode: TaskMode.ENHANCED }),
      'taskMode "ENHANCED" with source of type FSX_WINDOWS: that type of location is not available in Enhanced mode; use TaskMode.BASIC'],
    ['the protocol', stack => task(stack, ontap(stack, { smb: { user: 'me' } }), { taskMode: TaskMode.ENHANCED }),
      'taskMode "ENHANCED" with source of type FSX_ONTAP_SMB: that type of location is not available in Enhanced mode; use TaskMode.BASIC'],
    ['that there are no agents', stack => task(stack, container(stack)),
      'taskMode "BASIC" with source of type AZURE_BLOB without agents: Basic mode reaches that type of location by agents only; '
      + 'use TaskMode.ENHANCED, or create the location with agents'],
    ['that there are no agents, opposite to a file system',
      stack => task(stack, container(stack, { agentArns: [] }), {
        taskMode: TaskMode.ENHANCED,
        destination: locationOf(stack, 'Efs', Location.fromCfnLocation(
          new CfnResource(stack, 'Any', { type: 'AWS::DataSync::LocationEFS' })).locationType),
      }),
      'source of type AZURE_BLOB without agents with destination of type EFS: without agents it transfers from and to S3 only; '
      + 'create the location with agents, or use an S3 location as the other side'],
    ['the storage class',
      stack => task(stack, cfnSmb(stack), {
        destination: Location.fromCfnLocation(archive(stack)), options: { verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT },
      }),
      'options.verifyMode "POINT_IN_TIME_CONSISTENT": a destination of storage class DEEP_ARCHIVE cannot be read back; '
      + 'use VerifyMode.ONLY_FILES_TRANSFERRED or VerifyMode.NONE'],
  ])('reads %s, so that a task checks it', (_, message, expected) => {
    expect(message(newStack())).toBe(`DataSyncValidationError: [Stack/Task] ${expected}`);
  });

  test.each<[string, (stack: Stack) => string]>([
    ['an unknown protocol', stack => task(stack, ontap(stack, {}), { taskMode: TaskMode.ENHANCED })],
    ['agents', stack => task(stack, container(stack, { agentArns: [new CfnAgent(stack, 'Agent').ref] }))],
    ['agents by an escape hatch', stack => {
      const resource = container(stack);
      resource.addPropertyOverride('AgentArns', { Ref: 'Agents' });
      return task(stack, resource);
    }],
    ['no agents in Enhanced mode', stack => task(stack, container(stack), { taskMode: TaskMode.ENHANCED })],
    ['a kind that is newer than the library',
      stack => task(stack, new CfnResource(stack, 'Any', { type: 'AWS::DataSync::LocationTape' }), { taskMode: TaskMode.ENHANCED })],
  ])('lets a task accept %s', (_, message) => {
    expect(message(newStack())).toBe('no error');
  });

  test('reads the place, so that a task warns of overlaps', () => {
    const stack = newStack();
    const source = new S3Location(stack, 'Ours', { bucket: Bucket.fromBucketName(stack, 'Bucket', 'archive') });
    new Task(stack, 'Task', { source, destination: Location.fromCfnLocation(archive(stack, { s3StorageClass: undefined })) });
    expect(warningsOf(stack).filter(line => line.includes('destination')).join()).toContain('is inside source "Stack/Ours"');
  });

  test('refuses what is not a location', () => {
    const stack = newStack();
    expect(messageOf(() => Location.fromCfnLocation(new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket' })))).toBe(
      'DataSyncValidationError: [Stack/Bucket] resource of type "AWS::S3::Bucket": must be of a type that begins with AWS::DataSync::Location; '
      + 'pass the L1 of a location, such as a CfnLocationSMB');
  });
});
