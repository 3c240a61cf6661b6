import { Stack, Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { selectSubnets } from '../../private/subnets';
import { showVpc, vpcBehind, vpcOfGroup } from '../../private/vpc-of';
import { checkAccount, checkInteger, requireSecurityGroups } from '../../validation/checks';
import type { Problems } from '../../validation/problems';
import { show } from '../../validation/problems';

/**
 * What can be chosen of the functions that start tasks, each for the function for deployments and the one for schedules, and of the state machine
 * that waits for ends.
 */
export interface TaskExecutionProviderOptions {
  /**
   * The network that the functions run in. They must reach DataSync and CloudFormation from there, with `storeTaskExecutionArn` also SSM, and
   * S3 with the bucket `cloudformation-custom-resource-response-<region without dashes>`, which takes the answer to CloudFormation: through a
   * NAT gateway, or through endpoints of the network.
   *
   * @default - no network of the account
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of the network. They must not be public: a function has no public address.
   *
   * @default - the private subnets; the isolated ones if the network has no private ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the functions in the network. HTTPS to the services must be allowed.
   *
   * @default - a new one for each function, which allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The role of the functions, which Lambda must be able to assume. What they need is added to it; of a role that CDK cannot change it is listed
   * in the documentation.
   *
   * @default - a new one for each function
   */
  readonly role?: IRole;

  /**
   * The log group of the functions.
   *
   * @default - a new one for each function
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the logs are kept. Not with `logGroup`.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * The key that encrypts the logs. CloudWatch Logs is allowed to use it. Not with `logGroup`.
   *
   * @default - the logs are encrypted by the service
   */
  readonly logEncryptionKey?: IKey;

  /**
   * Memory of the functions, in MiB: 128 to 10,240.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * The processors that the functions run on.
   *
   * @default Architecture.X86_64
   */
  readonly architecture?: Architecture;

  /**
   * So many of each function run at the same time, and always may: 1 or more. A start that finds no room is kept by Lambda for hours: choose no less
   * than the starts of one deployment.
   *
   * @default - what the account has
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Whether X-Ray traces the functions, and the state machine of `Completion.succeeded()`.
   *
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing;

  /**
   * Where events go that a function has failed to handle, also when Lambda tried again, and scheduled starts that could not even be handed over to
   * it: a standard queue, not a FIFO queue. A start on deploy that fails is told to CloudFormation and does **not** land here, unless the function
   * could not even say so.
   *
   * @default - they are dropped
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * The role of the state machine of `Completion.succeeded()`, which Step Functions must be able to assume. What it needs is added to it; of a role
   * that CDK cannot change it is listed in the documentation.
   *
   * @default - a new one, which may invoke the function for deployments only
   */
  readonly stateMachineRole?: IRole;

  /**
   * Whether the state machine of `Completion.succeeded()` writes all its events to `logGroup`, or to a log group of its own with `logRetention` and
   * `logEncryptionKey`. Their data are left out, because they hold the URL by which CloudFormation is answered.
   *
   * @default false
   */
  readonly stateMachineLogging?: boolean;

  /**
   * The runtime of the functions: one of Node.js, 20 or later.
   *
   * @default Runtime.NODEJS_22_X
   */
  readonly runtime?: Runtime;
}

/** Checks options of the functions as a whole. */
export function checkProviderOptions(problems: Problems, scope: IConstruct, options: TaskExecutionProviderOptions): void {
  requireSecurityGroups(Stack.of(scope), 'securityGroups', options.securityGroups);
  for (const property of ['vpcSubnets', 'securityGroups'] as const) {
    if (options[property] && !options.vpc) problems.add(property, 'needs a vpc', `give the vpc of which they are, or leave ${property} out`);
  }
  const network = vpcBehind(options.vpc?.vpcId);
  options.securityGroups?.forEach((group, index) => {
    const own = vpcOfGroup(group);
    if (!network || !own || own === network) return;
    problems.add(`securityGroups[${index}] ${show(group.node.path)}`, `is of the VPC ${showVpc(own)}, the functions are in ${showVpc(network)}`, 'use both from one VPC');
  });
  checkSubnets(problems, options);
  for (const property of ['role', 'stateMachineRole'] as const) {
    if (options[property]) checkAccount(problems, scope, property, options[property]);
  }
  for (const property of ['logRetention', 'logEncryptionKey'] as const) {
    if (options[property] !== undefined && options.logGroup) {
      problems.add(`${property} with logGroup ${show(options.logGroup.node.path)}`, 'is a property of the log group itself', `set it there, and leave ${property} out`);
    }
  }
  checkInteger(problems, 'memorySize', options.memorySize, 128, 10_240, 'MiB', 'choose a number in that range');
  checkInteger(problems, 'reservedConcurrentExecutions', options.reservedConcurrentExecutions, 1, Number.MAX_SAFE_INTEGER, 'executions',
    'without room for one the functions start nothing');
  if (options.deadLetterQueue?.fifo) {
    problems.add(`deadLetterQueue ${show(options.deadLetterQueue.node.path)}`, 'must be a standard queue: Lambda does not send to FIFO queues', 'use a queue that is not FIFO');
  }
  const { runtime } = options;
  if (runtime && !Token.isUnresolved(runtime.name) && runtime.family !== RuntimeFamily.NODEJS) {
    problems.add(`runtime ${show(runtime.name)}`, 'must be one of Node.js, which is what the code of the functions is made for', 'use one of Node.js, or leave it out');
  }
}

/** CDK refuses public ones too, but with the first start, and with a remedy that there is not here. */
function checkSubnets(problems: Problems, { vpc, vpcSubnets }: TaskExecutionProviderOptions): void {
  if (!vpc) return;
  const subnets = selectSubnets(problems, vpc, vpcSubnets);
  const isPublic = subnets?.find(subnet => vpc.publicSubnets.includes(subnet));
  if (isPublic) {
    problems.add(`vpcSubnets ${vpcSubnets ? show(isPublic.node.path) : 'left out'}`, 'must not be public, as a function has no public address', 'select private or isolated subnets');
  } else if (subnets?.length === 0) {
    problems.add(`vpcSubnets ${show(vpcSubnets)}`, 'select no subnet', 'select one that the VPC has');
  }
}
