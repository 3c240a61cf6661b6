import { Construct } from 'constructs';
import { Location, LocationType } from './location';
import { IAgent } from '../agent';
import { checkCount, checkEnvironment, checkMember, checkTags, checkText } from '../private/checks';
import { Problems } from '../private/errors';
import { createLocationNfs } from '../private/l1';

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
}

/** Properties of an `NfsLocation`. */
export interface NfsLocationProps {
  /** Name or address of the file server, as its agents see it; at most 255 characters. */
  readonly serverHostname: string;

  /**
   * The exported path to mount, or one below it, such as `/export/projects`; at most 4096 characters.
   * The export must let the agents in without Kerberos, for a destination also with `no_root_squash`.
   */
  readonly subdirectory: string;

  /** The agents that mount the export: 1 to 8. All of them must be online, otherwise the tasks do not start. */
  readonly agents: IAgent[];

  /**
   * The version of NFS to mount with.
   *
   * @default - AUTOMATIC
   */
  readonly nfsVersion?: NfsVersion;
}

const HOSTNAME = /^(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9\-:]*[A-Za-z0-9])$/;

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
export class NfsLocation extends Location {
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
      max: 255, pattern: HOSTNAME, says: 'must be a host name or an IP address', wayOut: 'give the name alone, without protocol, path or spaces',
    });
    checkText(problems, 'subdirectory', props.subdirectory, { max: 4096, wayOut: 'name the exported path, such as "/export/projects"' });
    checkMember(problems, 'nfsVersion', props.nfsVersion, NfsVersion);
    checkCount(problems, 'agents', props.agents, 1, 8, 'agents');
    props.agents.forEach((agent, index) => checkEnvironment(problems, this, `agents[${index}]`, agent));
    problems.throwIfAny();

    const resource = createLocationNfs(this, {
      serverHostname: props.serverHostname,
      subdirectory: props.subdirectory,
      agentArns: props.agents.map(agent => agent.agentArn),
      version: props.nfsVersion,
    });
    checkTags(this, resource.tags);

    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }
}
