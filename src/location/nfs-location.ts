import { CfnLocationNFS } from 'aws-cdk-lib/aws-datasync';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import { Location } from './location';
import { checkPath } from './location-path';
import { LocationType } from './location-type';
import { arnsOf, checkAgents, checkHostname } from './self-managed-checks';
import { checkClass, checkTags } from '../validation/checks';
import { Problems } from '../validation/problems';

/**
 * The version of NFS to mount with.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-nfs-location.html
 */
export class NfsVersion {
  /** The service chooses; today it chooses 4.1. */
  public static readonly AUTOMATIC = NfsVersion.of('AUTOMATIC');

  /** Version 3: asynchronous writes on the server. */
  public static readonly NFS3 = NfsVersion.of('NFS3');

  /** Version 4.0. */
  public static readonly NFS4_0 = NfsVersion.of('NFS4_0');

  /** Version 4.1: delegations, fault recovery. */
  public static readonly NFS4_1 = NfsVersion.of('NFS4_1');

  /** Version 4.2. */
  public static readonly NFS4_2 = NfsVersion.of('NFS4_2');

  /** A version that is newer than this library, as the service names it. */
  public static of(value: string): NfsVersion {
    return new NfsVersion(value);
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}

/** Properties of an `NfsLocation`. */
export interface NfsLocationProps {
  /**
   * Host name or IPv4 address of the file server, as its agents see it; at most 255 characters. CloudFormation takes no IPv6 address:
   * give such a server a name.
   */
  readonly serverHostname: string;

  /**
   * The exported path to mount, or one below it, such as `/export/projects`; at most 4096 characters,
   * which are letters and digits of ASCII, spaces and `_ - + . / ( ) $`. The export must let the agents in without Kerberos, for a destination also with `no_root_squash`.
   */
  readonly subdirectory: string;

  /** The agents that mount the export: 1 to 8. All of them must be online, otherwise the tasks do not start. */
  readonly agents: aws_datasync.IAgentRef[];

  /**
   * The version of NFS to mount with.
   *
   * @default - AUTOMATIC
   */
  readonly nfsVersion?: NfsVersion;
}

/**
 * A folder of a file server that speaks NFS, reached by agents.
 *
 * @resource AWS::DataSync::LocationNFS
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-nfs-location.html
 * @example
 * const agent = datasync.Agent.fromAgentArn(this, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');
 * new datasync.NfsLocation(this, 'Share', {
 *   serverHostname: 'fileserver.example.com',
 *   subdirectory: '/export/projects',
 *   agents: [agent],
 * });
 */
export class NfsLocation extends Location implements aws_datasync.ILocationNFSRef {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.NFS;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: NfsLocationProps) {
    super(scope, id);
    this.checkProps(props);

    const resource = new CfnLocationNFS(this, 'Resource', {
      serverHostname: props.serverHostname,
      subdirectory: props.subdirectory,
      onPremConfig: { agentArns: arnsOf(props.agents) },
      mountOptions: props.nfsVersion && { version: props.nfsVersion.value },
    });
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationNfsRef(): aws_datasync.LocationNFSReference {
    return { locationArn: this.locationArn };
  }

  private checkProps(props: NfsLocationProps): void {
    const problems = new Problems(this.node.path);
    checkHostname(problems, 'serverHostname', props.serverHostname);
    checkPath(problems, props.subdirectory, 'name the exported path, such as "/export/projects"', { required: true });
    checkClass(problems, 'nfsVersion', props.nfsVersion, 'NfsVersion');
    checkAgents(problems, this, props.agents);
    problems.throwIfAny();
  }
}
