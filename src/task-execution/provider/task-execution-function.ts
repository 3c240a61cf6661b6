import * as path from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { FunctionRole } from './function-role';
import type { TaskExecutionProviderOptions } from './provider-options';
import { anyExecution, executionsOf } from '../../private/arn';
import { arnUnderCondition } from '../../private/conditions';
import { HandlerCode } from '../../private/handler-code';
import {
  DEPLOY_STARTER_ON_EXECUTIONS, EXECUTION_CANCEL, EXECUTION_LIST, EXECUTION_READ, KEY_SEND, LOG_KEY, LOG_WRITE, NETWORK_INTERFACE, STACK_READ,
  STARTER_ON_EXECUTIONS, STARTER_ON_TASK,
} from '../../private/permissions';
import { FUNCTION_TIMEOUT, TAG_OWNER } from '../contract';

/** Resolves from `src` as from `lib`. */
const BUNDLE = path.join(__dirname, '..', '..', '..', 'assets', 'task-execution', 'handler');

/** A statement takes this many tasks, so that no statement outgrows a policy and CDK can spread them over several. */
const TASKS_PER_STATEMENT = 20;

interface Kind {
  readonly handler: string;
  readonly description: string;
  /** What it may do with the executions of the tasks that it starts. */
  readonly onExecutions: string[];
  /** What Lambda does with a start that failed. */
  readonly repeats?: Pick<FunctionProps, 'retryAttempts' | 'maxEventAge'>;
  /** What it may do besides starting tasks. */
  allowMore(starter: TaskExecutionFunction, stack: Stack): void;
}

const KINDS: { readonly [id in 'OnDeploy' | 'OnSchedule']: Kind } = {
  OnDeploy: {
    handler: 'index.onEvent',
    description: 'Starts DataSync tasks when the stack is deployed',
    onExecutions: DEPLOY_STARTER_ON_EXECUTIONS,
    allowMore: (starter, stack) => {
      starter.grant(STACK_READ, stack.stackId);
      // When an execution is replaced or removed, its task may have left the template, and this policy, before CloudFormation deletes it.
      starter.grant(EXECUTION_READ, anyExecution(stack));
      starter.grant(EXECUTION_CANCEL, anyExecution(stack), { StringLike: { [`aws:ResourceTag/${TAG_OWNER}`]: `${stack.stackId}/*` } });
    },
  },
  OnSchedule: {
    handler: 'index.onSchedule',
    description: 'Starts DataSync tasks on schedule',
    onExecutions: STARTER_ON_EXECUTIONS,
    // While a task is unavailable, each start waits as long as it may and fails. Repeats of a schedule that fires every minute must not
    // add up: a new account may run ten functions at a time.
    repeats: { retryAttempts: 1, maxEventAge: Duration.hours(1) },
    allowMore: (starter, stack) => {
      // One that two deliveries of a scheduled time have started twice. The ARN of the schedule itself would be a circular reference.
      const schedules = stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: '*' });
      starter.grant(EXECUTION_CANCEL, anyExecution(stack), { StringLike: { [`aws:ResourceTag/${TAG_OWNER}`]: schedules } });
    },
  },
};

/** A function that starts tasks, however many there are. */
export class TaskExecutionFunction extends Construct {
  public readonly lambdaFunction: Function;

  private readonly kind: Kind;
  private readonly functionRole: FunctionRole;
  private readonly taskArns = new Set<string>();
  private readsRoot = false;
  private onTasks!: PolicyStatement;
  private onExecutions!: PolicyStatement;

  constructor(provider: Construct, id: keyof typeof KINDS, options: TaskExecutionProviderOptions) {
    super(provider, id);
    const { role: givenRole, vpc, vpcSubnets, securityGroups, memorySize = 256, architecture, runtime = Runtime.NODEJS_22_X } = options;
    const { reservedConcurrentExecutions, tracing, deadLetterQueue } = options;
    this.kind = KINDS[id];
    const { description, handler, repeats } = this.kind;

    const logGroup = logGroupOf(this, options);
    this.functionRole = new FunctionRole(this, givenRole, description);
    // Before the function, which waits for what its role has at first.
    this.grant(LOG_WRITE, logGroup.logGroupArn);
    this.grant(EXECUTION_LIST, '*'); // the service supports nothing narrower
    // CDK lets the role send, but not use the key: then Lambda drops what it cannot send, without a word.
    if (deadLetterQueue?.encryptionMasterKey) this.grant(KEY_SEND, deadLetterQueue.encryptionMasterKey.keyArn);
    if (vpc) this.grant(NETWORK_INTERFACE, '*'); // Lambda makes them before it knows their ids

    this.lambdaFunction = new Function(this, 'Function', {
      runtime,
      memorySize,
      architecture,
      vpc,
      vpcSubnets,
      securityGroups,
      reservedConcurrentExecutions,
      tracing,
      deadLetterQueue,
      description,
      code: new HandlerCode(BUNDLE),
      handler,
      timeout: Duration.seconds(FUNCTION_TIMEOUT),
      role: this.functionRole.role,
      logGroup,
      ...repeats,
    });
    if (givenRole) this.lambdaFunction.node.addDependency(...this.functionRole.dependables); // on its own role CDK makes it depend
    this.kind.allowMore(this, Stack.of(this));
  }

  public get role(): IRole {
    return this.functionRole.role;
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

  /** Lets the function see whether the root of nested stacks is being deleted. */
  public allowReadingRoot(): void {
    const root = rootOf(Stack.of(this));
    if (root === Stack.of(this) || this.readsRoot) return;
    this.readsRoot = true;
    this.grant(STACK_READ, root.stackId);
  }

  private addStatement(actions: string[], conditions?: { [operator: string]: unknown }): PolicyStatement {
    const statement = new PolicyStatement({ effect: Effect.ALLOW, actions, conditions });
    this.functionRole.add(statement);
    return statement;
  }
}

function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** The log group that was chosen, or one below the scope. */
export function logGroupOf(scope: Construct, options: TaskExecutionProviderOptions): ILogGroup {
  const { logGroup, logRetention = RetentionDays.ONE_MONTH, logEncryptionKey } = options;
  if (logEncryptionKey) allowLogs(scope, logEncryptionKey);
  return logGroup ?? new LogGroup(scope, 'LogGroup', { retention: logRetention, encryptionKey: logEncryptionKey, removalPolicy: RemovalPolicy.DESTROY });
}

/** CloudWatch Logs takes a key that it may use only. The log group's own ARN would be a circular reference: it needs the key first. */
function allowLogs(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  key.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: LOG_KEY,
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
  }));
}
