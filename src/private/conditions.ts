import type { CfnResource } from 'aws-cdk-lib';
import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { attributeOf, taskBehind } from './l1-fields';

/** Tasks that exist under a condition only: what refers to them must do so under the same condition, or its template is invalid. */

/** Puts a resource under the condition of the task that it refers to, unless it has one of its own. */
export function applyConditionOf(resource: CfnResource, task: aws_datasync.ITaskRef): void {
  resource.addOverride('Condition', Lazy.uncachedAny({
    produce: () => resource.cfnOptions.condition?.logicalId ?? conditionOf(resource, task),
  }));
}

/** The ARN of a task for what is there in any case, such as a policy or a rule. */
export function arnUnderCondition(task: aws_datasync.ITaskRef): string {
  if (taskBehind(task) === undefined) return task.taskRef.taskArn;
  return Lazy.uncachedString({
    produce: ({ scope }) => {
      const condition = conditionOf(scope, task);
      if (condition === undefined) return task.taskRef.taskArn;
      return Fn.conditionIf(condition, task.taskRef.taskArn, Stack.of(scope).formatArn({ service: 'datasync', resource: 'task', resourceName: 'none' })).toString();
    },
  });
}

/** Only of the same stack: no other has it. */
function conditionOf(scope: IConstruct, task: aws_datasync.ITaskRef): string | undefined {
  const resource = taskBehind(task);
  if (!resource || Stack.of(resource) !== Stack.of(scope)) return undefined;
  return attributeOf(resource, 'Condition', resource.cfnOptions.condition?.logicalId);
}
