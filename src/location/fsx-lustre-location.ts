import { CfnResource, Resource } from 'aws-cdk-lib';
import { CfnLocationFSxLustre } from 'aws-cdk-lib/aws-datasync';
import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IFileSystem } from 'aws-cdk-lib/aws-fsx';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { fileSystemArn } from './fsx-file-system';
import { Location } from './location';
import type { LocationBinding } from './location-binding';
import type { Limit } from './location-kinds';
import type { VpcLocationProps } from './location-network';
import { checkNetwork, LocationNetwork } from './location-network';
import { checkPath, ROOT_REMEDY } from './location-path';
import { LocationType } from './location-type';
import { propertyOf } from '../private/l1-fields';
import { LUSTRE_PORTS } from '../private/ports';
import { checkEnvironment, checkTags, requireKind } from '../validation/checks';
import { Problems } from '../validation/problems';

/** Properties of an `FsxLustreLocation`. */
export interface FsxLustreLocationProps extends VpcLocationProps {
  /**
   * The file system, of the account and Region of the location: a `LustreFileSystem`, or with `LustreFileSystem.fromLustreFileSystemAttributes()`
   * one that exists already or that a `CfnFileSystem` makes. Version 2.10 can be used in Basic mode only.
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

  private readonly fileSystem: IConstruct;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: FsxLustreLocationProps) {
    super(scope, id);
    const { fileSystem } = props;
    requireKind(this, 'fileSystem', fileSystem, 'connections', 'give a LustreFileSystem; of an L1 one is made by LustreFileSystem.fromLustreFileSystemAttributes()');
    const construct = this.fileSystem = fileSystem as unknown as IConstruct; // the interface does not say that it is one
    const problems = new Problems(this.node.path);
    if (Resource.isResource(construct)) checkEnvironment(problems, this, 'fileSystem', construct);
    checkNetwork(problems, this, props, fileSystem.connections.securityGroups);
    checkPath(problems, props.subdirectory, ROOT_REMEDY);
    problems.throwIfAny();

    const network = new LocationNetwork(this, props, { construct, securityGroups: fileSystem.connections.securityGroups, ports: LUSTRE_PORTS });
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

  /** @internal */
  public override _describe(): LocationBinding {
    const mode = isOfVersion210(this.fileSystem) ? BASIC_ONLY : undefined;
    return { ...super._describe(), ...mode && { mode } };
  }

  /** What L1s that take the location take of it. */
  public get locationFSxLustreRef(): aws_datasync.LocationFSxLustreReference {
    return { locationArn: this.locationArn };
  }
}

const BASIC_ONLY: Limit = {
  only: 'BASIC',
  detail: 'of Lustre 2.10',
  rule: 'Enhanced mode needs Lustre 2.12 or later',
  remedy: 'use TaskMode.BASIC, or give the file system a later fileSystemTypeVersion',
};

/**
 * Whether this app makes the file system, with that version: most deployment types have it by default.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystem.html
 */
function isOfVersion210(fileSystem: IConstruct): boolean {
  const resource = fileSystem.node.defaultChild ?? fileSystem;
  if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::FSx::FileSystem') return false;
  const version = propertyOf(resource, 'FileSystemTypeVersion');
  if (version !== undefined) return version === '2.10';
  if (propertyOf(resource, 'BackupId') !== undefined) return false; // it brings its version along
  const { deploymentType, DeploymentType = deploymentType } = (propertyOf(resource, 'LustreConfiguration') ?? {}) as { [name: string]: unknown };
  return ['SCRATCH_1', 'SCRATCH_2', 'PERSISTENT_1'].includes(DeploymentType as string);
}
