/** Every pair of locations that the service transfers between, in one app and one deployment to the local stack: each start copies one file. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Bucket, CfnAccessPoint } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ILocation } from '../../src';
import {
  Agent, AzureBlobAuthentication, AzureBlobLocation, EfsLocation, Filter, FsxFileSystem, FsxLustreLocation, FsxOntapLocation, FsxOpenZfsLocation,
  FsxStorageVirtualMachine, FsxWindowsLocation, HdfsAuthentication, HdfsLocation, LocationSecret, Manifest, NfsLocation,
  ObjectStorageAuthentication, ObjectStorageLocation, ObjectStorageProtocol, OntapProtocol, S3Location, SmbAuthentication, SmbLocation, Task,
  TaskExecution, TaskReport, TaskSchedule,
} from '../../src';
import { finished } from '../support/emulator';
import { TestLocalStack } from '../support/local-stack';

const MINUTE = 60_000;
const AGENT = 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0';
const SVM = 'svm-0123456789abcdef0';
/** One id for each kind of file system. */
const FILE_SYSTEMS = { efs: 'fs-0000000e', fsxl: 'fs-0000000a', fsxz: 'fs-0000000b', fsxw: 'fs-0000000c', fsxn: 'fs-0000000d' };

/** What all locations of the app share. */
interface Surroundings {
  readonly stack: Stack;
  readonly vpc: Vpc;
  readonly group: SecurityGroup;
  readonly endpoint: URL;
}

interface Kind {
  readonly isOfAws: boolean;
  /** The place below the location's root that the subdirectory stands for. */
  readonly location: (surroundings: Surroundings, id: string, subdirectory: string) => ILocation;
  /** The folder that holds the content of the root; of a bucket its name. */
  readonly folder?: string;
  readonly bucket?: string;
}

const agents = (stack: Stack, id: string) => [Agent.fromAgentArn(stack, `${id}Agent`, AGENT)];
const password = (stack: Stack, id: string) => LocationSecret.fromSecretsManager(new Secret(stack, `${id}Secret`));
const fsx = ({ stack, vpc, group }: Surroundings, id: string, fileSystemId: string) => ({
  vpc, fileSystem: FsxFileSystem.fromFileSystemId(stack, `${id}FileSystem`, fileSystemId), fileSystemSecurityGroups: [group],
});
const ontap = (surroundings: Surroundings, id: string) => ({
  ...fsx(surroundings, id, FILE_SYSTEMS.fsxn), storageVirtualMachine: FsxStorageVirtualMachine.fromStorageVirtualMachineId(surroundings.stack, `${id}Svm`, SVM),
});

const KINDS: { readonly [name: string]: Kind } = {
  S3: {
    isOfAws: true,
    bucket: 'pairs',
    location: ({ stack }, id, subdirectory) => new S3Location(stack, id, { bucket: Bucket.fromBucketName(stack, `${id}Bucket`, 'pairs'), subdirectory }),
  },
  Efs: {
    isOfAws: true,
    folder: `efs/${FILE_SYSTEMS.efs}`,
    location: ({ stack, vpc, group }, id, subdirectory) => new EfsLocation(stack, id, {
      vpc,
      vpcSubnets: { subnets: [vpc.publicSubnets[0]] },
      subdirectory,
      fileSystem: FileSystem.fromFileSystemAttributes(stack, `${id}FileSystem`, { fileSystemId: FILE_SYSTEMS.efs, securityGroup: group }),
    }),
  },
  Lustre: {
    isOfAws: true,
    folder: `fsxl/${FILE_SYSTEMS.fsxl}`,
    location: ({ stack, vpc, group }, id, subdirectory) => new FsxLustreLocation(stack, id, {
      vpc,
      subdirectory,
      fileSystem: LustreFileSystem.fromLustreFileSystemAttributes(stack, `${id}FileSystem`, { fileSystemId: FILE_SYSTEMS.fsxl, dnsName: 'lustre', securityGroup: group }),
    }),
  },
  OpenZfs: {
    isOfAws: true,
    folder: `fsxz/${FILE_SYSTEMS.fsxz}/fsx`,
    location: (surroundings, id, subdirectory) => new FsxOpenZfsLocation(surroundings.stack, id, {
      ...fsx(surroundings, id, FILE_SYSTEMS.fsxz), subdirectory: `/fsx/${subdirectory}`,
    }),
  },
  OntapNfs: {
    isOfAws: true,
    folder: `fsxn/${FILE_SYSTEMS.fsxn}/${SVM}/nfs`,
    location: (surroundings, id, subdirectory) => new FsxOntapLocation(surroundings.stack, id, {
      ...ontap(surroundings, id), protocol: OntapProtocol.nfs(), subdirectory: `/nfs/${subdirectory}`,
    }),
  },
  OntapSmb: {
    isOfAws: true,
    folder: `fsxn/${FILE_SYSTEMS.fsxn}/${SVM}/smb`,
    location: (surroundings, id, subdirectory) => new FsxOntapLocation(surroundings.stack, id, {
      ...ontap(surroundings, id), protocol: OntapProtocol.smb({ user: 'me', password: password(surroundings.stack, id) }), subdirectory: `/smb/${subdirectory}`,
    }),
  },
  Windows: {
    isOfAws: true,
    folder: `fsxw/${FILE_SYSTEMS.fsxw}`,
    location: (surroundings, id, subdirectory) => new FsxWindowsLocation(surroundings.stack, id, {
      ...fsx(surroundings, id, FILE_SYSTEMS.fsxw), user: 'me', password: LocationSecret.fromSecretValue(new Secret(surroundings.stack, `${id}Secret`).secretValue), subdirectory,
    }),
  },
  Nfs: {
    isOfAws: false,
    folder: 'nfs/fileserver.example.com',
    location: ({ stack }, id, subdirectory) => new NfsLocation(stack, id, { serverHostname: 'fileserver.example.com', subdirectory, agents: agents(stack, id) }),
  },
  Smb: {
    isOfAws: false,
    folder: 'smb/fileserver.example.com',
    location: ({ stack }, id, subdirectory) => new SmbLocation(stack, id, {
      serverHostname: 'fileserver.example.com', subdirectory, agents: agents(stack, id), authentication: SmbAuthentication.ntlm({ user: 'me', password: password(stack, id) }),
    }),
  },
  Hdfs: {
    isOfAws: false,
    folder: 'hdfs/namenode.example.com',
    location: ({ stack }, id, subdirectory) => new HdfsLocation(stack, id, {
      nameNodes: [{ hostname: 'namenode.example.com' }], subdirectory, agents: agents(stack, id), authentication: HdfsAuthentication.simple('hdfs'),
    }),
  },
  ObjectStorage: {
    isOfAws: false,
    bucket: 'objects',
    location: ({ stack, endpoint }, id, subdirectory) => new ObjectStorageLocation(stack, id, {
      serverHostname: endpoint.hostname,
      serverPort: Number(endpoint.port),
      serverProtocol: ObjectStorageProtocol.HTTP,
      bucketName: 'objects',
      authentication: ObjectStorageAuthentication.accessKey('test', LocationSecret.fromSecretValue(SecretValue.unsafePlainText('test'))),
      agents: agents(stack, id),
      subdirectory,
    }),
  },
  AzureBlob: {
    isOfAws: false,
    folder: 'azure-blob/account.blob.core.windows.net/container',
    location: ({ stack }, id, subdirectory) => new AzureBlobLocation(stack, id, {
      containerUrl: 'https://account.blob.core.windows.net/container', authentication: AzureBlobAuthentication.sas(password(stack, id)), agents: agents(stack, id), subdirectory,
    }),
  },
};

const NAMES = Object.keys(KINDS);
const PAIRS = NAMES.flatMap(from => NAMES.map(to => [from, to] as const)).filter(([from, to]) => KINDS[from].isOfAws || KINDS[to].isOfAws);

let local: TestLocalStack;
let datasync: DataSyncClient;
let s3: S3Client;
beforeAll(async () => {
  local = await TestLocalStack.start();
  datasync = new DataSyncClient(local.datasync);
  s3 = new S3Client({ ...local.aws, forcePathStyle: true });
}, 5 * MINUTE);
afterAll(async () => {
  datasync?.destroy();
  s3?.destroy();
  await local?.close();
}, MINUTE);

/** What each source has. */
const fileOf = (from: string) => `from-${from}.txt`;

async function fill(name: string, { folder, bucket }: Kind): Promise<void> {
  if (bucket) {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `in/${fileOf(name)}`, Body: name }));
    return;
  }
  for (const subfolder of ['in', 'out']) mkdirSync(join(local.root, folder!, subfolder), { recursive: true });
  writeFileSync(join(local.root, folder!, 'in', fileOf(name)), name);
}

/** What a transfer has left at the destination. */
async function copyOf(from: string, { folder, bucket }: Kind): Promise<string> {
  if (!bucket) return readFileSync(join(local.root, folder!, 'out', fileOf(from)), 'utf8');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `out/${fileOf(from)}` }));
  return Body!.transformToString();
}

function assembly(name: string, declare: (surroundings: Surroundings) => void): string {
  const app = new App({ outdir: join(local.folder, name) });
  const stack = new Stack(app, name);
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
  declare({ stack, vpc, group: new SecurityGroup(stack, 'Group', { vpc }), endpoint: new URL(local.aws.endpoint) });
  return app.synth().directory;
}

function copy(stack: Stack, id: string, source: ILocation, destination: ILocation, from: string): void {
  const task = new Task(stack, id, { source, destination, includes: Filter.simplePattern(`/${fileOf(from)}`) });
  const start = new TaskExecution(stack, `${id}Start`, { task });
  new CfnOutput(stack, `${id}Arn`, { value: start.taskExecutionArn });
}

test('each of them is there', () => {
  expect(PAIRS).toHaveLength(119);
});

test('all of them copy', async () => {
  for (const [name, kind] of Object.entries(KINDS)) await fill(name, kind);
  const { Pairs: outputs } = await local.deploy(assembly('Pairs', surroundings => {
    const sources = Object.fromEntries(NAMES.map(name => [name, KINDS[name].location(surroundings, `From${name}`, 'in')]));
    const destinations = Object.fromEntries(NAMES.map(name => [name, KINDS[name].location(surroundings, `To${name}`, 'out')]));
    for (const [from, to] of PAIRS) copy(surroundings.stack, `${from}To${to}`, sources[from], destinations[to], from);
  }));

  const ended: Record<string, unknown> = {};
  for (const [from, to] of PAIRS) {
    const { Status, Result } = await finished(datasync, outputs[`${from}To${to}Arn`]);
    ended[`${from} to ${to}`] = Status === 'SUCCESS' ? await copyOf(from, KINDS[to]) : Result;
  }
  expect(ended).toEqual(Object.fromEntries(PAIRS.map(([from, to]) => [`${from} to ${to}`, from])));
}, 15 * MINUTE);

test('an access point of the app leads to its bucket', async () => {
  const { AccessPoint: outputs } = await local.deploy(assembly('AccessPoint', ({ stack }) => {
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'pairs');
    const accessPoint = new CfnAccessPoint(stack, 'Point', { bucket: 'pairs', name: 'way-in' });
    const source = new S3Location(stack, 'From', { bucket, accessPoint, subdirectory: 'in' });
    copy(stack, 'Through', source, new S3Location(stack, 'To', { bucket, accessPoint, subdirectory: 'through' }), 'S3');
  }));
  expect((await finished(datasync, outputs.ThroughArn)).Status).toBe('SUCCESS');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'pairs', Key: `through/${fileOf('S3')}` }));
  expect(await Body!.transformToString()).toBe('S3');
}, 5 * MINUTE);

test('a task with a manifest copies what is listed, an execution with one of its own that, and reports are in the bucket', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'listed' }));
  const files = { 'in/a.txt': 'a', 'in/b.txt': 'b', 'lists/today.csv': 'a.txt\n', 'lists/other.csv': 'b.txt\n' };
  for (const [Key, Body] of Object.entries(files)) await s3.send(new PutObjectCommand({ Bucket: 'listed', Key, Body }));
  const { Listed: outputs } = await local.deploy(assembly('Listed', ({ stack }) => {
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'listed');
    const task = new Task(stack, 'Copy', {
      source: new S3Location(stack, 'From', { bucket, subdirectory: 'in' }),
      destination: new S3Location(stack, 'To', { bucket, subdirectory: 'chosen' }),
      manifest: Manifest.fromBucket(bucket, 'lists/today.csv'),
      taskReport: TaskReport.summary(bucket, { subdirectory: 'reports/' }),
      schedule: TaskSchedule.rate(Duration.days(1), { enabled: false }),
    });
    const first = new TaskExecution(stack, 'Start', { task });
    const second = new TaskExecution(stack, 'Another', {
      task,
      manifest: Manifest.fromBucket(bucket, 'lists/other.csv'),
      taskReport: TaskReport.summary(bucket, { subdirectory: 'others/' }),
      executeAfter: [first],
    });
    new CfnOutput(stack, 'Arn', { value: first.taskExecutionArn });
    new CfnOutput(stack, 'AnotherArn', { value: second.taskExecutionArn });
  }));
  for (const arn of [outputs.Arn, outputs.AnotherArn]) expect((await finished(datasync, arn)).Status).toBe('SUCCESS');
  const keysBelow = async (Prefix: string) => (await s3.send(new ListObjectsV2Command({ Bucket: 'listed', Prefix }))).Contents?.map(({ Key }) => Key);
  expect(await keysBelow('chosen/')).toEqual(['chosen/a.txt', 'chosen/b.txt']);
  for (const [prefix, arn] of [['reports/', outputs.Arn], ['others/', outputs.AnotherArn]]) {
    expect(await keysBelow(prefix)).toEqual([expect.stringMatching(new RegExp(`^${prefix}Summary-Reports/task-\\w+/${arn.split('/').pop()}/`))]);
  }
}, 5 * MINUTE);
