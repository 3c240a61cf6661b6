import { Stack } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import type { TaskExecutionProviderOptions } from './provider-options';
import { checkProviderOptions } from './provider-options';
import { logGroupOf, TaskExecutionFunction } from './task-execution-function';
import { Waiter } from '../../custom-resource/waiter/waiter';
import { Problems, show } from '../../validation/problems';

/**
 * Fixed, because it is part of the logical ids of every stack that starts tasks, and CloudFormation refuses to give a custom resource another
 * function. Not an id that a user gives to a construct.
 */
const ID = '@DataSyncTaskExecution';

/**
 * The functions that start the tasks of a stack: one for all its `TaskExecution`, one for all its `ScheduledTaskExecution`, each made with the
 * first of them.
 *
 * @example
 * datasync.TaskExecutionProvider.of(this).configure({ vpc, logRetention: RetentionDays.ONE_YEAR });
 */
export class TaskExecutionProvider extends Construct {
  /**
   * The functions of a stack.
   *
   * @param scope the stack, or any construct in it. A nested stack has functions of its own.
   */
  public static of(scope: IConstruct): TaskExecutionProvider {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(ID) as TaskExecutionProvider | undefined ?? new TaskExecutionProvider(stack);
  }

  private options: TaskExecutionProviderOptions = {};
  /** Path of the first construct that starts something. */
  private firstStart?: string;

  private constructor(stack: Stack) {
    super(stack, ID);
  }

  /**
   * Chooses how the functions are made, in place: the starts of a stack that is deployed already keep their function, and nothing is started for it.
   *
   * What an earlier call has chosen stays, unless this one says otherwise.
   *
   * @throws when the stack starts a task already, and when options do not go together, naming all that do not
   */
  public configure(options: TaskExecutionProviderOptions): void {
    const problems = new Problems(Stack.of(this).node.path);
    if (this.firstStart !== undefined) {
      problems.add('TaskExecutionProvider.configure()', `must come before the first start of the stack, which is ${show(this.firstStart)}`,
        'call it where the stack begins, before anything that starts a task');
      problems.throwIfAny();
    }
    const chosen = { ...this.options, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
    checkProviderOptions(problems, this, chosen);
    problems.throwIfAny();
    this.options = chosen;
  }

  /**
   * The function for deployments.
   *
   * @internal
   */
  public _onDeploy(start: IConstruct): TaskExecutionFunction {
    return this.functionFor(start, 'OnDeploy');
  }

  /**
   * The function for schedules.
   *
   * @internal
   */
  public _onSchedule(start: IConstruct): TaskExecutionFunction {
    return this.functionFor(start, 'OnSchedule');
  }

  /**
   * What lets the function for deployments wait for the end of executions.
   *
   * @internal
   */
  public _waiter(start: IConstruct): Waiter {
    const { lambdaFunction, role } = this._onDeploy(start);
    const existing = this.node.tryFindChild('Waiter') as Waiter | undefined;
    if (existing) return existing;
    const { stateMachineRole: machineRole, stateMachineLogging, tracing } = this.options;
    return new Waiter(this, 'Waiter', {
      lambdaFunction,
      role,
      description: 'Waits for the end of DataSync executions that the deployment started',
      machineRole,
      logGroup: stateMachineLogging ? logGroupOf(new Construct(this, 'WaiterLog'), this.options) : undefined,
      tracing: tracing === Tracing.ACTIVE,
    });
  }

  /**
   * Where starts go that came to nothing, unless a schedule has a queue of its own.
   *
   * @internal
   */
  public get _deadLetterQueue(): IQueue | undefined {
    return this.options.deadLetterQueue;
  }

  private functionFor(start: IConstruct, id: 'OnDeploy' | 'OnSchedule'): TaskExecutionFunction {
    this.firstStart ??= start.node.path;
    return this.node.tryFindChild(id) as TaskExecutionFunction | undefined ?? new TaskExecutionFunction(this, id, this.options);
  }
}
