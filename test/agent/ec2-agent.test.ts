import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, MachineImage, Peer, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Ec2AgentProps, PrivateLinkOptions } from '../../src';
import { AgentEndpoint, AgentVpcEndpoint, Ec2Agent, TaskMode } from '../../src';
import { flatten, messageOf, newStack, resourceOf, statementsOf, warningsOf } from '../support/stacks';

const TYPE = 'Custom::DataSyncAgent';
let stack: Stack;
let vpc: Vpc;
beforeEach(() => {
  stack = newStack();
  vpc = new Vpc(stack, 'Vpc');
});

const make = (props: Partial<Ec2AgentProps> = {}, id = 'Agent') => new Ec2Agent(stack, id, { vpc, ...props });
const idsOf = (type: string) => Object.keys(Template.fromStack(stack).findResources(type));
const instance = () => resourceOf(stack, 'AWS::EC2::Instance');

test('the instance and the function that fetches the key are all that the agent is made of', () => {
  const agent = make({ agentName: 'Reader' });
  const { Properties, DependsOn } = resourceOf(stack, TYPE);
  const [instanceId] = idsOf('AWS::EC2::Instance');
  expect(Properties).toMatchObject({
    ServiceTimeout: '3600',
    InstanceId: { Ref: instanceId },
    Address: { 'Fn::GetAtt': [instanceId, 'PrivateIp'] },
    EndpointType: 'PUBLIC',
    AgentName: 'Reader',
    ActivationTimeout: '900',
    Fetcher: { Ref: expect.stringMatching(/Fetcher/) },
    Waiter: { Ref: expect.stringMatching(/Waiter/) },
  });
  expect(Properties).not.toHaveProperty('Tags');
  expect(stack.resolve(agent.agentArn)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'AgentArn'] });
  // The rules for port 80 come first, on both sides, and the right to wait.
  expect(DependsOn).toEqual(expect.arrayContaining([
    expect.stringMatching(/^AgentSecurityGroupfrom/), expect.stringMatching(/^DataSyncAgentActivationFetcher\w+SecurityGroupto/), expect.stringMatching(/WaiterPolicy/),
  ]));
});

test.each([
  [TaskMode.BASIC, '/aws/service/datasync/ami', 'm5.2xlarge'], [TaskMode.ENHANCED, '/aws/service/datasync/ami/v3', 'm6a.2xlarge'],
])('in mode %s the image is the text of a parameter, so that a new image replaces nothing', (taskMode, image, InstanceType_) => {
  make({ taskMode });
  expect(instance().Properties).toMatchObject({ ImageId: `resolve:ssm:${image}`, InstanceType: InstanceType_ });
  expect(instance().Properties).not.toHaveProperty('BlockDeviceMappings');
  expect(Object.values(Template.fromStack(stack).toJSON().Parameters ?? {}).filter((each: any) => /datasync/.test(each.Default))).toEqual([]);
  expect(warningsOf(stack)).toEqual([]);
});

test('only the fetcher reaches port 80, and it reaches nothing else', () => {
  make();
  const template = Template.fromStack(stack);
  const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
  expect(ingress).toHaveLength(1);
  expect(ingress[0].Properties).toMatchObject({
    FromPort: 80, ToPort: 80, SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/Fetcher/), 'GroupId'] },
  });
  const groups = Object.entries(template.findResources('AWS::EC2::SecurityGroup'));
  expect(groups.flatMap(([, { Properties }]) => Properties.SecurityGroupIngress ?? [])).toEqual([]);
  const [fetcherId, fetcher] = groups.find(([id]) => id.includes('Fetcher'))!;
  expect(fetcher.Properties).not.toHaveProperty('SecurityGroupEgress');
  const egress = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties);
  expect(egress).toEqual([expect.objectContaining({ GroupId: { 'Fn::GetAtt': [fetcherId, 'GroupId'] }, FromPort: 80, ToPort: 80 })]);
});

test('the function in the network has no permissions but on its interfaces and its log; the other one is outside', () => {
  make();
  const functions = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function')).filter(([id]) => id.includes('Activation'));
  expect(functions.filter(([, { Properties }]) => Properties.VpcConfig).map(([id]) => id)).toEqual([expect.stringContaining('Fetcher')]);
  expect(functions).toHaveLength(2);
  const own = statementsOf(stack).filter(({ holder }) => holder.includes('Fetcher')).flatMap(({ Action }) => Action);
  const expected = /^(ec2:(\w+NetworkInterfaces?|\w+PrivateIpAddresses|DescribeSubnets)|logs:(CreateLogStream|PutLogEvents))$/;
  expect(own.filter((action: string) => !expected.test(action))).toEqual([]);
});

test('what makes and changes agents may do so only with those of its stack', () => {
  make();
  const ofAgents = statementsOf(stack).filter(({ Action }) => [Action].flat().some((action: string) => /Agent|TagResource/.test(action)));
  const owner = { 'Fn::Join': ['', [{ Ref: 'AWS::StackId' }, '/*']] };
  const conditions = ofAgents.map(({ Action, Condition }) => [[Action].flat().join(), Condition]);
  expect(conditions).toEqual(expect.arrayContaining([
    ['datasync:CreateAgent', { StringLike: { 'aws:RequestTag/cdk-datasync:owner': owner } }],
    ['datasync:TagResource', { StringLike: { 'aws:RequestTag/cdk-datasync:owner': owner } }],
    ['datasync:DeleteAgent,datasync:TagResource,datasync:UntagResource,datasync:UpdateAgent', { StringLike: { 'aws:ResourceTag/cdk-datasync:owner': owner } }],
    ['datasync:ListAgents', undefined],
    ['datasync:DescribeAgent,datasync:ListTagsForResource', undefined],
  ]));
  expect(ofAgents.map(({ Resource }) => flatten(Resource)).filter(resource => resource === '*')).toHaveLength(2);
  expect(JSON.stringify(statementsOf(stack))).not.toContain('ec2:DescribeVpcEndpoints');
});

test('agents of one network share what they are made with', () => {
  make({}, 'One');
  make({}, 'Two');
  expect(idsOf('AWS::Lambda::Function').filter(id => id.includes('Activation'))).toHaveLength(2);
  expect(idsOf('AWS::StepFunctions::StateMachine')).toHaveLength(1);
  expect(idsOf(TYPE)).toHaveLength(2);
});

test('tags reach the agent, those of the stack as well where it has none of its own', () => {
  const app = new App();
  stack = new Stack(app, 'Tagged', { tags: { team: 'storage', floor: '0' } });
  const agent = new Ec2Agent(stack, 'Agent', { vpc: new Vpc(stack, 'Vpc') });
  Tags.of(agent).add('floor', '1');
  const { Tags: tags } = resourceOf(stack, TYPE).Properties;
  expect(tags).toEqual([{ Key: 'floor', Value: '1' }, { Key: 'team', Value: 'storage' }]);
});

test('more tags than the service allows are refused, with those of the library', () => {
  const agent = make();
  for (let tag = 0; tag < 48; tag++) Tags.of(agent).add(`tag${tag}`, 'x');
  expect(messageOf(() => (stack.node.root as App).synth())).toMatch(/tags \(48 given\): must have between 0 and 47 tags \(the service allows 50, 3 are the library's own\)/);
});

describe('another instance, and with it another agent', () => {
  const idWith = (props: Partial<Ec2AgentProps>, build: (own: Stack, network: Vpc) => Partial<Ec2AgentProps> = () => props) => {
    const own = newStack();
    const network = new Vpc(own, 'Vpc');
    new Ec2Agent(own, 'Agent', { vpc: network, ...build(own, network) });
    return Object.keys(Template.fromStack(own).findResources('AWS::EC2::Instance'))[0];
  };

  test('is not made for a name, a timeout, a key, or groups', () => {
    expect(idWith({ agentName: 'Other', activationTimeout: Duration.minutes(5) })).toBe(idWith({}));
    expect(idWith({}, (own, network) => ({ securityGroups: [new SecurityGroup(own, 'Group', { vpc: network })] }))).toBe(idWith({}));
    expect(idWith({ endpoint: AgentEndpoint.publicEndpoint(), taskMode: TaskMode.BASIC })).toBe(idWith({}));
  });

  test('is made for another mode and another endpoint', () => {
    const link = (own: Stack, network: Vpc, securityGroup?: SecurityGroup) => ({
      endpoint: AgentEndpoint.privateLink(new AgentVpcEndpoint(own, 'Endpoint', { vpc: network }), { subnet: network.privateSubnets[0], securityGroup }),
    });
    const linkByGroup = (own: Stack, network: Vpc) => link(own, network, new SecurityGroup(own, 'Group', { vpc: network }));
    const plain = [{}, { taskMode: TaskMode.ENHANCED }, { endpoint: AgentEndpoint.fips() }];
    const ids = [...plain.map(props => idWith(props)), idWith({}, link), idWith({}, linkByGroup)];
    expect(new Set(ids).size).toBe(5);
  });
});

test('with a VPC endpoint the agent is let in to it and to the interfaces of tasks, and its subnet may be isolated', () => {
  stack = newStack();
  vpc = new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
  const endpoint = new AgentVpcEndpoint(stack, 'Endpoint', { vpc, subnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
  make({ endpoint: AgentEndpoint.privateLink(endpoint, { subnet: vpc.isolatedSubnets[0] }) });
  const { Properties, DependsOn } = resourceOf(stack, TYPE);
  expect(Properties).toMatchObject({
    EndpointType: 'PRIVATE_LINK',
    VpcEndpointId: { Ref: expect.stringMatching(/^Endpoint/) },
    SubnetArn: expect.anything(),
    SecurityGroupArn: expect.anything(),
    InstanceSubnetId: { Ref: expect.stringMatching(/Isolated/) },
  });
  const ingress = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'));
  const rules = ingress.map(({ Properties: { FromPort, ToPort } }) => `${FromPort}-${ToPort}`);
  expect(rules.sort()).toEqual(['1024-1064', '443-443', '443-443', '80-80']);
  expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^EndpointSecurityGroup/), expect.stringMatching(/^AgentTaskSecurityGroup/)]));
  expect(JSON.stringify(statementsOf(stack))).toContain('ec2:DescribeVpcEndpoints');
});

test('with a VPC endpoint that names from where the agent comes, it is let in from there only', () => {
  const endpoint = new AgentVpcEndpoint(stack, 'Endpoint', { vpc });
  make({ endpoint: AgentEndpoint.privateLink(endpoint, { subnet: vpc.privateSubnets[0], peer: Peer.ipv4('10.20.0.5/32') }) });
  const template = Template.fromStack(stack);
  expect(Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties: { FromPort } }) => FromPort)).toEqual([80]);
  const inline = Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? []);
  expect(inline.map(({ CidrIp, FromPort }) => `${FromPort} from ${CidrIp}`).sort()).toEqual(['1024', '443', '443'].map(port => `${port} from 10.20.0.5/32`));
});

test('all groups of the user are on the instance, and the fetcher reaches it through each', () => {
  make({ securityGroups: ['One', 'Two'].map(id => new SecurityGroup(stack, id, { vpc })) });
  const { SecurityGroupIds } = instance().Properties;
  expect(SecurityGroupIds.map((id: any) => id['Fn::GetAtt'][0])).toEqual([expect.stringMatching(/^One/), expect.stringMatching(/^Two/)]);
  expect(idsOf('AWS::EC2::SecurityGroupIngress').map(id => id.slice(0, 3)).sort()).toEqual(['One', 'Two']);
});

test('a removal policy holds for agent, instance, and what the instance needs', () => {
  make().applyRemovalPolicy(RemovalPolicy.RETAIN);
  const template = Template.fromStack(stack);
  for (const type of [TYPE, 'AWS::EC2::Instance', 'AWS::IAM::InstanceProfile']) {
    template.hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  }
  template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', { GroupDescription: 'DataSync agent' }, 1);
  template.hasResource('AWS::EC2::SecurityGroup', { DeletionPolicy: 'Retain', Properties: Match.objectLike({ GroupDescription: 'DataSync agent' }) });
});

test('by default both go', () => {
  make();
  expect(resourceOf(stack, TYPE)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

const SIZES: Array<[string, boolean]> = [['m5.xlarge', true], ['t3.medium', true], ['m5.2xlarge', false], ['m5.16xlarge', false], ['m5.metal', false]];

test.each(SIZES)('an instance of type %s warns: %s', (type, warns) => {
  make({ instanceType: new InstanceType(type) });
  expect(warningsOf(stack)).toEqual(warns ? [expect.stringMatching(`${type} is smaller than 2xlarge.*agentInstanceSmall`)] : []);
});

test.each<[string, () => Partial<Ec2AgentProps>, string]>([
  ['a timeout over 50 minutes', () => ({ activationTimeout: Duration.hours(1) }), 'activationTimeout 1 hour: must be between 1 minute and 50 minutes'],
  ['a name with other characters', () => ({ agentName: 'Keller #1' }), 'agentName "Keller #1": may only contain letters'],
  ['no group', () => ({ securityGroups: [] }), 'securityGroups []: must have one group'],
])('%s is refused', (_, props, message) => {
  expect(messageOf(() => make(props()))).toContain(message);
});

test('an instance type of Arm warns, unless the image is one of the user', () => {
  make({ instanceType: new InstanceType('m7g.2xlarge') });
  make({ instanceType: new InstanceType('m7g.2xlarge'), machineImage: MachineImage.genericLinux({}) }, 'Other');
  expect(warningsOf(stack)).toEqual([
    '/Stack/Agent instanceType m7g.2xlarge is of Arm, and the images of agents are for x86; use m5.2xlarge for Basic mode, m6a.2xlarge for Enhanced mode, or larger '
    + '[ack: cdk-datasync:agentInstanceArchitecture]',
  ]);
});

test.each([
  ['the public endpoint', () => AgentEndpoint.publicEndpoint(), 1], ['the endpoint with FIPS', () => AgentEndpoint.fips(), 1],
  ['a VPC endpoint', () => AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: vpc.isolatedSubnets[0] }), 0],
])('an isolated subnet and %s: %#', (_, endpoint, warnings) => {
  vpc = new Vpc(stack, 'Isolated', { subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
  make({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, endpoint: endpoint() });
  expect(warningsOf(stack)).toHaveLength(warnings);
});

test('an image of the user is taken', () => {
  make({ machineImage: MachineImage.genericLinux({ 'us-east-1': 'ami-0123456789abcdef0' }), securityGroups: [new SecurityGroup(stack, 'Group', { vpc })] });
  expect(JSON.stringify(instance().Properties.ImageId)).not.toContain('datasync');
});

test('an agent in a public subnet needs no NAT gateway', () => {
  vpc = new Vpc(stack, 'Public', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] });
  make({ vpcSubnets: { subnetType: SubnetType.PUBLIC } });
  const subnet = { Ref: idsOf('AWS::EC2::Subnet').find(id => id.startsWith('PublicPublicSubnet1'))! };
  expect(instance().Properties.SubnetId).toEqual(subnet);
});

test.each([
  ['public', SubnetType.PUBLIC, 'VpcPublicSubnet1DefaultRoute'],
  ['private', SubnetType.PRIVATE_WITH_EGRESS, 'VpcPrivateSubnet1DefaultRoute'],
])('an instance in a %s subnet comes after the way to the internet, and goes before it', (_, subnetType, route) => {
  make({ vpcSubnets: { subnetType } });
  expect(instance().DependsOn).toContainEqual(expect.stringMatching(`^${route}`));
});

test('subnets that the VPC does not have are said with the property', () => {
  vpc = new Vpc(stack, 'Public', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] });
  expect(messageOf(() => make())).toBe('DataSyncValidationError: [Stack/Agent] vpcSubnets left out: '
    + "There are no 'Private' subnet groups in this VPC. Available types: Public; select some that the VPC has, by vpcSubnets");
  expect(messageOf(() => make({ vpcSubnets: { subnetGroupName: 'Storage' } }, 'Other'))).toBe('DataSyncValidationError: [Stack/Other] vpcSubnets {"subnetGroupName":"Storage"}: '
    + "There are no subnet groups with name 'Storage' in this VPC. Available names: Public; select some that the VPC has, by vpcSubnets");
});

describe('of another VPC', () => {
  let other: Vpc;
  beforeEach(() => {
    other = new Vpc(stack, 'Other');
  });
  const linkTo = (endpoint: AgentVpcEndpoint, options: Partial<PrivateLinkOptions> = {}) =>
    ({ endpoint: AgentEndpoint.privateLink(endpoint, { subnet: other.privateSubnets[0], ...options }) });

  test('a group of the instance is refused', () => {
    expect(messageOf(() => make({ securityGroups: [new SecurityGroup(stack, 'Group', { vpc: other })] }))).toBe('DataSyncValidationError: [Stack/Agent] '
      + 'securityGroups[0] "Stack/Group": is of the VPC "Stack/Other", the agent is in "Stack/Vpc"; use both from one VPC');
  });

  test('a subnet of the instance is refused', () => {
    expect(messageOf(() => make({ vpcSubnets: { subnets: other.privateSubnets } }))).toBe('DataSyncValidationError: [Stack/Agent] '
      + 'vpcSubnets "Stack/Other/PrivateSubnet1": is of the VPC "Stack/Other", the agent is in "Stack/Vpc"; use both from one VPC');
  });

  test('an endpoint needs a group there', () => {
    const endpoint = new AgentVpcEndpoint(stack, 'Endpoint', { vpc: other });
    expect(messageOf(() => make(linkTo(endpoint)))).toBe('DataSyncValidationError: [Stack/Agent] '
      + 'subnet "Stack/Other/PrivateSubnet1" of endpoint: is of the VPC "Stack/Other", its security group is of "Stack/Vpc"; '
      + 'give privateLink() the vpc of the subnet, or a securityGroup of it');
    make(linkTo(endpoint, { vpc: other }), 'There');
  });
});
