import { Names, Stack } from 'aws-cdk-lib';
import { CfnPolicy, IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';

/** What 128 characters leave beside a Region. */
const LONGEST_NAME = 100;

/** Set by `Role.customizeRoles`: the roles below report their permissions instead of having them. */
const CUSTOMIZE_ROLES = '@aws-cdk/iam:customizeRoles';

/**
 * Where the permissions of a role for one construct stand.
 *
 * Those of a role that the construct made are in the role's own default policy. Those of a role that it was given are in a policy below the
 * construct: a statement in the role's default policy would make the stack of the role depend on the stack of the construct, which depends on
 * the role already.
 */
export class RolePolicy {
  /** Whether the role gets what is added here. CDK takes statements for a role that it cannot change without a word. */
  public readonly isChangeable: boolean;

  /** What has to be in place before the role can be used. */
  public readonly dependables: IDependable[];

  private readonly policy?: Policy;

  /**
   * @param isOwn whether the construct made the role
   */
  public constructor(scope: Construct, private readonly role: IRole, isOwn: boolean) {
    if (isOwn || role.node.tryGetContext(CUSTOMIZE_ROLES) !== undefined) {
      this.isChangeable = true;
      this.dependables = [role];
      return;
    }
    void role.roleArn; // a lazy role is made when it is first asked
    // Two stacks, of which one name may be used in several Regions, may hold the same construct with the same imported role: by a name from
    // the logical id, one policy would replace the other.
    const policyName = `${Names.uniqueResourceName(scope, { maxLength: LONGEST_NAME })}-${Stack.of(scope).region}`;
    this.policy = new Policy(scope, 'Policy', { policyName });
    role.attachInlinePolicy(this.policy);
    const attachedTo = Stack.of(scope).resolve((this.policy.node.defaultChild as CfnPolicy).roles);
    this.isChangeable = attachedTo !== undefined && attachedTo.length > 0;
    this.dependables = this.isChangeable ? [this.policy] : [];
  }

  public add(statement: PolicyStatement): void {
    if (this.policy) this.policy.addStatements(statement);
    else this.role.addToPrincipalPolicy(statement);
  }
}
