import { Lazy, Names, PhysicalName, Resource, Stack, Token } from 'aws-cdk-lib';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { Location } from './location';
import { LocationType } from './location-type';
import { S3StorageClass } from './s3-storage-class';
import { accountOfAccessPoint, anyResource, isOnOutposts } from '../private/arn';
import { BucketAccess } from '../private/bucket-access';
import { createLocationS3 } from '../private/l1';
import { SERVICE_PRINCIPAL } from '../private/permissions';
import { parentRemedy } from '../private/place';
import { LocationTraits } from '../private/transfer';
import { checkAccount, checkClass, checkTags, checkText, isElsewhere, isKnownLater } from '../validation/checks';
import { Problems, show } from '../validation/problems';

/** Properties of an `S3Location`. */
export interface S3LocationProps {
  /**
   * The bucket, or an access point by `Bucket.fromBucketArn`. The location's role gets access to its encryption key, if that is known, as well.
   *
   * The policies of a bucket and a key of another account of this app let the role in. If the bucket was imported with its account, a warning
   * prints what its owner has to add to them.
   */
  readonly bucket: IBucket;

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
}

const NO_OUTPOSTS = [
  'CloudFormation cannot create locations of S3 on Outposts', 'create the location by other means and use Location.fromLocationArn()',
] as const;
const PATH_CHARACTERS = /^[a-zA-Z0-9_\-+./()\p{Zs}]*$/u;

/**
 * A bucket, or a prefix of it.
 *
 * **What this creates**: the location, and unless you bring one, a role, with a policy. Tasks that read from the location let
 * the role read, tasks that write to it let the role read, write and delete. A location that no task of the app uses may read.
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

  /** The bucket, or the access point. */
  public readonly bucket: IBucket;

  /** The role that the service assumes to reach the bucket. */
  public readonly role: IRole;

  private readonly storageClass?: S3StorageClass;
  private readonly access: BucketAccess;
  private writable = false;
  /** Of the tasks that use the location. The service assumes the role on behalf of a task. */
  private usedElsewhere = false;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  public constructor(scope: Construct, id: string, props: S3LocationProps) {
    super(scope, id);
    const { bucket, storageClass } = props;
    const subdirectory = props.subdirectory?.replace(/^\//, '') || undefined; // the service strips one slash, and takes no empty text
    this.checkProps(props, subdirectory);

    this.bucket = bucket;
    this.storageClass = storageClass;
    const roleName = nameOfRole(this, bucket);
    this.role = props.role ?? this.createRole(roleName);
    this.access = new BucketAccess(this, {
      bucket,
      pattern: patternBelow(subdirectory),
      role: this.role,
      isOwnRole: !props.role,
      roleArn: props.role || roleName === PhysicalName.GENERATE_IF_NEEDED ? this.role.roleArn : arnOfRole(this, roleName),
    });
    this.access.allowReading();

    const resource = createLocationS3(this, {
      s3BucketArn: bucket.bucketArn,
      bucketAccessRoleArn: this.role.roleArn,
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
  public override _useAsDestination(): void {
    if (this.writable) return;
    this.writable = true;
    this.access.allowWriting();
  }

  /** @internal */
  public override _useInRegion(region: string): void {
    if (isElsewhere(region, Stack.of(this).region)) this.usedElsewhere = true;
  }

  /** @internal */
  public override get _traits(): LocationTraits {
    return { storageClass: this.storageClass?.value };
  }

  private checkProps(props: S3LocationProps, subdirectory: string | undefined): void {
    const problems = new Problems(this.node.path);
    if (isOnOutposts(props.bucket.bucketArn)) {
      problems.add(`bucket ${show(props.bucket.bucketArn)}`, ...NO_OUTPOSTS);
    }
    checkText(problems, 'subdirectory', subdirectory, {
      max: 1024,
      pattern: PATH_CHARACTERS,
      says: 'may only contain letters and digits of ASCII, spaces and _ - + . / ( )',
      remedy: parentRemedy('subdirectory', subdirectory ?? '', PATH_CHARACTERS),
    });
    if (props.role) checkAccount(problems, this, 'role', props.role); // a role can be passed to a service of its own account only
    if (!isKnownLater(props.subdirectory) && /\/\/|(^|\/)\.\.?(\/|$)/.test(props.subdirectory ?? '')) {
      problems.add(`subdirectory ${show(props.subdirectory)}`, 'must not contain "//", "/./" or "/../"', 'the service cannot transfer such keys: write "a/b/"');
    }
    checkClass(problems, 'storageClass', props.storageClass, 'S3StorageClass');
    if (props.storageClass?.value === S3StorageClass.OUTPOSTS.value) problems.add('storageClass "OUTPOSTS"', ...NO_OUTPOSTS);
    problems.throwIfAny();
  }

  private createRole(roleName: string): IRole {
    return new Role(this, 'Role', {
      roleName,
      description: 'Lets DataSync reach the bucket of a location',
      assumedBy: new ServicePrincipal(SERVICE_PRINCIPAL, {
        // Not to be used by the service on behalf of somebody else. The ARN of the location is not known before the role is there.
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'aws:SourceArn': Lazy.uncachedString({ produce: () => anyResource(this, this.usedElsewhere ? '*' : undefined) }) },
        },
      }),
    });
  }
}

/** A name where policies of other accounts name the role: one that CDK makes if another stack asks for it, or one to be told to the owner. */
function nameOfRole(scope: Construct, bucket: IBucket): string {
  const { account, region } = Stack.of(scope);
  const owners = [bucket, bucket.encryptionKey].flatMap(resource => resource && !Resource.isOwnedResource(resource) ? [resource.env.account] : []);
  if (![accountOfAccessPoint(bucket.bucketArn), ...owners].some(owner => isElsewhere(owner, account))) return PhysicalName.GENERATE_IF_NEEDED;
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
