import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { executionsOf } from './private/arn';
import { arnUnderCondition } from './private/conditions';
import { EXECUTION_CANCEL, EXECUTION_LIST, EXECUTION_READ, EXECUTION_TAG, EXECUTION_UPDATE, TASK_READ, TASK_START } from './private/permissions';

/**
 * Permissions on a task and its executions, for principals of yours.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/using-identity-based-policies.html
 * @example
 * task.grants.start(operator);
 * task.grants.read(operator);
 */
export class TaskGrants {
  /** The grants of a task: one of this library, owned or imported, or a `CfnTask`. */
  public static fromTask(task: aws_datasync.ITaskRef): TaskGrants {
    return new TaskGrants(task);
  }

  private constructor(private readonly task: aws_datasync.ITaskRef) {}

  /** Lets the principal start executions, with tags if it likes. */
  public start(grantee: IGrantable): Grant {
    return this.onTask(grantee, TASK_START).combine(this.onExecutions(grantee, EXECUTION_TAG));
  }

  /**
   * Lets the principal describe the task and its executions, and list executions. Listing is on all tasks (`*`), as the
   * service supports nothing narrower.
   */
  public read(grantee: IGrantable): Grant {
    return this.onTask(grantee, TASK_READ)
      .combine(this.onExecutions(grantee, EXECUTION_READ))
      .combine(Grant.addToPrincipal({ grantee, actions: EXECUTION_LIST, resourceArns: ['*'] }));
  }

  /** Lets the principal cancel executions. */
  public cancel(grantee: IGrantable): Grant {
    return this.onExecutions(grantee, EXECUTION_CANCEL);
  }

  /** Lets the principal change the bandwidth limit of running and queued executions. */
  public updateExecution(grantee: IGrantable): Grant {
    return this.onExecutions(grantee, EXECUTION_UPDATE);
  }

  private onTask(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [arnUnderCondition(this.task)] });
  }

  private onExecutions(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [executionsOf(arnUnderCondition(this.task))] });
  }
}
