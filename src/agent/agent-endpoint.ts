import { Stack } from 'aws-cdk-lib';
import type { Connections, IInterfaceVpcEndpoint, IPeer, ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnVPCEndpoint, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import { allow, isSecurityGroup } from '../private/security-group-rules';
import { showVpc, vpcBehind, vpcOfGroup, vpcOfSubnet } from '../private/vpc-of';
import { requireKind, requireSecurityGroup } from '../validation/checks';
import type { Problems } from '../validation/problems';
import { show } from '../validation/problems';
import { warn } from '../validation/warnings';

/** How a VPC endpoint is used by an agent. */
export interface PrivateLinkOptions {
  /** The subnet in which tasks of the agent get their network interfaces. The agent must reach it. */
  readonly subnet: ISubnet;

  /**
   * The security group of the network interfaces of tasks, to which the agent sends what it reads, on port 443.
   *
   * @default - a new one, with a rule for the agent, in the VPC of the `Ec2Agent` or in `vpc`
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * The VPC of the endpoint, for a new security group. An `Ec2Agent` knows it.
   *
   * @default - the VPC of the `Ec2Agent`
   */
  readonly vpc?: IVpc;

  /**
   * The agent as the VPC sees it, such as `Peer.ipv4('10.20.0.5/32')`: the endpoint and the network interfaces of tasks let it in. An `Ec2Agent`
   * has a security group for it.
   *
   * @default - the security group of the `Ec2Agent`; no rules for other agents
   */
  readonly peer?: IPeer;

  /**
   * Whether it is the endpoint `datasync-fips`, which uses FIPS 140-3 modules.
   *
   * @default - what the endpoint is, if it is of this app; otherwise false
   */
  readonly fips?: boolean;
}

/** By which way an agent reaches the service. It is chosen at the activation, and can never be changed. */
export class AgentEndpoint {
  /** The public endpoint of the Region: the agent needs a way out to port 443. */
  public static publicEndpoint(): AgentEndpoint {
    return new AgentEndpoint('PUBLIC');
  }

  /** The public endpoint with FIPS 140-3 modules. Not every Region has it. */
  public static fips(): AgentEndpoint {
    return new AgentEndpoint('FIPS');
  }

  /**
   * A VPC endpoint, such as `AgentVpcEndpoint` makes it: nothing goes over the internet. The activation of an agent outside of AWS needs a way to
   * the VPC, such as a VPN.
   *
   * The agent is let in to the endpoint, on the ports 1024 to 1064 and 443, and to the network interfaces of tasks, on 443.
   *
   * @param endpoint a VPC endpoint of `datasync` or `datasync-fips`, with its security groups
   */
  public static privateLink(endpoint: IInterfaceVpcEndpoint, options: PrivateLinkOptions): AgentEndpoint {
    return new AgentEndpoint(options.fips ?? serviceOf(endpoint) === 'datasync-fips' ? 'FIPS_PRIVATE_LINK' : 'PRIVATE_LINK', { endpoint, ...options });
  }

  private constructor(
    /** @internal */
    public readonly _type: 'PUBLIC' | 'FIPS' | 'PRIVATE_LINK' | 'FIPS_PRIVATE_LINK',
    private readonly link?: PrivateLinkOptions & { readonly endpoint: IInterfaceVpcEndpoint },
  ) {}

  /**
   * Whether it is reached over the internet.
   *
   * @internal
   */
  public get _isPublic(): boolean {
    return this.link === undefined;
  }

  /**
   * Differs between two endpoints of one agent: a machine that was activated for one cannot have the other.
   *
   * @internal
   */
  public get _key(): string {
    if (!this.link) return this._type === 'PUBLIC' ? '' : this._type;
    const { endpoint, subnet, securityGroup } = this.link;
    return [this._type, endpoint.node.addr, subnet.node.addr, securityGroup?.node.addr ?? ''].join();
  }

  /**
   * @internal
   */
  public _check(problems: Problems, scope: Construct, vpc?: IVpc): void {
    if (!this.link) return;
    const { endpoint, subnet, securityGroup, fips } = this.link;
    requireKind(scope, 'endpoint', endpoint, 'connections', 'use an AgentVpcEndpoint');
    if (subnet) requireKind(scope, 'subnet of endpoint', subnet, 'subnetId', 'give a subnet; of an L1 one is made by Subnet.fromSubnetId()');
    if (securityGroup) requireSecurityGroup(scope, 'securityGroup of endpoint', securityGroup);
    const service = serviceOf(endpoint);
    if (service !== undefined && service !== 'datasync' && service !== 'datasync-fips') {
      problems.add(`endpoint ${show(endpoint.node.path)}`, `is of the service ${service}, agents need datasync or datasync-fips`, 'use an AgentVpcEndpoint');
    } else if (service !== undefined && fips !== undefined && fips !== (service === 'datasync-fips')) {
      problems.add(`fips ${show(fips)} of endpoint ${show(endpoint.node.path)}`, `is not what it is, its service is ${service}`, 'leave fips out');
    }
    if (!subnet) { // what an index of a list of the VPC may be
      problems.add('subnet of endpoint', 'is missing', 'give one that the VPC has, such as vpc.privateSubnets[0]');
    }
    const ofGroup = this.link.vpc ?? vpc;
    if (!securityGroup && !ofGroup) {
      problems.add(`endpoint of ${scope.node.id}`, 'needs a security group for the network interfaces of tasks',
        'give privateLink() the vpc, in which a new one is made, or a securityGroup');
    }
    const [theirs, ours] = [securityGroup ? vpcOfGroup(securityGroup) : vpcBehind(ofGroup?.vpcId), subnet && vpcOfSubnet(subnet)];
    if (!theirs || !ours || theirs === ours) return;
    problems.add(`subnet ${show(subnet.node.path)} of endpoint`, `is of the VPC ${showVpc(ours)}, its security group is of ${showVpc(theirs)}`,
      'give privateLink() the vpc of the subnet, or a securityGroup of it');
  }

  /**
   * What CreateAgent needs of a VPC endpoint; undefined without one.
   *
   * @param agent the agent, if it is in the VPC
   * @internal
   */
  public _bind(scope: Construct, agent?: { readonly vpc: IVpc; readonly connections: Connections }): AgentLink | undefined {
    if (!this.link) return undefined;
    const { endpoint, subnet, peer } = this.link;
    const securityGroup = this.link.securityGroup ?? new SecurityGroup(scope, 'TaskSecurityGroup', {
      vpc: this.link.vpc ?? agent!.vpc,
      description: 'Network interfaces of DataSync tasks, to which an agent sends what it reads',
    });
    const peers = peer ? [peer] : agent?.connections.securityGroups ?? [];
    if (peers.length > 0 && endpoint.connections.securityGroups.length === 0) {
      warn(scope, 'endpointGroupsUnknown', `endpoint ${endpoint.node.path} was imported without its security groups, which must let the agent in on TCP 443 and `
        + '1024 to 1064; import it with securityGroups, or make the rules yourself');
    }
    for (const from of peers) {
      for (const to of endpoint.connections.securityGroups) {
        for (const port of [Port.tcpRange(1024, 1064), Port.HTTPS]) letIn(scope, from, to, port, 'DataSync agent to its VPC endpoint');
      }
      letIn(scope, from, securityGroup, Port.HTTPS, 'DataSync agent to the network interfaces of tasks');
    }
    const arnOf = (resource: string, resourceName: string) => Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
    return {
      vpcEndpointId: endpoint.vpcEndpointId,
      subnetId: subnet.subnetId,
      subnetArn: arnOf('subnet', subnet.subnetId),
      securityGroupArn: arnOf('security-group', securityGroup.securityGroupId),
      peers,
      dependables: [securityGroup, endpoint, ...endpoint.connections.securityGroups, ...peers.filter(isSecurityGroup)],
    };
  }
}

/**
 * The VPC endpoint of an agent, as CreateAgent takes it.
 *
 * @internal
 */
export interface AgentLink {
  readonly vpcEndpointId: string;
  readonly subnetId: string;
  readonly subnetArn: string;
  readonly securityGroupArn: string;
  /** What has to be there before the agent: rules are children of their groups. */
  readonly dependables: IDependable[];
  /** The agent as the VPC sees it, if that is known. */
  readonly peers: readonly IPeer[];
}

/** The service of an endpoint of this app, such as `datasync`: what stands before it depends on the Region, which only the deployment may know. */
function serviceOf(endpoint: IInterfaceVpcEndpoint): string | undefined {
  const resource = endpoint.node.defaultChild;
  if (!(resource instanceof CfnVPCEndpoint)) return undefined;
  const name = Stack.of(endpoint).resolve(resource.serviceName);
  const [, service] = /\.([\w-]+)$/.exec([name?.['Fn::Join']?.[1] ?? name].flat().at(-1)) ?? [];
  return service;
}

/** From the side of the agent, so that the rule stands in its stack. */
function letIn(scope: Construct, from: IPeer, to: ISecurityGroup, port: Port, description: string): void {
  allow({ from, to, port, description, home: isSecurityGroup(from) ? from : to }, (group, rule) => warn(scope, 'networkRuleMissing',
    `security group ${group.node.path} cannot be changed from here, so that a rule for the agent is missing: ${rule}; see that it has it`));
}
