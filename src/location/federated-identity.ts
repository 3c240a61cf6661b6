import type { CfnResource } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { WEB_IDENTITY } from '../private/permissions';
import { ServiceRole } from '../private/service-role';

/** How another cloud is reached without a secret: it trusts tokens of AWS STS for a role. */
export interface FederatedIdentity {
  /** The role that the user brought. */
  readonly role?: IRole;
  /** Whom the service shows the token, as CloudFormation has it. */
  readonly partner: object;
}

/**
 * Makes the role, or serves the one that is given, before the location.
 *
 * @returns the role, and who may assume it
 */
export function federate(scope: Construct, resource: CfnResource, { role: given, partner }: FederatedIdentity): ServiceRole {
  const serviceRole = new ServiceRole(scope, { given, description: 'Lets DataSync show another cloud who it is', user: 'this location' });
  // STS has no resources. Which audience DataSync asks for is not documented, so that there is no condition on it.
  serviceRole.allow(new PolicyStatement({ actions: WEB_IDENTITY, resources: ['*'] }));
  // An override, as the L1 has had the property from 2.273.0 on only.
  resource.addPropertyOverride('FederatedIdentity', { AwsIamRole: serviceRole.role.roleArn, ...partner });
  resource.node.addDependency(...serviceRole.dependables);
  return serviceRole;
}
