import { Stack } from 'aws-cdk-lib';
import { CfnLocationEFS } from 'aws-cdk-lib/aws-datasync';
import type { Connections, IConnectable, ISecurityGroup, ISubnet, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IAccessPoint, IFileSystem } from 'aws-cdk-lib/aws-efs';
import { CfnFileSystem, CfnMountTarget } from 'aws-cdk-lib/aws-efs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { aws_datasync, aws_efs } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { Location } from './location';
import type { Direction, LocationBinding } from './location-binding';
import type { VpcLocationProps } from './location-network';
import { checkNetwork, LocationNetwork } from './location-network';
import { checkPath, ROOT_REMEDY } from './location-path';
import { LocationType } from './location-type';
import { LocationUsage } from './location-usage';
import { environmentOf } from '../private/arn';
import { FILE_SYSTEM_READ, FILE_SYSTEM_WRITE } from '../private/permissions';
import { EFS_PORTS } from '../private/ports';
import { ServiceRole } from '../private/service-role';
import { selectSubnets } from '../private/subnets';
import { checkAccount, checkEnvironment, checkTags } from '../validation/checks';
import { Problems, show } from '../validation/problems';
import { warn, whenSynthesized } from '../validation/warnings';

/** Properties of an `EfsLocation`. */
export interface EfsLocationProps extends VpcLocationProps {
  /**
   * The file system, of the account and Region of the location. Of a `FileSystem` of CDK the location knows the security groups, and waits for its
   * mount targets. Of a `CfnFileSystem` it knows neither: give `fileSystemSecurityGroups`, and let the location depend on the mount targets.
   */
  readonly fileSystem: aws_efs.IFileSystemRef;

  /**
   * The security groups of the mount targets. They get a rule that lets the location in.
   *
   * @default - those of a `FileSystem` of CDK; otherwise they are not known, there is no rule, and a warning says which is needed
   */
  readonly fileSystemSecurityGroups?: ISecurityGroup[];

  /**
   * The subnet of the service's network interfaces, in a zone in which the file system has a mount target. If more are selected, the first in such a
   * zone is used; where it is not known which zones those are, the first.
   *
   * @default - the private subnets of `vpc`; the isolated ones if it has no private ones, the public ones if it has neither
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The access point by which the file system is mounted. Its directory is the root of the location, and its user owns what is written.
   *
   * @default - none
   */
  readonly accessPoint?: aws_efs.IAccessPointRef;

  /**
   * Whether the service mounts the file system by a role. A file system that CDK makes with its recommended settings cannot be mounted without one.
   *
   * @default true
   */
  readonly iamAuthorization?: boolean;

  /**
   * The role by which the service mounts the file system, of the account of the location. It gets the permissions that it needs, unless it was imported as not changeable.
   *
   * @default - with `iamAuthorization` a role that only this account's DataSync may assume, with the permissions for this file system only
   */
  readonly role?: IRole;

  /**
   * Whether the connection is encrypted with TLS 1.2. It must be with `iamAuthorization` or an access point.
   *
   * @default true
   */
  readonly inTransitEncryption?: boolean;

  /**
   * The folder that the location is at, such as `/projects`; at most 4096 characters, which are letters and digits of ASCII, spaces and
   * `_ - + . / ( )`.
   *
   * @default - the root of the file system, or of the access point
   */
  readonly subdirectory?: string;

  /**
   * Whether something writes to the location that this app does not tell, such as a `CfnTask` or a task of another app. `false` says that
   * nothing does: then it causes no warning if no `Task` of this app uses the location.
   *
   * @default - the location may be written to if a `Task` of this app does so
   */
  readonly writable?: boolean;
}

/**
 * An Amazon EFS file system, or a folder of it.
 *
 * **What this creates**: the location; unless you bring them, a security group for the service's network interfaces, and a role; and rules
 * between that group and those of the file system, in the stack of the location. The file system itself is not changed: its policy stays as it is for its other clients.
 *
 * **Limitations**: one subnet, of the account and Region of the location. A file system of another account is reached as an NFS location.
 *
 * @resource AWS::DataSync::LocationEFS
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-efs-location.html
 * @example
 * new datasync.EfsLocation(this, 'Share', { fileSystem, vpc, subdirectory: '/projects' });
 */
export class EfsLocation extends Location implements aws_datasync.ILocationEFSRef, IConnectable {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.EFS;

  /** The security groups of the service's network interfaces. */
  public readonly connections: Connections;

  /** The role by which the service mounts the file system, if it does so by one. */
  public readonly role?: IRole;

  private readonly serviceRole?: ServiceRole;
  private readonly usage?: LocationUsage;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: EfsLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { fileSystem, accessPoint } = props;
    const { fileSystemArn } = fileSystem.fileSystemRef;
    const { mountTargetsAvailable }: Partial<IFileSystem> = fileSystem as IFileSystem;

    const network = new LocationNetwork(this, props, {
      construct: fileSystem,
      securityGroups: fileSystemGroups(props),
      ports: EFS_PORTS,
      available: mountTargetsAvailable,
    });
    this.connections = network.connections;

    if (props.iamAuthorization ?? true) {
      const serviceRole = this.serviceRole = new ServiceRole(this, {
        given: props.role, description: 'Lets DataSync mount the file system of a location', user: 'this location', inline: true,
      });
      this.role = serviceRole.role;
      const allow = (actions: string[]) => serviceRole.allow(new PolicyStatement({
        actions,
        resources: [fileSystemArn],
        conditions: accessPoint && { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointRef.accessPointArn } },
      }));
      allow(FILE_SYSTEM_READ);
      const usage = this.usage = new LocationUsage(this, props.writable, () => allow(FILE_SYSTEM_WRITE));
      whenSynthesized(this, () => usage.warnIfUnused());
    } else {
      whenSynthesized(this, () => hasPolicy(fileSystem) && warn(this, 'fileSystemPolicyWithoutRole', `file system ${fileSystem.node.path} has a policy, which most likely lets nobody mount it without a role; `
        + 'leave out iamAuthorization, or allow elasticfilesystem:ClientMount to everybody in the policy'));
    }

    const resource = new CfnLocationEFS(this, 'Resource', {
      efsFilesystemArn: fileSystemArn,
      ec2Config: { subnetArn: this.subnetArn(props), securityGroupArns: network.securityGroupArns },
      accessPointArn: accessPoint?.accessPointRef.accessPointArn,
      fileSystemAccessRoleArn: this.role?.roleArn,
      inTransitEncryption: props.inTransitEncryption === false ? undefined : 'TLS1_2',
      subdirectory: props.subdirectory,
    });
    resource.node.addDependency(...network.dependables, ...this.serviceRole?.dependables ?? []);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationEfsRef(): aws_datasync.LocationEFSReference {
    return { locationArn: this.locationArn };
  }

  /** @internal */
  public override _bind(direction: Direction, task: IConstruct): LocationBinding {
    this.serviceRole?.trustTasksOf(Stack.of(task).region);
    this.usage?.by(direction);
    return super._bind(direction, task);
  }

  /** The service takes one. */
  private subnetArn(props: EfsLocationProps): string {
    const [{ subnetId }] = usableSubnets(props);
    return Stack.of(this).formatArn({ service: 'ec2', resource: 'subnet', resourceName: subnetId });
  }

  private checkProps(props: EfsLocationProps): void {
    const { fileSystem, accessPoint, role, vpc, vpcSubnets, subdirectory, iamAuthorization = true, inTransitEncryption = true } = props;
    const problems = new Problems(this.node.path);
    checkEnvironment(problems, this, 'fileSystem', fileSystem, environmentOf(fileSystem, fileSystem.fileSystemRef.fileSystemArn));
    checkNetwork(problems, this, props, fileSystemGroups(props));
    const selected = vpcSubnets?.subnets ?? (vpc && selectSubnets(problems, vpc, vpcSubnets));
    if (selected?.length === 0) problems.add('vpcSubnets (no subnet)', 'must select a subnet', 'select one in a zone with a mount target of the file system');
    if (!vpc && !vpcSubnets?.subnets && props.securityGroups) {
      problems.add('vpcSubnets', 'cannot be found without the VPC', 'give vpc, or the subnet itself: vpcSubnets: { subnets: [subnet] }');
    }
    if (selected && selected.length > 0 && usableSubnets(props).length === 0) {
      problems.add('vpcSubnets', 'must select a subnet in a zone with a mount target of the file system, which has none in the zones of those',
        'select a subnet of a mount target, or leave vpcSubnets out');
    }
    if (accessPoint && isOfOther(accessPoint, fileSystem)) {
      problems.add(`accessPoint ${show(accessPoint.node.path)}`, `is of another file system than ${show(fileSystem.node.path)}`, 'give the file system of the access point');
    }
    if (accessPoint) checkEnvironment(problems, this, 'accessPoint', accessPoint, environmentOf(accessPoint, accessPoint.accessPointRef.accessPointArn));
    if (role) checkAccount(problems, this, 'role', role); // a role can be passed to a service of its own account only
    if (role && !iamAuthorization) {
      problems.add(`role ${JSON.stringify(role.node.path)}`, 'is not used with iamAuthorization false', 'leave out one of the two');
    }
    if (!inTransitEncryption && (iamAuthorization || accessPoint)) {
      problems.add('inTransitEncryption false', `the service needs TLS with ${iamAuthorization ? 'a role' : 'an access point'}`,
        iamAuthorization ? 'leave it out, or set iamAuthorization to false as well' : 'leave it out');
    }
    checkPath(problems, subdirectory, ROOT_REMEDY, { dollar: false });
    problems.throwIfAny();
  }
}

function fileSystemGroups({ fileSystem, fileSystemSecurityGroups }: EfsLocationProps): readonly ISecurityGroup[] | undefined {
  const { connections }: Partial<IFileSystem> = fileSystem as IFileSystem;
  return fileSystemSecurityGroups ?? connections?.securityGroups;
}

function selectedSubnets({ vpc, vpcSubnets }: EfsLocationProps): ISubnet[] {
  return vpcSubnets?.subnets ?? vpc?.selectSubnets(vpcSubnets).subnets ?? [];
}

/** Those of the selected subnets from which a mount target is reached, as far as is known where those are. */
function usableSubnets(props: EfsLocationProps): ISubnet[] {
  const { fileSystem, vpc } = props;
  const selected = selectedSubnets(props);
  const targets = fileSystem.node.children.filter(child => child instanceof CfnMountTarget).map(({ subnetId }) => subnetId);
  const subnets = vpc ? [...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets] : selected;
  const zones = targets.map(id => subnets.find(({ subnetId }) => subnetId === id)?.availabilityZone);
  if (zones.length === 0 || zones.includes(undefined)) return selected;
  return selected.filter(({ availabilityZone }) => zones.includes(availabilityZone));
}

/** Whether both are of this app and do not belong together. */
function isOfOther(accessPoint: aws_efs.IAccessPointRef, fileSystem: aws_efs.IFileSystemRef): boolean {
  const { fileSystem: own }: Partial<IAccessPoint> = accessPoint as IAccessPoint;
  return own?.node.defaultChild !== undefined && fileSystem.node.defaultChild !== undefined && own !== fileSystem;
}

/** Of one whose policy this app tells: CDK makes one that leaves mounting out. */
function hasPolicy(fileSystem: aws_efs.IFileSystemRef): boolean {
  const resource = fileSystem.node.defaultChild ?? fileSystem;
  return resource instanceof CfnFileSystem && Stack.of(resource).resolve(resource.fileSystemPolicy) !== undefined;
}
