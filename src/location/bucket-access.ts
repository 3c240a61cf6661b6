import { ArnFormat, Aws, IResource, Resource, Stack, Stage, Token } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, IPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnKey, IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct, IDependable } from 'constructs';
import { accountOfAccessPoint, isAccessPoint, objectsOf, readable } from '../private/arn';
import { BUCKET, BUCKET_TEST, KEY_READ, KEY_WRITE, OBJECT_READ, OBJECT_WRITE } from '../private/permissions';
import type { ServiceRole } from '../private/service-role';
import { isElsewhere } from '../validation/checks';
import { warn } from '../validation/warnings';

/** Whose permissions, on what. */
export interface BucketAccessProps {
  readonly bucket: IBucket;
  /** Of the objects, such as `landing/*`. */
  readonly pattern: string;
  readonly serviceRole: ServiceRole;
  /** The ARN of the role as it will be, where the role's own is not known before the deployment. */
  readonly roleArn: string;
}

type Conditions = { [operator: string]: { [key: string]: string | string[] } };

/**
 * Lets a role reach a bucket, on all sides: in the policy of the role, in that of the key, and across accounts in that of the bucket.
 *
 * Policies of another account name the account of the role and have a condition on the role, because a policy with a principal that does not
 * exist yet is refused, as is a location whose role may not reach the bucket yet: neither could be the first.
 */
export class BucketAccess {
  private readonly bucket: IBucket;
  private readonly objects: string;
  /** The account that the bucket belongs to, if that is known. */
  private readonly owner?: string;
  /** Bucket and key of another environment of the app. */
  private readonly elsewhere: IDependable[] = [];
  /** What the owners of the bucket and of the key have to add to its policy, as this app cannot. */
  private readonly missing: { bucket: PolicyStatement[]; key: PolicyStatement[] } = { bucket: [], key: [] };

  public constructor(private readonly scope: Construct, private readonly props: BucketAccessProps) {
    this.bucket = props.bucket;
    this.objects = objectsOf(props.bucket.bucketArn, props.pattern);
    this.owner = ownerOf(props.bucket, Stack.of(scope).account);
    this.orderAfter(this.bucket);
  }

  /** What has to be in place before the bucket can be reached. */
  public get dependables(): IDependable[] {
    return [...this.props.serviceRole.dependables, ...this.elsewhere];
  }

  public allowReading(): void {
    this.allowOnBucket(BUCKET, this.bucket.bucketArn);
    this.allowOnBucket(OBJECT_READ, this.objects);
    this.allowOnKey(KEY_READ);
  }

  public allowWriting(): void {
    this.allowOnBucket(OBJECT_WRITE, this.objects);
    this.allowOnKey(KEY_WRITE);
  }

  private get isOfOtherAccount(): boolean {
    return isElsewhere(this.owner, Stack.of(this.scope).account);
  }

  private allowOnBucket(actions: string[], resource: string): void {
    // A bucket of that name in another account is not meant. Of an access point it is not known whose account the condition sees.
    this.props.serviceRole.allow(allow(actions, resource, this.owner && !isAccessPoint(this.bucket.bucketArn) ? { StringEquals: { 'aws:ResourceAccount': this.owner } } : undefined));
    if (!this.isOfOtherAccount) return;

    this.addToBucketPolicy(this.fromOtherAccount(actions, resource, [this.props.roleArn]));
    const deployer = deployRoleOf(this.scope);
    // The service tries the bucket with the rights of whoever creates the location.
    if (actions === BUCKET && deployer) this.addToBucketPolicy(this.fromOtherAccount(BUCKET_TEST, resource, [deployer]));
  }

  private addToBucketPolicy(statement: PolicyStatement): void {
    if (!this.bucket.addToResourcePolicy(statement).statementAdded) this.missing.bucket.push(statement);
  }

  private allowOnKey(actions: string[]): void {
    const given = this.bucket.encryptionKey;
    if (!given) return;
    const alias = importedAliasOf(given);
    if (alias) {
      this.props.serviceRole.allow(allow(actions, anyKey(given), { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }));
      return;
    }
    const { role } = this.props.serviceRole;
    const key = (given as Partial<IAlias>).aliasTargetKey ?? given;
    const [theirs, ours] = [key, this.scope].map(construct => Stack.of(construct));
    const isOfOtherEnvironment = this.isOfOtherEnvironment(key);
    this.orderAfter(key);
    // CDK cannot name a key of another environment before it is there.
    this.props.serviceRole.allow(Resource.isOwnedResource(key) && isOfOtherEnvironment
      ? allow(actions, anyKey(key), { StringLike: { 'kms:ViaService': 's3.*' } })
      : allow(actions, key.keyArn));

    const isOfOtherAccount = isElsewhere(key.env.account, ours.account);
    if (!isOfOtherAccount && leavesPermissionsToIam(key)) return;
    if (isOfOtherEnvironment) {
      const statement = this.fromOtherAccount(actions, '*', [this.props.roleArn]);
      if (!key.addToResourcePolicy(statement, true).statementAdded && isOfOtherAccount) this.missing.key.push(statement);
    } else {
      // A key that named a role of the stack that depends on it would close a circle.
      const isCircle = Resource.isOwnedResource(role) && theirs !== ours && theirs !== Stack.of(role);
      key.addToResourcePolicy(allow(actions, '*', undefined, isCircle ? new AccountPrincipal(ours.account) : role.grantPrincipal), true);
    }
  }

  /** A statement for a policy of another account or Region. */
  private fromOtherAccount(actions: string[], resource: string, arns: string[]): PolicyStatement {
    return allow(actions, resource, { ArnEquals: { 'aws:PrincipalArn': arns } }, new AccountPrincipal(Stack.of(this.scope).account));
  }

  /** Policies have to be there before the location. Of another environment no reference in the template tells CDK so. */
  private orderAfter(resource: IResource): void {
    const [theirs, ours] = [resource, this.scope].map(construct => Stack.of(construct));
    if (!Resource.isOwnedResource(resource) || !this.isOfOtherEnvironment(resource)) return;
    if (Stage.of(theirs) === Stage.of(ours) && !theirs.dependencies.includes(ours)) this.elsewhere.push(resource);
  }

  private isOfOtherEnvironment({ env }: IResource): boolean {
    const { account, region } = Stack.of(this.scope);
    return isElsewhere(env.account, account) || isElsewhere(env.region, region);
  }

  /** For the time of synthesis: what the role needs depends on the tasks. */
  public warnOfWhatIsMissing(): void {
    const key = this.bucket.encryptionKey;
    const alias = key && importedAliasOf(key);
    if (alias) {
      warn(this.scope, 'aliasAsKey', `bucket ${this.bucket.node.path} has the imported alias ${alias} as its key: the role gets the permissions on whatever key of `
        + 'the account has that alias, and the policy of the key, which cannot be changed by its alias, must leave permissions to IAM; import the key itself, with Key.fromKeyArn()');
    }
    if (!this.isOfOtherAccount) {
      if (this.missing.key.length > 0) {
        warn(this.scope, 'keyOfOtherAccount', `the key of bucket ${this.bucket.node.path} belongs to the account ${key!.env.account}, which must let the role of this `
          + `location use it${this.pasteable('key')}`);
      }
    } else if (this.missing.bucket.length + this.missing.key.length > 0) {
      const deployer = deployRoleOf(this.scope) ? '' : `whoever deploys this stack needs ${BUCKET_TEST.join(' and ')} on the bucket as well; `;
      warn(this.scope, 'bucketOfOtherAccount', `bucket ${this.bucket.node.path} belongs to the account ${this.owner}, which must let the role of this location in; `
        + `${deployer}its object ownership must be "bucket owner enforced"${this.pasteable('bucket')}${this.pasteable('key')}`);
    } else if (!deployRoleOf(this.scope)) {
      warn(this.scope, 'bucketOfOtherAccount', `bucket ${this.bucket.node.path} belongs to the account ${this.owner}: whoever deploys this stack needs `
        + `${BUCKET_TEST.join(' and ')} on it, and it is not known who that is; allow it in the policy of the bucket`);
    }
  }

  private pasteable(what: 'bucket' | 'key'): string {
    const statements = this.missing[what];
    if (statements.length === 0) return '';
    return `; add to the policy of the ${what}: ${JSON.stringify(readable(this.scope, statements.map(statement => statement.toStatementJson())))}`;
  }
}

function allow(actions: string[], resource: string, conditions?: Conditions, principal?: IPrincipal): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource], conditions, principals: principal && [principal] });
}

/** An imported bucket is taken for one of this account unless told otherwise, which says nothing. */
function ownerOf(bucket: IBucket, ownAccount: string): string | undefined {
  const account = accountOfAccessPoint(bucket.bucketArn) ?? bucket.env.account;
  return Resource.isOwnedResource(bucket) || !Token.isUnresolved(account) && account !== ownAccount ? account : undefined;
}

/** The name of an alias of which nothing else is known. */
function importedAliasOf(key: IKey): string | undefined {
  const alias = key as IAlias;
  if (!('aliasName' in key) || Resource.isOwnedResource(key)) return undefined;
  try {
    void alias.aliasTargetKey;
    return undefined;
  } catch { // it was imported by its name
    return alias.aliasName;
  }
}

/** Every key of the account and Region of this one. */
function anyKey(key: IKey): string {
  const { account, region } = key.env;
  return Stack.of(key).formatArn({ service: 'kms', account, region, resource: 'key', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
}

/** Whether the policy of the key leaves permissions to IAM, as that of an imported key is taken to, so that it need not name the role. */
function leavesPermissionsToIam(key: IKey): boolean {
  if (key.node.scope instanceof CfnKey) return false; // its policy must not be looked at before the end: CDK would keep what it was
  const policy = (key.node.defaultChild as Partial<CfnKey> | undefined)?.keyPolicy;
  if (!(policy instanceof PolicyDocument)) return true;
  const statements: any[] = policy.toJSON()?.Statement ?? [];
  return statements.some(({ Effect: effect, Action: action, Principal: principal, Condition: condition }) =>
    effect === 'Allow' && [action].flat().includes('kms:*') && !condition && JSON.stringify(Stack.of(key).resolve(principal)).includes(':root'));
}

/** The role that CloudFormation creates the resources of the stack with, if the bootstrap of the account tells. */
function deployRoleOf(scope: IConstruct): string | undefined {
  const stack = Stack.of(scope);
  try {
    const { cloudFormationExecutionRoleArn: role } = stack.synthesizer as { readonly cloudFormationExecutionRoleArn?: string };
    const arn = role?.replace('${AWS::Partition}', Aws.PARTITION).replace('${AWS::Region}', stack.region);
    return arn?.includes('${AWS::') ? undefined : arn;
  } catch {
    return undefined;
  }
}
