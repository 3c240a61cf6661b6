import * as path from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { anyExecution, executionsOf } from '../../private/arn';
import { arnUnderCondition } from '../../private/conditions';
import {
  DEPLOY_STARTER_ON_EXECUTIONS, EXECUTION_CANCEL, EXECUTION_LIST, EXECUTION_READ, LOG_WRITE, STACK_READ, STARTER_ON_EXECUTIONS, STARTER_ON_TASK,
} from '../../private/permissions';
import { FUNCTION_TIMEOUT, TAG_OWNER } from '../contract';

/** Resolves from `src` as from `lib`. */
const BUNDLE = path.join(__dirname, '..', '..', '..', 'assets', 'task-execution', 'handler');

/** A statement takes this many tasks, so that no statement outgrows a policy and CDK can spread them over several. */
const TASKS_PER_STATEMENT = 20;

interface Kind {
  /** Fixed, because it is part of the logical ids of every stack that starts tasks. Not an id that a user gives to a construct. */
  readonly id: string;
  readonly handler: string;
  readonly description: string;
  readonly onExecutions: string[];
  /** What Lambda does with a start that failed. */
  readonly repeats?: Pick<FunctionProps, 'retryAttempts' | 'maxEventAge'>;
}

const ON_DEPLOY: Kind = {
  id: '@DataSyncTaskExecution',
  handler: 'index.onEvent',
  description: 'Starts DataSync tasks when the stack is deployed',
  onExecutions: DEPLOY_STARTER_ON_EXECUTIONS,
};

const ON_SCHEDULE: Kind = {
  id: '@DataSyncScheduledTaskExecution',
  handler: 'index.onSchedule',
  description: 'Starts DataSync tasks on schedule',
  onExecutions: STARTER_ON_EXECUTIONS,
  // While a task is unavailable, each start waits as long as it may and fails. Repeats of a schedule that fires every minute must not
  // add up: a new account may run ten functions at a time.
  repeats: { retryAttempts: 1, maxEventAge: Duration.hours(1) },
};

/** The function that starts tasks: one per stack and way of starting, however many tasks there are. */
export class TaskExecutionFunction extends Construct {
  public static onDeploy(scope: Construct): TaskExecutionFunction {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(ON_DEPLOY.id) as TaskExecutionFunction | undefined;
    if (existing) return existing;

    const starter = new TaskExecutionFunction(stack, ON_DEPLOY);
    starter.grant(STACK_READ, stack.stackId);
    // When an execution is replaced or removed, its task may have left the template, and this policy, before CloudFormation deletes it.
    starter.grant(EXECUTION_READ, anyExecution(stack));
    starter.grant(EXECUTION_CANCEL, anyExecution(stack), { StringLike: { [`aws:ResourceTag/${TAG_OWNER}`]: `${stack.stackId}/*` } });
    return starter;
  }

  public static onSchedule(scope: Construct): TaskExecutionFunction {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(ON_SCHEDULE.id) as TaskExecutionFunction | undefined;
    if (existing) return existing;

    const starter = new TaskExecutionFunction(stack, ON_SCHEDULE);
    // One that two deliveries of a scheduled time have started twice. The ARN of the schedule itself would be a circular reference.
    const schedules = stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: '*' });
    starter.grant(EXECUTION_CANCEL, anyExecution(stack), { StringLike: { [`aws:ResourceTag/${TAG_OWNER}`]: schedules } });
    return starter;
  }

  public readonly lambdaFunction: Function;

  private readonly taskArns = new Set<string>();
  private onTasks!: PolicyStatement;
  private onExecutions!: PolicyStatement;

  private constructor(stack: Stack, private readonly kind: Kind) {
    super(stack, kind.id);

    const logGroup = new LogGroup(this, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: kind.description });
    this.lambdaFunction = new Function(this, 'Function', {
      description: kind.description,
      runtime: Runtime.NODEJS_22_X,
      code: Code.fromAsset(BUNDLE),
      handler: kind.handler,
      timeout: Duration.seconds(FUNCTION_TIMEOUT),
      memorySize: 256,
      role,
      logGroup,
      ...kind.repeats,
    });
    this.grant(LOG_WRITE, logGroup.logGroupArn);
    this.grant(EXECUTION_LIST, '*'); // the service supports nothing narrower
  }

  /** Lets the function start the task and look after its executions. */
  public allow(task: aws_datasync.ITaskRef): void {
    if (this.taskArns.has(task.taskRef.taskArn)) return;
    if (this.taskArns.size % TASKS_PER_STATEMENT === 0) {
      this.onTasks = this.addStatement(STARTER_ON_TASK);
      this.onExecutions = this.addStatement(this.kind.onExecutions);
    }
    this.taskArns.add(task.taskRef.taskArn);
    const taskArn = arnUnderCondition(task);
    this.onTasks.addResources(taskArn);
    this.onExecutions.addResources(executionsOf(taskArn));
  }

  /** Lets the function do more. */
  public grant(actions: string[], resource: string, conditions?: { [operator: string]: unknown }): void {
    this.addStatement(actions, conditions).addResources(resource);
  }

  private addStatement(actions: string[], conditions?: { [operator: string]: unknown }): PolicyStatement {
    const statement = new PolicyStatement({ effect: Effect.ALLOW, actions, conditions });
    this.lambdaFunction.addToRolePolicy(statement);
    return statement;
  }
}
