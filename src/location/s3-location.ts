import { Stack, Token } from 'aws-cdk-lib';
import { Effect, IRole, LazyRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';
import { Location, LocationType } from './location';
import { S3StorageClass } from './s3-storage-class';
import { anyResource } from '../private/arn';
import { checkMember, checkTags, checkText } from '../private/checks';
import { Problems, show } from '../private/errors';
import { createLocationS3 } from '../private/l1';
import { BUCKET, KEY_READ, KEY_WRITE, OBJECT_READ, OBJECT_WRITE, SERVICE_PRINCIPAL } from '../private/permissions';
import { warn } from '../private/warnings';

/** Properties of an `S3Location`. */
export interface S3LocationProps {
  /** The bucket. Its encryption key, if it is known, is opened to the location's role as well. */
  readonly bucket: IBucket;

  /**
   * Where in the bucket the location is, such as `landing/`; at most 1024 characters. Neither the prefix nor the keys below it
   * may begin with `/` or contain `//`, `/./` or `/../`.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * What new objects are stored as, when the location is a destination.
   *
   * @default - STANDARD
   */
  readonly storageClass?: S3StorageClass;

  /**
   * The role that the service assumes. It gets the permissions that it needs, unless it was imported as not changeable.
   *
   * @default - a role that only this account's DataSync may assume, with the permissions for this location only
   */
  readonly role?: IRole;
}

const PREFIX_CHARACTERS = /^[a-zA-Z0-9_\-+./()\p{Zs}]*$/u;

/**
 * A bucket, or a prefix of it.
 *
 * **What this creates**: the location, and unless you bring one, a role. Tasks that read from the location let
 * the role read, tasks that write to it let the role read, write and delete. A location that no task of the app uses may read.
 *
 * **Limitations**: buckets of S3 on Outposts cannot be used, as CloudFormation cannot create such locations. The bucket policy of
 * a bucket of another account must let the role in; this library cannot add to it.
 *
 * @resource AWS::DataSync::LocationS3
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html
 * @example
 * new datasync.S3Location(this, 'Landing', { bucket, prefix: 'landing/' });
 */
export class S3Location extends Location {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.S3;

  /** The role that the service assumes to reach the bucket. */
  public readonly role: IRole;

  private readonly bucket: IBucket;
  private readonly storageClass?: S3StorageClass;
  private readonly objectsPattern: string;
  /** What the role that is made here may do. It stands in the role itself, so whatever needs the role finds it complete. */
  private readonly access?: PolicyDocument;
  private writable = false;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  public constructor(scope: Construct, id: string, props: S3LocationProps) {
    super(scope, id);
    this.checkProps(props);

    this.bucket = props.bucket;
    this.storageClass = props.storageClass;
    this.objectsPattern = objectsBelow(props.prefix);
    this.access = props.role ? undefined : new PolicyDocument();
    this.role = props.role ?? this.createRole(this.access);
    this.warnOfForeignBucket();

    const resource = createLocationS3(this, {
      s3BucketArn: props.bucket.bucketArn,
      bucketAccessRoleArn: this.role.roleArn,
      subdirectory: props.prefix || undefined, // the service takes no empty text
      s3StorageClass: props.storageClass,
    });
    // The service tries the role when the location is created: what it may do must be in place by then.
    resource.node.addDependency(...this.allowReading());

    checkTags(this, resource.tags);

    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** @internal */
  public override _useAsDestination(): void {
    if (this.writable) return;
    this.writable = true;
    this.allow(OBJECT_WRITE, this.bucket.arnForObjects(this.objectsPattern));
    this.bucket.encryptionKey?.grant(this.role, ...KEY_WRITE);
  }

  /** @internal */
  public override get _storageClass(): string | undefined {
    return this.storageClass;
  }

  private checkProps(props: S3LocationProps): void {
    const problems = new Problems(this.node.path);
    checkText(problems, 'prefix', props.prefix, {
      min: 0, max: 1024, pattern: PREFIX_CHARACTERS, says: 'may only contain letters, digits, spaces and _ - + . / ( )', wayOut: 'rename the prefix',
    });
    const wayOut = 'the service cannot transfer such keys: write "a/b/"';
    if (props.prefix?.startsWith('/')) problems.add(`prefix ${show(props.prefix)}`, 'must not begin with "/"', wayOut);
    if (/\/\/|(^|\/)\.\.?(\/|$)/.test(props.prefix ?? '')) {
      problems.add(`prefix ${show(props.prefix)}`, 'must not contain "//", "/./" or "/../"', wayOut);
    }
    checkMember(problems, 'storageClass', props.storageClass, S3StorageClass);
    if (props.storageClass === S3StorageClass.OUTPOSTS) {
      problems.add('storageClass "OUTPOSTS"', 'CloudFormation cannot create locations of S3 on Outposts',
        'create the location by other means and use Location.fromLocationArn()');
    }
    problems.throwIfAny();
  }

  private warnOfForeignBucket(): void {
    const [owner, own] = [this.bucket.env.account, Stack.of(this).account];
    if (Token.isUnresolved(owner) || Token.isUnresolved(own) || owner === own) return;
    warn(this, 'bucketOfOtherAccount', `bucket ${this.bucket.node.path} belongs to the account ${owner}: its policy must let the role of this location in, `
      + 'and its object ownership must be "bucket owner enforced"');
  }

  private createRole(access?: PolicyDocument): IRole {
    return new Role(this, 'Role', {
      description: 'Lets DataSync reach the bucket of a location',
      inlinePolicies: access && { Access: access },
      assumedBy: new ServicePrincipal(SERVICE_PRINCIPAL, {
        // Not to be used by the service on behalf of somebody else. The ARN of the location is not known before the role is there.
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'aws:SourceArn': anyResource(this) },
        },
      }),
    });
  }

  /** @returns what the permissions are kept in */
  private allowReading(): IDependable[] {
    const policies = [
      this.allow(BUCKET, this.bucket.bucketArn),
      this.allow(OBJECT_READ, this.bucket.arnForObjects(this.objectsPattern)),
    ];
    if (!isChangeable(this.role, policies[0])) {
      warn(this, 'roleNotChangeable', `role ${this.role.node.path} cannot be changed from here, so it does not get the permissions for this location; `
        + 'give it the permissions that are listed in the documentation, or let the location make its own role');
    }
    return [...policies, this.bucket.encryptionKey?.grant(this.role, ...KEY_READ)].filter(dependency => dependency !== undefined);
  }

  private allow(actions: string[], resource: string): IDependable | undefined {
    const statement = new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource] });
    if (this.access) {
      this.access.addStatements(statement);
      return undefined;
    }
    return this.role.addToPrincipalPolicy(statement).policyDependable;
  }
}

/** CDK takes permissions for a role that it cannot change without a word. Only of an imported role that it can, it tells the policy. */
function isChangeable(role: IRole, policy: IDependable | undefined): boolean {
  return Role.isRole(role) || role instanceof LazyRole || (policy !== undefined && Construct.isConstruct(policy));
}

function objectsBelow(prefix: string | undefined): string {
  if (!prefix) return '*';
  if (Token.isUnresolved(prefix)) return `${prefix}*`; // it may end in a slash
  return `${prefix.replace(/\/$/, '')}/*`;
}
