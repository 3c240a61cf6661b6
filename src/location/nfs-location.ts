import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { Location } from './location';
import { LocationType } from './location-type';
import { checkCount, checkEnvironment, checkTags, checkText } from '../private/checks';
import { Problems } from '../private/errors';
import { createLocationNfs } from '../private/l1';
import { parentRemedy } from '../private/place';

/**
 * The version of NFS to mount with.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-nfs-location.html
 */
export enum NfsVersion {
  /** The service chooses; today it chooses 4.1. */
  AUTOMATIC = 'AUTOMATIC',
  /** Version 3: asynchronous writes on the server. */
  NFS3 = 'NFS3',
  /** Version 4.0. */
  NFS4_0 = 'NFS4_0',
  /** Version 4.1: delegations, fault recovery. */
  NFS4_1 = 'NFS4_1',
  /** Version 4.2. */
  NFS4_2 = 'NFS4_2',
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

/** As CloudFormation has it: other than the API, it takes no colon, and with it no IPv6 address. */
const HOSTNAME = /^(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9])$/;
const PATH_CHARACTERS = /^[a-zA-Z0-9_\-+./()$\p{Zs}]+$/u;

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
  public constructor(scope: Construct, id: string, props: NfsLocationProps) {
    super(scope, id);

    const problems = new Problems(this.node.path);
    checkText(problems, 'serverHostname', props.serverHostname, {
      max: 255,
      pattern: HOSTNAME,
      says: 'must be a host name of ASCII letters, digits, hyphens and dots, or an IPv4 address (CloudFormation takes no IPv6 address)',
      remedy: 'give the name of the server alone, without protocol, port or path',
    });
    checkText(problems, 'subdirectory', props.subdirectory, {
      max: 4096,
      pattern: PATH_CHARACTERS,
      says: 'may only contain letters and digits of ASCII, spaces and _ - + . / ( ) $',
      remedy: props.subdirectory ? parentRemedy('subdirectory', props.subdirectory, PATH_CHARACTERS) : 'name the exported path, such as "/export/projects"',
    });
    checkCount(problems, 'agents', props.agents, 1, 8, 'agents');
    props.agents.forEach((agent, index) => checkEnvironment(problems, this, `agents[${index}]`, agent));
    problems.throwIfAny();

    const resource = createLocationNfs(this, {
      serverHostname: props.serverHostname,
      subdirectory: props.subdirectory,
      agentArns: props.agents.map(agent => agent.agentRef.agentArn),
      version: props.nfsVersion,
    });
    checkTags(this, resource);

    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationNfsRef(): aws_datasync.LocationNFSReference {
    return { locationArn: this.locationArn };
  }
}
