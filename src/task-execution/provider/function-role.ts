import type { IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { policyOfGivenRole } from '../../private/given-role';

/** The role of a function: brought by the user, or made. What a role that was brought may do for the function stands in a policy below the function. */
export class FunctionRole {
  public readonly role: IRole;

  /** What has to be in place before the function can work. */
  public readonly dependables: IDependable[];

  private readonly policy?: Policy;

  constructor(scope: Construct, given: IRole | undefined, description: string) {
    this.role = given ?? new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description });
    this.dependables = [this.role];
    if (!given) return;
    const { policy, isAttached } = policyOfGivenRole(scope, 'Policy', given, 'the function');
    this.policy = policy;
    this.dependables = isAttached ? [policy] : [];
  }

  public add(statement: PolicyStatement): void {
    if (this.policy) this.policy.addStatements(statement);
    else this.role.addToPrincipalPolicy(statement);
  }
}
