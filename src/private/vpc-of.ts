import type { CfnResource } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnSecurityGroup, CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { Node } from 'constructs';
import { resourceBehind } from './l1-fields';
import { show } from '../validation/problems';

/** The VPC of what is in one, as far as both are of this app. */

export function vpcBehind(vpcId: string | undefined): CfnResource | undefined {
  return resourceBehind(vpcId, undefined, ['VpcId', 'Ref']);
}

export function vpcOfGroup({ node: { defaultChild } }: ISecurityGroup): CfnResource | undefined {
  return defaultChild instanceof CfnSecurityGroup ? vpcBehind(defaultChild.vpcId) : undefined;
}

export function vpcOfSubnet({ node: { defaultChild } }: ISubnet): CfnResource | undefined {
  return defaultChild instanceof CfnSubnet ? vpcBehind(defaultChild.vpcId) : undefined;
}

/** As in a message: the construct that has it. */
export function showVpc(vpc: CfnResource): string {
  return show(Node.of(vpc).scope!.node.path);
}
