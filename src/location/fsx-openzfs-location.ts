import { CfnLocationFSxOpenZFS } from 'aws-cdk-lib/aws-datasync';
import type { Connections, IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { aws_datasync, aws_fsx } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import { fileSystemArn } from './fsx-file-system';
import { Location } from './location';
import type { VpcLocationProps } from './location-network';
import { checkNetwork, LocationNetwork } from './location-network';
import { checkPath } from './location-path';
import { LocationType } from './location-type';
import { NfsVersion } from './nfs-location';
import { OPENZFS_PORTS } from '../private/ports';
import { checkClass, checkEnvironment, checkTags, isKnownLater } from '../validation/checks';
import { Problems, show } from '../validation/problems';

/** Properties of an `FsxOpenZfsLocation`. */
export interface FsxOpenZfsLocationProps extends VpcLocationProps {
  /**
   * The file system, of the account and Region of the location: a `CfnFileSystem`, or with `FsxFileSystem.fromFileSystemId()` one that exists
   * already. The volume must be exported with `rw` and `no_root_squash`.
   */
  readonly fileSystem: aws_fsx.IFileSystemRef;

  /**
   * The security groups of the file system. They get a rule that lets the location in.
   *
   * @default - not known: there is no rule, and a warning says which is needed
   */
  readonly fileSystemSecurityGroups?: ISecurityGroup[];

  /**
   * The version of NFS to mount with.
   *
   * @default - AUTOMATIC
   */
  readonly nfsVersion?: NfsVersion;

  /**
   * The folder that the location is at; it begins with `/fsx`. At most 4096 characters, which are letters and digits of ASCII, spaces and
   * `_ - + . / ( ) $`.
   *
   * @default - `/fsx`, the root volume
   */
  readonly subdirectory?: string;
}

/**
 * An Amazon FSx for OpenZFS file system, or a folder of it. Tasks in Basic mode only.
 *
 * **What this creates**: the location; unless you bring them, a security group for the service's network interfaces; and rules between that
 * group and those of the file system, in the stack of the location.
 *
 * @resource AWS::DataSync::LocationFSxOpenZFS
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-openzfs-location.html
 * @example
 * new datasync.FsxOpenZfsLocation(this, 'Homes', {
 *   fileSystem: datasync.FsxFileSystem.fromFileSystemId(this, 'FileSystem', 'fs-0123456789abcdef0'),
 *   fileSystemSecurityGroups: [securityGroup],
 *   vpc,
 *   subdirectory: '/fsx/homes',
 * });
 */
export class FsxOpenZfsLocation extends Location implements aws_datasync.ILocationFSxOpenZFSRef, IConnectable {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.FSX_OPENZFS_NFS;

  /** The security groups of the service's network interfaces. */
  public readonly connections: Connections;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: FsxOpenZfsLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { fileSystem, fileSystemSecurityGroups: securityGroups } = props;
    const network = new LocationNetwork(this, props, { construct: fileSystem, securityGroups, ports: OPENZFS_PORTS });
    this.connections = network.connections;
    const resource = new CfnLocationFSxOpenZFS(this, 'Resource', {
      fsxFilesystemArn: fileSystemArn(this, fileSystem.fileSystemRef.fileSystemId),
      securityGroupArns: network.securityGroupArns,
      protocol: { nfs: { mountOptions: { version: (props.nfsVersion ?? NfsVersion.AUTOMATIC).value } } }, // CDK would leave out empty options, which it requires
      subdirectory: props.subdirectory,
    });
    resource.node.addDependency(...network.dependables);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationFSxOpenZfsRef(): aws_datasync.LocationFSxOpenZFSReference {
    return { locationArn: this.locationArn };
  }

  private checkProps(props: FsxOpenZfsLocationProps): void {
    const { fileSystem, nfsVersion, subdirectory } = props;
    const problems = new Problems(this.node.path);
    checkEnvironment(problems, this, 'fileSystem', fileSystem);
    checkNetwork(problems, this, props, props.fileSystemSecurityGroups);
    checkClass(problems, 'nfsVersion', nfsVersion, 'NfsVersion');
    checkPath(problems, subdirectory, 'leave it out for /fsx');
    if (subdirectory && !isKnownLater(subdirectory) && !/^\/fsx(\/|$)/.test(subdirectory)) {
      problems.add(`subdirectory ${show(subdirectory)}`, 'must begin with /fsx', `write ${show(`/fsx/${subdirectory.replace(/^\/+/, '')}`)}`);
    }
    problems.throwIfAny();
  }
}
