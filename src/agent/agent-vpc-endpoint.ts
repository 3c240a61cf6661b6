import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Properties of an `AgentVpcEndpoint`. */
export interface AgentVpcEndpointProps {
  /** The network of the endpoint. It must be of the account of the agents. */
  readonly vpc: IVpc;

  /**
   * The subnets of the endpoint. An agent uses the network interface in its own subnet, if there is one.
   *
   * @default - the private subnets, one in each zone; the isolated ones if `vpc` has no private ones, the public ones if it has neither
   */
  readonly subnets?: SubnetSelection;

  /**
   * The security groups of the endpoint.
   *
   * @default - a new one, which lets nobody in; `AgentEndpoint.privateLink()` lets its agent in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether it is the endpoint with FIPS 140-3 modules. Not every Region has it.
   *
   * @default false
   */
  readonly fips?: boolean;
}

/**
 * A VPC endpoint through which agents reach the service, as they need it: without private DNS, which would lead agents astray that use the
 * public endpoint from the same VPC, and closed to everything but agents.
 *
 * **What this creates**: the endpoint, and a security group unless you bring one.
 *
 * @resource AWS::EC2::VPCEndpoint
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/choose-service-endpoint.html
 * @example
 * const endpoint = new datasync.AgentVpcEndpoint(this, 'Endpoint', { vpc });
 * new datasync.Agent(this, 'Basement', {
 *   activationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH',
 *   endpoint: datasync.AgentEndpoint.privateLink(endpoint, { subnet: vpc.privateSubnets[0], vpc }),
 * });
 */
export class AgentVpcEndpoint extends InterfaceVpcEndpoint {
  constructor(scope: Construct, id: string, props: AgentVpcEndpointProps) {
    const { fips, ...own } = props;
    super(scope, id, {
      ...own,
      service: fips ? new InterfaceVpcEndpointAwsService('datasync-fips') : InterfaceVpcEndpointAwsService.DATASYNC,
      privateDnsEnabled: false,
      open: false,
    });
  }
}
