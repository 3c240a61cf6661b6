import { Names, Stack } from 'aws-cdk-lib';
import type { CfnPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { warn } from '../validation/warnings';

/** What 128 characters leave beside a Region. */
const LONGEST_NAME = 100;

export interface GivenRolePolicy {
  readonly policy: Policy;
  /** Whether the role takes it. */
  readonly isAttached: boolean;
}

/**
 * The policy by which a role that a user brought gets what a construct needs, below the construct: in the role's own default policy it would make
 * the stack of the role depend on that of the construct, which depends on the role already.
 *
 * @param id of the policy; a second one of the same construct needs another one, which its name has as well
 * @param user what needs the permissions, as in a message. Of a role that CDK cannot change they are missing, of which a warning tells
 */
export function policyOfGivenRole(scope: Construct, id: string, given: IRole, user: string): GivenRolePolicy {
  void given.roleArn; // a lazy role is made when it is first asked
  // Two stacks, of which one name may be used in several Regions, may hold the same construct with the same imported role: by a name from
  // the logical id, one policy would replace the other.
  const policyName = `${Names.uniqueResourceName(scope, { maxLength: LONGEST_NAME })}${id === 'Policy' ? '' : `-${id}`}-${Stack.of(scope).region}`;
  const policy = new Policy(scope, id, { policyName });
  given.attachInlinePolicy(policy);
  const isAttached = Stack.of(scope).resolve((policy.node.defaultChild as CfnPolicy).roles) !== undefined;
  if (!isAttached) { // CDK takes statements for a role that it cannot change without a word
    warn(scope, 'roleNotChangeable', `role ${given.node.path} cannot be changed from here, so it does not get the permissions for ${user}; `
      + 'give it those that docs/permissions.md lists, or leave it out for one that is made');
  }
  return { policy, isAttached };
}
