import type { IResource } from 'aws-cdk-lib';
import { ArnFormat, Aws, Resource, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { AccountPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { aws_s3 } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { environmentOf, partitionOf, readable } from '../private/arn';
import { BUCKET, BUCKET_TEST, KEY_READ, KEY_WRITE, OBJECT_READ, OBJECT_WRITE } from '../private/permissions';
import type { ServiceRole } from '../private/service-role';
import { isElsewhere } from '../validation/checks';
import type { Problems } from '../validation/problems';
import { show } from '../validation/problems';
import { warn } from '../validation/warnings';

/** Whose permissions, on what. */
export interface BucketAccessProps {
  readonly bucket: IBucket;
  /** The only way to the bucket, if it is not reached itself. */
  readonly accessPoint?: aws_s3.IAccessPointRef;
  /** Of the objects, such as `landing/*`. */
  readonly pattern: string;
  readonly serviceRole: ServiceRole;
  /** The ARN of the role as it will be, where the role's own is not known before the deployment. */
  readonly roleArn: string;
  /** Who creates the location, as the user says. */
  readonly deployPrincipal?: IPrincipal;
  /** What needs the permissions, as in a message. */
  readonly user: string;
}

/** Roles do not reach across. */
export function checkPartition(problems: Problems, scope: IConstruct, property: string, bucket: IBucket): void {
  const [theirs, ours] = [partitionOf(bucket.env.region, bucket.bucketArn), partitionOf(Stack.of(scope).region)];
  if (theirs === undefined || ours === undefined || theirs === ours) return;
  problems.add(`${property} ${show(bucket.node.path)}`, `is in the partition ${theirs}, this stack is in ${ours}, and no role reaches across`,
    property === 'bucket' ? 'reach it as object storage, with keys' : 'use a bucket of the partition of the task');
}

type Conditions = { [operator: string]: { [key: string]: string | string[] } };

/** What the role needs access to, with a policy of its own: a bucket, or an access point on the way to it. */
interface AccessTarget {
  readonly name: 'bucket' | 'access point';
  readonly construct: IConstruct;
  readonly arn: string;
  readonly objects: string;
  /** The account that it belongs to, if that is known. */
  readonly owner?: string;
  /** In the statements of the role. */
  readonly conditions?: Conditions;
  /** In the statements of the policy of the target. */
  readonly policyConditions?: Conditions;
  /** @returns whether this app can change the policy */
  readonly addToPolicy: (statement: PolicyStatement) => boolean;
  /** What its owner has to add to its policy, because this app cannot. */
  readonly missing: PolicyStatement[];
}

/**
 * Lets a role reach a bucket, on all sides: in the policy of the role, in that of the key, and across accounts in that of the bucket.
 *
 * Policies of another account name the account of the role and have a condition on the role, because a policy with a principal that does not
 * exist yet is refused, as is a location whose role may not reach the bucket yet: neither could be the first.
 */
export class BucketAccess {
  private readonly bucket: IBucket;
  private readonly targets: readonly AccessTarget[];
  /** Bucket and key of another environment of the app. */
  private readonly elsewhere: IDependable[] = [];
  /** What the owner of the key has to add to its policy, as this app cannot. */
  private readonly missingOnKey: PolicyStatement[] = [];
  private isWritten = false;
  /** The service tries the bucket with the rights of whoever creates the location. */
  private isTried = false;

  constructor(private readonly scope: Construct, private readonly props: BucketAccessProps) {
    this.bucket = props.bucket;
    const target = bucketTarget(props, Stack.of(scope).account);
    this.targets = props.accessPoint ? [accessPointTarget(props.accessPoint, props.pattern), target] : [target];
    this.orderAfter(this.bucket);
  }

  /** What has to be in place before the bucket can be reached. */
  public get dependables(): IDependable[] {
    return [...this.props.serviceRole.dependables, ...this.elsewhere];
  }

  public allowReading(): void {
    this.isTried = true;
    for (const target of this.targets) {
      this.allowAt(target, BUCKET, target.arn);
      this.allowAt(target, OBJECT_READ, target.objects);
    }
    this.allowOnKey(KEY_READ);
  }

  public allowWriting(): void {
    this.allow(OBJECT_WRITE, KEY_WRITE);
  }

  /** Lets the role do something with the objects, and nothing with the bucket itself. */
  public allow(onObjects: string[], onKey: string[]): void {
    if (onObjects.includes('s3:PutObject')) this.isWritten = true;
    for (const target of this.targets) this.allowAt(target, onObjects, target.objects);
    this.allowOnKey(onKey);
  }

  private isOfOtherAccount({ owner }: AccessTarget): boolean {
    return isElsewhere(owner, Stack.of(this.scope).account);
  }

  private allowAt(target: AccessTarget, actions: string[], resource: string): void {
    this.props.serviceRole.allow(allow(actions, resource, target.conditions));
    if (!this.isOfOtherAccount(target)) return;
    const statements = [this.fromOtherAccount(actions, resource, this.props.roleArn, target.policyConditions)];
    // The service tries the bucket with the rights of whoever creates the location.
    if (actions === BUCKET) statements.push(...this.forDeployer(resource, target.policyConditions));
    target.missing.push(...statements.filter(statement => !target.addToPolicy(statement)));
  }

  private forDeployer(resource: string, conditions?: Conditions): PolicyStatement[] {
    const { deployPrincipal } = this.props;
    if (deployPrincipal) return [allow(BUCKET_TEST, resource, conditions, deployPrincipal)];
    const role = deployRoleOf(this.scope);
    return role ? [this.fromOtherAccount(BUCKET_TEST, resource, role, conditions)] : [];
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
      const statement = this.fromOtherAccount(actions, '*', this.props.roleArn);
      if (!key.addToResourcePolicy(statement, true).statementAdded && isOfOtherAccount) this.missingOnKey.push(statement);
    } else {
      // A key that named a role of the stack that depends on it would close a circle.
      const isCircle = Resource.isOwnedResource(role) && theirs !== ours && theirs !== Stack.of(role);
      key.addToResourcePolicy(allow(actions, '*', undefined, isCircle ? new AccountPrincipal(ours.account) : role.grantPrincipal), true);
    }
  }

  /** A statement for a policy of another account or Region. */
  private fromOtherAccount(actions: string[], resource: string, roleArn: string, conditions?: Conditions): PolicyStatement {
    return allow(actions, resource, { ArnEquals: { 'aws:PrincipalArn': [roleArn] }, ...conditions }, new AccountPrincipal(Stack.of(this.scope).account));
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
    const theirs = this.targets.filter(target => this.isOfOtherAccount(target));
    if (theirs.length === 0) {
      if (this.missingOnKey.length > 0) {
        warn(this.scope, 'keyOfOtherAccount', `the key of bucket ${this.bucket.node.path} belongs to the account ${key!.env.account}, which must let the role of `
          + `${this.props.user} use it${this.pasteable('key', this.missingOnKey)}`);
      }
      return;
    }
    this.warnOfOtherAccount(theirs);
    const ownership = this.isWritten && theirs.some(({ name }) => name === 'bucket') ? otherOwnershipOf(this.bucket) : undefined;
    if (ownership) {
      warn(this.scope, 'objectOwnership', `bucket ${this.bucket.node.path} has objectOwnership ${ownership}: what ${this.props.user} writes belongs to the account of its role; `
        + 'use ObjectOwnership.BUCKET_OWNER_ENFORCED');
    }
  }

  private warnOfOtherAccount(theirs: readonly AccessTarget[]): void {
    const owners = theirs.map(({ name, construct, owner }) => `${name} ${construct.node.path} belongs to the account ${owner}`).join(' and ');
    const test = BUCKET_TEST.join(' and ');
    const isDeployerKnown = !this.isTried || this.forDeployer('*').length > 0;
    if (theirs.some(({ missing }) => missing.length > 0) || this.missingOnKey.length > 0) {
      const deployer = isDeployerKnown ? '' : `whoever deploys this stack needs ${test} on it as well: give deployPrincipal; `;
      const policies = theirs.map(({ name, missing }) => this.pasteable(name, missing)).join('');
      warn(this.scope, 'bucketOfOtherAccount', `${owners}, which must let the role of ${this.props.user} in; ${deployer}the object ownership of the bucket must be `
        + `"bucket owner enforced"${policies}${this.pasteable('key', this.missingOnKey)}`);
    } else if (!isDeployerKnown) {
      warn(this.scope, 'bucketOfOtherAccount', `${owners}: whoever deploys this stack needs ${test} on it, and it is not known who that is; give deployPrincipal`);
    }
  }

  private pasteable(what: string, statements: readonly PolicyStatement[]): string {
    if (statements.length === 0) return '';
    return `; add to the policy of the ${what}: ${JSON.stringify(readable(this.scope, statements.map(statement => statement.toStatementJson())))}`;
  }
}

function bucketTarget({ bucket, accessPoint, pattern }: BucketAccessProps, ownAccount: string): AccessTarget {
  const owner = ownerOf(bucket, ownAccount);
  const through = accessPoint && environmentOf(accessPoint, accessPoint.accessPointRef.accessPointArn).account;
  return {
    name: 'bucket',
    construct: bucket,
    arn: bucket.bucketArn,
    objects: `${bucket.bucketArn}/${pattern}`,
    owner,
    // By nothing but the access point. Without one, a bucket of that name in another account is not meant.
    conditions: accessPoint ? { StringEquals: { 's3:DataAccessPointArn': accessPoint.accessPointRef.accessPointArn } }
      : owner ? { StringEquals: { 'aws:ResourceAccount': owner } } : undefined,
    // Not by its ARN: the stack of the bucket comes first.
    policyConditions: through ? { StringEquals: { 's3:DataAccessPointAccount': through } } : undefined,
    addToPolicy: statement => bucket.addToResourcePolicy(statement).statementAdded,
    missing: [],
  };
}

function accessPointTarget(accessPoint: aws_s3.IAccessPointRef, pattern: string): AccessTarget {
  const arn = accessPoint.accessPointRef.accessPointArn;
  return {
    name: 'access point', construct: accessPoint, arn, objects: `${arn}/object/${pattern}`, owner: environmentOf(accessPoint, arn).account, addToPolicy: () => false, missing: [],
  };
}

function allow(actions: string[], resource: string, conditions?: Conditions, principal?: IPrincipal): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource], conditions, principals: principal && [principal] });
}

/** An imported bucket is taken for one of this account unless told otherwise, which says nothing. */
function ownerOf(bucket: IBucket, ownAccount: string): string | undefined {
  const { account } = bucket.env;
  return Resource.isOwnedResource(bucket) || !Token.isUnresolved(account) && account !== ownAccount ? account : undefined;
}

/** Who owns new objects of a bucket of the app, if that is not the owner of the bucket, as S3 has it by default. */
function otherOwnershipOf(bucket: IBucket): string | undefined {
  const { ownershipControls } = (bucket.node.defaultChild ?? {}) as Partial<CfnBucket>;
  const ownership: unknown = Stack.of(bucket).resolve(ownershipControls)?.rules?.[0]?.objectOwnership;
  return typeof ownership === 'string' && ownership !== ObjectOwnership.BUCKET_OWNER_ENFORCED ? ownership : undefined;
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
