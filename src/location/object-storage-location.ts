import { CfnLocationObjectStorage } from 'aws-cdk-lib/aws-datasync';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import { federate } from './federated-identity';
import { Location } from './location';
import { checkPath } from './location-path';
import { LocationType } from './location-type';
import type { ObjectStorageAuthentication } from './object-storage-authentication';
import { arnsOf, checkAgents, checkHostname, checkPort } from './self-managed-checks';
import { checkMember, checkTags, checkText, isKnownLater } from '../validation/checks';
import { Problems } from '../validation/problems';

/** What a server of objects speaks. */
export enum ObjectStorageProtocol {
  /** HTTP with TLS. */
  HTTPS = 'HTTPS',
  /** HTTP as it is. Everybody on the way can read it. */
  HTTP = 'HTTP',
}

/** Properties of an `ObjectStorageLocation`. */
export interface ObjectStorageLocationProps {
  /** Host name or IP address of the server; at most 255 characters. */
  readonly serverHostname: string;

  /** Name of the bucket; 3 to 63 characters. */
  readonly bucketName: string;

  /** By whom the bucket is reached. */
  readonly authentication: ObjectStorageAuthentication;

  /**
   * The agents that reach the server: 1 to 8. All of them must be online, otherwise the tasks do not start.
   *
   * Without agents, the location is for tasks in Enhanced mode whose other location is in S3. The service never lets a location change from agents
   * to none or back: make another one then.
   *
   * @default - none: the service reaches the server itself
   */
  readonly agents?: aws_datasync.IAgentRef[];

  /**
   * The port that the server listens on; 1 to 65536.
   *
   * @default - 443 with HTTPS, 80 with HTTP
   */
  readonly serverPort?: number;

  /**
   * What the server speaks.
   *
   * @default - HTTPS
   */
  readonly serverProtocol?: ObjectStorageProtocol;

  /**
   * The certificates of a server that nobody vouches for in public, as text in PEM format: its own, those in between and that of the authority; at
   * most 32768 bytes. It needs HTTPS.
   *
   * @default - the server has a certificate of a public authority
   */
  readonly serverCertificate?: string;

  /**
   * Prefix of the keys, such as `landing/`; at most 4096 characters, which are letters and digits of ASCII, spaces and `_ - + . / ( )`.
   *
   * @default - the whole bucket
   */
  readonly subdirectory?: string;
}

/**
 * A bucket outside of Amazon S3, or a prefix of it, whose server speaks the protocol of S3, such as MinIO or Google Cloud Storage.
 *
 * **What this creates**: the location. For a secret of yours a role that may read it, with `ObjectStorageAuthentication.googleOidc()` a role that
 * Google Cloud can trust; each of them unless you bring one.
 *
 * **Limitations**: the service tries the server at the first execution, not when the location is created. The server has to support
 * `ListObjectsV2`, multipart uploads and, unless `objectTags` is NONE, tags; Google Cloud Storage has no tags.
 *
 * @resource AWS::DataSync::LocationObjectStorage
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-object-location.html
 * @example
 * new datasync.ObjectStorageLocation(this, 'Google', {
 *   serverHostname: 'storage.googleapis.com',
 *   bucketName: 'landing',
 *   authentication: datasync.ObjectStorageAuthentication.accessKey('GOOG1EXAMPLE', datasync.LocationSecret.fromSecretsManager(secret)),
 * });
 */
export class ObjectStorageLocation extends Location implements aws_datasync.ILocationObjectStorageRef {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.OBJECT_STORAGE;

  /**
   * The role that Google Cloud has to trust, with `ObjectStorageAuthentication.googleOidc()`: its ARN is the subject of the tokens.
   *
   * @default - none with another authentication
   */
  public readonly role?: IRole;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: ObjectStorageLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { authentication, agents } = props;

    const secret = authentication._secretKey?._bind(this);
    const resource = new CfnLocationObjectStorage(this, 'Resource', {
      serverHostname: props.serverHostname,
      serverPort: props.serverPort,
      serverProtocol: props.serverProtocol,
      serverCertificate: props.serverCertificate,
      bucketName: props.bucketName,
      subdirectory: props.subdirectory,
      agentArns: agents && arnsOf(agents),
      ...authentication._properties,
      secretKey: secret?.value,
      ...secret?.config,
    });
    if (authentication._federation) this.role = federate(this, resource, authentication._federation).role;
    resource.node.addDependency(...secret?.dependables ?? []);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationObjectStorageRef(): aws_datasync.LocationObjectStorageReference {
    return { locationArn: this.locationArn };
  }

  private checkProps(props: ObjectStorageLocationProps): void {
    const problems = new Problems(this.node.path);
    checkHostname(problems, 'serverHostname', props.serverHostname, { ipv6: true });
    checkPort(problems, 'serverPort', props.serverPort, 443);
    checkMember(problems, 'serverProtocol', props.serverProtocol, ObjectStorageProtocol);
    checkText(problems, 'bucketName', props.bucketName, {
      required: true,
      max: 63,
      pattern: /^[a-zA-Z0-9_\-+.()$\p{Zs}]{3,}$/u,
      says: 'must have 3 to 63 letters and digits of ASCII, spaces and _ - + . ( ) $',
      remedy: 'give the name of the bucket alone, and what is below it as subdirectory',
    });
    checkPath(problems, props.subdirectory, 'leave it out for the whole bucket', { dollar: false });
    checkCertificate(problems, props);
    checkAgents(problems, this, props.agents);
    props.authentication._check(this, problems);
    problems.throwIfAny();
  }
}

function checkCertificate(problems: Problems, { serverCertificate, serverProtocol }: ObjectStorageLocationProps): void {
  if (serverCertificate === undefined) return;
  if (serverProtocol === ObjectStorageProtocol.HTTP) {
    problems.add('serverCertificate', 'needs serverProtocol HTTPS', 'leave serverProtocol out, or the certificate');
  }
  if (isKnownLater(serverCertificate)) return;
  const bytes = Buffer.byteLength(serverCertificate);
  if (bytes > 32768) problems.add(`serverCertificate of ${bytes} bytes`, 'must have at most 32768 bytes', 'give the certificates of the server and its authorities only');
  if (!serverCertificate.includes('-----BEGIN CERTIFICATE-----')) {
    problems.add('serverCertificate', 'must be the text of certificates in PEM format', "read the file: readFileSync('ca.pem', 'utf8')");
  }
}
