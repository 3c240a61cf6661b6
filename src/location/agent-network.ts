import { CfnResource, Stack } from 'aws-cdk-lib';
import { Port } from 'aws-cdk-lib/aws-ec2';
import type { CfnSecurityGroup, IConnectable, IPeer, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { agentsOfCfnLocation } from './cfn-location';
import type { ILocation } from './location';
import type { AgentBase } from '../agent/agent-base';
import { propertyOf } from '../private/l1-fields';
import { allow, isSecurityGroup } from '../private/security-group-rules';
import { warn } from '../validation/warnings';

/** An agent with a VPC endpoint. */
interface LinkedAgent {
  readonly construct: IConstruct;
  /** What it is to the network, if that is known. */
  readonly peers: readonly IPeer[];
}

/**
 * Lets agents with a VPC endpoint in to the network interfaces of the task in the VPC of the other location, by which they send and get what is
 * transferred: the agents of one location of the task, and the security groups of the other.
 *
 * @returns what the task has to wait for
 */
export function letAgentsIn(task: Construct, source: ILocation, destination: ILocation): IDependable[] {
  return [[source, destination], [destination, source]].flatMap(([location, other]) => {
    const groups = (location as Partial<IConnectable>).connections?.securityGroups ?? [];
    if (groups.length === 0) return [];
    return linkedAgentsOf(other).flatMap(agent => {
      if (agent.peers.length === 0) warnOfMissing(task, agent.construct, location, 'of which it is not known where it is', 'say it with the peer of AgentEndpoint.privateLink()');
      return agent.peers.flatMap(peer => groups.map(group => letIn(task, agent.construct, peer, group, location, other)));
    });
  });
}

/** @returns what has the rule */
function letIn(task: Construct, agent: IConstruct, from: IPeer, to: ISecurityGroup, location: ILocation, other: ILocation): IDependable {
  const home = isSecurityGroup(from) ? homeOf(from, to, [task, other]) : to;
  if (isSecurityGroup(from) && isOtherVpc(from, to)) {
    warnOfMissing(task, agent, location, 'which is in another VPC', 'see that there is a way, and a rule for its addresses');
  } else if (!home) {
    const rule = `allow TCP 443 from ${(from as ISecurityGroup).node.path} to ${to.node.path}`;
    warnOfMissing(task, agent, location, 'which is in another stack', `declare the task in one of the two stacks, or ${rule}`);
  } else {
    allow({ from, to, port: Port.HTTPS, description: 'DataSync agent to the network interfaces of tasks', home }, (group, rule) => warnOfMissing(task, agent, location,
      `for which a rule of security group ${group.node.path} is missing, which cannot be changed from here: ${rule}`, 'see that it has it'));
  }
  return home ?? to;
}

/** The group in whose stack a rule closes no circle: that stack comes after the other one anyway. */
function homeOf(peer: ISecurityGroup, group: ISecurityGroup, users: readonly IConstruct[]): ISecurityGroup | undefined {
  const [theirs, ours] = [peer, group].map(construct => Stack.of(construct));
  const [task, other] = users.map(construct => Stack.of(construct));
  if (theirs === ours || [task, other].includes(ours)) return group;
  return theirs === task ? peer : undefined;
}

function warnOfMissing(task: Construct, agent: IConstruct, location: ILocation, why: string, remedy: string): void {
  warn(task, 'networkRuleMissing', `the network interfaces of ${location.node.path} must let in agent ${agent.node.path} on TCP 443, ${why}; ${remedy}`);
}

function linkedAgentsOf(location: ILocation): LinkedAgent[] {
  const resource = location.node.defaultChild;
  if (!resource || !CfnResource.isCfnResource(resource)) return [];
  return agentsOfCfnLocation(resource).flatMap(agent => {
    const { _link: link } = (agent.node.scope ?? {}) as Partial<AgentBase>;
    if (link) return [{ construct: agent.node.scope!, peers: link.peers }];
    return propertyOf(agent, 'VpcEndpointId') === undefined ? [] : [{ construct: agent, peers: [] }];
  });
}

/** Of groups of the app. */
function isOtherVpc(...groups: ISecurityGroup[]): boolean {
  const [one, other] = groups.map(({ node }) => (node.defaultChild as Partial<CfnSecurityGroup> | undefined)?.vpcId);
  return one !== undefined && other !== undefined && one !== other;
}
