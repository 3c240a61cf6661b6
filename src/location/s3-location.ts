import { Names, PhysicalName, Resource, Stack, Token } from 'aws-cdk-lib';
import { CfnLocationS3 } from 'aws-cdk-lib/aws-datasync';
import type { IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { aws_datasync, aws_s3 } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { BucketAccess, checkPartition } from './bucket-access';
import { Location } from './location';
import type { Direction, LocationBinding } from './location-binding';
import { LocationType } from './location-type';
import { LocationUsage } from './location-usage';
import { S3StorageClass } from './s3-storage-class';
import { environmentOf, isAccessPoint, isOnOutposts } from '../private/arn';
import { parentRemedy, placeOfBucket } from '../private/place';
import { ServiceRole } from '../private/service-role';
import { checkAccount, checkClass, checkTags, checkText, isElsewhere, isKnownLater, requireKind, S3_PATH_RULE } from '../validation/checks';
import { Problems, show } from '../validation/problems';
import { whenSynthesized } from '../validation/warnings';

/** Properties of an `S3Location`. */
export interface S3LocationProps {
  /**
   * The bucket: a `Bucket`, of an L1 `Bucket.fromCfnBucket()`, of one that exists already `Bucket.fromBucketAttributes()`, with its account and its
   * encryption key if it has one. The location's role gets access to the key as well.
   *
   * The policies of a bucket and a key of another account of this app let the role in. If the bucket was imported with its account, a warning
   * prints what its owner has to add to them.
   */
  readonly bucket: IBucket;

  /**
   * The access point by which the service reaches the bucket: a `CfnAccessPoint`, or with `CfnAccessPoint.fromAccessPointArn()` one that exists
   * already. The location's role may reach the bucket by it only.
   *
   * The policy of an access point of another account must let the role in: a warning prints what its owner has to add.
   *
   * @default - the bucket is reached itself
   */
  readonly accessPoint?: aws_s3.IAccessPointRef;

  /**
   * The prefix in the bucket that the location is at, such as `landing/`; at most 1024 characters, which are letters and digits of ASCII,
   * spaces and `_ - + . / ( )`. A slash at its beginning is left out; a token must not begin with one. Neither the prefix nor the keys below it may contain `//`, `/./` or `/../`.
   *
   * @default - the whole bucket
   */
  readonly subdirectory?: string;

  /**
   * What new objects are stored as, when the location is a destination.
   *
   * @default - STANDARD
   */
  readonly storageClass?: S3StorageClass;

  /**
   * The role that the service assumes, of the account of the location. It gets the permissions that it needs, unless it was imported as not changeable. When a task of another
   * Region uses the location, the role must trust the service in that Region too.
   *
   * @default - a role that only this account's DataSync may assume, with the permissions for this location only
   */
  readonly role?: IRole;

  /**
   * Who creates the location, for the policy of a bucket of another account: the service tries the bucket with the rights of whoever deploys.
   *
   * @default - the role that CloudFormation has by the bootstrap of CDK, if the stack knows it
   */
  readonly deployPrincipal?: IPrincipal;

  /**
   * Whether something writes to the location that this app does not tell, such as a `CfnTask` or a task of another app. `false` says that
   * nothing does: then it causes no warning if no `Task` of this app uses the location.
   *
   * @default - the location may be written to if a `Task` of this app does so
   */
  readonly writable?: boolean;
}

const NO_OUTPOSTS = [
  'CloudFormation cannot create locations of S3 on Outposts', 'create the location by other means, and import it with Location.fromLocationAttributes() and LocationType.OUTPOST_S3',
] as const;

/**
 * A bucket, or a prefix of it.
 *
 * **What this creates**: the location, and unless you bring one, a role, with a policy if the bucket has a key or an access point. Tasks that read from the
 * location let the role read, tasks that write to it let the role read, write and delete. A location that no task of the app uses may read, and
 * causes a warning, unless `writable` says more.
 *
 * **Limitations**: buckets of S3 on Outposts cannot be used, as CloudFormation cannot create such locations.
 *
 * @resource AWS::DataSync::LocationS3
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html
 * @example
 * new datasync.S3Location(this, 'Landing', { bucket, subdirectory: 'landing/' });
 */
export class S3Location extends Location implements aws_datasync.ILocationS3Ref {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.S3;

  /** The bucket. */
  public readonly bucket: IBucket;

  /** The access point by which the service reaches the bucket, if it does by one. */
  public readonly accessPoint?: aws_s3.IAccessPointRef;

  /** The role that the service assumes to reach the bucket. */
  public readonly role: IRole;

  private readonly subdirectory?: string;
  private readonly serviceRole: ServiceRole;
  private readonly access: BucketAccess;
  private readonly usage: LocationUsage;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: S3LocationProps) {
    super(scope, id);
    const { bucket, accessPoint, storageClass } = props;
    requireKind(this, 'bucket', bucket, 'bucketArn', 'give a bucket; of an L1 one is made by Bucket.fromCfnBucket()');
    const subdirectory = props.subdirectory?.replace(/^\//, '') || undefined; // the service strips one slash, and takes no empty text
    this.checkProps(props, subdirectory);

    this.bucket = bucket;
    this.accessPoint = accessPoint;
    this.subdirectory = subdirectory;
    const roleName = nameOfRole(this, props);
    this.serviceRole = new ServiceRole(this, {
      given: props.role,
      description: 'Lets DataSync reach the bucket of a location',
      roleName,
      user: 'this location',
      inline: bucket.encryptionKey === undefined && accessPoint === undefined, // their policies may name the role
    });
    this.role = this.serviceRole.role;
    this.access = new BucketAccess(this, {
      bucket,
      accessPoint,
      deployPrincipal: props.deployPrincipal,
      user: 'this location',
      pattern: patternBelow(subdirectory),
      serviceRole: this.serviceRole,
      roleArn: props.role || roleName === PhysicalName.GENERATE_IF_NEEDED ? this.role.roleArn : arnOfRole(this, roleName),
    });
    this.access.allowReading();
    this.usage = new LocationUsage(this, props.writable, () => this.access.allowWriting());
    whenSynthesized(this, () => {
      this.access.warnOfWhatIsMissing();
      this.usage.warnIfUnused();
    });

    const resource = new CfnLocationS3(this, 'Resource', {
      s3BucketArn: accessPoint?.accessPointRef.accessPointArn ?? bucket.bucketArn,
      s3Config: { bucketAccessRoleArn: this.role.roleArn },
      subdirectory,
      s3StorageClass: storageClass?.value,
    });
    // The service tries the role when the location is created: what it may do must be in place by then.
    resource.node.addDependency(...this.access.dependables);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationS3Ref(): aws_datasync.LocationS3Reference {
    return { locationArn: this.locationArn };
  }

  /** @internal */
  public override _bind(direction: Direction, task: IConstruct): LocationBinding {
    this.serviceRole.trustTasksOf(Stack.of(task).region);
    this.usage.by(direction);
    return super._bind(direction, task);
  }

  /**
   * By an access point it is the same place as without.
   *
   * @internal
   */
  public override _describe(): LocationBinding {
    const binding = super._describe();
    return this.accessPoint ? { ...binding, place: placeOfBucket(this.bucket.bucketArn, this.subdirectory) } : binding;
  }

  private checkProps(props: S3LocationProps, subdirectory: string | undefined): void {
    const problems = new Problems(this.node.path);
    const { bucket } = props;
    if (isOnOutposts(bucket.bucketArn)) problems.add(`bucket ${show(bucket.bucketArn)}`, ...NO_OUTPOSTS);
    if (isAccessPoint(bucket.bucketArn)) {
      problems.add(`bucket ${show(bucket.node.path)}`, 'is an access point', 'give its bucket, and the access point itself as accessPoint');
    }
    checkPartition(problems, this, 'bucket', bucket);
    checkText(problems, 'subdirectory', subdirectory, {
      max: 1024,
      ...S3_PATH_RULE,
      remedy: parentRemedy('subdirectory', subdirectory ?? '', S3_PATH_RULE.pattern),
    });
    if (props.role) checkAccount(problems, this, 'role', props.role); // a role can be passed to a service of its own account only
    if (!isKnownLater(props.subdirectory) && /\/\/|(^|\/)\.\.?(\/|$)/.test(props.subdirectory ?? '')) {
      problems.add(`subdirectory ${show(props.subdirectory)}`, 'must not contain "//", "/./" or "/../"', 'the service cannot transfer such keys: write "a/b/"');
    }
    checkClass(problems, 'storageClass', props.storageClass, 'S3StorageClass');
    if (props.storageClass?.value === S3StorageClass.OUTPOSTS.value) problems.add('storageClass "OUTPOSTS"', ...NO_OUTPOSTS);
    problems.throwIfAny();
  }
}

/** A name where policies of other accounts name the role: one that CDK makes if another stack asks for it, or one to be told to the owner. */
function nameOfRole(scope: Construct, { bucket, accessPoint }: S3LocationProps): string {
  const { account, region } = Stack.of(scope);
  const ownerOfAccessPoint = accessPoint && environmentOf(accessPoint, accessPoint.accessPointRef.accessPointArn).account;
  const owners = [bucket, bucket.encryptionKey].flatMap(resource => resource && !Resource.isOwnedResource(resource) ? [resource.env.account] : []);
  if (![ownerOfAccessPoint, ...owners].some(owner => isElsewhere(owner, account))) return PhysicalName.GENERATE_IF_NEEDED;
  // Roles are not in a Region, but stacks are.
  const suffix = Token.isUnresolved(region) ? '' : `-${region}`;
  return Names.uniqueResourceName(scope, { maxLength: 64 - suffix.length, separator: '-' }) + suffix;
}

function arnOfRole(scope: Construct, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
}

function patternBelow(subdirectory: string | undefined): string {
  if (!subdirectory) return '*';
  if (isKnownLater(subdirectory)) return `${subdirectory}*`; // it may end in a slash
  return `${subdirectory.replace(/\/$/, '')}/*`;
}
