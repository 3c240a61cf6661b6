import { CfnResource, CliCredentialsStackSynthesizer, SecretValue, Size, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem, FileSystem } from 'aws-cdk-lib/aws-efs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ENV, OURS } from './rule';
import type { Section } from './rule';
import {
  Agent, AzureBlobAuthentication, AzureBlobLocation, EfsLocation, FsxFileSystem, FsxOntapLocation, FsxOpenZfsLocation, FsxStorageVirtualMachine,
  HdfsAuthentication, HdfsLocation, Location, LocationSecret, NfsLocation, ObjectStorageAuthentication, ObjectStorageLocation,
  ObjectStorageProtocol, OntapProtocol, S3Location, S3StorageClass, SmbAuthentication, SmbLocation, SmbVersion,
} from '../../../src';
import type {
  AzureAccessTier, AzureBlobLocationProps, AzureOidcOptions, EfsLocationProps, FsxOntapLocationProps, GoogleOidcOptions, HdfsLocationProps, IAgent,
  NfsLocationProps, NfsVersion, NtlmOptions, ObjectStorageLocationProps, S3LocationProps, SmbKerberosOptions, SmbLocationProps,
} from '../../../src';
import { AGENT_ARN, LOCATION_ARN } from '../../support/stacks';

const agents = (stack: Stack, count = 1) => Array.from({ length: count }, (_, index) => Agent.fromAgentArn(stack, `Agent${index}`, AGENT_ARN));
const value = LocationSecret.fromSecretValue(SecretValue.secretsManager('password'));
const THEIR_KEY = 'arn:aws:kms:us-east-1:444455556666:key/01234567-89ab-cdef-0123-456789abcdef';

const s3 = (props: Partial<S3LocationProps>) => (stack: Stack) => new S3Location(stack, 'S3', { writable: false, ...props, bucket: props.bucket ?? new Bucket(stack, 'Bucket') });
const nfs = (props: Partial<NfsLocationProps>) => (stack: Stack) =>
  new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/export', agents: agents(stack), ...props });
const smb = (authentication: SmbAuthentication, props: Partial<SmbLocationProps> = {}) => (stack: Stack) =>
  new SmbLocation(stack, 'Smb', { serverHostname: 'host', subdirectory: '/share', agents: agents(stack), authentication, ...props });
const ntlm = (wrong: Partial<NtlmOptions>) => smb(SmbAuthentication.ntlm({ user: 'me', password: value, ...wrong }));
const ticket = { principal: 'cifs/me@EXAMPLE.COM', keytab: value, krb5Conf: '[libdefaults]' };
const kerberos = (wrong: Partial<SmbKerberosOptions>, props: Partial<SmbLocationProps> = {}) =>
  smb(SmbAuthentication.kerberos({ ...ticket, ...wrong }), props);
const secret = (of: (stack: Stack) => LocationSecret) => (stack: Stack) => smb(SmbAuthentication.ntlm({ user: 'me', password: of(stack) }))(stack);
const hdfs = (props: Partial<HdfsLocationProps>) => (stack: Stack) => new HdfsLocation(stack, 'Hdfs', {
  nameNodes: [{ hostname: 'one' }], agents: agents(stack), authentication: HdfsAuthentication.simple('hdfs'), ...props,
});
const plain = (text: string) => LocationSecret.fromSecretValue(SecretValue.unsafePlainText(text));
const objects = (props: Partial<ObjectStorageLocationProps>) => (stack: Stack) => new ObjectStorageLocation(stack, 'Objects', {
  serverHostname: 'host', bucketName: 'bucket', authentication: ObjectStorageAuthentication.anonymous(), ...props,
});
const google = (wrong: Partial<GoogleOidcOptions>) => objects({
  authentication: ObjectStorageAuthentication.googleOidc({
    projectName: 'my-project', projectNumber: '123456789012', identityPoolName: 'pool', identityProviderName: 'provider', ...wrong,
  }),
});
const azure = (props: Partial<AzureBlobLocationProps>) => (stack: Stack) => new AzureBlobLocation(stack, 'Azure', {
  containerUrl: 'https://account.blob.core.windows.net/container', authentication: AzureBlobAuthentication.anonymous(), ...props,
});
const entra = (wrong: Partial<AzureOidcOptions>) => azure({
  authentication: AzureBlobAuthentication.oidc({
    tenantId: '01234567-89ab-cdef-0123-456789abcdef', clientId: '01234567-89ab-cdef-0123-456789abcdef', ...wrong,
  }),
});
const efs = (props: (stack: Stack) => Partial<EfsLocationProps>) => (stack: Stack) => {
  const vpc = new Vpc(stack, 'Vpc');
  return new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }), writable: false, ...props(stack) });
};
const fsx = (stack: Stack) => ({ vpc: new Vpc(stack, 'Vpc'), fileSystem: FsxFileSystem.fromFileSystemId(stack, 'FileSystem', 'fs-0123456789abcdef0') });
const ontap = (props: Partial<FsxOntapLocationProps>) => (stack: Stack) => new FsxOntapLocation(stack, 'Ontap', {
  ...fsx(stack),
  fileSystemSecurityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
  storageVirtualMachine: FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, 'Svm', 'svm-0123456789abcdef0'),
  protocol: OntapProtocol.nfs(),
  ...props,
});
const theirBucket = (stack: Stack, more: object = {}) => Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'theirs', account: '444455556666', region: 'us-east-1', ...more });
const theirStack = (stack: Stack) => new Stack(stack.node.scope!, 'Theirs', { env: { ...ENV, account: '444455556666' } });
const theirRole = (stack: Stack) => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/theirs');

export const LOCATION_SECTIONS: Section[] = [
  {
    title: 'Locations of all kinds',
    source: 'working-with-locations',
    errors: [
      ['an ARN of something else', stack => Location.fromLocationArn(stack, 'Import', AGENT_ARN), 'API_DescribeLocationS3'],
      ['a class in the place of a member', stack => Location.fromLocationAttributes(stack, 'Import', { locationArn: LOCATION_ARN, locationType: 'S3' as any }), OURS],
      ['nine agents', stack => Location.fromLocationAttributes(stack, 'Import', { locationArn: LOCATION_ARN, agents: agents(stack, 9) }), 'API_OnPremConfig'],
      ['an L1 of something else', stack => Location.fromCfnLocation(new CfnResource(stack, 'L1', { type: 'AWS::DataSync::Task' })), OURS],
    ],
  },
  {
    title: 'S3Location',
    source: 'create-s3-location',
    errors: [
      ['a bucket on Outposts', stack => s3({
        bucket: Bucket.fromBucketArn(stack, 'Outpost', 'arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-01234567890123456/accesspoint/mine'),
      })(stack), 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datasync-locations3.html'],
      ['the storage class of Outposts', s3({ storageClass: S3StorageClass.OUTPOSTS }),
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datasync-locations3.html'],
      ['an L1 as the bucket', stack => s3({ bucket: new CfnBucket(stack, 'L1') as unknown as Bucket })(stack), OURS],
      ['an access point as the bucket', stack => s3({ bucket: Bucket.fromBucketArn(stack, 'Point', 'arn:aws:s3:us-east-1:111122223333:accesspoint/mine') })(stack), OURS],
      ['a bucket of another partition', stack => s3({ bucket: Bucket.fromBucketArn(stack, 'China', 'arn:aws-cn:s3:::theirs') })(stack)],
      ['a prefix with other characters', s3({ subdirectory: 'year=2024/' }), 'API_CreateLocationS3'],
      ['a prefix that is no path', s3({ subdirectory: 'a//b/' }), 'API_CreateLocationS3'],
      ['a role of another account', stack => s3({ role: theirRole(stack) })(stack)],
    ],
    warnings: [
      ['a location that no task uses', s3({ writable: undefined }), OURS],
      ['a role that cannot be changed', stack => s3({
        role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine', { mutable: false }),
      })(stack), OURS],
      ['a bucket of another account', stack => s3({ bucket: theirBucket(stack) })(stack)],
      ['a bucket of another account whose owner does not own all objects', stack => new S3Location(stack, 'S3', {
        bucket: new Bucket(theirStack(stack), 'Bucket', { bucketName: 'theirs', objectOwnership: ObjectOwnership.OBJECT_WRITER }), writable: true,
      })],
      ['a bucket of another account, and nobody knows who deploys', stack => {
        const ours = new Stack(stack.node.scope!, 'Ours', { env: ENV, synthesizer: new CliCredentialsStackSynthesizer() });
        return new S3Location(ours, 'S3', { bucket: new Bucket(theirStack(stack), 'Bucket', { bucketName: 'theirs' }), writable: false });
      }],
      ['a key of another account', stack => s3({
        bucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'mine', encryptionKey: Key.fromKeyArn(stack, 'Key', THEIR_KEY) }),
      })(stack)],
      ['a key by its alias', stack => s3({
        bucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'mine', encryptionKey: Alias.fromAliasName(stack, 'Key', 'alias/mine') }),
      })(stack)],
    ],
  },
  {
    title: 'NfsLocation, and servers of one\'s own',
    source: 'create-nfs-location',
    errors: [
      ['a URL', nfs({ serverHostname: 'nfs://host' }), 'API_CreateLocationNfs'],
      ['no host', nfs({ serverHostname: process.env.NO_HOST }), 'API_CreateLocationNfs'],
      ['no path', nfs({ subdirectory: process.env.NO_EXPORT }), 'API_CreateLocationNfs'],
      ['a path with other characters', nfs({ subdirectory: '/export/year=2024' }), 'API_CreateLocationNfs'],
      ['no agents', nfs({ agents: [] }), 'API_OnPremConfig'],
      ['something else in the place of an agent', stack => nfs({ agents: [new Bucket(stack, 'Bucket') as unknown as IAgent] })(stack), OURS],
      ['a version that is no member', nfs({ nfsVersion: 'NFS3' as unknown as NfsVersion }), 'API_NfsMountOptions'],
    ],
  },
  {
    title: 'SmbLocation',
    source: 'create-smb-location',
    errors: [
      ['a user with its domain', ntlm({ user: 'corp\\me' }), 'API_CreateLocationSmb'],
      ['a long password', ntlm({ password: plain('x'.repeat(105)) }), 'API_CreateLocationSmb'],
      ['a share with other characters', smb(SmbAuthentication.ntlm({ user: 'me', password: value }), { subdirectory: '\\\\server\\share' }), 'API_CreateLocationSmb'],
      ['a domain with other characters', ntlm({ domain: 'corp..com' }), 'API_CreateLocationSmb'],
      ['a principal of two lines', kerberos({ principal: 'cifs/\nme' }), 'API_CreateLocationSmb'],
      ['no krb5.conf', kerberos({ krb5Conf: '' }), 'API_CreateLocationSmb'],
      ['an address with Kerberos', kerberos({}, { serverHostname: '192.0.2.7' })],
      ['three DNS servers', kerberos({ dnsIpAddresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }), 'API_CreateLocationSmb'],
      ['a DNS server by its name', kerberos({ dnsIpAddresses: ['dns.example.com'] }),
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datasync-locationsmb.html'],
    ],
    warnings: [
      ['a principal of another service', kerberos({ principal: 'HOST/me@EXAMPLE.COM' }),
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datasync-locationsmb.html'],
    ],
  },
  {
    title: 'HdfsLocation',
    source: 'create-hdfs-location',
    errors: [
      ['no NameNode', hdfs({ nameNodes: [] }), 'API_CreateLocationHdfs'],
      ['a port that there is not', hdfs({ nameNodes: [{ hostname: 'one', port: 0 }] }), 'API_HdfsNameNode'],
      ['small blocks', hdfs({ blockSize: Size.kibibytes(512) }), 'API_CreateLocationHdfs'],
      ['no copies', hdfs({ replicationFactor: 0 }), 'API_CreateLocationHdfs'],
      ['a key provider of another form', hdfs({ kmsKeyProviderUri: 'http://kms:9600' }), 'API_CreateLocationHdfs'],
      ['a user with a realm', hdfs({ authentication: HdfsAuthentication.simple('me@EXAMPLE.COM') }), 'API_CreateLocationHdfs'],
    ],
  },
  {
    title: 'ObjectStorageLocation',
    source: 'create-object-location',
    errors: [
      ['a name that no bucket has', objects({ bucketName: 'no' }), 'API_CreateLocationObjectStorage'],
      ['a port that there is not', objects({ serverPort: 0 }), 'API_CreateLocationObjectStorage'],
      ['a protocol that there is not', objects({ serverProtocol: 'S3' as ObjectStorageProtocol }), 'API_CreateLocationObjectStorage'],
      ['a certificate without TLS', objects({ serverCertificate: '-----BEGIN CERTIFICATE-----', serverProtocol: ObjectStorageProtocol.HTTP }), 'API_CreateLocationObjectStorage'],
      ['many certificates', objects({ serverCertificate: '-----BEGIN CERTIFICATE-----'.padEnd(32_769) }), 'API_CreateLocationObjectStorage'],
      ['the name of a file of certificates', objects({ serverCertificate: 'ca.pem' }), 'API_CreateLocationObjectStorage'],
      ['an access key of two lines', objects({ authentication: ObjectStorageAuthentication.accessKey('a\nb', value) }), 'API_CreateLocationObjectStorage'],
      ['no secret key', objects({ authentication: ObjectStorageAuthentication.accessKey('key', plain('')) }), 'API_CreateLocationObjectStorage'],
      ['a long secret key', objects({ authentication: ObjectStorageAuthentication.accessKey('key', plain('x'.repeat(201))) }), 'API_CreateLocationObjectStorage'],
      ['the displayed name of a project', google({ projectName: 'My Project' }), 'API_GoogleOidcConfig'],
      ['the name of a project in place of its number', google({ projectNumber: 'my-project' }), 'API_GoogleOidcConfig'],
      ['a pool with its path', google({ identityPoolName: 'locations/global/pool' }), 'API_GoogleOidcConfig'],
      ['a provider of Google', google({ identityProviderName: 'gcp-provider' }), 'API_GoogleOidcConfig'],
    ],
  },
  {
    title: 'AzureBlobLocation',
    source: 'creating-azure-blob-location',
    errors: [
      ['a URL without a container', azure({ containerUrl: 'https://account.blob.core.windows.net' }), 'API_CreateLocationAzureBlob'],
      ['an access tier that the service does not have', azure({ accessTier: 'COLD' as AzureAccessTier }), 'API_CreateLocationAzureBlob'],
      ['a long path', azure({ subdirectory: 'x'.repeat(1025) }), 'API_CreateLocationAzureBlob'],
      ['a token with its question mark', azure({ authentication: AzureBlobAuthentication.sas(plain('?sv=2024')) }), 'API_AzureBlobSasConfiguration'],
      ['a tenant by its name', entra({ tenantId: 'contoso.onmicrosoft.com' }), 'API_AzureOidcConfig'],
      ['an application by its name', entra({ clientId: 'datasync' }), 'API_AzureOidcConfig'],
    ],
  },
  {
    title: 'EfsLocation',
    source: 'create-efs-location',
    errors: [
      ['no subnet', efs(() => ({ vpcSubnets: { subnets: [] } })), 'API_Ec2Config'],
      ['subnets that the VPC does not have', efs(() => ({ vpcSubnets: { subnetGroupName: 'Storage' } })), OURS],
      ['a subnet that cannot be found', efs(stack => ({ vpc: undefined, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Mine', 'sg-0123456789abcdef0')] })), OURS],
      ['subnets of which none is in the zone of a mount target', stack => {
        const vpc = new Vpc(stack, 'Vpc');
        const [one, other] = vpc.privateSubnets;
        const fileSystem = new FileSystem(stack, 'FileSystem', { vpc, vpcSubnets: { subnets: [one] } });
        return new EfsLocation(stack, 'Efs', { vpc, fileSystem, vpcSubnets: { subnets: [other] } });
      }, 'API_Ec2Config'],
      ['an access point of another file system', efs(stack => ({
        accessPoint: new FileSystem(stack, 'Other', { vpc: stack.node.findChild('Vpc') as Vpc }).addAccessPoint('Point'),
      })), 'https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html'],
      ['a role that is not used', efs(stack => ({ iamAuthorization: false, role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine') })), OURS],
      ['a role without TLS', efs(() => ({ inTransitEncryption: false })), 'API_CreateLocationEfs'],
    ],
    warnings: [
      ['a file system with a policy, and no role', efs(stack => ({
        fileSystem: new CfnFileSystem(stack, 'Strict', { fileSystemPolicy: { Statement: [] } }),
        fileSystemSecurityGroups: [new SecurityGroup(stack, 'Group', { vpc: stack.node.findChild('Vpc') as Vpc })],
        iamAuthorization: false,
      }))],
    ],
  },
  {
    title: 'File systems in a VPC',
    source: 'required-network-interfaces',
    errors: [
      ['neither a VPC nor groups', stack => new FsxOpenZfsLocation(stack, 'Zfs', { ...fsx(stack), vpc: undefined }), OURS],
      ['six groups', stack => new FsxOpenZfsLocation(stack, 'Zfs', {
        ...fsx(stack), securityGroups: Array.from({ length: 6 }, (_, index) => SecurityGroup.fromSecurityGroupId(stack, `Group${index}`, `sg-0123456789abcde${index}0`)),
      }), 'API_CreateLocationFsxOpenZfs'],
      ['an L1 as a group', stack => new FsxOpenZfsLocation(stack, 'Zfs', {
        ...fsx(stack), securityGroups: [new CfnSecurityGroup(stack, 'L1', { groupDescription: 'mine' }) as unknown as SecurityGroup],
      }), OURS],
      ['another VPC', efs(stack => ({ vpc: new Vpc(stack, 'Other') })), 'API_Ec2Config'],
      ['a group of another VPC', efs(stack => ({ securityGroups: [new SecurityGroup(stack, 'Mine', { vpc: new Vpc(stack, 'Other') })] })), 'API_Ec2Config'],
      ['an id of something else', stack => FsxFileSystem.fromFileSystemId(stack, 'FileSystem', 'fsvol-0123456789abcdef0'), 'API_CreateLocationFsxOpenZfs'],
      ['a path outside of the volumes of OpenZFS', stack => new FsxOpenZfsLocation(stack, 'Zfs', { ...fsx(stack), subdirectory: '/projects' }), 'create-openzfs-location'],
      ['SMB 1 to ONTAP', ontap({ protocol: OntapProtocol.smb({ user: 'me', password: value, smbVersion: SmbVersion.SMB1 }) }), 'create-ontap-location'],
      ['a junction path with other characters', ontap({ subdirectory: '/vol1/a:b' }),
        'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-datasync-locationfsxontap.html'],
    ],
    warnings: [
      ['groups that are not known', stack => new FsxOpenZfsLocation(stack, 'Zfs', fsx(stack)), 'create-openzfs-location'],
      ['a group that cannot be changed', stack => new FsxOpenZfsLocation(stack, 'Zfs', {
        ...fsx(stack), fileSystemSecurityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Theirs', 'sg-0123456789abcdef0', { mutable: false })],
      }), 'create-openzfs-location'],
    ],
  },
  {
    title: 'Secrets',
    source: 'location-credentials',
    errors: [
      ['an alias of a key', secret(stack => LocationSecret.fromSecretValue(SecretValue.secretsManager('password'), {
        encryptionKey: Alias.fromAliasName(stack, 'Key', 'alias/mine'),
      })), 'API_CmkSecretConfig'],
      ['a role of another account', secret(stack => LocationSecret.fromSecretsManager(new Secret(stack, 'Secret'), { accessRole: theirRole(stack) })), 'API_CustomSecretConfig'],
    ],
    warnings: [
      ['a secret that was imported without its key', secret(stack => LocationSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'Secret', 'mine')))],
      ['a secret of another account', secret(stack => LocationSecret.fromSecretsManager(Secret.fromSecretAttributes(stack, 'Secret', {
        secretCompleteArn: 'arn:aws:secretsmanager:us-east-1:444455556666:secret:theirs-abcdef', encryptionKey: Key.fromKeyArn(stack, 'Key', THEIR_KEY),
      })))],
      ['a key that cannot be changed', secret(stack => LocationSecret.fromSecretValue(SecretValue.secretsManager('password'), {
        encryptionKey: Key.fromKeyArn(stack, 'Key', THEIR_KEY.replace('444455556666', '111122223333')),
      }))],
    ],
  },
];
