import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Effect, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ServiceRole } from '../../src/private/service-role';
import { newStack, permissionsOf } from '../support/stacks';

const statement = (action: string) => new PolicyStatement({ effect: Effect.ALLOW, actions: [action], resources: ['arn'] });

/** Two roles of one construct. */
function declare(given?: (stack: Stack) => IRole): Stack {
  const stack = newStack();
  const scope = new Construct(stack, 'It');
  const role = given?.(stack);
  new ServiceRole(scope, { given: role, description: 'One', user: 'this test' }).allow(statement('s3:GetObject'));
  new ServiceRole(scope, { id: 'SecretRole', given: role, description: 'Other', user: 'this test' }).allow(statement('kms:Decrypt'));
  return stack;
}

test('two roles of one construct have permissions of their own', () => {
  const stack = declare();
  expect(permissionsOf(stack, 'ItRole')).toEqual(['s3:GetObject on arn']);
  expect(permissionsOf(stack, 'ItSecretRole')).toEqual(['kms:Decrypt on arn']);
});

test('a role that is given for two purposes of one construct gets two policies with names of their own', () => {
  const stack = declare(scope => Role.fromRoleArn(scope, 'Given', 'arn:aws:iam::111122223333:role/mine'));
  const policies = Object.values<any>(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => JSON.stringify(Properties.PolicyName));
  expect(new Set(policies).size).toBe(2);
  expect(permissionsOf(stack, 'ItPolicy')).toEqual(['s3:GetObject on arn']);
  expect(permissionsOf(stack, 'ItSecretPolicy')).toEqual(['kms:Decrypt on arn']);
});
