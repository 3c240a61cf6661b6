import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystemTypeVersion, LustreDeploymentType, LustreFileSystem } from 'aws-cdk-lib/aws-fsx';
import type { FsxOntapLocationProps, FsxOpenZfsLocationProps, FsxWindowsLocationProps, Location } from '../../src';
import {
  FsxFileSystem, FsxLustreLocation, FsxOntapLocation, FsxOpenZfsLocation, FsxStorageVirtualMachine,
  FsxWindowsLocation, LocationSecret, OntapProtocol, SmbVersion, Task, TaskMode,
} from '../../src';
import { messageOf, newStack, resourceOf, s3Location, warningsOf } from '../support/stacks';

const secret = LocationSecret.fromSecretValue(SecretValue.secretsManager('password'));
const FILE_SYSTEM = 'fs-0123456789abcdef0';

function fsx(stack: Stack, id = 'Fs') {
  const vpc = new Vpc(stack, `${id}Vpc`);
  return {
    vpc,
    fileSystem: FsxFileSystem.fromFileSystemId(stack, id, FILE_SYSTEM),
    fileSystemSecurityGroups: [new SecurityGroup(stack, `${id}Group`, { vpc })] as ISecurityGroup[],
  };
}
function lustreOf(stack: Stack, vpc: Vpc) {
  return new LustreFileSystem(stack, 'Lustre', {
    vpc,
    vpcSubnet: vpc.privateSubnets[0],
    storageCapacityGiB: 1200,
    lustreConfiguration: { deploymentType: LustreDeploymentType.SCRATCH_2 },
    fileSystemTypeVersion: FileSystemTypeVersion.V_2_15,
  });
}
const svm = (stack: Stack) => FsxStorageVirtualMachine.fromStorageVirtualMachineId(stack, 'Svm', 'svm-0123456789abcdef0');
const openZfs = (stack: Stack, props: Partial<FsxOpenZfsLocationProps> = {}) => new FsxOpenZfsLocation(stack, 'Its', { ...fsx(stack), ...props });
const ontap = (stack: Stack, props: Partial<FsxOntapLocationProps> = {}) =>
  new FsxOntapLocation(stack, 'Its', { ...fsx(stack), storageVirtualMachine: svm(stack), protocol: OntapProtocol.nfs(), ...props });
const windows = (stack: Stack, props: Partial<FsxWindowsLocationProps> = {}) =>
  new FsxWindowsLocation(stack, 'Its', { ...fsx(stack), user: 'me', password: secret, ...props });
const lustre = (stack: Stack) => {
  const vpc = new Vpc(stack, 'LustreVpc');
  return new FsxLustreLocation(stack, 'Its', { vpc, fileSystem: lustreOf(stack, vpc) });
};

/** Ports in which the group of the location meets that of the file system, inbound: `to` the file system, or `from` it. */
const portsOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'))
  .filter(({ Properties }) => JSON.stringify(Properties).includes('ItsSecurityGroup'))
  .map(({ Properties: { FromPort, ToPort, SourceSecurityGroupId } }) =>
    `${JSON.stringify(SourceSecurityGroupId).includes('ItsSecurityGroup') ? 'to' : 'from'} ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`).sort();

test.each<[string, (stack: Stack) => Location, string[]]>([
  ['FsxLustreLocation, in both directions', lustre, ['from 1018-1023', 'from 988', 'to 1018-1023', 'to 988']],
  ['FsxOpenZfsLocation', openZfs, ['to 111', 'to 20001-20003', 'to 2049']],
  ['FsxOntapLocation by NFS', ontap, ['to 111', 'to 2049', 'to 635']],
  ['FsxOntapLocation by SMB', stack => ontap(stack, { protocol: OntapProtocol.smb({ user: 'me', password: secret }) }), ['to 445']],
  ['FsxWindowsLocation', windows, ['to 445']],
])('%s opens the ports of the protocol, before the location', (_, make, ports) => {
  const stack = newStack();
  const location = make(stack);
  expect(portsOf(stack)).toEqual(ports);
  const { Type, DependsOn } = Object.values<any>(Template.fromStack(stack).toJSON().Resources).find(({ Type: type }) => type.startsWith('AWS::DataSync::Location'));
  expect(Type).toMatch(/LocationFSx/);
  expect(DependsOn.filter((id: string) => /from|to/.test(id)).length).toBeGreaterThanOrEqual(ports.length);
  expect(warningsOf(stack)).toEqual([]);
  expect(location.locationUri).toBeDefined();
});

test('a Lustre file system of another stack is reached without a circle, in both directions', () => {
  const app = new App();
  const [below, above] = ['Below', 'Above'].map(id => new Stack(app, id));
  const vpc = new Vpc(below, 'Vpc');
  const location = new FsxLustreLocation(above, 'Its', { vpc, fileSystem: lustreOf(below, vpc) });
  new Task(above, 'Task', { source: location, destination: s3Location(above, 'S3'), taskMode: TaskMode.ENHANCED });
  expect(portsOf(above)).toEqual(['from 1018-1023', 'from 988', 'to 1018-1023', 'to 988']);
  expect(Object.keys(Template.fromStack(below).findResources('AWS::DataSync::LocationFSxLustre'))).toEqual([]);
});

test.each<[string, (file: Stack, location: Stack) => Location]>([
  ['Lustre', (below, above) => {
    const vpc = new Vpc(below, 'Vpc');
    return new FsxLustreLocation(above, 'Its', { fileSystem: lustreOf(below, vpc), securityGroups: [SecurityGroup.fromSecurityGroupId(above, 'Own', 'sg-0123456789abcdef0')] });
  }],
  ['OpenZFS', (below, above) => openZfs(above, { fileSystem: FsxFileSystem.fromFileSystemId(below, 'Zfs', FILE_SYSTEM) })],
])('a file system of %s in another Region or account is refused', (_, make) => {
  const refusalOf = (region: string, account: string) => {
    const app = new App();
    const here = new Stack(app, 'Here', { env: { region: 'us-east-1', account: '111122223333' } });
    return messageOf(() => make(new Stack(app, 'There', { env: { region, account } }), here));
  };
  expect(refusalOf('eu-west-1', '111122223333')).toMatch(/^DataSyncValidationError: \[Here\/Its\] fileSystem "There\/\w+": is in the Region eu-west-1, this stack is in us-east-1; .*$/);
  expect(refusalOf('us-east-1', '444455556666')).toMatch(/^DataSyncValidationError: \[Here\/Its\] fileSystem "There\/\w+": is in the account 444455556666, this stack is in 111122223333; .*$/);
});

test('a file system whose groups are not known is warned of, with the ports', () => {
  const stack = newStack();
  openZfs(stack, { fileSystemSecurityGroups: undefined });
  expect(warningsOf(stack)).toEqual([expect.stringContaining('the security groups of Stack/Fs are not known, so that there is no rule which lets this location in; give them as '
    + 'fileSystemSecurityGroups, or allow in a group of the file system: TCP 111, 2049, 20001-20003 inbound from the security group of this location')]);
});

test('an ARN is made of the ids, in the account and Region of the stack', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  ontap(stack);
  expect(resourceOf(stack, 'AWS::DataSync::LocationFSxONTAP').Properties.StorageVirtualMachineArn).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:fsx:eu-west-1:111122223333:storage-virtual-machine/${FILE_SYSTEM}/svm-0123456789abcdef0`]],
  });
});

test('the kind of an ONTAP location is that of its protocol', () => {
  expect(ontap(newStack()).locationType?.value).toBe('FSX_ONTAP_NFS');
  expect(ontap(newStack(), { protocol: OntapProtocol.smb({ user: 'me', password: secret }) }).locationType?.value).toBe('FSX_ONTAP_SMB');
});

test('a task in Enhanced mode takes Lustre only', () => {
  const task = (make: (stack: Stack) => Location) => {
    const stack = newStack();
    return messageOf(() => new Task(stack, 'Task', { source: make(stack), destination: s3Location(stack, 'S3'), taskMode: TaskMode.ENHANCED }));
  };
  expect(task(lustre)).toBe('no error');
  for (const make of [openZfs, ontap, windows]) expect(task(make)).toContain('that type of location is not available in Enhanced mode; use TaskMode.BASIC');
});

const user = 'user "CORP\\\\me": must not contain any of "[]/\\:;|=,+*?<>; give the name of the user alone, and the domain as domain';
test.each<[string, (stack: Stack) => Location, string]>([
  ['an OpenZFS folder outside of /fsx', stack => openZfs(stack, { subdirectory: '/projects' }), 'subdirectory "/projects": must begin with /fsx; write "/fsx/projects"'],
  ['an OpenZFS folder that only looks like it', stack => openZfs(stack, { subdirectory: '/fsx2' }), 'subdirectory "/fsx2": must begin with /fsx; write "/fsx/fsx2"'],
  ['no VPC and no groups', stack => openZfs(stack, { vpc: undefined }), 'vpc: is missing; give the VPC of the file system, in which a security group is made, or securityGroups'],
  ['SMB 1 for ONTAP', stack => ontap(stack, { protocol: OntapProtocol.smb({ user: 'me', password: secret, smbVersion: SmbVersion.SMB1 }) }),
    'smbVersion "SMB1": FSx for ONTAP is not mounted by SMB 1; leave it out'],
  ['a user of ONTAP with a domain', stack => ontap(stack, { protocol: OntapProtocol.smb({ user: 'CORP\\me', password: secret }) }), user],
  ['a junction path that CloudFormation does not take', stack => ontap(stack, { subdirectory: '/vol1/a:b' }),
    'subdirectory "/vol1/a:b": may only contain letters and digits of ASCII, spaces and _ - + . / ( ) $; use subdirectory "/vol1/", and have the task transfer what is meant with includes: Filter.simplePattern("/a:b")'],
  ['a long junction path', stack => ontap(stack, { subdirectory: 'a'.repeat(256) }), `subdirectory "${'a'.repeat(119)}... (256 characters): must have at most 255 characters, has 256; shorten it`],
  ['a user of Windows with a domain', stack => windows(stack, { user: 'CORP\\me' }), user],
  ['a share with a backslash', stack => windows(stack, { subdirectory: '\\share' }),
    'subdirectory "\\\\share": may only contain letters and digits of ASCII, spaces and _ - + . / ( ) $; leave subdirectory out, and have the task transfer what is meant with includes: Filter.simplePattern("/\\\\\\\\share")'],
])('a location refuses %s', (_, make, message) => {
  expect(messageOf(() => make(newStack()))).toBe(`DataSyncValidationError: [Stack/Its] ${message}`);
});

test.each<[string, (stack: Stack) => Location]>([
  ['the root of OpenZFS', stack => openZfs(stack, { subdirectory: '/fsx' })],
  ['a share of ONTAP', stack => ontap(stack, { subdirectory: 'c$', protocol: OntapProtocol.smb({ user: 'me', password: secret, smbVersion: SmbVersion.SMB2_0 }) })],
  ['groups of the user in place of the VPC', stack => windows(stack, { vpc: undefined, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-0123456789abcdef0')] })],
])('a location accepts %s', (_, make) => {
  const stack = newStack();
  expect(messageOf(() => make(stack))).toBe('no error');
  expect(warningsOf(stack)).toEqual([]);
});

test.each<[string, () => unknown, string]>([
  ['a file system', () => FsxFileSystem.fromFileSystemId(newStack(), 'Fs', 'svm-0123456789abcdef0'),
    '[Stack/Fs] fileSystemId "svm-0123456789abcdef0": must be an id such as fs-0123456789abcdef0; copy it from the console'],
  ['a storage virtual machine', () => FsxStorageVirtualMachine.fromStorageVirtualMachineId(newStack(), 'Svm', FILE_SYSTEM),
    `[Stack/Svm] storageVirtualMachineId "${FILE_SYSTEM}": must be an id such as svm-0123456789abcdef0; copy it from the console`],
])('%s is not imported by the id of something else', (_, make, message) => {
  expect(messageOf(make)).toBe(`DataSyncValidationError: ${message}`);
});
