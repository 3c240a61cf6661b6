import type { CfnResource } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import { Connections, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct, IDependable } from 'constructs';
import type { FileSystemPorts } from '../private/ports';
import { allow } from '../private/security-group-rules';
import { showVpc, vpcBehind, vpcOfGroup } from '../private/vpc-of';
import { checkCount, checkEnvironment, requireSecurityGroups } from '../validation/checks';
import type { Problems } from '../validation/problems';
import { show } from '../validation/problems';
import { warn } from '../validation/warnings';

/** Properties that locations in a VPC have in common. */
export interface VpcLocationProps {
  /**
   * The VPC of the file system, in which the location makes a security group.
   *
   * @default - none: then it needs `securityGroups`
   */
  readonly vpc?: IVpc;

  /**
   * The security groups of the network interfaces that the service makes for each task, 1 to 5, in the VPC of the file system.
   *
   * @default - a new one in `vpc`
   */
  readonly securityGroups?: ISecurityGroup[];
}

/** The other end of the connections. */
export interface NetworkedFileSystem {
  readonly construct: IConstruct;
  /** Those of the file system itself, or those that the user named; undefined if they are not known. */
  readonly securityGroups: readonly ISecurityGroup[] | undefined;
  readonly ports: FileSystemPorts;
  /** What has to be there before it can be reached, such as mount targets. */
  readonly available?: IDependable;
}

/**
 * What it needs, before anything of it is made.
 *
 * @param theirs the security groups of the file system, as far as they are known
 */
export function checkNetwork(
  problems: Problems, scope: Construct, { vpc, securityGroups }: VpcLocationProps, theirs: readonly ISecurityGroup[] = [],
): void {
  requireSecurityGroups(scope, 'securityGroups', securityGroups);
  requireSecurityGroups(scope, 'fileSystemSecurityGroups', theirs);
  checkCount(problems, 'securityGroups', securityGroups, 1, 5, 'security groups');
  securityGroups?.forEach((group, index) => checkEnvironment(problems, scope, `securityGroups[${index}]`, group));
  if (vpc) checkEnvironment(problems, scope, 'vpc', vpc);
  else if (!securityGroups) problems.add('vpc', 'is missing', 'give the VPC of the file system, in which a security group is made, or securityGroups');

  const network = theirs.map(vpcOfGroup).find(found => found !== undefined);
  const checkVpc = (property: string, construct: IConstruct, own: CfnResource | undefined) => {
    if (!network || !own || own === network) return;
    problems.add(`${property} ${show(construct.node.path)}`, `is not of the VPC of the file system, ${showVpc(network)}`, 'use that VPC');
  };
  if (vpc) checkVpc('vpc', vpc, vpcBehind(vpc.vpcId));
  securityGroups?.forEach((group, index) => checkVpc(`securityGroups[${index}]`, group, vpcOfGroup(group)));
}

/**
 * The way from the service to a file system in a VPC: the security groups of the service's network interfaces, and the rules between them and
 * those of the file system.
 *
 * Rules are made from the side of the location, so that they stand in its stack: made by a file system of another stack they would close a circle.
 */
export class LocationNetwork {
  public readonly connections: Connections;

  /** What the location has to wait for: a task makes its network interfaces as soon as it is created, and a start may follow at once. */
  public readonly dependables: readonly IDependable[];

  private readonly groups: readonly ISecurityGroup[];

  constructor(private readonly scope: Construct, { vpc, securityGroups }: VpcLocationProps, private readonly fileSystem: NetworkedFileSystem) {
    this.groups = securityGroups ?? [new SecurityGroup(scope, 'SecurityGroup', { vpc: vpc!, description: `Network interfaces of DataSync, ${scope.node.path}` })];
    this.connections = new Connections({ securityGroups: [...this.groups] });
    const { available } = fileSystem;
    this.dependables = [...this.groups, ...fileSystem.securityGroups ?? [], ...available ? [available] : []];
    this.connect();
  }

  public get securityGroupArns(): string[] {
    const stack = Stack.of(this.scope);
    return this.groups.map(({ securityGroupId }) => stack.formatArn({ service: 'ec2', resource: 'security-group', resourceName: securityGroupId }));
  }

  private connect(): void {
    const { construct, securityGroups: theirs, ports } = this.fileSystem;
    if (!theirs) {
      warn(this.scope, 'networkRuleMissing', `the security groups of ${construct.node.path} are not known, so that there is no rule which lets this location in; `
        + `give them as fileSystemSecurityGroups, or allow in a group of the file system: ${this.inWords(ports.toFileSystem, 'inbound from the security group of this location')}`
        + (ports.fromFileSystem ? ', and in the group of the location the same from the file system' : ''));
      return;
    }
    for (const own of this.groups) {
      for (const their of theirs) {
        ports.toFileSystem.forEach(port => this.allow(own, their, port));
        ports.fromFileSystem?.forEach(port => this.allow(their, own, port));
      }
    }
  }

  private allow(from: ISecurityGroup, to: ISecurityGroup, port: Port): void {
    const home = this.groups.includes(to) ? to : from;
    allow({ from, to, port, description: 'DataSync', home }, (group, rule) => this.warnOfMissing(group, rule));
  }

  private warnOfMissing(group: ISecurityGroup, rule: string): void {
    warn(this.scope, 'networkRuleMissing', `security group ${group.node.path} cannot be changed from here, so that a rule is missing: ${rule}; see that it has it`);
  }

  private inWords(ports: readonly Port[], rest: string): string {
    return `TCP ${ports.map(port => String(port)).join(', ')} ${rest}`;
  }
}
