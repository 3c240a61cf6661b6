import { CfnLocationSMB } from 'aws-cdk-lib/aws-datasync';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import { Location } from './location';
import { checkPath } from './location-path';
import { LocationType } from './location-type';
import { arnsOf, checkAgents, checkHostname } from './self-managed-checks';
import type { SmbAuthentication } from './smb-authentication';
import { checkClass, checkTags } from '../validation/checks';
import { Problems } from '../validation/problems';

/**
 * The version of SMB to mount with.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-smb-location.html
 */
export class SmbVersion {
  /** The service and the server agree on the highest that both know, from 2.1 to 3.1.1. */
  public static readonly AUTOMATIC = SmbVersion.of('AUTOMATIC');

  /** Version 1.0 only. */
  public static readonly SMB1 = SmbVersion.of('SMB1');

  /** Version 2.0 only. */
  public static readonly SMB2_0 = SmbVersion.of('SMB2_0');

  /** Version 2.1 only. */
  public static readonly SMB2 = SmbVersion.of('SMB2');

  /** Version 3.0.2 only. */
  public static readonly SMB3 = SmbVersion.of('SMB3');

  /** A version that is newer than this library, as the service names it. */
  public static of(value: string): SmbVersion {
    return new SmbVersion(value);
  }

  /** @param value as the service has it */
  private constructor(public readonly value: string) {}

  /** The value. */
  public toString(): string {
    return this.value;
  }
}

/** Properties of an `SmbLocation`. */
export interface SmbLocationProps {
  /**
   * Host name or IP address of the file server, as its agents see it; at most 255 characters. With Kerberos it must be a DNS name.
   */
  readonly serverHostname: string;

  /**
   * The share to mount, or a folder in it, such as `/share/projects`, with forward slashes; at most 4096 characters, which are letters and digits of
   * ASCII, spaces and `_ - + . / ( ) $`.
   */
  readonly subdirectory: string;

  /** The agents that mount the share: 1 to 8. All of them must be online, otherwise the tasks do not start. */
  readonly agents: aws_datasync.IAgentRef[];

  /** By whom the share is mounted. */
  readonly authentication: SmbAuthentication;

  /**
   * The version of SMB to mount with.
   *
   * @default - AUTOMATIC
   */
  readonly smbVersion?: SmbVersion;
}

/**
 * A folder of a file server that speaks SMB, reached by agents.
 *
 * **What this creates**: the location, and for a secret of yours a role that may read it, unless you bring one.
 *
 * **Limitations**: no DFS namespaces.
 *
 * @resource AWS::DataSync::LocationSMB
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-smb-location.html
 * @example
 * const agent = datasync.Agent.fromAgentArn(this, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');
 * new datasync.SmbLocation(this, 'Share', {
 *   serverHostname: 'fileserver.example.com',
 *   subdirectory: '/share/projects',
 *   agents: [agent],
 *   authentication: datasync.SmbAuthentication.ntlm({ user: 'datasync', password: datasync.LocationSecret.fromSecretsManager(secret) }),
 * });
 */
export class SmbLocation extends Location implements aws_datasync.ILocationSMBRef {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.SMB;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: SmbLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { authentication, smbVersion } = props;

    const secret = authentication._secret._bind(this);
    const resource = new CfnLocationSMB(this, 'Resource', {
      serverHostname: props.serverHostname,
      subdirectory: props.subdirectory,
      agentArns: arnsOf(props.agents),
      mountOptions: smbVersion && { version: smbVersion.value },
      ...authentication._properties,
      [authentication._secretProperty]: secret.value,
      ...secret.config,
    });
    resource.node.addDependency(...secret.dependables);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationSmbRef(): aws_datasync.LocationSMBReference {
    return { locationArn: this.locationArn };
  }

  private checkProps(props: SmbLocationProps): void {
    const problems = new Problems(this.node.path);
    checkHostname(problems, 'serverHostname', props.serverHostname, { ipv6: true });
    checkPath(problems, props.subdirectory, 'name the share, such as "/share/projects"', {
      required: true, firstRemedy: 'share it under a name of these characters, with "/" between folders',
    });
    checkClass(problems, 'smbVersion', props.smbVersion, 'SmbVersion');
    checkAgents(problems, this, props.agents);
    props.authentication._check(this, problems, props.serverHostname);
    problems.throwIfAny();
  }
}
