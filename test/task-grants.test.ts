import type { Stack } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITask, TaskGrants } from '../src';
import { Task } from '../src';
import { newStack, nfsToS3, permissionsOf, TASK_ARN } from './support/stacks';

type Give = (grants: TaskGrants, grantee: IGrantable) => Grant;

describe.each<[string, (stack: Stack) => ITask, string]>([
  ['owned', stack => nfsToS3(stack), '<Task79114B6B>'],
  ['imported', stack => Task.fromTaskArn(stack, 'Task', TASK_ARN), TASK_ARN],
])('on a task that is %s', (_, taskIn, arn) => {
  test.each<[string, Give, string[]]>([
    ['start', (grants, grantee) => grants.start(grantee),
      [`datasync:StartTaskExecution on ${arn}`, `datasync:TagResource on ${arn}/execution/*`]],
    ['read', (grants, grantee) => grants.read(grantee), [
      `datasync:DescribeTask on ${arn}`,
      `datasync:DescribeTaskExecution datasync:ListTagsForResource on ${arn}/execution/*`,
      'datasync:ListTaskExecutions on *',
    ]],
    ['cancel', (grants, grantee) => grants.cancel(grantee), [`datasync:CancelTaskExecution on ${arn}/execution/*`]],
    ['updateExecution', (grants, grantee) => grants.updateExecution(grantee), [`datasync:UpdateTaskExecution on ${arn}/execution/*`]],
  ])('%s', (__, give, permissions) => {
    const stack = newStack();
    const grantee = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const grant = give(taskIn(stack).grants, grantee);
    expect(grant.success).toBe(true);
    expect(permissionsOf(stack, 'Operator')).toEqual(permissions);
  });
});
