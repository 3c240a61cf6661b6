import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { Size } from 'aws-cdk-lib';
import { CfnLocationHDFS } from 'aws-cdk-lib/aws-datasync';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import type { HdfsAuthentication } from './hdfs-authentication';
import { Location } from './location';
import { checkPath, ROOT_REMEDY } from './location-path';
import { LocationType } from './location-type';
import { arnsOf, checkAgents, checkHostname, checkPort } from './self-managed-checks';
import { checkInteger, checkMember, checkTags, checkText } from '../validation/checks';
import { Problems } from '../validation/problems';

/** The port that NameNodes listen on unless they are told otherwise. */
const NAME_NODE_PORT = 8020;

const MIB = 1024 * 1024;

/** A NameNode of an HDFS cluster. */
export interface HdfsNameNode {
  /** Host name or IPv4 address of the NameNode, as the agents see it; at most 255 characters. */
  readonly hostname: string;

  /**
   * The port on which the NameNode listens to clients; 1 to 65536.
   *
   * @default 8020
   */
  readonly port?: number;
}

/** What an HDFS cluster protects its connections by. It must be what the cluster itself is configured with. */
export enum HdfsProtection {
  /** By nothing. */
  DISABLED = 'DISABLED',
  /** Who is on the other side is made sure of. */
  AUTHENTICATION = 'AUTHENTICATION',
  /** The same, and nothing is changed on the way. */
  INTEGRITY = 'INTEGRITY',
  /** The same, and nothing can be read on the way. */
  PRIVACY = 'PRIVACY',
}

/** Quality of protection (QOP) of an HDFS cluster. */
export interface HdfsQop {
  /**
   * `hadoop.rpc.protection` of the cluster.
   *
   * @default - as `dataTransferProtection`, or PRIVACY
   */
  readonly rpcProtection?: HdfsProtection;

  /**
   * `dfs.data.transfer.protection` of the cluster.
   *
   * @default - as `rpcProtection`, or PRIVACY
   */
  readonly dataTransferProtection?: HdfsProtection;
}

/** Properties of an `HdfsLocation`. */
export interface HdfsLocationProps {
  /** The NameNodes of the cluster. More than one, of a cluster with high availability, is for tasks in Enhanced mode only. */
  readonly nameNodes: HdfsNameNode[];

  /** The agents that reach the cluster: 1 to 8. All of them must be online, otherwise the tasks do not start. */
  readonly agents: aws_datasync.IAgentRef[];

  /** By whom the cluster is reached. */
  readonly authentication: HdfsAuthentication;

  /**
   * The size of the blocks that are written; 1 MiB to 1 GiB, a multiple of 512 bytes.
   *
   * @default - 128 MiB
   */
  readonly blockSize?: Size;

  /**
   * On how many DataNodes each block is written; 1 to 512.
   *
   * @default - 3
   */
  readonly replicationFactor?: number;

  /**
   * The Key Management Server of a cluster with encryption zones, such as `kms://http@kms.example.com:9600/kms`; at most 255 characters.
   *
   * With Kerberos it is for tasks in Enhanced mode only.
   *
   * @default - none
   */
  readonly kmsKeyProviderUri?: string;

  /**
   * What the cluster protects its connections by.
   *
   * @default - PRIVACY for both
   */
  readonly qop?: HdfsQop;

  /**
   * The folder that the location is at, such as `/user/projects`; at most 4096 characters, which are letters and digits of ASCII, spaces and
   * `_ - + . / ( ) $`.
   *
   * @default - the root of the cluster
   */
  readonly subdirectory?: string;
}

/**
 * A folder of an HDFS cluster, reached by agents.
 *
 * **What this creates**: the location, and for a keytab of yours in Secrets Manager a role that may read it, unless you bring one.
 *
 * **Limitations**: no HDFS over HTTP (HttpFS), no access control lists, no extended attributes, no clusters with Apache HBase. An encryption zone that
 * is written to must exist already.
 *
 * @resource AWS::DataSync::LocationHDFS
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-hdfs-location.html
 * @example
 * const agent = datasync.Agent.fromAgentArn(this, 'Agent', 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0');
 * new datasync.HdfsLocation(this, 'Cluster', {
 *   nameNodes: [{ hostname: 'namenode.example.com' }],
 *   agents: [agent],
 *   authentication: datasync.HdfsAuthentication.kerberos({
 *     principal: 'datasync@EXAMPLE.COM',
 *     keytab: datasync.LocationSecret.fromSecretsManager(secret),
 *     krb5Conf,
 *   }),
 *   subdirectory: '/user/projects',
 * });
 */
export class HdfsLocation extends Location implements aws_datasync.ILocationHDFSRef {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.HDFS;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: HdfsLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { authentication, blockSize, replicationFactor, kmsKeyProviderUri, qop, subdirectory } = props;

    const keytab = authentication._keytab?._bind(this);
    const resource = new CfnLocationHDFS(this, 'Resource', {
      nameNodes: props.nameNodes.map(({ hostname, port = NAME_NODE_PORT }) => ({ hostname, port })),
      agentArns: arnsOf(props.agents),
      ...authentication._properties,
      kerberosKeytab: keytab?.value,
      ...keytab?.config,
      blockSize: blockSize?.toBytes(),
      replicationFactor,
      kmsKeyProviderUri,
      qopConfiguration: qop && { rpcProtection: qop.rpcProtection, dataTransferProtection: qop.dataTransferProtection },
      subdirectory,
    });
    resource.node.addDependency(...keytab?.dependables ?? []);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationHdfsRef(): aws_datasync.LocationHDFSReference {
    return { locationArn: this.locationArn };
  }

  private checkProps(props: HdfsLocationProps): void {
    const problems = new Problems(this.node.path);
    if (props.nameNodes.length === 0) problems.add('nameNodes []', 'must have one', 'give that of the cluster, such as { hostname: "namenode.example.com" }');
    props.nameNodes.forEach(({ hostname, port }, index) => {
      checkHostname(problems, `nameNodes[${index}].hostname`, hostname);
      checkPort(problems, `nameNodes[${index}].port`, port, NAME_NODE_PORT);
    });
    checkAgents(problems, this, props.agents);
    props.authentication._check(this, problems);
    checkBlockSize(problems, props.blockSize);
    checkInteger(problems, 'replicationFactor', props.replicationFactor, 1, 512, 'DataNodes', 'choose one in that range, or leave it out for 3');
    checkText(problems, 'kmsKeyProviderUri', props.kmsKeyProviderUri, {
      max: 255,
      pattern: /^kms:\/\/https?@(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9])(;(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9]))*:\d{1,5}\/kms$/,
      says: 'must have the form of kms://http@host:port/kms, with several hosts separated by ";"',
      remedy: 'copy hadoop.security.key.provider.path of the cluster, such as "kms://http@kms.example.com:9600/kms"',
    });
    checkMember(problems, 'qop.rpcProtection', props.qop?.rpcProtection, HdfsProtection);
    checkMember(problems, 'qop.dataTransferProtection', props.qop?.dataTransferProtection, HdfsProtection);
    checkPath(problems, props.subdirectory, ROOT_REMEDY);
    problems.throwIfAny();
  }
}

function checkBlockSize(problems: Problems, blockSize: Size | undefined): void {
  if (blockSize === undefined || blockSize.isUnresolved()) return;
  const bytes = blockSize.toBytes({ rounding: SizeRoundingBehavior.NONE });
  if (bytes < MIB || bytes > 1024 * MIB || bytes % 512 !== 0) {
    problems.add(`blockSize of ${bytes} bytes`, 'must be between 1 MiB and 1 GiB, and a multiple of 512 bytes', 'choose such as Size.mebibytes(128), or leave it out for that');
  }
}
