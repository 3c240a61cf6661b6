import { CfnLocationFSxLustre } from 'aws-cdk-lib/aws-datasync';
import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IFileSystem } from 'aws-cdk-lib/aws-fsx';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { fileSystemArn } from './fsx-file-system';
import { Location } from './location';
import type { VpcLocationProps } from './location-network';
import { checkNetwork, LocationNetwork } from './location-network';
import { checkPath, ROOT_REMEDY } from './location-path';
import { LocationType } from './location-type';
import { LUSTRE_PORTS } from '../private/ports';
import { checkTags } from '../validation/checks';
import { Problems } from '../validation/problems';

/** Properties of an `FsxLustreLocation`. */
export interface FsxLustreLocationProps extends VpcLocationProps {
  /**
   * The file system, of the account and Region of the location: a `LustreFileSystem`, or with `LustreFileSystem.fromLustreFileSystemAttributes()`
   * one that exists already, or one of a `CfnFileSystem`. Version 2.10 can be used in Basic mode only.
   */
  readonly fileSystem: IFileSystem;

  /**
   * The folder that the location is at, such as `/projects`; at most 4096 characters, which are letters and digits of ASCII, spaces and
   * `_ - + . / ( ) $`.
   *
   * @default - the root of the file system
   */
  readonly subdirectory?: string;
}

/**
 * An Amazon FSx for Lustre file system, or a folder of it.
 *
 * **What this creates**: the location; unless you bring them, a security group for the service's network interfaces; and rules in both
 * directions between that group and those of the file system, in the stack of the location.
 *
 * @resource AWS::DataSync::LocationFSxLustre
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-lustre-location.html
 * @example
 * new datasync.FsxLustreLocation(this, 'Scratch', { fileSystem: lustre, vpc });
 */
export class FsxLustreLocation extends Location implements aws_datasync.ILocationFSxLustreRef, IConnectable {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.FSX_LUSTRE;

  /** The security groups of the service's network interfaces. */
  public readonly connections: Connections;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: FsxLustreLocationProps) {
    super(scope, id);
    const problems = new Problems(this.node.path);
    checkNetwork(problems, this, props);
    checkPath(problems, props.subdirectory, ROOT_REMEDY);
    problems.throwIfAny();

    const { fileSystem } = props;
    const network = new LocationNetwork(this, props, {
      construct: fileSystem as unknown as IConstruct, // the interface does not say that it is one
      securityGroups: fileSystem.connections.securityGroups,
      ports: LUSTRE_PORTS,
    });
    this.connections = network.connections;
    const resource = new CfnLocationFSxLustre(this, 'Resource', {
      fsxFilesystemArn: fileSystemArn(this, fileSystem.fileSystemId),
      securityGroupArns: network.securityGroupArns,
      subdirectory: props.subdirectory,
    });
    resource.node.addDependency(...network.dependables);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationFSxLustreRef(): aws_datasync.LocationFSxLustreReference {
    return { locationArn: this.locationArn };
  }
}
