import type { Stack } from 'aws-cdk-lib';
import { SecretValue, Size } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnAccessPoint as CfnEfsAccessPoint, FileSystem } from 'aws-cdk-lib/aws-efs';
import { LustreDeploymentType, LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnAccessPoint } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Location } from '../../src';
import {
  Agent, AzureAccessTier, AzureBlobAuthentication, AzureBlobLocation, EfsLocation, FsxFileSystem, FsxLustreLocation, FsxOntapLocation,
  FsxOpenZfsLocation, FsxStorageVirtualMachine, FsxWindowsLocation, HdfsAuthentication, HdfsLocation, HdfsProtection, LocationSecret,
  LocationType, NfsLocation, NfsVersion, ObjectStorageAuthentication, ObjectStorageLocation, ObjectStorageProtocol, OntapProtocol, S3Location,
  S3StorageClass, SmbAuthentication, SmbLocation, SmbVersion,
} from '../../src';
import { nfsLocation, s3Location } from '../support/stacks';

/** What is tried with every kind of location that has a construct of its own: one row each. */
export interface Kind<L extends Location = Location> {
  /** Name of the class. */
  readonly construct: string;
  readonly type: LocationType;
  /** Name of the L1 class, and so of what its types begin with. */
  readonly l1: string;
  /** A location with required properties only. */
  readonly minimal: (stack: Stack, id: string) => L;
  /** Locations that together have every property. */
  readonly complete: ReadonlyArray<(stack: Stack, id: string) => L>;
  /** All that the template has of the minimal one: the defaults of the service are the service's. */
  readonly rendered: readonly string[];
  /** Members of the L1's types by the property that holds them, such as `{ S3ConfigProperty: 'S3Config' }`. */
  readonly nested: { readonly [type: string]: string };
  /** Properties of the L1 that cannot be set, and why. */
  readonly leftOut?: { readonly [property: string]: string };
  /** What L1s take of it. */
  readonly reference: (location: L) => { readonly locationArn: string };
  /** Actions that the role has at a destination only. Without a role, or without a difference, none. */
  readonly writing: readonly string[];
}

/** Checks a row against its class. */
const kind = <L extends Location>(row: Kind<L>) => row as unknown as Kind;
/** Wherever the stack is. */
const agentArn = (stack: Stack) => stack.formatArn({ service: 'datasync', resource: 'agent', resourceName: 'agent-0123456789abcdef0' });
const agents = (stack: Stack, id: string) => [Agent.fromAgentArn(stack, `${id}Agent`, agentArn(stack))];
/** Kept in Secrets Manager. */
const ownSecret = (stack: Stack, id: string) => LocationSecret.fromSecretsManager(new Secret(stack, `${id}Secret`));
/** Kept by the service, with a key. */
const value = (stack: Stack, id: string) => LocationSecret.fromSecretValue(
  SecretValue.secretsManager('password'), { encryptionKey: new Key(stack, `${id}Key`) });
const efs = (stack: Stack, id: string) => {
  const vpc = new Vpc(stack, `${id}Vpc`);
  return { vpc, fileSystem: new FileSystem(stack, `${id}FileSystem`, { vpc }) };
};
const lustre = (stack: Stack, id: string) => {
  const vpc = new Vpc(stack, `${id}Vpc`);
  const fileSystem = new LustreFileSystem(stack, `${id}FileSystem`, {
    vpc, vpcSubnet: vpc.privateSubnets[0], storageCapacityGiB: 1200, lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 },
  });
  return { vpc, fileSystem };
};
const fsx = (stack: Stack, id: string) => {
  const vpc = new Vpc(stack, `${id}Vpc`);
  return {
    vpc,
    fileSystem: FsxFileSystem.fromFileSystemId(stack, `${id}FileSystem`, 'fs-0123456789abcdef0'),
    fileSystemSecurityGroups: [new SecurityGroup(stack, `${id}Group`, { vpc })],
  };
};
const ontap = (stack: Stack, id: string) => ({
  ...fsx(stack, id), storageVirtualMachine: FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, `${id}Svm`, 'svm-0123456789abcdef0'),
});
const SECRETS = { CmkSecretConfigProperty: 'CmkSecretConfig', CustomSecretConfigProperty: 'CustomSecretConfig' };
const READ_ONLY_SECRETS = { 'CmkSecretConfigProperty.secretArn': 'read only' };
const CONTAINER = 'https://account.blob.core.windows.net/container';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const GOOGLE = { projectName: 'my-project', projectNumber: '1234567890', identityPoolName: 'pool', identityProviderName: 'provider' };
const ENTRA = { tenantId: '01234567-89ab-cdef-0123-456789abcdef', clientId: '76543210-89ab-cdef-0123-456789abcdef' };
const KRB5_CONF = '[libdefaults]\ndefault_realm = EXAMPLE.COM';

export const KINDS: readonly Kind[] = [
  kind<S3Location>({
    construct: 'S3Location',
    type: LocationType.S3,
    l1: 'CfnLocationS3',
    minimal: (stack, id) => s3Location(stack, id),
    complete: [
      (stack, id) => new S3Location(stack, id, {
        bucket: new Bucket(stack, `${id}Bucket`), subdirectory: 'a/', storageClass: S3StorageClass.GLACIER, writable: true,
      }),
      (stack, id) => {
        const bucket = new Bucket(stack, `${id}Bucket`);
        return new S3Location(stack, id, { bucket, accessPoint: new CfnAccessPoint(stack, `${id}AccessPoint`, { bucket: bucket.bucketName }), subdirectory: 'a/' });
      },
    ],
    rendered: ['S3BucketArn', 'S3Config'],
    nested: { S3ConfigProperty: 'S3Config' },
    reference: location => location.locationS3Ref,
    writing: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject', 's3:PutObjectTagging'],
  }),
  kind<NfsLocation>({
    construct: 'NfsLocation',
    type: LocationType.NFS,
    l1: 'CfnLocationNFS',
    minimal: (stack, id) => nfsLocation(stack, id, agentArn(stack)),
    complete: [(stack, id) => new NfsLocation(stack, id, {
      serverHostname: 'Host', subdirectory: '/export', agents: agents(stack, id), nfsVersion: NfsVersion.NFS3,
    })],
    rendered: ['ServerHostname', 'Subdirectory', 'OnPremConfig'],
    nested: { OnPremConfigProperty: 'OnPremConfig', MountOptionsProperty: 'MountOptions' },
    reference: location => location.locationNfsRef,
    writing: [],
  }),
  kind<EfsLocation>({
    construct: 'EfsLocation',
    type: LocationType.EFS,
    l1: 'CfnLocationEFS',
    minimal: (stack, id) => new EfsLocation(stack, id, efs(stack, id)),
    complete: [(stack, id) => new EfsLocation(stack, id, {
      ...efs(stack, id),
      accessPoint: new CfnEfsAccessPoint(stack, `${id}AccessPoint`, { fileSystemId: 'fs-0123456789abcdef0' }),
      subdirectory: '/projects',
      writable: true,
    })],
    rendered: ['EfsFilesystemArn', 'Ec2Config', 'FileSystemAccessRoleArn', 'InTransitEncryption'],
    nested: { Ec2ConfigProperty: 'Ec2Config' },
    reference: location => location.locationEfsRef,
    writing: ['elasticfilesystem:ClientWrite'],
  }),
  kind<FsxLustreLocation>({
    construct: 'FsxLustreLocation',
    type: LocationType.FSX_LUSTRE,
    l1: 'CfnLocationFSxLustre',
    minimal: (stack, id) => new FsxLustreLocation(stack, id, lustre(stack, id)),
    complete: [(stack, id) => new FsxLustreLocation(stack, id, { ...lustre(stack, id), subdirectory: '/projects' })],
    rendered: ['FsxFilesystemArn', 'SecurityGroupArns'],
    nested: {},
    reference: location => location.locationFSxLustreRef,
    writing: [],
  }),
  kind<FsxOpenZfsLocation>({
    construct: 'FsxOpenZfsLocation',
    type: LocationType.FSX_OPENZFS_NFS,
    l1: 'CfnLocationFSxOpenZFS',
    minimal: (stack, id) => new FsxOpenZfsLocation(stack, id, fsx(stack, id)),
    complete: [(stack, id) => new FsxOpenZfsLocation(stack, id, { ...fsx(stack, id), nfsVersion: NfsVersion.NFS3, subdirectory: '/fsx/projects' })],
    rendered: ['FsxFilesystemArn', 'SecurityGroupArns', 'Protocol'],
    nested: { ProtocolProperty: 'Protocol', NFSProperty: 'Protocol.NFS', MountOptionsProperty: 'Protocol.NFS.MountOptions' },
    reference: location => location.locationFSxOpenZfsRef,
    writing: [],
  }),
  kind<FsxOntapLocation>({
    construct: 'FsxOntapLocation',
    type: LocationType.FSX_ONTAP_NFS,
    l1: 'CfnLocationFSxONTAP',
    minimal: (stack, id) => new FsxOntapLocation(stack, id, { ...ontap(stack, id), protocol: OntapProtocol.nfs() }),
    complete: [
      (stack, id) => new FsxOntapLocation(stack, id, { ...ontap(stack, id), protocol: OntapProtocol.nfs(), subdirectory: '/vol1' }),
      (stack, id) => new FsxOntapLocation(stack, id, {
        ...ontap(stack, id),
        protocol: OntapProtocol.smb({ user: 'me', password: ownSecret(stack, id), domain: 'corp.example.com', smbVersion: SmbVersion.SMB3 }),
      }),
      (stack, id) => new FsxOntapLocation(stack, id, { ...ontap(stack, id), protocol: OntapProtocol.smb({ user: 'me', password: value(stack, id) }) }),
    ],
    rendered: ['StorageVirtualMachineArn', 'SecurityGroupArns', 'Protocol'],
    nested: {
      ProtocolProperty: 'Protocol',
      NFSProperty: 'Protocol.NFS',
      NfsMountOptionsProperty: 'Protocol.NFS.MountOptions',
      SMBProperty: 'Protocol.SMB',
      SmbMountOptionsProperty: 'Protocol.SMB.MountOptions',
      CmkSecretConfigProperty: 'Protocol.SMB.CmkSecretConfig',
      CustomSecretConfigProperty: 'Protocol.SMB.CustomSecretConfig',
    },
    leftOut: { ...READ_ONLY_SECRETS, 'SMBProperty.managedSecretConfig': 'read only' },
    reference: location => location.locationFSxOntapRef,
    writing: [],
  }),
  kind<FsxWindowsLocation>({
    construct: 'FsxWindowsLocation',
    type: LocationType.FSX_WINDOWS,
    l1: 'CfnLocationFSxWindows',
    minimal: (stack, id) => new FsxWindowsLocation(stack, id, { ...fsx(stack, id), user: 'me', password: ownSecret(stack, id) }),
    complete: [
      (stack, id) => new FsxWindowsLocation(stack, id, {
        ...fsx(stack, id), user: 'me', password: ownSecret(stack, id), domain: 'corp.example.com', subdirectory: '/share/projects',
      }),
      (stack, id) => new FsxWindowsLocation(stack, id, { ...fsx(stack, id), user: 'me', password: value(stack, id) }),
    ],
    rendered: ['FsxFilesystemArn', 'SecurityGroupArns', 'User', 'CustomSecretConfig'],
    nested: SECRETS,
    leftOut: READ_ONLY_SECRETS,
    reference: location => location.locationFSxWindowsRef,
    writing: [],
  }),
  kind<HdfsLocation>({
    construct: 'HdfsLocation',
    type: LocationType.HDFS,
    l1: 'CfnLocationHDFS',
    minimal: (stack, id) => new HdfsLocation(stack, id, {
      nameNodes: [{ hostname: 'namenode' }], agents: agents(stack, id), authentication: HdfsAuthentication.simple('hdfs'),
    }),
    complete: [
      (stack, id) => new HdfsLocation(stack, id, {
        nameNodes: [{ hostname: 'one', port: 9000 }, { hostname: 'other' }],
        agents: agents(stack, id),
        authentication: HdfsAuthentication.kerberos({ principal: 'me@EXAMPLE.COM', keytab: value(stack, id), krb5Conf: KRB5_CONF }),
        blockSize: Size.mebibytes(64),
        replicationFactor: 2,
        kmsKeyProviderUri: 'kms://http@kms.example.com:9600/kms',
        qop: { rpcProtection: HdfsProtection.INTEGRITY, dataTransferProtection: HdfsProtection.PRIVACY },
        subdirectory: '/user/me',
      }),
      (stack, id) => new HdfsLocation(stack, id, {
        nameNodes: [{ hostname: 'namenode' }],
        agents: agents(stack, id),
        authentication: HdfsAuthentication.kerberos({ principal: 'me@EXAMPLE.COM', keytab: ownSecret(stack, id), krb5Conf: KRB5_CONF }),
      }),
      (stack, id) => new HdfsLocation(stack, id, {
        nameNodes: [{ hostname: 'namenode' }], agents: agents(stack, id), authentication: HdfsAuthentication.simple('hdfs'), subdirectory: '/',
      }),
    ],
    rendered: ['NameNodes', 'AgentArns', 'AuthenticationType', 'SimpleUser'],
    nested: { NameNodeProperty: 'NameNodes.0', QopConfigurationProperty: 'QopConfiguration', ...SECRETS },
    leftOut: READ_ONLY_SECRETS,
    reference: location => location.locationHdfsRef,
    writing: [],
  }),
  kind<ObjectStorageLocation>({
    construct: 'ObjectStorageLocation',
    type: LocationType.OBJECT_STORAGE,
    l1: 'CfnLocationObjectStorage',
    minimal: (stack, id) => new ObjectStorageLocation(stack, id, {
      serverHostname: 'objects.example.com', bucketName: 'bucket', authentication: ObjectStorageAuthentication.anonymous(),
    }),
    complete: [
      (stack, id) => new ObjectStorageLocation(stack, id, {
        serverHostname: 'objects.example.com',
        bucketName: 'bucket',
        agents: agents(stack, id),
        authentication: ObjectStorageAuthentication.accessKey('key', value(stack, id)),
        serverPort: 9000,
        serverProtocol: ObjectStorageProtocol.HTTPS,
        serverCertificate: CERTIFICATE,
        subdirectory: 'landing/',
      }),
      (stack, id) => new ObjectStorageLocation(stack, id, {
        serverHostname: 'objects.example.com', bucketName: 'bucket', authentication: ObjectStorageAuthentication.accessKey('key', ownSecret(stack, id)),
      }),
      (stack, id) => new ObjectStorageLocation(stack, id, {
        serverHostname: 'storage.googleapis.com', bucketName: 'bucket', authentication: ObjectStorageAuthentication.googleOidc(GOOGLE),
      }),
    ],
    rendered: ['ServerHostname', 'BucketName'],
    nested: SECRETS,
    leftOut: READ_ONLY_SECRETS,
    reference: location => location.locationObjectStorageRef,
    writing: [],
  }),
  kind<AzureBlobLocation>({
    construct: 'AzureBlobLocation',
    type: LocationType.AZURE_BLOB,
    l1: 'CfnLocationAzureBlob',
    minimal: (stack, id) => new AzureBlobLocation(stack, id, { containerUrl: CONTAINER, authentication: AzureBlobAuthentication.anonymous() }),
    complete: [
      (stack, id) => new AzureBlobLocation(stack, id, {
        containerUrl: CONTAINER,
        agents: agents(stack, id),
        authentication: AzureBlobAuthentication.sas(value(stack, id)),
        accessTier: AzureAccessTier.COOL,
        subdirectory: '/landing',
      }),
      (stack, id) => new AzureBlobLocation(stack, id, { containerUrl: CONTAINER, authentication: AzureBlobAuthentication.sas(ownSecret(stack, id)) }),
      (stack, id) => new AzureBlobLocation(stack, id, { containerUrl: CONTAINER, authentication: AzureBlobAuthentication.oidc(ENTRA) }),
    ],
    rendered: ['AzureBlobContainerUrl', 'AzureBlobAuthenticationType'],
    nested: { AzureBlobSasConfigurationProperty: 'AzureBlobSasConfiguration', ...SECRETS },
    leftOut: { ...READ_ONLY_SECRETS, azureBlobType: 'BLOCK is all there is' },
    reference: location => location.locationAzureBlobRef,
    writing: [],
  }),
  kind<SmbLocation>({
    construct: 'SmbLocation',
    type: LocationType.SMB,
    l1: 'CfnLocationSMB',
    minimal: (stack, id) => new SmbLocation(stack, id, {
      serverHostname: 'host',
      subdirectory: '/share',
      agents: agents(stack, id),
      authentication: SmbAuthentication.ntlm({ user: 'me', password: ownSecret(stack, id) }),
    }),
    complete: [
      (stack, id) => new SmbLocation(stack, id, {
        serverHostname: 'Host',
        subdirectory: '/share',
        agents: agents(stack, id),
        authentication: SmbAuthentication.ntlm({ user: 'me', password: ownSecret(stack, id), domain: 'corp.example.com' }),
        smbVersion: SmbVersion.SMB3,
      }),
      (stack, id) => new SmbLocation(stack, id, {
        serverHostname: 'host',
        subdirectory: '/share',
        agents: agents(stack, id),
        authentication: SmbAuthentication.ntlm({ user: 'me', password: value(stack, id) }),
      }),
      (stack, id) => new SmbLocation(stack, id, {
        serverHostname: 'host',
        subdirectory: '/share',
        agents: agents(stack, id),
        authentication: SmbAuthentication.kerberos({
          principal: 'cifs/me@EXAMPLE.COM', keytab: value(stack, id), krb5Conf: KRB5_CONF, dnsIpAddresses: ['192.0.2.53', '192.0.2.54'],
        }),
      }),
    ],
    rendered: ['ServerHostname', 'Subdirectory', 'AgentArns', 'User', 'CustomSecretConfig'],
    nested: { MountOptionsProperty: 'MountOptions', ...SECRETS },
    leftOut: READ_ONLY_SECRETS,
    reference: location => location.locationSmbRef,
    writing: [],
  }),
];
