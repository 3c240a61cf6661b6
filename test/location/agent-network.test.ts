import { App, Stack, SecretValue } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAgent } from 'aws-cdk-lib/aws-datasync';
import type { IPeer, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Peer, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import type { ILocation } from '../../src';
import { Agent, AgentEndpoint, AgentVpcEndpoint, Ec2Agent, EfsLocation, NfsLocation, SmbAuthentication, SmbLocation, LocationSecret, Task } from '../../src';
import { AGENT_ARN, flatten, messageOf, newStack, resourceOf, s3Location, warningsOf } from '../support/stacks';

const activationKey = 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH';

const link = (scope: Construct, vpc: IVpc, peer?: IPeer) =>
  AgentEndpoint.privateLink(new AgentVpcEndpoint(scope, 'Endpoint', { vpc }), { vpc, subnet: vpc.privateSubnets[0], peer });
const ec2Agent = (scope: Construct, vpc: IVpc) => new Ec2Agent(scope, 'Agent', { vpc, endpoint: link(scope, vpc) });
const efs = (scope: Construct, vpc: IVpc, securityGroups?: SecurityGroup[]) =>
  new EfsLocation(scope, 'Efs', { vpc, fileSystem: new FileSystem(scope, 'FileSystem', { vpc }), securityGroups });
const nfs = (scope: Construct, agent: aws_datasync.IAgentRef) => new NfsLocation(scope, 'Nfs', { serverHostname: 'host', subdirectory: '/export', agents: [agent] });
const copy = (scope: Construct, source: ILocation, destination: ILocation, id = 'Task') => new Task(scope, id, { source, destination });

/** Rules for the data of agents, `from > to`, to the groups of locations. */
const rulesOf = (stack: Stack) => Object.values<any>(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'))
  .filter(({ Properties }) => Properties.FromPort === 443 && flatten(Properties.GroupId).includes('Efs'))
  .map(({ Properties }) => `${flatten(Properties.SourceSecurityGroupId)} > ${flatten(Properties.GroupId)}`.replace(/[0-9A-F]{8}/g, ''));

test.each<[string, (one: ILocation, other: ILocation) => [ILocation, ILocation]]>([
  ['from the file system', (share, server) => [share, server]],
  ['to the file system', (share, server) => [server, share]],
])('an agent with a VPC endpoint is let in by the location on the other side, before the task: %s', (_, order) => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const [source, destination] = order(efs(stack, vpc), nfs(stack, ec2Agent(stack, vpc)));
  copy(stack, source, destination);
  expect(rulesOf(stack)).toEqual(['<AgentSecurityGroup.GroupId> > <EfsSecurityGroup.GroupId>']);
  expect(resourceOf(stack, 'AWS::DataSync::Task').DependsOn).toContainEqual(expect.stringMatching(/^EfsSecurityGroupfrom.*443/));
  expect(warningsOf(stack)).toEqual([]);
});

test('by several tasks it is let in once', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const [share, server] = [efs(stack, vpc), nfs(stack, ec2Agent(stack, vpc))];
  copy(stack, share, server, 'Back');
  copy(stack, server, share, 'Forth');
  expect(rulesOf(stack)).toHaveLength(1);
});

test('a group that does not let everything out gets a rule for it', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  const closed = new SecurityGroup(stack, 'Closed', { vpc, allowAllOutbound: false });
  const agent = new Ec2Agent(stack, 'Agent', { vpc, endpoint: link(stack, vpc), securityGroups: [closed] });
  copy(stack, nfs(stack, agent), efs(stack, vpc));
  const egress = Object.values<any>(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties);
  expect(egress.filter(rule => rule.FromPort === 443).map(({ GroupId, DestinationSecurityGroupId }) => `${flatten(GroupId)} > ${flatten(DestinationSecurityGroupId)}`))
    .toContainEqual(expect.stringMatching(/^<Closed.*> > <EfsSecurityGroup/));
});

test('an agent outside of AWS is let in by its addresses', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  copy(stack, nfs(stack, new Agent(stack, 'Agent', { activationKey, endpoint: link(stack, vpc, Peer.ipv4('10.20.0.5/32')) })), efs(stack, vpc));
  const groups = Object.entries<any>(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup')).filter(([id]) => id.startsWith('EfsSecurityGroup'));
  expect(groups[0][1].Properties.SecurityGroupIngress).toEqual([expect.objectContaining({ CidrIp: '10.20.0.5/32', FromPort: 443, ToPort: 443 })]);
  expect(warningsOf(stack)).toEqual([]);
});

test('other kinds of locations with agents count as well', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  copy(stack, efs(stack, vpc), new SmbLocation(stack, 'Smb', {
    serverHostname: 'host',
    subdirectory: '/share',
    agents: [ec2Agent(stack, vpc)],
    authentication: SmbAuthentication.ntlm({ user: 'me', password: LocationSecret.fromSecretValue(SecretValue.secretsManager('secret')) }),
  }));
  expect(rulesOf(stack)).toHaveLength(1);
});

test.each<[string, (stack: Stack, vpc: IVpc) => ILocation]>([
  ['an agent with the public endpoint', (stack, vpc) => nfs(stack, new Ec2Agent(stack, 'Agent', { vpc }))],
  ['an imported agent, of which it is not known', stack => nfs(stack, Agent.fromAgentArn(stack, 'Agent', AGENT_ARN))],
  ['an L1 without an endpoint', stack => nfs(stack, new CfnAgent(stack, 'Agent', { activationKey }))],
  ['a bucket', stack => s3Location(stack, 'S3')],
])('%s needs no rule', (_, other) => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  copy(stack, other(stack, vpc), efs(stack, vpc));
  expect(rulesOf(stack)).toEqual([]);
  expect(warningsOf(stack).join()).not.toContain('networkRuleMissing');
});

test('a bucket on the other side needs no rule either', () => {
  const stack = newStack();
  const vpc = new Vpc(stack, 'Vpc');
  copy(stack, nfs(stack, ec2Agent(stack, vpc)), s3Location(stack, 'S3'));
  expect(rulesOf(stack)).toEqual([]);
});

const ACK = '[ack: cdk-datasync:networkRuleMissing]';
const mustLetIn = 'the network interfaces of Stack/Efs must let in agent Stack/Agent on TCP 443';

describe('a warning tells of a rule that is not made', () => {
  test.each<[string, (stack: Stack, vpc: IVpc) => aws_datasync.IAgentRef]>([
    ['of an agent without a peer', (stack, vpc) => new Agent(stack, 'Agent', { activationKey, endpoint: link(stack, vpc) })],
    ['of an L1', stack => new CfnAgent(stack, 'Agent', { activationKey, vpcEndpointId: 'vpce-0123456789abcdef0' })],
  ])('%s', (_, agent) => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc');
    copy(stack, nfs(stack, agent(stack, vpc)), efs(stack, vpc));
    expect(warningsOf(stack)).toEqual([
      `/Stack/Task ${mustLetIn}, of which it is not known where it is; say it with the peer of AgentEndpoint.privateLink() ${ACK}`,
    ]);
  });

  test('for a group that cannot be changed', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc');
    const imported = SecurityGroup.fromSecurityGroupId(stack, 'Imported', 'sg-0123456789abcdef0', { mutable: false });
    copy(stack, nfs(stack, ec2Agent(stack, vpc)), efs(stack, vpc, [imported as SecurityGroup]));
    expect(warningsOf(stack).filter(line => line.startsWith('/Stack/Task'))).toEqual([
      `/Stack/Task ${mustLetIn}, for which a rule of security group Stack/Imported is missing, which cannot be changed from here: inbound 443 from `
      + `Stack/Agent/SecurityGroup; see that it has it ${ACK}`,
    ]);
  });

  test('of an agent in another VPC', () => {
    const stack = newStack();
    copy(stack, nfs(stack, ec2Agent(stack, new Vpc(stack, 'Vpc'))), efs(stack, new Vpc(stack, 'Another')));
    expect(rulesOf(stack)).toEqual([]);
    expect(warningsOf(stack)).toEqual([`/Stack/Task ${mustLetIn}, which is in another VPC; see that there is a way, and a rule for its addresses ${ACK}`]);
  });
});

describe('between stacks', () => {
  /** The network and the file system in one, agents in another, tasks in a third. */
  const declare = (where: { share: string; agent: string; server: string; task: string }) => {
    const app = new App();
    const stacks = new Map<string, Stack>();
    const stack = (id: string) => stacks.get(id) ?? (stacks.set(id, new Stack(app, id)), stacks.get(id)!);
    const vpc = new Vpc(stack('Network'), 'Vpc');
    const share = efs(stack(where.share), vpc);
    copy(stack(where.task), nfs(stack(where.server), ec2Agent(stack(where.agent), vpc)), share);
    const found = messageOf(() => app.synth());
    const homes = [...stacks].filter(([, one]) => JSON.stringify(Template.fromStack(one).findResources('AWS::EC2::SecurityGroupIngress'))
      .match(/"FromPort":443[^}]*EfsSecurityGroup|EfsSecurityGroup[^}]*\},"IpProtocol":"tcp","SourceSecurityGroupId":\{[^}]*Agent/)).map(([id]) => id);
    const warnings = warningsOf(stack(where.task)).filter(text => text.includes('cdk-datasync:')); // the newest CDK warns of references between stacks
    return { found, homes, warnings };
  };

  test.each<[string, Parameters<typeof declare>[0], string]>([
    ['with the location, if the task is there', { share: 'Data', agent: 'Agents', server: 'Data', task: 'Data' }, 'Data'],
    ['with the location, if that with the agent is there', { share: 'Data', agent: 'Agents', server: 'Data', task: 'Task' }, 'Data'],
    ['with the agent, if the task is there', { share: 'Network', agent: 'Transfer', server: 'Transfer', task: 'Transfer' }, 'Transfer'],
    ['with both', { share: 'Data', agent: 'Data', server: 'Data', task: 'Task' }, 'Data'],
  ])('the rule stands %s, and closes no circle', (_, where, home) => {
    expect(declare(where)).toEqual({ found: 'no error', homes: [home], warnings: [] });
  });

  test('a warning tells of it where it might close one', () => {
    const { found, homes, warnings } = declare({ share: 'Network', agent: 'Agents', server: 'Servers', task: 'Task' });
    expect([found, homes]).toEqual(['no error', []]);
    expect(warnings).toEqual([
      '/Task/Task the network interfaces of Network/Efs must let in agent Agents/Agent on TCP 443, which is in another stack; declare the task in one of the two stacks, '
      + `or allow TCP 443 from Agents/Agent/SecurityGroup to Network/Efs/SecurityGroup ${ACK}`,
    ]);
  });
});
