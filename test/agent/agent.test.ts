import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Peer, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import type { AgentProps } from '../../src';
import { Agent, AgentEndpoint, AgentVpcEndpoint, EfsLocation, NfsLocation, Task } from '../../src';
import { AGENT_ARN, messageOf, newStack, resourceOf, warningsOf } from '../support/stacks';

const activationKey = 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH';
const rulesOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'))
  .map(({ Properties: { FromPort, ToPort } }) => `${FromPort}-${ToPort}`).sort();

test('an agent has its key and its name, and no endpoint that the key knows', () => {
  const stack = newStack();
  const agent = new Agent(stack, 'Agent', { activationKey, agentName: 'Basement', endpoint: AgentEndpoint.fips() });
  expect(resourceOf(stack, 'AWS::DataSync::Agent').Properties).toEqual({ ActivationKey: activationKey, AgentName: 'Basement' });
  expect(stack.resolve([agent.agentArn, agent.agentId, agent.agentRef])).toEqual([
    { Ref: 'Agent255F68E9' }, { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'Agent255F68E9' }] }] }, { agentArn: { Ref: 'Agent255F68E9' } },
  ]);
});

test('an imported agent knows its id', () => {
  const stack = newStack();
  const agent = Agent.fromAgentArn(stack, 'Agent', AGENT_ARN);
  expect(agent.agentId).toBe('agent-0123456789abcdef0');
});

test.each<[string, Partial<AgentProps>, string]>([
  ['a key of another form', { activationKey: 'F0EFT-7FPPR' }, 'activationKey "F0EFT-7FPPR": must be five groups of five capital letters and digits, with hyphens between them; '
    + 'copy the whole key, such as F0EFT-7FPPR-GG7MC-3I9R3-27DOH'],
  ['no key', { activationKey: process.env.NO_KEY }, 'activationKey: is missing; copy the whole key, such as F0EFT-7FPPR-GG7MC-3I9R3-27DOH'],
  ['a name with other characters', { agentName: 'Keller #1' }, 'agentName "Keller #1": may only contain letters, digits, white space and + = . _ : @ / -'],
])('%s is refused', (_, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new Agent(stack, 'Agent', { activationKey, ...props }))).toContain(message);
});

describe('an agent with a VPC endpoint', () => {
  let stack: Stack;
  let vpc: Vpc;
  beforeEach(() => {
    stack = newStack();
    vpc = new Vpc(stack, 'Vpc');
  });

  test('needs a group for the interfaces of tasks, or a VPC to make one in', () => {
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: vpc.privateSubnets[0] });
    expect(messageOf(() => new Agent(stack, 'Agent', { activationKey, endpoint }))).toContain(
      '[Stack/Agent] endpoint of Agent: needs a security group for the network interfaces of tasks; give privateLink() the vpc, in which a new one is made, or a securityGroup');
  });

  test('names endpoint, subnet and group, and waits for their rules', () => {
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), {
      vpc, subnet: vpc.privateSubnets[0], peer: Peer.ipv4('10.20.0.5/32'),
    });
    new Agent(stack, 'Agent', { activationKey, endpoint });
    const { Properties, DependsOn } = resourceOf(stack, 'AWS::DataSync::Agent');
    expect(Properties.VpcEndpointId).toEqual({ Ref: expect.stringMatching(/^Endpoint/) });
    expect(JSON.stringify(Properties.SubnetArns)).toContain(':subnet/');
    expect(JSON.stringify(Properties.SecurityGroupArns)).toMatch(/:security-group\/.*AgentTaskSecurityGroup/);
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^EndpointSecurityGroup/), expect.stringMatching(/^AgentTaskSecurityGroup/)]));
    const groups = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup'));
    const inline = groups.flatMap(group => group.Properties.SecurityGroupIngress ?? []).map(rule => `${rule.CidrIp} ${rule.FromPort}-${rule.ToPort}`);
    expect(inline.sort()).toEqual(['10.20.0.5/32 1024-1064', '10.20.0.5/32 443-443', '10.20.0.5/32 443-443']);
  });

  test('has no rules if nobody says from where it comes', () => {
    const securityGroup = new SecurityGroup(stack, 'Group', { vpc });
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: vpc.privateSubnets[0], securityGroup });
    new Agent(stack, 'Agent', { activationKey, endpoint });
    expect(rulesOf(stack)).toEqual([]);
    expect(JSON.stringify(Template.fromStack(stack))).not.toContain('SecurityGroupIngress');
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each([
    ['addresses', () => Peer.ipv4('10.20.0.5/32'), 'inbound 443 from 10.20.0.5/32'],
    ['a security group', () => new SecurityGroup(stack, 'Peer', { vpc }), 'inbound 443 from Stack/Peer'],
  ])('warns of a group of network interfaces that cannot let in %s', (_, peer, rule) => {
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Imported', 'sg-0123456789abcdef0', { mutable: false });
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: vpc.privateSubnets[0], securityGroup, peer: peer() });
    new Agent(stack, 'Agent', { activationKey, endpoint });
    expect(warningsOf(stack)).toEqual([
      `/Stack/Agent security group Stack/Imported cannot be changed from here, so that a rule for the agent is missing: ${rule}; see that it has it `
      + '[ack: cdk-datasync:networkRuleMissing]',
    ]);
  });

  test('takes the id of a security group as its peer', () => {
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), {
      vpc, subnet: vpc.privateSubnets[0], peer: Peer.securityGroupId('sg-0123456789abcdef0'),
    });
    const agent = new Agent(stack, 'Agent', { activationKey, endpoint });
    new Task(stack, 'Task', {
      source: new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents: [agent] }),
      destination: new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }) }),
    });
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup')).flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? [])
      .filter(({ SourceSecurityGroupId }) => SourceSecurityGroupId === 'sg-0123456789abcdef0');
    expect(rules.map(({ FromPort, ToPort }) => `${FromPort}-${ToPort}`).sort()).toEqual(['1024-1064', '443-443', '443-443', '443-443']);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('is not reached by an endpoint of another service', () => {
    const endpoint = vpc.addInterfaceEndpoint('Queues', { service: InterfaceVpcEndpointAwsService.SQS });
    expect(messageOf(() => new Agent(stack, 'Agent', { activationKey, endpoint: AgentEndpoint.privateLink(endpoint, { vpc, subnet: vpc.privateSubnets[0] }) }))).toBe(
      'DataSyncValidationError: [Stack/Agent] endpoint "Stack/Vpc/Queues": is of the service sqs, agents need datasync or datasync-fips; use an AgentVpcEndpoint');
  });

  test.each([
    [true, undefined, 'FIPS_PRIVATE_LINK'], [true, true, 'FIPS_PRIVATE_LINK'], [undefined, undefined, 'PRIVATE_LINK'], [false, false, 'PRIVATE_LINK'],
  ])('has an endpoint with fips %s, of which fips %s is said', (fips, said, type) => {
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc, fips }), { vpc, subnet: vpc.privateSubnets[0], fips: said });
    expect(endpoint._type).toBe(type);
  });

  test.each([[true, false, 'datasync-fips'], [false, true, 'datasync']])('refuses an endpoint with fips %s of which fips %s is said', (fips, said, service) => {
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc, fips }), { vpc, subnet: vpc.privateSubnets[0], fips: said });
    expect(messageOf(() => new Agent(stack, 'Agent', { activationKey, endpoint }))).toBe(
      `DataSyncValidationError: [Stack/Agent] fips ${said} of endpoint "Stack/Endpoint": is not what it is, its service is ${service}; leave fips out`);
  });

  test('needs a subnet that there is', () => {
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { vpc, subnet: vpc.isolatedSubnets[0] });
    expect(messageOf(() => new Agent(stack, 'Agent', { activationKey, endpoint }))).toBe(
      'DataSyncValidationError: [Stack/Agent] subnet of endpoint: is missing; give one that the VPC has, such as vpc.privateSubnets[0]');
  });

  test('has the network interfaces of tasks in the VPC of their group', () => {
    const other = new Vpc(stack, 'Other');
    const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), {
      subnet: vpc.privateSubnets[0], securityGroup: new SecurityGroup(stack, 'Group', { vpc: other }),
    });
    expect(messageOf(() => new Agent(stack, 'Agent', { activationKey, endpoint }))).toBe(
      'DataSyncValidationError: [Stack/Agent] subnet "Stack/Vpc/PrivateSubnet1" of endpoint: is of the VPC "Stack/Vpc", its security group is of "Stack/Other"; '
      + 'give privateLink() the vpc of the subnet, or a securityGroup of it');
  });

  test('warns of an endpoint whose groups nobody knows', () => {
    const imported = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-0123456789abcdef0', port: 443 });
    new Agent(stack, 'Agent', {
      activationKey, endpoint: AgentEndpoint.privateLink(imported, { vpc, subnet: vpc.privateSubnets[0], peer: Peer.ipv4('10.20.0.5/32') }),
    });
    expect(warningsOf(stack).join()).toContain('cdk-datasync:endpointGroupsUnknown');
  });
});

test.each([[undefined, '.datasync'], [true, '.datasync-fips']])('the VPC endpoint for agents with fips %s is that of the service, without private DNS, and closed', (fips, service) => {
  const stack = newStack();
  new AgentVpcEndpoint(stack, 'Endpoint', { vpc: new Vpc(stack, 'Vpc'), fips });
  const { Properties } = resourceOf(stack, 'AWS::EC2::VPCEndpoint');
  expect(JSON.stringify(Properties.ServiceName)).toContain(`${service}"`);
  expect(Properties.PrivateDnsEnabled).toBe(false);
  expect(JSON.stringify(Template.fromStack(stack))).not.toContain('SecurityGroupIngress');
});
