import { Stack } from 'aws-cdk-lib';
import { CfnLocationFSxWindows } from 'aws-cdk-lib/aws-datasync';
import type { Connections, IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { aws_datasync, aws_fsx } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { fileSystemArn } from './fsx-file-system';
import { Location } from './location';
import type { Direction, LocationBinding } from './location-binding';
import type { VpcLocationProps } from './location-network';
import { checkNetwork, LocationNetwork } from './location-network';
import { checkPath } from './location-path';
import type { LocationSecret, SecretBinding } from './location-secret';
import { LocationType } from './location-type';
import { checkNtlm } from './ntlm';
import { WINDOWS_PORTS } from '../private/ports';
import { checkEnvironment, checkTags } from '../validation/checks';
import { Problems } from '../validation/problems';

/** Properties of an `FsxWindowsLocation`. */
export interface FsxWindowsLocationProps extends VpcLocationProps {
  /**
   * The file system, of the account and Region of the location: a `CfnFileSystem`, or with `FsxFileSystem.fromFileSystemId()` one that exists
   * already.
   */
  readonly fileSystem: aws_fsx.IFileSystemRef;

  /**
   * The security groups of the file system. They get a rule that lets the location in.
   *
   * @default - not known: there is no rule, and a warning says which is needed
   */
  readonly fileSystemSecurityGroups?: ISecurityGroup[];

  /**
   * The user who mounts the file system; 1 to 104 characters without `" [ ] / \ : ; | = , + * ? < >`. To copy owners and access control lists the
   * user needs the rights SE_RESTORE_NAME and SE_SECURITY_NAME, as a member of the file system's administrators has them.
   */
  readonly user: string;

  /** The password of the user, at most 104 characters. */
  readonly password: LocationSecret;

  /**
   * The Windows domain of the file system; at most 253 letters, digits, hyphens and dots.
   *
   * @default - that of the file system
   */
  readonly domain?: string;

  /**
   * The share, or a folder in it, such as `/share/projects`, with forward slashes; at most 4096 characters, which are letters and digits of
   * ASCII, spaces and `_ - + . / ( ) $`.
   *
   * @default - `/share`, which the file system has from the start
   */
  readonly subdirectory?: string;
}

/**
 * An Amazon FSx for Windows File Server file system, or a folder of it. Tasks in Basic mode only.
 *
 * **What this creates**: the location; unless you bring them, a security group for the service's network interfaces; rules between that group
 * and those of the file system, in the stack of the location; and for a secret of yours a role that may read it, unless you bring one.
 *
 * **Limitations**: no Kerberos, no DFS namespaces.
 *
 * @resource AWS::DataSync::LocationFSxWindows
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-fsx-location.html
 * @example
 * new datasync.FsxWindowsLocation(this, 'Departments', {
 *   fileSystem: datasync.FsxFileSystem.fromFileSystemId(this, 'FileSystem', 'fs-0123456789abcdef0'),
 *   fileSystemSecurityGroups: [securityGroup],
 *   vpc,
 *   user: 'datasync',
 *   password: datasync.LocationSecret.fromSecretsManager(secret),
 * });
 */
export class FsxWindowsLocation extends Location implements aws_datasync.ILocationFSxWindowsRef, IConnectable {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.FSX_WINDOWS;

  /** The security groups of the service's network interfaces. */
  public readonly connections: Connections;

  private readonly secret: SecretBinding;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: FsxWindowsLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { fileSystem, fileSystemSecurityGroups: securityGroups, user, domain, subdirectory } = props;
    const network = new LocationNetwork(this, props, { construct: fileSystem, securityGroups, ports: WINDOWS_PORTS });
    this.connections = network.connections;
    const secret = this.secret = props.password._bind(this);
    const resource = new CfnLocationFSxWindows(this, 'Resource', {
      fsxFilesystemArn: fileSystemArn(this, fileSystem.fileSystemRef.fileSystemId),
      securityGroupArns: network.securityGroupArns,
      user,
      domain,
      subdirectory,
      password: secret.value,
      ...secret.config,
    });
    resource.node.addDependency(...network.dependables, ...secret.dependables);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationFSxWindowsRef(): aws_datasync.LocationFSxWindowsReference {
    return { locationArn: this.locationArn };
  }

  /** @internal */
  public override _bind(direction: Direction, task: IConstruct): LocationBinding {
    this.secret.trustTasksOf(Stack.of(task).region);
    return super._bind(direction, task);
  }

  private checkProps(props: FsxWindowsLocationProps): void {
    const problems = new Problems(this.node.path);
    checkEnvironment(problems, this, 'fileSystem', props.fileSystem);
    checkNetwork(problems, this, props, props.fileSystemSecurityGroups);
    checkNtlm(problems, props);
    props.password._check(this, problems);
    checkPath(problems, props.subdirectory, 'leave it out for /share');
    problems.throwIfAny();
  }
}
