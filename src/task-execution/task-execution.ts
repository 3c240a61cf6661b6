import { randomUUID } from 'node:crypto';
import { CustomResource, Duration, Resource } from 'aws-cdk-lib';
import { Construct, IDependable } from 'constructs';
import { Completion } from './completion';
import { ATTRIBUTE_TASK_EXECUTION_ARN, TASK_EXECUTION_RESOURCE_TYPE, WireTaskExecutionProperties } from './contract';
import { RunOn } from './run-on';
import { TaskStartOptions } from './start-options';
import { TaskExecutionFunction } from './task-execution-function';
import { checkMember } from '../private/checks';
import { definitionOf } from '../private/definition';
import { Problems } from '../private/errors';
import { fingerprintOf } from '../private/fingerprint';
import { checkStart } from '../private/start-rules';
import { startRequest } from '../private/wire';
import { ITask } from '../task';

/** Properties of a `TaskExecution`. */
export interface TaskExecutionProps extends TaskStartOptions {
  /** The task to start. */
  readonly task: ITask;

  /**
   * Which deployments start the task.
   *
   * @default RunOn.CHANGE
   */
  readonly runOn?: RunOn;

  /**
   * When the deployment goes on.
   *
   * @default Completion.started()
   */
  readonly completion?: Completion;
}

/**
 * Starts a task as part of the deployment.
 *
 * The task is started once it is available, after its locations and their permissions are in place. When a later deployment
 * replaces the execution or deletes it, the execution is cancelled if it is still running. A rollback starts nothing.
 *
 * **What this creates**: a custom resource; and once per stack a function, its role with a policy, and its log group.
 *
 * **Limitations**: the deployment does not wait for the end of the execution, and does not fail when the execution does.
 * Watch the execution by its ARN, or with `task.onExecutionStateChange`. The function has no rights in EC2: when somebody deletes the network
 * interfaces of a task that reaches a VPC, start the task by hand once, which makes them anew.
 *
 * @resource Custom::DataSyncTaskExecution
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/run-task.html
 * @example
 * const seed = new datasync.TaskExecution(this, 'Seed', {
 *   task,
 *   overrideOptions: { verifyMode: datasync.VerifyMode.NONE },
 *   includes: datasync.Filter.simplePattern('/folder1'),
 * });
 * new CfnOutput(this, 'TaskExecutionArn', { value: seed.taskExecutionArn });
 */
export class TaskExecution extends Resource {
  /**
   * ARN of the execution that was started last.
   *
   * @attribute
   */
  public readonly taskExecutionArn: string;

  /**
   * @throws when the overrides do not go together with each other or with the task, naming everything that does not
   */
  public constructor(scope: Construct, id: string, props: TaskExecutionProps) {
    super(scope, id);

    const problems = new Problems(this.node.path);
    checkStart(problems, this, props.task, props);
    checkMember(problems, 'runOn', props.runOn, RunOn);
    problems.throwIfAny();

    const starter = TaskExecutionFunction.onDeploy(this);
    starter.allow(props.task);

    const resource = new CustomResource(this, 'Resource', {
      resourceType: TASK_EXECUTION_RESOURCE_TYPE,
      serviceToken: starter.lambdaFunction.functionArn,
      // Longer than the function takes to answer, so that its reason is what CloudFormation shows; otherwise CloudFormation waits for an hour.
      serviceTimeout: starter.timeout.plus(Duration.minutes(2)),
      properties: { ...startRequest(props.task, props), ...whenToRun(props) } satisfies WireTaskExecutionProperties,
    });
    this.taskExecutionArn = resource.getAttString(ATTRIBUTE_TASK_EXECUTION_ARN);
  }

  /** Starts the task only after these are deployed, such as the upload of what it transfers. */
  public executeAfter(...dependencies: IDependable[]): void {
    this.node.addDependency(...dependencies);
  }

  /** Deploys these only after the task is started. */
  public executeBefore(...dependents: Construct[]): void {
    for (const dependent of dependents) dependent.node.addDependency(this);
  }
}

function whenToRun({ runOn = RunOn.CHANGE, task }: TaskExecutionProps): Pick<WireTaskExecutionProperties, 'RunOn' | 'TaskFingerprint' | 'Deployment'> {
  switch (runOn) {
    case RunOn.CREATE: return { RunOn: runOn };
    case RunOn.CHANGE: return { RunOn: runOn, TaskFingerprint: fingerprintOf(definitionOf(task)?.resources ?? []) };
    case RunOn.EVERY_DEPLOYMENT: return { RunOn: runOn, Deployment: randomUUID() };
  }
}
