import { Resource } from 'aws-cdk-lib';
import { CfnSecurityGroupEgress, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import type { IPeer, ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';

/** Rules of security groups, of which CDK takes those of a group that it cannot change without a word. */

export interface GroupRule {
  /** A security group, or addresses. */
  readonly from: IPeer;
  readonly to: ISecurityGroup;
  readonly port: Port;
  readonly description: string;
  /** One of two security groups, in whose stack the rule stands. */
  readonly home: ISecurityGroup;
}

/**
 * Inbound at one, and outbound at the other unless that lets everything out.
 *
 * @param whenMissing is told of each rule that could not be made
 */
export function allow({ from, to, port, description, home }: GroupRule, whenMissing: (group: ISecurityGroup, rule: string) => void): void {
  if (!isSecurityGroup(from)) {
    to.addIngressRule(from, port, description);
    const isThere = Resource.isOwnedResource(to) || to.node.children.some(rule => rule instanceof CfnSecurityGroupIngress);
    if (!isThere) whenMissing(to, `inbound ${port} from ${from.uniqueId}`);
    return;
  }
  to.addIngressRule(from, port, description, home !== to);
  const ruleIn = rulesBetween(from, to).some(rule => rule instanceof CfnSecurityGroupIngress && rule.groupId === to.securityGroupId
    && rule.sourceSecurityGroupId === from.securityGroupId);
  if (!ruleIn) whenMissing(to, `inbound ${port} from ${from.node.path}`);
  if (from.allowAllOutbound) return;
  from.addEgressRule(to, port, description, home !== from);
  const ruleOut = rulesBetween(from, to).some(rule => rule instanceof CfnSecurityGroupEgress && rule.groupId === from.securityGroupId
    && rule.destinationSecurityGroupId === to.securityGroupId);
  if (!ruleOut) whenMissing(from, `outbound ${port} to ${to.node.path}`);
}

/** Not a mere id, of which CDK makes a peer that hides it. */
export function isSecurityGroup(peer: IPeer): peer is ISecurityGroup {
  return 'securityGroupId' in peer && 'node' in peer;
}

/** CDK puts a rule below one of the two groups, depending on their stacks. */
function rulesBetween(one: ISecurityGroup, other: ISecurityGroup): IConstruct[] {
  return [...one.node.children, ...other.node.children];
}
