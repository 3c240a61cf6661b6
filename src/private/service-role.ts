import { Lazy, PhysicalName, Stack } from 'aws-cdk-lib';
import type { IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { anyResource } from './arn';
import { policyOfGivenRole } from './given-role';
import { SERVICE_PRINCIPAL } from './permissions';
import { isElsewhere } from '../validation/checks';

/** Set by `Role.customizeRoles`: the roles below report their permissions instead of having them. */
const CUSTOMIZE_ROLES = '@aws-cdk/iam:customizeRoles';

/** What the service is told of a bucket that it uses, and by which role. */
export interface BoundConfig<T> {
  readonly config: T;
  readonly role: IRole;
  /** What has to be in place before the service can use it. */
  readonly dependables: IDependable[];
}

export interface ServiceRoleProps {
  /**
   * Id of the role below the scope. A second role of the same scope needs another one, under which its policy is found as well.
   *
   * @default 'Role'
   */
  readonly id?: string;
  /** The role that the user brought. One is made when there is none. */
  readonly given?: IRole;
  /** What the service does with the role, of one that is made. */
  readonly description: string;
  /** Name of a role that is made, where somebody has to know it before it is there. */
  readonly roleName?: string;
  /** What needs the permissions, as in a message. */
  readonly user: string;
  /**
   * Whether the permissions of a role that is made are in the role itself, which takes no resource more. Not where what they are for may refer
   * to the role, as the policy of a key does: that would close a circle.
   *
   * @default false
   */
  readonly inline?: boolean;
}

/**
 * The role that DataSync assumes on behalf of one construct: brought by the user, or made, with a trust policy by which the service assumes it
 * for nobody else, and without permissions.
 *
 * The permissions of a role that is made are in the role itself or in its default policy. Those of a role that was brought are in a policy below
 * the construct: a statement in the role's default policy would make the stack of the role depend on the stack of the construct, which depends on
 * the role already.
 */
export class ServiceRole {
  public readonly role: IRole;

  /**
   * What has to be in place before the role can be used. The service tries a role when what it is for is created, so that this has to depend
   * on them.
   */
  public readonly dependables: IDependable[];

  private readonly inline?: PolicyDocument;
  private readonly policy?: Policy;
  /** The service assumes the role on behalf of a task. */
  private isUsedElsewhere = false;

  constructor(private readonly scope: Construct, { id = 'Role', given, description, roleName, user, inline }: ServiceRoleProps) {
    const isCustomized = (given ?? scope).node.tryGetContext(CUSTOMIZE_ROLES) !== undefined;
    if (!given && inline && !isCustomized) this.inline = new PolicyDocument();
    this.role = given ?? this.create(id, description, roleName);
    if (!given || isCustomized) {
      this.dependables = [this.role];
      return;
    }
    const { policy, isAttached } = policyOfGivenRole(scope, id.replace(/(Role)?$/, 'Policy'), given, user);
    this.policy = policy;
    this.dependables = isAttached ? [policy] : [];
  }

  /** Lets the role do something: of a role that cannot be changed, nothing. */
  public allow(statement: PolicyStatement): void {
    const policy = this.policy ?? this.inline;
    if (policy) policy.addStatements(statement);
    else this.role.addToPrincipalPolicy(statement);
  }

  /** Lets the service assume a role that is made on behalf of tasks of that Region, too. */
  public trustTasksOf(region: string): void {
    if (isElsewhere(region, Stack.of(this.scope).region)) this.isUsedElsewhere = true;
  }

  private create(id: string, description: string, roleName = PhysicalName.GENERATE_IF_NEEDED): Role {
    return new Role(this.scope, id, {
      roleName,
      description,
      inlinePolicies: this.inline && { Access: this.inline },
      assumedBy: new ServicePrincipal(SERVICE_PRINCIPAL, {
        // Not to be used by the service on behalf of somebody else. The ARN of what it is for is not known before the role is there.
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this.scope).account },
          ArnLike: { 'aws:SourceArn': Lazy.uncachedString({ produce: () => anyResource(this.scope, this.isUsedElsewhere ? '*' : undefined) }) },
        },
      }),
    });
  }
}
