import type { CreateLocationAzureBlobRequest, CreateLocationHdfsRequest } from '@aws-sdk/client-datasync';
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Place, Text, TransferCase } from './transfers';
import { HOME, textOf } from './transfers';
import type { AzureAccessTier, ILocation, Options, TaskMode } from '../../src';
import {
  Agent, AzureBlobAuthentication, AzureBlobLocation, EfsLocation, Filter, FsxFileSystem, FsxLustreLocation, FsxOntapLocation, FsxOpenZfsLocation,
  FsxStorageVirtualMachine, FsxWindowsLocation, HdfsAuthentication, HdfsLocation, Location, LocationSecret, ObjectStorageAuthentication,
  ObjectStorageLocation, OntapProtocol, S3Location, S3StorageClass, SmbAuthentication, SmbLocation, Task, TaskExecution,
} from '../../src';
import { DataSyncValidationError } from '../../src/validation/problems';
import { AGENT_ARN } from '../support/emulator';

/** What each side says of a task, and of a start of it: `undefined` where it accepts. A start of a task that is refused is not tried. */
export interface Verdict {
  readonly task?: string;
  readonly start?: string;
}

const ACCOUNT = '000000000000';

type Own = (stack: Stack, id: string, place: Place) => ILocation;
const agents = (stack: Stack, id: string) => [Agent.fromAgentArn(stack, `${id}Agent`, AGENT_ARN)];
const secret = LocationSecret.fromSecretValue(SecretValue.secretsManager('secret'));

const groupIn = (stack: Stack, id: string) => SecurityGroup.fromSecurityGroupId(stack, id, 'sg-0123456789abcdef0');
const fsx = (stack: Stack, id: string) => ({
  fileSystem: FsxFileSystem.fromFileSystemId(stack, `${id}FileSystem`, 'fs-0123456789abcdef0'),
  fileSystemSecurityGroups: [groupIn(stack, `${id}Group`)],
  securityGroups: [groupIn(stack, `${id}Own`)],
});
const ontap = (stack: Stack, id: string) => ({
  ...fsx(stack, id), storageVirtualMachine: FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, `${id}Svm`, 'svm-0123456789abcdef0'),
});

/** Locations by the library's own classes, so that all is known of them. */
const OWN: { readonly [type: string]: Own } = {
  AZURE_BLOB: (stack, id, { input, agentless }) => {
    const { ContainerUrl, AccessTier } = input as CreateLocationAzureBlobRequest;
    return new AzureBlobLocation(stack, id, {
      containerUrl: ContainerUrl!,
      authentication: AzureBlobAuthentication.anonymous(),
      accessTier: AccessTier as AzureAccessTier | undefined,
      agents: agentless ? undefined : agents(stack, id),
    });
  },
  EFS: (stack, id) => new EfsLocation(stack, id, {
    fileSystem: FileSystem.fromFileSystemAttributes(stack, `${id}FileSystem`, { fileSystemId: 'fs-0123456789abcdef0', securityGroup: groupIn(stack, `${id}Group`) }),
    securityGroups: [groupIn(stack, `${id}Own`)],
    vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, `${id}Subnet`, 'subnet-0123456789abcdef0')] },
  }),
  FSX_LUSTRE: (stack, id) => new FsxLustreLocation(stack, id, {
    fileSystem: LustreFileSystem.fromLustreFileSystemAttributes(stack, `${id}FileSystem`, {
      fileSystemId: 'fs-0123456789abcdef0', dnsName: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com', securityGroup: groupIn(stack, `${id}Group`),
    }),
    securityGroups: [groupIn(stack, `${id}Own`)],
  }),
  FSX_OPENZFS_NFS: (stack, id) => new FsxOpenZfsLocation(stack, id, fsx(stack, id)),
  FSX_ONTAP_NFS: (stack, id) => new FsxOntapLocation(stack, id, { ...ontap(stack, id), protocol: OntapProtocol.nfs() }),
  FSX_ONTAP_SMB: (stack, id) => new FsxOntapLocation(stack, id, { ...ontap(stack, id), protocol: OntapProtocol.smb({ user: 'user', password: secret }) }),
  FSX_WINDOWS: (stack, id) => new FsxWindowsLocation(stack, id, { ...fsx(stack, id), user: 'user', password: secret }),
  HDFS: (stack, id, { input }) => {
    const { NameNodes, AuthenticationType, KmsKeyProviderUri } = input as CreateLocationHdfsRequest;
    return new HdfsLocation(stack, id, {
      nameNodes: NameNodes!.map(({ Hostname, Port }) => ({ hostname: Hostname!, port: Port })),
      agents: agents(stack, id),
      authentication: AuthenticationType === 'KERBEROS'
        ? HdfsAuthentication.kerberos({ principal: 'user@REALM', keytab: secret, krb5Conf: '[libdefaults]' }) : HdfsAuthentication.simple('user'),
      kmsKeyProviderUri: KmsKeyProviderUri,
    });
  },
  OBJECT_STORAGE: (stack, id, { agentless }) => new ObjectStorageLocation(stack, id, {
    serverHostname: 'objects', bucketName: 'bucket', authentication: ObjectStorageAuthentication.anonymous(), agents: agentless ? undefined : agents(stack, id),
  }),
  S3: (stack, id, { storageClass }) => new S3Location(stack, id, {
    bucket: Bucket.fromBucketName(stack, `${id}Bucket`, 'bucket'), storageClass: S3StorageClass.of(storageClass!),
  }),
  SMB: (stack, id) => new SmbLocation(stack, id, {
    serverHostname: 'server', subdirectory: '/share', agents: agents(stack, id), authentication: SmbAuthentication.ntlm({ user: 'user', password: secret }),
  }),
};

/** The library's checks, in one app: what it refuses it never renders. */
export class Synthesis {
  private readonly stack = new Stack(new App(), 'Differential', { env: { account: ACCOUNT, region: HOME } });
  private readonly locations = new Map<Place, ILocation>();
  private count = 0;

  public verdict(transfer: TransferCase, arnOf: (place: Place) => string): Verdict {
    const { source, destination, name, mode, options, logGroup, includes, excludes, start } = transfer;
    const number = this.count++;
    let task: Task;
    try {
      task = new Task(this.stack, `Task${number}`, {
        source: this.location(source, arnOf),
        destination: this.location(destination, arnOf),
        taskName: name,
        taskMode: mode as TaskMode | undefined,
        options: optionsOf(options),
        includes: filterOf(includes),
        excludes: filterOf(excludes),
        logGroup: logGroup === undefined ? undefined : LogGroup.fromLogGroupName(this.stack, `Log${number}`, logGroup),
      });
      refuseInvalid(task);
    } catch (error) {
      return { task: messageOf(error) };
    }
    try {
      refuseInvalid(new TaskExecution(this.stack, `Start${number}`, {
        task, overrideOptions: optionsOf(start.options), includes: filterOf(start.includes), excludes: filterOf(start.excludes),
      }));
      return {};
    } catch (error) {
      return { start: messageOf(error) };
    }
  }

  /** Others, and those of another Region, as locations of another app. */
  private location(place: Place, arnOf: (place: Place) => string): ILocation {
    let location = this.locations.get(place);
    if (!location) {
      const id = `Location${this.locations.size}`;
      const own = place.region === HOME ? OWN[place.type.value] : undefined;
      location = own?.(this.stack, id, place) ?? Location.fromLocationAttributes(this.stack, id, {
        locationArn: arnOf(place),
        locationType: place.type,
        storageClass: place.storageClass === undefined ? undefined : S3StorageClass.of(place.storageClass),
        agents: place.agentless ? [] : undefined,
      });
      this.locations.set(place, location);
    }
    return location;
  }
}

/** What is checked only when the template is made. */
function refuseInvalid(construct: Task | TaskExecution): void {
  const problems = construct.node.findAll().flatMap(({ node }) => node.validate());
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** The API's names are the library's with a capital. */
function optionsOf(options: Record<string, unknown>): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name[0].toLowerCase() + name.slice(1), value]));
}

function filterOf(value: Text | undefined): Filter | undefined {
  return value === undefined ? undefined : Filter.simplePattern(textOf(value));
}

/** Only what the library refuses on purpose is a verdict. */
function messageOf(error: unknown): string {
  if (!(error instanceof DataSyncValidationError)) throw error;
  return error.problems.join('\n');
}
