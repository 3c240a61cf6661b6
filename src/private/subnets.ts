import type { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Problems } from '../validation/problems';
import { show } from '../validation/problems';

/**
 * The subnets of `vpcSubnets`; undefined if CDK refuses the selection, of which it does not say by which property it was made.
 *
 * @param selection what counts: `vpcSubnets`, or what is taken when it is left out
 */
export function selectSubnets(problems: Problems, vpc: IVpc, vpcSubnets: SubnetSelection | undefined, selection = vpcSubnets): ISubnet[] | undefined {
  try {
    return vpc.selectSubnets(selection).subnets;
  } catch (error) {
    problems.add(`vpcSubnets ${vpcSubnets ? show(vpcSubnets) : 'left out'}`, (error as Error).message, 'select some that the VPC has, by vpcSubnets');
    return undefined;
  }
}
