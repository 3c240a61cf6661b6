import type { CfnResource } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import type { TaskExecutionFunction } from './task-execution-function';
import type { Waiter } from '../../custom-resource/waiter/waiter';
import { isRetained, propertyOf, resourceBehind, taskBehind } from '../../private/l1-fields';
import { Problems } from '../../validation/problems';
import type { WireRunOnDelete } from '../contract';
import { COMPLETION_TIMEOUT } from '../contract';
import type { RunOnDeleteOptions } from '../on-delete';
import { OnDeleteFailure } from '../on-delete-failure';

/** What the function is told of the run before the deletion. */
export function runOnDeleteProperty(options: RunOnDeleteOptions, waiter: Waiter): WireRunOnDelete {
  const { timeout = Duration.seconds(COMPLETION_TIMEOUT.oneRequest), onFailure = OnDeleteFailure.BLOCK } = options;
  return { Waiter: waiter.stateMachineArn, Timeout: String(Math.ceil(timeout.toSeconds({ integral: false }))), OnFailure: onFailure };
}

/** Makes sure that the run can do its work: it is told of the deletion, may find out about it, and finds what there is to save. */
export function prepareRunOnDelete(resource: CfnResource, task: aws_datasync.ITaskRef, starter: TaskExecutionFunction): void {
  starter.allowReadingRoot();
  resource.node.addDependency(...emptyingOf(task));
  const start = resource.node.scope!;
  start.node.addValidation({
    validate: () => {
      const problems = new Problems();
      if (isRetained(resource, 'DeletionPolicy')) {
        problems.add('onDelete OnDelete.run()', 'does not happen with a removal policy that retains, as CloudFormation then asks for nothing', 'leave one of them out');
      }
      return problems.texts;
    },
  });
}

/** With `autoDeleteObjects` CDK empties a bucket before it is deleted: that of the source only when it has been saved. */
function emptyingOf(task: aws_datasync.ITaskRef): IConstruct[] {
  const source = resourceBehind(taskBehind(task) && propertyOf(taskBehind(task)!, 'SourceLocationArn'));
  const bucket = source && resourceBehind(propertyOf(source, 'S3BucketArn'), undefined, ['Arn']);
  const emptying = bucket?.node.scope?.node.tryFindChild('AutoDeleteObjectsCustomResource');
  return emptying ? [emptying] : [];
}
