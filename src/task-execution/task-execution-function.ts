import * as path from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { executionsOf } from '../private/arn';
import { EXECUTION_LIST, LOG_WRITE, SCHEDULED_STARTER_ON_EXECUTIONS, STACK_READ, STARTER_ON_EXECUTIONS, STARTER_ON_TASK } from '../private/permissions';
import { ITask } from '../task';

/** Resolves from `src` as from `lib`. */
const BUNDLE = path.join(__dirname, '..', '..', 'assets', 'task-execution', 'handler');

/** A statement takes this many tasks, so that no statement outgrows a policy and CDK can spread them over several. */
const TASKS_PER_STATEMENT = 20;

interface Kind {
  /** Fixed, because it is part of the logical ids of every stack that starts tasks. */
  readonly id: string;
  readonly handler: string;
  readonly description: string;
  readonly onExecutions: string[];
}

const ON_DEPLOY: Kind = {
  id: 'DataSyncTaskExecution',
  handler: 'index.onEvent',
  description: 'Starts DataSync tasks when the stack is deployed',
  onExecutions: STARTER_ON_EXECUTIONS,
};

const ON_SCHEDULE: Kind = {
  id: 'DataSyncScheduledTaskExecution',
  handler: 'index.onSchedule',
  description: 'Starts DataSync tasks on schedule',
  onExecutions: SCHEDULED_STARTER_ON_EXECUTIONS,
};

/** The function that starts tasks: one per stack and way of starting, however many tasks there are. */
export class TaskExecutionFunction extends Construct {
  public static onDeploy(scope: Construct): TaskExecutionFunction {
    const stack = Stack.of(scope);
    return TaskExecutionFunction.findOrCreate(stack, ON_DEPLOY, starter => {
      starter.lambdaFunction.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: STACK_READ, resources: [stack.stackId] }));
    });
  }

  public static onSchedule(scope: Construct): TaskExecutionFunction {
    return TaskExecutionFunction.findOrCreate(Stack.of(scope), ON_SCHEDULE);
  }

  private static findOrCreate(stack: Stack, kind: Kind, initialize?: (starter: TaskExecutionFunction) => void): TaskExecutionFunction {
    const existing = stack.node.tryFindChild(kind.id);
    if (existing) return existing as TaskExecutionFunction;
    const starter = new TaskExecutionFunction(stack, kind);
    initialize?.(starter);
    return starter;
  }

  /** How long the function may take, retries not counted. */
  public readonly timeout = Duration.minutes(15);

  public readonly lambdaFunction: Function;

  private readonly taskArns = new Set<string>();
  private onTasks!: PolicyStatement;
  private onExecutions!: PolicyStatement;

  private constructor(stack: Stack, private readonly kind: Kind) {
    super(stack, kind.id);

    const logGroup = new LogGroup(this, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: kind.description });
    role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: LOG_WRITE, resources: [logGroup.logGroupArn] }));
    role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: EXECUTION_LIST, resources: ['*'] })); // all that the service supports

    this.lambdaFunction = new Function(this, 'Function', {
      description: kind.description,
      runtime: Runtime.NODEJS_22_X,
      code: Code.fromAsset(BUNDLE),
      handler: kind.handler,
      timeout: this.timeout,
      memorySize: 256,
      role,
      logGroup,
    });
  }

  /** Lets the function start the task and look after its executions. */
  public allow(task: ITask): void {
    if (this.taskArns.has(task.taskArn)) return;
    if (this.taskArns.size % TASKS_PER_STATEMENT === 0) {
      this.onTasks = this.addStatement(STARTER_ON_TASK);
      this.onExecutions = this.addStatement(this.kind.onExecutions);
    }
    this.taskArns.add(task.taskArn);
    this.onTasks.addResources(task.taskArn);
    this.onExecutions.addResources(executionsOf(task.taskArn));
  }

  private addStatement(actions: string[]): PolicyStatement {
    const statement = new PolicyStatement({ effect: Effect.ALLOW, actions });
    this.lambdaFunction.addToRolePolicy(statement);
    return statement;
  }
}
