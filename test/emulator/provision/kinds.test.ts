import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CfnResource } from 'aws-cdk-lib';
import { App, SecretValue, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreDeploymentType, LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Bucket, CfnAccessPoint } from 'aws-cdk-lib/aws-s3';
import type { ILocation } from '../../../src';
import {
  Agent, AzureBlobAuthentication, AzureBlobLocation, EfsLocation, FsxFileSystem, FsxLustreLocation, FsxOntapLocation, FsxOpenZfsLocation,
  FsxStorageVirtualMachine, FsxWindowsLocation, HdfsAuthentication, HdfsLocation, HdfsProtection, LocationSecret, OntapProtocol, S3Location,
  SmbAuthentication, SmbLocation, Task,
} from '../../../src';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, startTestEmulator } from '../../support/emulator';

/** Locations of the library whose storage is a folder here. */

const SECRET = '{{resolve:secretsmanager:secret:SecretString:::}}';
const secret = LocationSecret.fromSecretValue(SecretValue.secretsManager('secret'));
const agents = (stack: Stack) => [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)];

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator({ s3Endpoint: '' }); });
afterEach(() => emulator.close());

const fsx = (stack: Stack) => {
  const vpc = new Vpc(stack, 'Vpc');
  return {
    vpc,
    fileSystem: FsxFileSystem.fromFileSystemId(stack, 'FileSystem', 'fs-0123456789abcdef0'),
    fileSystemSecurityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
  };
};
const ontap = (stack: Stack) => ({
  ...fsx(stack), storageVirtualMachine: FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, 'Svm', 'svm-0123456789abcdef0'),
});

test.each<[string, (stack: Stack) => ILocation]>([
  ['EfsLocation', stack => {
    const vpc = new Vpc(stack, 'Vpc');
    return new EfsLocation(stack, 'Its', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }), subdirectory: '/projects' });
  }],
  ['FsxLustreLocation', stack => {
    const vpc = new Vpc(stack, 'Vpc');
    const fileSystem = new LustreFileSystem(stack, 'FileSystem', {
      vpc, vpcSubnet: vpc.privateSubnets[0], storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 },
    });
    return new FsxLustreLocation(stack, 'Its', { vpc, fileSystem });
  }],
  ['FsxOpenZfsLocation', stack => new FsxOpenZfsLocation(stack, 'Its', { ...fsx(stack), subdirectory: '/fsx/projects' })],
  ['FsxOntapLocation by NFS', stack => new FsxOntapLocation(stack, 'Its', { ...ontap(stack), protocol: OntapProtocol.nfs(), subdirectory: '/vol1' })],
  ['FsxOntapLocation by SMB', stack => new FsxOntapLocation(stack, 'Its', { ...ontap(stack), protocol: OntapProtocol.smb({ user: 'me', password: secret }) })],
  ['FsxWindowsLocation', stack => new FsxWindowsLocation(stack, 'Its', { ...fsx(stack), user: 'me', password: secret })],
  ['AzureBlobLocation', stack => new AzureBlobLocation(stack, 'Its', {
    containerUrl: 'https://account.blob.core.windows.net/container', agents: agents(stack), authentication: AzureBlobAuthentication.sas(secret), subdirectory: '/in',
  })],
  ['HdfsLocation', stack => new HdfsLocation(stack, 'Its', {
    nameNodes: [{ hostname: 'namenode' }], agents: agents(stack), authentication: HdfsAuthentication.simple('hdfs'), subdirectory: '/user/me',
  })],
  ['HdfsLocation with Kerberos', stack => new HdfsLocation(stack, 'Its', {
    nameNodes: [{ hostname: 'namenode', port: 9000 }],
    agents: agents(stack),
    authentication: HdfsAuthentication.kerberos({ principal: 'me@EXAMPLE.COM', keytab: secret, krb5Conf: '[libdefaults]' }),
    blockSize: Size.mebibytes(64),
    replicationFactor: 2,
    qop: { rpcProtection: HdfsProtection.INTEGRITY },
  })],
  ['S3Location by an access point', stack => {
    const bucket = new Bucket(stack, 'Mine');
    return new S3Location(stack, 'Its', { bucket, accessPoint: new CfnAccessPoint(stack, 'Point', { bucket: bucket.bucketName }), subdirectory: 'in' });
  }],
  ['SmbLocation', stack => new SmbLocation(stack, 'Its', {
    serverHostname: 'host', subdirectory: '/share', agents: agents(stack), authentication: SmbAuthentication.ntlm({ user: 'me', password: secret }),
  })],
  ['SmbLocation with Kerberos', stack => new SmbLocation(stack, 'Its', {
    serverHostname: 'host',
    subdirectory: '/share',
    agents: agents(stack),
    authentication: SmbAuthentication.kerberos({ principal: 'cifs/me@EXAMPLE.COM', keytab: secret, krb5Conf: '[libdefaults]' }),
  })],
])('%s is provisioned, and copied from and to', async (_, locationIn) => {
  const stack = new Stack(new App(), 'Kinds');
  const it = locationIn(stack);
  const bucket = new S3Location(stack, 'Bucket', { bucket: new Bucket(stack, 'Storage') });
  const upload = new Task(stack, 'Upload', { source: it, destination: bucket });
  const download = new Task(stack, 'Download', { source: bucket, destination: it });
  const { logicalId } = it.node.defaultChild as CfnResource;
  expect(Template.fromStack(stack).toJSON().Resources[stack.resolve(logicalId)].Type).toMatch(/^AWS::DataSync::Location/);

  const local = await emulator.provision(stack, { values: { [SECRET]: 'c2VjcmV0' } });
  writeFileSync(join(local.location(it).folder, 'up.txt'), 'up');
  expect(await local.run(upload)).toMatchObject({ status: 'SUCCESS', files: ['/up.txt'] });
  writeFileSync(join(local.location(bucket).folder, 'down.txt'), 'down');
  expect(await local.run(download)).toMatchObject({ status: 'SUCCESS', files: ['/down.txt'] });
});
