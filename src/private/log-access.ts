import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLogGroup, ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { anyTask } from './arn';
import { LOG_WRITE, SERVICE_PRINCIPAL } from './permissions';
import { isKnownLater } from '../validation/checks';

/** Where every task in Enhanced mode logs to, which the service may write to anyway. */
export const SERVICE_LOG_GROUP = '/aws/datasync';

/** Whether it may be that one: the name of a group may be known at deployment only. */
export function mayBeServiceLogGroup(logGroup: ILogGroup): boolean {
  const { defaultChild } = logGroup.node;
  // CDK has a token in the place of no name.
  const name: unknown = Stack.of(logGroup).resolve(defaultChild instanceof CfnLogGroup ? defaultChild.logGroupName : logGroup.logGroupName);
  return name === SERVICE_LOG_GROUP || typeof name === 'object' || isKnownLater(name);
}

/** Not an id that a user gives to a construct of the stack. */
const ID = '@DataSyncLogAccess';

/** Lets the tasks of this account and Region write to log groups. One policy per stack, as an account may have ten only. */
export class LogAccess extends Construct {
  public static of(scope: Construct): LogAccess {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as LogAccess | undefined) ?? new LogAccess(stack, ID);
  }

  private readonly policy = new ResourcePolicy(this, 'Resource');
  private readonly logGroupArns = new Set<string>();

  public allow(logGroup: ILogGroup): void {
    if (this.logGroupArns.has(logGroup.logGroupArn)) return;
    this.logGroupArns.add(logGroup.logGroupArn);
    this.policy.document.addStatements(new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal(SERVICE_PRINCIPAL)],
      actions: LOG_WRITE,
      resources: [logGroup.logGroupArn],
      conditions: {
        ArnLike: { 'aws:SourceArn': anyTask(this) },
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      },
    }));
  }
}
