import type { Stack } from 'aws-cdk-lib';
import { CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Waiter } from '../../../src/custom-resource/waiter/waiter';
import { newStack, permissionsOf } from '../../support/stacks';

/** A function with a role of its own, and a custom resource that waits. */
function waiting(): { stack: Stack; resource: CfnResource } {
  const stack = newStack();
  const lambdaFunction = new Function(stack, 'Function', { runtime: Runtime.NODEJS_22_X, handler: 'index.onEvent', code: Code.fromInline('-') });
  const waiter = new Waiter(stack, 'Waiter', { lambdaFunction, role: lambdaFunction.role!, description: 'Waits' });
  const resource = new CfnResource(stack, 'Slow', {
    type: 'Custom::Slow', properties: { ServiceToken: lambdaFunction.functionArn, Waiter: waiter.stateMachineArn },
  });
  waiter.precede(resource);
  return { stack, resource };
}

test('a stack that waits has no circular dependency', () => {
  expect(() => Template.fromStack(waiting().stack)).not.toThrow(); // which looks for them
});

test('a function that waited for its right to wait would be in a circle with its machine, which is why the right is in a policy apart', () => {
  const { Resources } = Template.fromStack(waiting().stack).toJSON();
  const idOf = (type: string) => Object.keys(Resources).find(id => Resources[id].Type === type)!;
  const lambda = Resources[idOf('AWS::Lambda::Function')];
  expect(JSON.stringify(lambda)).not.toContain('Waiter');
  lambda.DependsOn = [idOf('AWS::IAM::Policy')];
  expect(() => Template.fromJSON({ Resources })).toThrow(/cycle/i);
});

test('the custom resource is made after the right to wait, and deleted before it', () => {
  const { stack } = waiting();
  const { Resources } = Template.fromStack(stack).toJSON();
  expect(Resources.Slow.DependsOn).toEqual([expect.stringMatching(/^WaiterPolicy/)]);
  expect(Resources.Slow.Properties.Waiter).toEqual({ Ref: expect.stringMatching(/^WaiterStateMachine/) });
});

test('a waiter is three resources', () => {
  const types = Object.entries<any>(Template.fromStack(waiting().stack).toJSON().Resources).filter(([id]) => id.startsWith('Waiter')).map(([, { Type }]) => Type);
  expect(types.sort()).toEqual(['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::StepFunctions::StateMachine']);
});

test('may start waits, look for them and stop them, of this machine only', () => {
  expect(permissionsOf(waiting().stack, 'WaiterPolicy')).toEqual([
    expect.stringMatching(/^states:ListExecutions states:StartExecution on <WaiterStateMachine[0-9A-F]{0,8}>$/),
    expect.stringMatching(/^states:DescribeExecution states:StopExecution on arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<WaiterStateMachine[0-9A-F]{0,8}\.Name>:\*$/),
  ]);
});

test('the machine may call that function and nothing else', () => {
  const [{ Properties }] = Object.entries<any>(Template.fromStack(waiting().stack).findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('Waiter')).map(([, role]) => role);
  expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' } }]);
  expect(Properties.Policies.map(({ PolicyDocument }: any) => PolicyDocument.Statement)).toEqual([[
    { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Function/), 'Arn'] } },
  ]]);
});
