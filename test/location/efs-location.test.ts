import type { StackProps } from 'aws-cdk-lib';
import { App, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Port, SecurityGroup, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem, CfnMountTarget, FileSystem } from 'aws-cdk-lib/aws-efs';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { EfsLocationProps } from '../../src';
import { EfsLocation, Task, TaskExecution } from '../../src';
import { messageOf, newStack, resourceOf, s3Location, snapshotOf, statementsOf, trustedArns, warningsOf } from '../support/stacks';

/** As `cdk init` sets it: such a file system lets nobody mount it who has no permission for that. */
const RECOMMENDED = { '@aws-cdk/aws-efs:denyAnonymousAccess': true };
const GROUP_ID = 'sg-0123456789abcdef0';

const efs = (stack: Stack, props: Partial<EfsLocationProps> = {}) => {
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  return new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }), writable: false, ...props });
};
const group = (stack: Stack, id: string, mutable = true) => SecurityGroup.fromSecurityGroupId(stack, id, GROUP_ID, { mutable });
const rules = (stack: Stack, direction = 'Ingress') => Object.values(Template.fromStack(stack).findResources(`AWS::EC2::SecurityGroup${direction}`))
  .map(({ Properties: { FromPort, ToPort, GroupId, SourceSecurityGroupId, DestinationSecurityGroupId } }) =>
    ({ ports: [FromPort, ToPort], group: GroupId, peer: SourceSecurityGroupId ?? DestinationSecurityGroupId }));
const efsStatements = (stack: Stack) => statementsOf(stack).filter(({ Action }) => [Action].flat().some(action => action.startsWith('elasticfilesystem:')));

test('a location with a file system of the app is rendered: group, role, encryption, and what it waits for', () => {
  const stack = newStack();
  efs(stack);
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location does not change a file system, whose policy stays as it is for its other clients', () => {
  for (const context of [{}, RECOMMENDED]) {
    const policyWith = (location: boolean) => {
      const stack = new Stack(new App({ context }), 'Stack');
      const vpc = new Vpc(stack, 'Vpc');
      const fileSystem = new FileSystem(stack, 'FileSystem', { vpc });
      if (location) new Task(stack, 'Task', { source: s3Location(stack, 'S3'), destination: new EfsLocation(stack, 'Efs', { vpc, fileSystem }) });
      return resourceOf(stack, 'AWS::EFS::FileSystem').Properties.FileSystemPolicy;
    };
    expect(policyWith(true)).toEqual(policyWith(false));
  }
});

test('a location lets its role mount through the access point only, if there is one', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const fileSystem = new FileSystem(stack, 'FileSystem', { vpc });
  new EfsLocation(stack, 'Efs', { vpc, fileSystem, accessPoint: fileSystem.addAccessPoint('Point'), writable: true });
  const throughPoint = {
    Resource: { 'Fn::GetAtt': [expect.stringMatching(/^FileSystem/), 'Arn'] },
    Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': { 'Fn::Join': ['', expect.arrayContaining([{ Ref: expect.stringMatching(/^FileSystemPoint/) }])] } } },
  };
  expect(efsStatements(stack)).toEqual([
    expect.objectContaining({ Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientRootAccess'], ...throughPoint }),
    expect.objectContaining({ Action: 'elasticfilesystem:ClientWrite', ...throughPoint }),
  ]);
});

describe('the role of a location', () => {
  const account = '111122223333';
  const sourceArns = (stack: Stack) => trustedArns(stack, 'file system');

  test.each<[string, StackProps, StackProps[], string]>([
    ['its own Region without a task', { env: { account, region: 'us-east-1' } }, [], 'us-east-1'],
    ['its own Region for a task of that', { env: { account, region: 'us-east-1' } }, [{ env: { account, region: 'us-east-1' } }], 'us-east-1'],
    ['any Region for a task of another', { env: { account, region: 'us-east-1' } }, [{ env: { account, region: 'eu-west-1' } }], '*'],
    [
      'any Region for tasks of its own and another', { env: { account, region: 'us-east-1' } },
      [{ env: { account, region: 'eu-west-1' } }, { env: { account, region: 'us-east-1' } }], '*',
    ],
    ['its own Region where that is not known', {}, [{}], '<AWS::Region>'],
  ])('trusts the service in %s', (_, own, others, region) => {
    const app = new App();
    const stack = new Stack(app, 'Own', { ...own, crossRegionReferences: true });
    const location = efs(stack, { writable: undefined });
    others.forEach((props, index) => {
      const other = new Stack(app, `Other${index}`, { ...props, crossRegionReferences: true });
      new Task(other, 'Task', { source: location, destination: s3Location(other, 'S3') });
    });
    expect(sourceArns(stack)).toEqual([`arn:<AWS::Partition>:datasync:${region}:${own.env ? account : '<AWS::AccountId>'}:*`]);
  });

  test('is not needed for a task of another Region where there is none', () => {
    const app = new App();
    const [near, far] = ['us-east-1', 'eu-west-1'].map(region => new Stack(app, region, { env: { account, region }, crossRegionReferences: true }));
    const location = efs(near, { iamAuthorization: false });
    expect(messageOf(() => new Task(far, 'Task', { source: location, destination: s3Location(far, 'S3') }))).toBe('no error');
    expect(sourceArns(near)).toEqual([]);
  });
});

test('a location gives a role of the user the permissions in a policy of its own', () => {
  const stack = newStack();
  efs(stack, { role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/mine') });
  expect(resourceOf(stack, 'AWS::IAM::Policy').Properties.Roles).toEqual(['mine']);
  expect(resourceOf(stack, 'AWS::DataSync::LocationEFS').Properties.FileSystemAccessRoleArn).toBe('arn:aws:iam::111122223333:role/mine');
});

test.each<[string, StackProps]>([
  ['without a known place', {}],
  ['of a known account and Region', { env: { account: '111122223333', region: 'eu-west-1' } }],
])('a file system of another stack lets it in without a circle, %s', (_, props) => {
  const app = new App();
  const [below, above] = ['Below', 'Above'].map(id => new Stack(app, id, props));
  const vpc = new Vpc(below, 'Vpc');
  const location = new EfsLocation(above, 'Efs', { vpc, fileSystem: new FileSystem(below, 'FileSystem', { vpc }) });
  const task = new Task(above, 'Task', { source: s3Location(above, 'S3'), destination: location });
  new TaskExecution(above, 'Start', { task });
  expect(rules(below)).toEqual([]);
  expect(rules(above)).toEqual([{ ports: [2049, 2049], group: expect.anything(), peer: { 'Fn::GetAtt': [expect.stringMatching(/^EfsSecurityGroup/), 'GroupId'] } }]);
  expect(warningsOf(above).filter(line => line.includes('cdk-datasync:'))).toEqual([]);
});

test('the location of another stack does not close a circle with a file system that refers to it', () => {
  const app = new App();
  const [network, storage, transfer] = ['Network', 'Storage', 'Transfer'].map(id => new Stack(app, id));
  const vpc = new Vpc(network, 'Vpc');
  const fileSystem = new FileSystem(storage, 'FileSystem', { vpc });
  const location = new EfsLocation(transfer, 'Efs', { vpc, fileSystem, writable: false });
  location.connections.allowFrom(fileSystem, Port.tcp(2049));
  expect(() => app.synth()).not.toThrow();
});

test('everything is in place before the location, and so before a task that makes network interfaces at once', () => {
  const stack = newStack();
  efs(stack);
  const { DependsOn } = resourceOf(stack, 'AWS::DataSync::LocationEFS');
  expect(DependsOn).toEqual(expect.arrayContaining([
    expect.stringMatching(/^EfsSecurityGroup/), expect.stringMatching(/^FileSystemEfsMountTarget1/), expect.stringMatching(/^FileSystemEfsSecurityGroupfrom/),
  ]));
});

describe('rules', () => {
  test('of a group that does not let everything out include the way out', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc');
    const own = new SecurityGroup(stack, 'Own', { vpc, allowAllOutbound: false });
    new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }), securityGroups: [own], writable: false });
    expect(rules(stack)).toHaveLength(1);
    expect(rules(stack, 'Egress')).toEqual([{ ports: [2049, 2049], group: { 'Fn::GetAtt': [expect.stringMatching(/^Own/), 'GroupId'] }, peer: expect.anything() }]);
  });

  test.each<[string, (stack: Stack) => Partial<EfsLocationProps>, string[]]>([
    ['an L1, whose groups are not known', stack => ({ fileSystem: new CfnFileSystem(stack, 'L1') }),
      ['/Stack/Efs the security groups of Stack/L1 are not known, so that there is no rule which lets this location in; give them as fileSystemSecurityGroups, or allow in a group '
        + 'of the file system: TCP 2049 inbound from the security group of this location [ack: cdk-datasync:networkRuleMissing]']],
    ['a group that cannot be changed', stack => ({ fileSystemSecurityGroups: [group(stack, 'Theirs', false)] }),
      ['/Stack/Efs security group Stack/Theirs cannot be changed from here, so that a rule is missing: inbound 2049 from Stack/Efs/SecurityGroup; see that it has it [ack: cdk-datasync:networkRuleMissing]']],
    ['a group that can be changed', stack => ({ fileSystem: new CfnFileSystem(stack, 'L1'), fileSystemSecurityGroups: [group(stack, 'Theirs')] }), []],
  ])('that cannot be made are warned of: %s', (_, props, warnings) => {
    const stack = newStack();
    efs(stack, props(stack));
    expect(warningsOf(stack)).toEqual(warnings);
  });

  test('that are there already are not missed', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc');
    const fileSystem = new FileSystem(stack, 'FileSystem', { vpc });
    const securityGroups: ISecurityGroup[] = [new SecurityGroup(stack, 'Own', { vpc })];
    for (const id of ['One', 'Two']) new EfsLocation(stack, id, { vpc, fileSystem, securityGroups, writable: false });
    expect(rules(stack)).toHaveLength(1);
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('of several subnets the first in a zone with a mount target is used', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const [, second] = vpc.privateSubnets;
  new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc, vpcSubnets: { subnets: [second] } }), writable: false });
  const { SubnetArn } = resourceOf(stack, 'AWS::DataSync::LocationEFS').Properties.Ec2Config;
  expect(JSON.stringify(SubnetArn)).toContain(JSON.stringify(stack.resolve(second.subnetId)));
});

test('of the subnets that are selected the first in the zone of a mount target is used, which may be in another subnet of that zone', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const fileSystem = new FileSystem(stack, 'FileSystem', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[1]] } });
  new EfsLocation(stack, 'Efs', { vpc, fileSystem, vpcSubnets: { subnetType: SubnetType.PUBLIC }, writable: false });
  expect(JSON.stringify(resourceOf(stack, 'AWS::DataSync::LocationEFS').Properties.Ec2Config.SubnetArn)).toContain('VpcPublicSubnet2');
});

test('a location takes the first of the subnets that are selected, too, if the zone of a mount target is not known', () => {
  const stack = newStack();
  const fileSystem = new CfnFileSystem(stack, 'L1');
  new CfnMountTarget(fileSystem, 'Target', { fileSystemId: fileSystem.ref, securityGroups: [GROUP_ID], subnetId: 'subnet-0123456789abcdef0' });
  efs(stack, { fileSystem });
  expect(JSON.stringify(resourceOf(stack, 'AWS::DataSync::LocationEFS').Properties.Ec2Config.SubnetArn)).toContain('Subnet1');
});

test('a location takes the first of the subnets that are selected', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }), vpcSubnets: { subnetType: SubnetType.PUBLIC }, writable: false });
  expect(JSON.stringify(resourceOf(stack, 'AWS::DataSync::LocationEFS').Properties.Ec2Config.SubnetArn)).toContain('VpcPublicSubnet1');
});

test('a location needs no VPC with a subnet and groups of the user', () => {
  const stack = newStack();
  const fileSystem = FileSystem.fromFileSystemAttributes(stack, 'FileSystem', { fileSystemId: 'fs-0123456789abcdef0', securityGroup: group(stack, 'Theirs') });
  new EfsLocation(stack, 'Efs', {
    fileSystem, securityGroups: [group(stack, 'Own')], vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0')] }, writable: false,
  });
  expect(resourceOf(stack, 'AWS::DataSync::LocationEFS').Properties.Ec2Config).toEqual({
    SubnetArn: { 'Fn::Join': ['', expect.arrayContaining([':subnet/subnet-0123456789abcdef0'])] },
    SecurityGroupArns: [{ 'Fn::Join': ['', expect.arrayContaining([`:security-group/${GROUP_ID}`])] }],
  });
});

describe('a location without a role', () => {
  const without = { iamAuthorization: false } as const;

  test('mounts as anybody does, encrypted unless that is turned off as well', () => {
    for (const [props, encryption] of [[without, 'TLS1_2'], [{ ...without, inTransitEncryption: false }, undefined]] as const) {
      const stack = newStack();
      efs(stack, props);
      const { Properties } = resourceOf(stack, 'AWS::DataSync::LocationEFS');
      expect([Properties.InTransitEncryption, Properties.FileSystemAccessRoleArn]).toEqual([encryption, undefined]);
      expect(warningsOf(stack)).toEqual([]);
    }
  });

  test('warns of a file system with a policy', () => {
    const stack = new Stack(new App({ context: RECOMMENDED }), 'Stack');
    efs(stack, without);
    expect(warningsOf(stack)).toEqual([expect.stringContaining('/Stack/Efs file system Stack/FileSystem has a policy, which most likely lets nobody mount it without a role')]);
  });
});

const tls = 'the service needs TLS with';
test.each<[string, (stack: Stack) => Partial<EfsLocationProps>, string]>([
  ['no VPC', () => ({ vpc: undefined }), 'vpc: is missing; give the VPC of the file system, in which a security group is made, or securityGroups'],
  ['groups without a VPC or a subnet', stack => ({ vpc: undefined, securityGroups: [group(stack, 'Own')] }),
    'vpcSubnets: cannot be found without the VPC; give vpc, or the subnet itself: vpcSubnets: { subnets: [subnet] }'],
  ['six groups', stack => ({ securityGroups: Array.from({ length: 6 }, (_, index) => group(stack, `Own${index}`)) }),
    'securityGroups (6 given): must have between 1 and 5 security groups; remove some'],
  ['no group', () => ({ securityGroups: [] }), 'securityGroups (0 given): must have between 1 and 5 security groups; add one'],
  ['an empty list of subnets', () => ({ vpcSubnets: { subnets: [] } }),
    'vpcSubnets (no subnet): must select a subnet; select one in a zone with a mount target of the file system'],
  ['subnets in a zone that the VPC does not have', () => ({ vpcSubnets: { availabilityZones: ['us-east-1f'] } }),
    'vpcSubnets (no subnet): must select a subnet; select one in a zone with a mount target of the file system'],
  ['subnets that the VPC does not have', () => ({ vpcSubnets: { subnetGroupName: 'Storage' } }), 'vpcSubnets {"subnetGroupName":"Storage"}: '
    + "There are no subnet groups with name 'Storage' in this VPC. Available names: Public,Isolated; select some that the VPC has, by vpcSubnets"],
  ['no encryption with a role', () => ({ inTransitEncryption: false }), `inTransitEncryption false: ${tls} a role; leave it out, or set iamAuthorization to false as well`],
  ['a role that is not used', stack => ({ iamAuthorization: false, role: Role.fromRoleName(stack, 'Role', 'mine') }),
    'role "Stack/Role": is not used with iamAuthorization false; leave out one of the two'],
  ['an empty folder', () => ({ subdirectory: '' }), 'subdirectory "": must not be empty; leave it out for the root'],
  ['a folder with characters that the service refuses', () => ({ subdirectory: '/a=b' }),
    'subdirectory "/a=b": may only contain letters and digits of ASCII, spaces and _ - + . / ( ); use subdirectory "/", and have the task transfer what is meant with includes: Filter.simplePattern("/a=b")'],
])('a location refuses %s', (_, wrong, message) => {
  const stack = newStack();
  expect(messageOf(() => efs(stack, wrong(stack)))).toBe(`DataSyncValidationError: [Stack/Efs] ${message}`);
});

test('a location refuses no encryption with an access point', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const fileSystem = new FileSystem(stack, 'FileSystem', { vpc });
  expect(messageOf(() => new EfsLocation(stack, 'Efs', {
    vpc, fileSystem, accessPoint: fileSystem.addAccessPoint('Point'), iamAuthorization: false, inTransitEncryption: false,
  }))).toBe(`DataSyncValidationError: [Stack/Efs] inTransitEncryption false: ${tls} an access point; leave it out`);
});

test('a location refuses a file system of another account or Region, and lets pass what the deployment knows', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const vpc = new Vpc(stack, 'Vpc');
  const elsewhere = (arn: string, id: string) => new EfsLocation(stack, id, {
    vpc, writable: false, fileSystem: FileSystem.fromFileSystemAttributes(stack, `${id}FileSystem`, { fileSystemArn: arn, securityGroup: group(stack, `${id}Group`) }),
  });
  expect(messageOf(() => elsewhere('arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0123456789abcdef0', 'A')))
    .toBe('DataSyncValidationError: [Stack/A] fileSystem "Stack/AFileSystem": is in the Region us-east-1, this stack is in eu-west-1; use both from one Region');
  expect(messageOf(() => elsewhere(`arn:aws:elasticfilesystem:${Token.asString({ Ref: 'Region' })}:111122223333:file-system/fs-0123456789abcdef0`, 'B'))).toBe('no error');
});
