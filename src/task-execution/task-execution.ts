import { randomUUID } from 'node:crypto';
import { CfnResource, Duration, Lazy, RemovalPolicy, Resource } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct, IDependable } from 'constructs';
import { valuesOf } from './compared-values';
import { Completion } from './completion';
import type { WireTaskExecutionProperties } from './contract';
import {
  ATTRIBUTE_TASK_EXECUTION_ARN, COMPLETION_TIMEOUT, SERVICE_TIMEOUT, TASK_AVAILABILITY_TIMEOUT, TASK_EXECUTION_RESOURCE_TYPE,
} from './contract';
import type { OnDelete } from './on-delete';
import { OnTimeout } from './on-timeout';
import { bindOverrideConfigs } from './override-configs';
import { prepareRunOnDelete, runOnDeleteProperty } from './provider/run-on-delete';
import { TaskExecutionProvider } from './provider/task-execution-provider';
import { waitChain } from './provider/wait-chain';
import { RunOn } from './run-on';
import type { StartPolicyOptions } from './start-policy-options';
import { startRequest, triggerValues } from './start-request';
import type { StartTaskExecutionOptions } from './start-task-execution-options';
import { WAITED_SERVICE_TIMEOUT } from '../custom-resource/waiter/contract';
import { consoleUrlOf, executionIdOf } from '../private/arn';
import { applyConditionOf } from '../private/conditions';
import { isRetained } from '../private/l1-fields';
import { warnOfChain } from '../validation/chain-rules';
import { checkMember } from '../validation/checks';
import { checkCompletion, checkOnDelete } from '../validation/completion-rules';
import { Problems } from '../validation/problems';
import { checkSecrets, checkStart, checkTriggers, warnOfSameFilters } from '../validation/start-rules';

/** Properties of a `TaskExecution`. */
export interface TaskExecutionProps extends StartTaskExecutionOptions, StartPolicyOptions {
  /** The task to start: one of this library, owned or imported, or a `CfnTask`. */
  readonly task: aws_datasync.ITaskRef;

  /**
   * Which deployments start the task.
   *
   * @default RunOn.CHANGE
   */
  readonly runOn?: RunOn;

  /**
   * Values of any kind, such as the keys of what was uploaded, or a parameter of the stack. With `RunOn.CHANGE` the task is also started when
   * one of them changes, appears or disappears. They may be lists, numbers and tokens, but not secrets.
   *
   * @default - nothing but what decides what is transferred
   */
  readonly triggers?: { [name: string]: any };

  /**
   * When the deployment goes on.
   *
   * @default Completion.started()
   */
  readonly completion?: Completion;

  /**
   * What happens when the stack is deleted.
   *
   * @default OnDelete.cancel()
   */
  readonly onDelete?: OnDelete;

  /**
   * What is deployed before the task is started, as with `executeAfter()`.
   *
   * @default - what the task needs
   */
  readonly executeAfter?: IDependable[];

  /**
   * What is deployed only after the execution is done as `completion` says, as with `executeBefore()`.
   *
   * @default - nothing
   */
  readonly executeBefore?: Construct[];
}

/**
 * Starts a task as part of the deployment.
 *
 * The task is started once it is available, after its locations and their permissions are in place. When a later deployment
 * replaces the execution or deletes it, the execution is cancelled if it is still running, unless its removal policy is `RETAIN`.
 * With `OnDelete.run()` the task is run once more before the stack is deleted.
 * A rollback starts nothing. What counts as a change is described at `RunOn.CHANGE`.
 *
 * `applyRemovalPolicy(RemovalPolicy.RETAIN)` lets an execution run to its end when it is replaced, or when the stack or this resource is
 * deleted. What it uses must stay as well: retain the task, its locations, and their roles and policies too.
 *
 * **What this creates**: a custom resource; and once per stack a function, its role with a policy, and its log group; with
 * `Completion.succeeded()` or `OnDelete.run()` also a state machine, its role, and a policy; with a timeout over 45 minutes one more custom resource per 50 minutes of it.
 *
 * **Limitations**: with `Completion.started()` the deployment does not wait for the end of the execution, and does not fail when the execution does.
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
   * Id of the execution that was started last, `exec-` and 17 hexadecimal digits.
   *
   * @attribute
   */
  public readonly taskExecutionId: string;

  /**
   * The page of the task in the console of AWS, which lists the execution. It is that of the commercial Regions, unless the stack knows that its
   * Region is another one.
   */
  public readonly consoleUrl: string;

  /** The function that starts the task. All starts on deploy of the stack share it: do not change it, but do watch its errors. */
  public readonly lambdaFunction: IFunction;

  /** @internal */
  public readonly _task: aws_datasync.ITaskRef;

  /** @internal */
  public readonly _waitsForEnd: boolean;

  /** What has the attributes of the execution. */
  private readonly ended: CfnResource;

  /**
   * @throws when the overrides do not go together with each other or with the task, naming everything that does not
   */
  constructor(scope: Construct, id: string, props: TaskExecutionProps) {
    super(scope, id);

    const problems = new Problems(this.node.path);
    checkStart(problems, this, props.task, props);
    checkMember(problems, 'runOn', props.runOn, RunOn);
    checkTriggers(problems, props.triggers);
    checkCompletion(problems, props.completion);
    checkOnDelete(problems, props.onDelete);
    problems.throwIfAny();

    checkSecrets(this, props);
    warnOfSameFilters(this, props.task, props, false);

    this._task = props.task;
    this._waitsForEnd = (props.completion ?? Completion.started())._waitsForEnd;
    warnOfChain(this);

    const starter = TaskExecutionProvider.of(this)._onDeploy(this);
    starter.allow(props.task);
    this.lambdaFunction = starter.lambdaFunction;

    const configs = bindOverrideConfigs(this, starter, props);
    const { runOn = RunOn.CHANGE } = props;
    const succeeded = props.completion?._succeeded;
    const { timeout = Duration.seconds(COMPLETION_TIMEOUT.default), onTimeout = OnTimeout.CANCEL } = succeeded ?? {};
    const seconds = Math.ceil(timeout.toSeconds({ integral: false }));
    const isLong = succeeded !== undefined && seconds > COMPLETION_TIMEOUT.oneRequest;
    const runsOnDelete = props.onDelete?._run;
    const waiter = (succeeded ?? runsOnDelete) && TaskExecutionProvider.of(this)._waiter(this);
    const ownWaiter = succeeded && !isLong ? waiter : undefined;
    const resource: CfnResource = new CfnResource(this, 'Resource', {
      type: TASK_EXECUTION_RESOURCE_TYPE,
      properties: {
        ServiceToken: starter.lambdaFunction.functionArn,
        ServiceTimeout: String(ownWaiter ?? runsOnDelete ? WAITED_SERVICE_TIMEOUT : SERVICE_TIMEOUT), // otherwise CloudFormation waits for an hour
        ...{
          ...startRequest(props.task, props, configs, TASK_AVAILABILITY_TIMEOUT.deploy),
          RunOn: runOn,
          // A token in the place of the values that it becomes.
          Values: valuesOf(this, props.task, props) as any,
          Triggers: triggerValues(props.triggers),
          Deployment: runOn === RunOn.EVERY_DEPLOYMENT ? randomUUID() : undefined,
          Retain: Lazy.string({ produce: () => isRetained(resource, 'DeletionPolicy', 'UpdateReplacePolicy') ? 'true' : undefined }),
          Waiter: ownWaiter?.stateMachineArn,
          CompletionTimeout: ownWaiter && String(seconds),
          OnTimeout: ownWaiter && onTimeout,
          WaitsForEnd: isLong ? 'true' : undefined,
          OnDelete: runsOnDelete && runOnDeleteProperty(runsOnDelete, waiter!),
        } satisfies WireTaskExecutionProperties,
      },
    });
    if (configs.dependables.length > 0) resource.node.addDependency(...configs.dependables);
    if (ownWaiter ?? runsOnDelete) waiter!.precede(resource);
    if (runsOnDelete) prepareRunOnDelete(resource, props.task, starter);
    resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    applyConditionOf(resource, props.task);
    const taskExecutionArn = resource.getAtt(ATTRIBUTE_TASK_EXECUTION_ARN).toString();
    this.ended = isLong ? waitChain(this, { task: props.task, start: resource, taskExecutionArn, waiter: waiter!, timeout, onTimeout }) : resource;
    this.taskExecutionArn = this.ended.getAtt(ATTRIBUTE_TASK_EXECUTION_ARN).toString();
    this.taskExecutionId = executionIdOf(this.taskExecutionArn);
    this.consoleUrl = consoleUrlOf(this, props.task.taskRef.taskArn);
    this.executeAfter(...props.executeAfter ?? []);
    this.executeBefore(...props.executeBefore ?? []);
  }

  /**
   * How the execution ended: `SUCCESS`, or with `OnTimeout.CONTINUE` the state that it was in then.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get status(): string {
    return this.attribute('status', 'Status');
  }

  /**
   * When the service was asked to start the execution, in ISO 8601: one that had to wait in the queue began later.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get startTime(): string {
    return this.attribute('startTime', 'StartTime');
  }

  /**
   * How long the execution took, in milliseconds.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get totalDuration(): string {
    return this.attribute('totalDuration', 'TotalDuration');
  }

  /**
   * Number of files, objects and (in Basic mode) folders that were transferred.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get filesTransferred(): string {
    return this.attribute('filesTransferred', 'FilesTransferred');
  }

  /**
   * Number of files, objects and (in Basic mode) folders that were skipped.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get filesSkipped(): string {
    return this.attribute('filesSkipped', 'FilesSkipped');
  }

  /**
   * Number of files, objects and (in Basic mode) folders that were deleted at the destination.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get filesDeleted(): string {
    return this.attribute('filesDeleted', 'FilesDeleted');
  }

  /**
   * Number of files, objects and (in Basic mode) folders that were verified.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get filesVerified(): string {
    return this.attribute('filesVerified', 'FilesVerified');
  }

  /**
   * Number of bytes that were sent over the network, before compression.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get bytesTransferred(): string {
    return this.attribute('bytesTransferred', 'BytesTransferred');
  }

  /**
   * Number of bytes that were written to the destination.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get bytesWritten(): string {
    return this.attribute('bytesWritten', 'BytesWritten');
  }

  /**
   * Number of bytes that were sent over the network, after compression.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get bytesCompressed(): string {
    return this.attribute('bytesCompressed', 'BytesCompressed');
  }

  /**
   * Number of files, objects and (in Basic mode) folders that were expected to be transferred.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get estimatedFilesToTransfer(): string {
    return this.attribute('estimatedFilesToTransfer', 'EstimatedFilesToTransfer');
  }

  /**
   * Number of files, objects and (in Basic mode) folders that were expected to be deleted at the destination.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get estimatedFilesToDelete(): string {
    return this.attribute('estimatedFilesToDelete', 'EstimatedFilesToDelete');
  }

  /**
   * Number of bytes that were expected to be written to the destination.
   *
   * `unknown` if the service does not say, or says no more: it forgets executions after 30 days.
   *
   * @throws without `Completion.succeeded()`
   */
  public get estimatedBytesToTransfer(): string {
    return this.attribute('estimatedBytesToTransfer', 'EstimatedBytesToTransfer');
  }

  /**
   * Starts the task only after these are deployed, such as the upload of what it transfers.
   *
   * Another `TaskExecution` counts as deployed as its `completion` says: with `Completion.started()` once it has **started**. A task that reads
   * what another one writes then finds what is there so far.
   */
  public executeAfter(...dependencies: IDependable[]): void {
    this.node.addDependency(...dependencies);
  }

  /**
   * Deploys these only after the execution is done as its `completion` says: with `Completion.started()` once it has **started**, so that not
   * everything is there yet.
   *
   * They must not be tasks that the stack starts as well, nor what those use: one function starts them all, and its permissions name each task,
   * so that CloudFormation would refuse a circular dependency. To start one task after another, use `executeAfter` with the other start.
   */
  public executeBefore(...dependents: Construct[]): void {
    for (const dependent of dependents) dependent.node.addDependency(this);
  }

  private attribute(property: string, name: string): string {
    const problems = new Problems(this.node.path);
    if (!this._waitsForEnd) problems.add(property, 'is known at the end of the execution only', 'use completion: Completion.succeeded()');
    problems.throwIfAny();
    return this.ended.getAtt(name).toString();
  }
}
