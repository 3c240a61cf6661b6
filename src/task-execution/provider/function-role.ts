import { Names, Stack } from 'aws-cdk-lib';
import { CfnPolicy, IRole, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { warn } from '../../validation/warnings';

/** What 128 characters leave beside a Region. */
const LONGEST_NAME = 100;

/**
 * The role of a function: brought by the user, or made.
 *
 * What a role that was brought may do for the function stands in a policy below the function: in the role's own default policy it would make the
 * stack of the role depend on the stack of the function, which depends on the role already.
 */
export class FunctionRole {
  public readonly role: IRole;

  /** What has to be in place before the function can work. */
  public readonly dependables: IDependable[];

  private readonly policy?: Policy;

  public constructor(scope: Construct, given: IRole | undefined, description: string) {
    this.role = given ?? new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description });
    this.dependables = [this.role];
    if (!given) return;
    // Every stack has the same ids here: by a name from the logical id, the policy of one stack would replace that of another on a role that both use.
    const policyName = `${Names.uniqueResourceName(scope, { maxLength: LONGEST_NAME })}-${Stack.of(scope).region}`;
    this.policy = new Policy(scope, 'Policy', { policyName });
    given.attachInlinePolicy(this.policy);
    const attachedTo = Stack.of(scope).resolve((this.policy.node.defaultChild as CfnPolicy).roles);
    const isChangeable = attachedTo !== undefined && attachedTo.length > 0;
    this.dependables = isChangeable ? [this.policy] : [];
    if (!isChangeable) { // CDK takes statements for a role that it cannot change without a word
      warn(scope, 'roleNotChangeable', `role ${given.node.path} cannot be changed from here, so it does not get the permissions of the function; `
        + 'give it those that docs/permissions.md lists, or let the function make its own role');
    }
  }

  public add(statement: PolicyStatement): void {
    if (this.policy) this.policy.addStatements(statement);
    else this.role.addToPrincipalPolicy(statement);
  }
}
