import { Duration, Lazy, SecretValue, Tags } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystemTypeVersion, LustreDeploymentType, LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { OURS } from './rule';
import type { Section } from './rule';
import {
  Agent, Atime, Filter, FsxLustreLocation, Gid, HdfsAuthentication, HdfsLocation, Location, LocationSecret, LocationType, LogLevel, Manifest, Mtime,
  ObjectStorageAuthentication, ObjectStorageLocation, ObjectTags, PosixPermissions, PreserveDeletedFiles, PreserveDevices, S3Location,
  S3StorageClass, ScheduledDate, SecurityDescriptorCopyFlags, Task, TaskExecution, TaskMode, TaskReport, TaskSchedule, TransferMode, Uid, VerifyMode,
} from '../../../src';
import type { HdfsLocationProps, ILocation, LocationAttributes, ManifestOptions, Options, ReportLevel, StandardTaskReportOptions, TaskProps } from '../../../src';
import { AGENT_ARN, LOCATION_ARN, locationOf, TASK_ARN } from '../../support/stacks';

const task = (stack: Stack, props: Partial<TaskProps>): Task =>
  new Task(stack, 'Task', { ...props, source: props.source ?? locationOf(stack, 'From'), destination: props.destination ?? locationOf(stack, 'To') });
const options = (given: Options, props: Partial<TaskProps> = {}) => (stack: Stack) => task(stack, { options: given, ...props });
const between = (source: LocationType, destination: LocationType, props: Partial<TaskProps> = {}) => (stack: Stack) =>
  task(stack, { source: locationOf(stack, 'Source', source), destination: locationOf(stack, 'Destination', destination), ...props });
const archive = (given: Options, taskMode?: TaskMode) => (stack: Stack) => task(stack, {
  destination: new S3Location(stack, 'Archive', { bucket: new Bucket(stack, 'Bucket'), storageClass: S3StorageClass.GLACIER }), options: given, taskMode,
});
const google = (props: Partial<TaskProps>, hasAgents = false) => (stack: Stack) => task(stack, {
  source: new ObjectStorageLocation(stack, 'Google', {
    serverHostname: 'storage.googleapis.com',
    bucketName: 'bucket',
    authentication: ObjectStorageAuthentication.anonymous(),
    agents: hasAgents ? [Agent.fromAgentArn(stack, 'GoogleAgent', AGENT_ARN)] : undefined,
  }),
  destination: new S3Location(stack, 'FromGoogle', { bucket: new Bucket(stack, 'Bucket') }),
  ...props,
});
const located = (stack: Stack, id: string, attrs: Partial<LocationAttributes>): ILocation =>
  Location.fromLocationAttributes(stack, id, { locationArn: LOCATION_ARN, ...attrs });
const elsewhere = (region: string, id: string) => LOCATION_ARN.replace('us-east-1', region).replace(/0$/, id);
const hdfs = (props: Partial<HdfsLocationProps>) => (stack: Stack) => task(stack, {
  source: new HdfsLocation(stack, 'Hdfs', {
    nameNodes: [{ hostname: 'one' }], agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)], authentication: HdfsAuthentication.simple('hdfs'), ...props,
  }),
});
const lustre = (fileSystemTypeVersion?: FileSystemTypeVersion) => (stack: Stack) => {
  const vpc = new Vpc(stack, 'Vpc');
  const fileSystem = new LustreFileSystem(stack, 'Lustre', {
    vpc,
    vpcSubnet: vpc.privateSubnets[0],
    storageCapacityGiB: 1200,
    lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 },
    fileSystemTypeVersion,
  });
  return task(stack, { source: new FsxLustreLocation(stack, 'Scratch', { fileSystem, vpc }), taskMode: TaskMode.ENHANCED });
};
const CRON = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html';
const inBucket = (stack: Stack, id: string, subdirectory?: string) =>
  new S3Location(stack, id, { bucket: Bucket.fromBucketName(stack, `${id}Bucket`, 'mine'), subdirectory });
const filtered = (...patterns: string[]) => (stack: Stack) => task(stack, { excludes: Filter.simplePattern(...patterns) });
const tagged = (key: string, value: string) => (stack: Stack) => Tags.of(task(stack, {})).add(key, value);
const start = (tags: { [key: string]: string }) => (stack: Stack) => new TaskExecution(stack, 'Start', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), tags });

const listed = (props: Partial<TaskProps> = {}, key = 'today.csv', more: ManifestOptions = {}) => (stack: Stack) =>
  task(stack, { manifest: Manifest.fromBucket(new Bucket(stack, 'Lists'), key, more), ...props });
const reported = (more: StandardTaskReportOptions) => (stack: Stack) => task(stack, { taskReport: TaskReport.standard(new Bucket(stack, 'Reports'), more) });

export const TASK_SECTIONS: Section[] = [
  {
    title: 'Task',
    source: 'create-task-how-to',
    errors: [
      ['a name with other characters', stack => task(stack, { taskName: 'no/such*name' }), 'API_CreateTask'],
      ['a name that is no text', stack => task(stack, { taskName: 5 as unknown as string }), OURS],
      ['a long name', stack => task(stack, { taskName: 'x'.repeat(257) }), 'API_CreateTask'],
      ['a value that is no member of its enum', stack => task(stack, { taskMode: 'FAST' as TaskMode }), 'API_CreateTask'],
      ['something else in the place of a location', stack => task(stack, { source: new Bucket(stack, 'Bucket') as unknown as ILocation }), OURS],
      ['a log group in Enhanced mode', stack => task(stack, { taskMode: TaskMode.ENHANCED, logGroup: new LogGroup(stack, 'Logs') }), 'configure-logging'],
      ['something of another Region', stack => task(stack, {
        logGroup: LogGroup.fromLogGroupArn(stack, 'Logs', 'arn:aws:logs:eu-west-1:111122223333:log-group:mine'),
      }), 'configure-logging'],
      ['something of another account', stack => task(stack, { source: located(stack, 'Other', { locationArn: LOCATION_ARN.replace('111122223333', '444455556666') }) }),
        'working-with-locations'],
      ['an ARN of something else', stack => Task.fromTaskArn(stack, 'Import', LOCATION_ARN), 'API_DescribeTask'],
      ['an ARN of which the parts are not known', stack => Task.fromTaskArn(stack, 'Import', '{{resolve:ssm:/task}}'), OURS],
      ['events of no state', stack => task(stack, {}).onExecutionStateChange('Rule', { states: [] }), OURS],
    ],
    warnings: [
      ['events of a task in another Region', stack => Task.fromTaskArn(stack, 'Task', TASK_ARN.replace('us-east-1', 'eu-west-1')).onExecutionFailed('Rule'),
        'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html'],
    ],
  },
  {
    title: 'Manifest',
    source: 'transferring-with-manifest',
    errors: [
      ['no key', listed({}, ''), 'API_S3ManifestConfig'],
      ['a key with other characters', listed({}, 'year=2026/today.csv'), 'API_S3ManifestConfig'],
      ['a bucket of another partition', stack => task(stack, { manifest: Manifest.fromBucket(Bucket.fromBucketArn(stack, 'China', 'arn:aws-cn:s3:::lists'), 'today.csv') }), OURS],
      ['no bucket', stack => task(stack, { manifest: Manifest.fromBucket(undefined as unknown as Bucket, 'today.csv') }), OURS],
      ['a key in the place of a manifest', stack => task(stack, { manifest: 'today.csv' as unknown as Manifest }), OURS],
      ['a long version', listed({}, 'today.csv', { objectVersionId: 'x'.repeat(101) }), 'API_S3ManifestConfig'],
      ['a manifest and a filter', listed({ includes: Filter.simplePattern('/a') })],
      ['a manifest and deletion', listed({ options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE } })],
      ['a date where there is no scheduled time', listed({}, ScheduledDate.format('yyyy')), OURS],
    ],
    warnings: [
      ['a manifest of an execution, and filters of its task', stack => new TaskExecution(stack, 'Start', {
        task: task(stack, { includes: Filter.simplePattern('/a') }), manifest: Manifest.fromBucket(new Bucket(stack, 'Lists'), 'today.csv'),
      })],
    ],
  },
  {
    title: 'TaskReport',
    source: 'creating-task-report',
    errors: [
      ['a prefix with other characters', reported({ subdirectory: 'year=2026/' }), 'API_ReportDestinationS3'],
      ['a bucket of another partition', stack => task(stack, { taskReport: TaskReport.summary(Bucket.fromBucketArn(stack, 'China', 'arn:aws-cn:s3:::reports')) }), OURS],
      ['no bucket', stack => task(stack, { taskReport: TaskReport.summary(undefined as unknown as Bucket) }), OURS],
      ['a date where there is no scheduled time', reported({ subdirectory: ScheduledDate.format('yyyy') }), OURS],
      ['a level that there is not', reported({ reportLevel: 'ALL' as ReportLevel }), 'API_TaskReportConfig'],
    ],
    warnings: [
      ['reports in a destination in which everything else is deleted', stack => {
        const bucket = new Bucket(stack, 'Bucket');
        return task(stack, {
          destination: new S3Location(stack, 'S3', { bucket }), options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE }, taskReport: TaskReport.summary(bucket),
        });
      }],
    ],
  },
  {
    title: 'TaskSchedule',
    source: 'task-scheduling',
    errors: [
      ['several times an hour', stack => task(stack, { schedule: TaskSchedule.cron({ minute: '0/15' }) })],
      ['an hour that there is not', stack => task(stack, { schedule: TaskSchedule.cron({ minute: '0', hour: '24' }) }), CRON],
      ['a weekday that there is not', stack => task(stack, { schedule: TaskSchedule.cron({ minute: '0', hour: '2', weekDay: 'MO' }) }), CRON],
      ['a minute that is not said', stack => task(stack, { schedule: TaskSchedule.cron({ minute: '?' }) }), CRON],
      ['neither days nor weekdays', stack => task(stack, { schedule: TaskSchedule.cron({ minute: '0', day: '?' }) }), CRON],
      ['two values in one field', stack => task(stack, { schedule: TaskSchedule.cron({ minute: '0', hour: '1 13' }) }), CRON],
      ['an interval that is no whole minutes', stack => task(stack, { schedule: TaskSchedule.rate(Duration.seconds(3601)) }), 'API_TaskSchedule'],
      ['an interval below an hour', stack => task(stack, { schedule: TaskSchedule.rate(Duration.minutes(30)) })],
    ],
  },
  {
    title: 'Options',
    source: 'API_Options',
    errors: [
      ['deleting without comparing', options({ transferMode: TransferMode.ALL, preserveDeletedFiles: PreserveDeletedFiles.REMOVE })],
      ['modification time without access time', options({ atime: Atime.NONE })],
      ['access time without modification time', options({ mtime: Mtime.NONE })],
      ['no modification time in Enhanced mode', options({ mtime: Mtime.NONE }, { taskMode: TaskMode.ENHANCED })],
      ['verifying everything in Enhanced mode', options({ verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT }, { taskMode: TaskMode.ENHANCED }), 'choosing-task-mode'],
      ['verifying everything in an archive class', archive({ verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT }), 'create-s3-location'],
      ['POSIX metadata between object stores', between(LocationType.S3, LocationType.S3, { options: { posixPermissions: PosixPermissions.PRESERVE } }), 'metadata-copied'],
      ['Windows security descriptors elsewhere', between(LocationType.SMB, LocationType.S3, {
        options: { securityDescriptorCopyFlags: SecurityDescriptorCopyFlags.OWNER_DACL },
      })],
      ['tags of objects from Google Cloud in Enhanced mode', google({ taskMode: TaskMode.ENHANCED }), 'choosing-task-mode'],
      ['tags of objects that are asked for from there', google({ taskMode: TaskMode.ENHANCED, options: { objectTags: ObjectTags.PRESERVE } }), 'API_Options'],
      ['devices to EFS', between(LocationType.NFS, LocationType.EFS, { options: { preserveDevices: PreserveDevices.PRESERVE } })],
      ['a bandwidth that there is not', options({ bytesPerSecond: -2 })],
      ['an option that there is not', options({ verifymode: 'NONE' } as Options), OURS],
      ['a text in the place of options', options('NONE' as unknown as Options), OURS],
      ['a token in the place of all options', options(Lazy.any({ produce: () => ({}) }) as Options), OURS],
    ],
    warnings: [
      ['an archive class that the service verifies', archive({}), 'create-s3-location'],
      ['a log level without a log group', options({ logLevel: LogLevel.TRANSFER }), 'configure-logging'],
      ['a log group and the level OFF', stack => task(stack, { logGroup: new LogGroup(stack, 'Logs'), options: { logLevel: LogLevel.OFF } }), 'configure-logging'],
      ['a log group without a level', stack => task(stack, { logGroup: new LogGroup(stack, 'Logs') }), 'configure-logging'],
      ['tags of objects from Google Cloud in Basic mode', google({}, true), 'choosing-task-mode'],
      ['the same, asked for', google({ options: { objectTags: ObjectTags.PRESERVE } }, true), 'choosing-task-mode'],
      ['owners by name', options({ uid: Uid.NAME, gid: Gid.INT_VALUE })],
      ['owners without groups', options({ uid: Uid.INT_VALUE, gid: Gid.NONE })],
      ['POSIX metadata over SMB', between(LocationType.SMB, LocationType.S3, { options: { posixPermissions: PosixPermissions.PRESERVE } }), 'metadata-copied'],
    ],
  },
  {
    title: 'Source and destination',
    source: 'working-with-locations',
    errors: [
      ['two sides that are not of AWS', between(LocationType.NFS, LocationType.SMB)],
      ['S3 on Outposts with something else than S3', between(LocationType.OUTPOST_S3, LocationType.EFS), 'create-s3-location'],
      ['Enhanced mode where there is none', between(LocationType.FSX_WINDOWS, LocationType.S3, { taskMode: TaskMode.ENHANCED }), 'choosing-task-mode'],
      ['Lustre 2.10 in Enhanced mode', lustre(FileSystemTypeVersion.V_2_10), 'create-lustre-location'],
      ['a version that is 2.10 by default', lustre(undefined), 'https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html'],
      ['several NameNodes in Basic mode', hdfs({ nameNodes: [{ hostname: 'one' }, { hostname: 'other' }] }), 'create-hdfs-location'],
      ['transparent encryption with Kerberos in Basic mode', hdfs({
        kmsKeyProviderUri: 'kms://http@kms.example.com:9600/kms',
        authentication: HdfsAuthentication.kerberos({
          principal: 'me@EXAMPLE.COM', keytab: LocationSecret.fromSecretValue(SecretValue.secretsManager('keytab')), krb5Conf: '[libdefaults]',
        }),
      }), 'create-hdfs-location'],
      ['two locations, of which neither is in the Region of the task', stack => task(stack, {
        source: located(stack, 'Source', { locationArn: elsewhere('eu-west-1', 'a') }),
        destination: located(stack, 'Destination', { locationArn: elsewhere('ap-south-1', 'b') }),
      })],
      ['a server of one\'s own and another Region', stack => task(stack, {
        source: located(stack, 'Source', { locationArn: elsewhere('us-east-1', 'a'), locationType: LocationType.NFS }),
        destination: located(stack, 'Destination', { locationArn: elsewhere('eu-west-1', 'b'), locationType: LocationType.S3 }),
      })],
    ],
    warnings: [
      ['one place on both sides', stack => task(stack, { source: inBucket(stack, 'A'), destination: inBucket(stack, 'B') }), OURS],
      ['a destination inside the source', stack => task(stack, { source: inBucket(stack, 'A'), destination: inBucket(stack, 'B', 'in/') }), OURS],
      ['a source inside the destination', stack => task(stack, { source: inBucket(stack, 'A', 'in/'), destination: inBucket(stack, 'B') }), OURS],
    ],
  },
  {
    title: 'Filters',
    source: 'filtering',
    errors: [
      ['no filter', stack => task(stack, { includes: '/a' as unknown as Filter }), OURS],
      ['no pattern', filtered()],
      ['a NUL character', filtered('/a\0'), 'API_FilterRule'],
      ['an include with a star in it', stack => task(stack, { includes: Filter.simplePattern('*.txt') })],
      ['more characters than the service takes', stack => task(stack, { includes: Filter.simplePattern(`/${'x'.repeat(102_400)}`) }), 'datasync-limits'],
      ['a date without a schedule', stack => task(stack, { includes: Filter.simplePattern(`/${ScheduledDate.format('yyyy')}`) }), OURS],
      ['a date of other letters', () => ScheduledDate.format('Y-W'), OURS],
      ['a date with a star', () => ScheduledDate.format('yyyy*'), OURS],
      ['a date of a time zone that there is not', () => ScheduledDate.format('yyyy', { timeZone: { timezoneName: 'Europe/Nowhere' } as any }), OURS],
      ['a date that is off by a part of a day', () => ScheduledDate.format('yyyy', { offset: { days: 0.5 } }), OURS],
    ],
    warnings: [
      ['an empty pattern', filtered('/a', '')],
      ['a pattern that begins like no path', filtered('tmp')],
      ['a backslash that escapes nothing', filtered('/a\\b')],
    ],
  },
  {
    title: 'Tags',
    source: 'API_TagListEntry',
    errors: [
      ['a key with other characters', tagged('owner@home', 'me')],
      ['a value with other characters', tagged('team', 'R&D')],
      ['an empty value', tagged('team', '')],
      ['51 tags', stack => {
        const own = task(stack, {});
        for (let index = 0; index < 51; index++) Tags.of(own).add(`tag${index}`, 'x');
      }],
      ['more tags of an execution than the library leaves', start(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tag${index}`, 'x'])))],
      ['a tag of an execution that is the library\'s', start({ 'cdk-datasync:owner': 'me' }), OURS],
    ],
  },
];

