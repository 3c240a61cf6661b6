import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TaskExecutionProviderOptions } from '../../../src';
import { Completion, ScheduledTaskExecution, Task, TaskExecution, TaskExecutionProvider } from '../../../src';
import { messageOf, newStack, permissionsOf, resourceOf, TASK_ARN, warningsOf } from '../../support/stacks';

const schedule = ScheduleExpression.rate(Duration.hours(1));

/** A stack that starts on deploy and on schedule with functions of these options. */
function starting(options: (stack: Stack) => TaskExecutionProviderOptions, stack = newStack()): Stack {
  TaskExecutionProvider.of(stack).configure(options(stack));
  const task = Task.fromTaskArn(stack, 'Task', TASK_ARN);
  new TaskExecution(stack, 'Seed', { task });
  new ScheduledTaskExecution(stack, 'Hourly', { task, schedule });
  return stack;
}

function functionsOf(stack: Stack): { [logicalId: string]: any } {
  return Template.fromStack(stack).findResources('AWS::Lambda::Function');
}

test.each<[string, (stack: Stack) => TaskExecutionProviderOptions, object]>([
  ['memorySize', () => ({ memorySize: 512 }), { MemorySize: 512 }],
  ['architecture', () => ({ architecture: Architecture.ARM_64 }), { Architectures: ['arm64'] }],
  ['reservedConcurrentExecutions', () => ({ reservedConcurrentExecutions: 5 }), { ReservedConcurrentExecutions: 5 }],
  ['tracing', () => ({ tracing: Tracing.ACTIVE }), { TracingConfig: { Mode: 'Active' } }],
  ['runtime', () => ({ runtime: Runtime.NODEJS_24_X }), { Runtime: 'nodejs24.x' }],
  ['deadLetterQueue', stack => ({ deadLetterQueue: Queue.fromQueueArn(stack, 'Lost', 'arn:aws:sqs:us-east-1:111122223333:lost') }), {
    DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:111122223333:lost' },
  }],
  ['logGroup', stack => ({ logGroup: LogGroup.fromLogGroupName(stack, 'Audit', '/audit') }), { LoggingConfig: { LogGroup: '/audit' } }],
])('%s applies to both functions', (_, options, expected) => {
  const functions = Object.values(functionsOf(starting(options)));
  expect(functions).toHaveLength(2);
  for (const { Properties } of functions) expect(Properties).toMatchObject(expected);
});

test('a stack whose functions are configured keeps their logical ids', () => {
  const ids = Object.keys(functionsOf(starting(stack => ({ vpc: new Vpc(stack, 'Vpc'), role: Role.fromRoleName(stack, 'Role', 'starter'), memorySize: 512 }))));
  expect(ids.sort()).toEqual(Object.keys(functionsOf(starting(() => ({})))).sort());
});

test('functions in a network get security groups, subnets, and the right to make network interfaces', () => {
  const stack = starting(scope => {
    const vpc = new Vpc(scope, 'Vpc');
    return { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [new SecurityGroup(scope, 'Group', { vpc })] };
  });
  const [one, other] = Object.values(functionsOf(stack)).map(({ Properties }) => Properties.VpcConfig);
  expect(one).toMatchObject({ SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] }], SubnetIds: expect.arrayContaining([expect.anything()]) });
  expect(other).toEqual(one);
  for (const holder of ['DataSyncTaskExecutionOnDeployRole', 'DataSyncTaskExecutionOnScheduleRole']) {
    expect(permissionsOf(stack, holder)).toContain('ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface '
      + 'ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:UnassignPrivateIpAddresses on *');
  }
});

describe('a role that is given', () => {
  test('gets the permissions in policies of the functions, which are there before them', () => {
    const stack = starting(scope => ({ role: new Role(scope, 'Starter', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) }));
    const { Resources } = Template.fromStack(stack).toJSON();
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Role')).filter(id => !id.startsWith('Scheduler'))).toEqual([expect.stringMatching(/^Starter/)]);
    for (const [id, { Properties, DependsOn }] of Object.entries(functionsOf(stack))) {
      expect(Properties.Role).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Starter/), 'Arn'] });
      const [policy] = DependsOn.filter((other: string) => Resources[other].Type === 'AWS::IAM::Policy' && other.startsWith(id.replace(/Function.*/, '')));
      expect(Resources[policy].Properties.Roles).toEqual([{ Ref: expect.stringMatching(/^Starter/) }]);
      expect(JSON.stringify(Resources[policy].Properties.PolicyDocument)).toContain('datasync:StartTaskExecution');
    }
  });

  test('of another stack gets policies of different names from two stacks', () => {
    const app = new App();
    const role = new Role(new Stack(app, 'Roles'), 'Starter', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const stacks = ['One', 'Two'].map(id => starting(() => ({ role }), new Stack(app, id)));
    const names = stacks.flatMap(stack => {
      const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
      const ofFunctions = Object.entries<any>(policies).filter(([id]) => id.startsWith('DataSync'));
      return ofFunctions.map(([, { Properties }]) => JSON.stringify(Properties.PolicyName));
    });
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(names.length);
  });

  test('that cannot be changed warns', () => {
    const stack = starting(scope => ({ role: Role.fromRoleArn(scope, 'Fixed', 'arn:aws:iam::111122223333:role/fixed', { mutable: false }) }));
    expect(warningsOf(stack).filter(warning => warning.includes('role Stack/Fixed cannot be changed from here'))).toHaveLength(2);
  });
});

test('a key of the logs may be used by CloudWatch Logs, for log groups of the account only', () => {
  const stack = starting(scope => ({ logEncryptionKey: new Key(scope, 'Key'), logRetention: RetentionDays.ONE_YEAR }));
  const groups = Object.values<any>(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties);
  expect(groups).toEqual([1, 2].map(() => ({ RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } })));
  const [key] = Object.values<any>(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  const statements = key.Properties.KeyPolicy.Statement.filter((statement: any) => JSON.stringify(statement.Principal).includes('logs.'));
  expect(statements).toHaveLength(1);
  expect(JSON.stringify(statements[0].Condition.ArnLike['kms:EncryptionContext:aws:logs:arn'])).toContain(':log-group:*');
});

describe('the state machine of what is waited for', () => {
  const waiting = (options: (stack: Stack) => TaskExecutionProviderOptions) => {
    const stack = newStack();
    TaskExecutionProvider.of(stack).configure(options(stack));
    new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), completion: Completion.succeeded() });
    const { Properties, DependsOn } = resourceOf(stack, 'AWS::StepFunctions::StateMachine');
    return { stack, Properties, DependsOn };
  };

  test('is traced with the functions', () => {
    const { stack, Properties } = waiting(() => ({ tracing: Tracing.ACTIVE }));
    expect(Properties.TracingConfiguration).toEqual({ Enabled: true });
    expect(permissionsOf(stack, 'DataSyncTaskExecutionWaiterRole').join()).toContain('xray:PutTraceSegments');
  });

  test('writes its events to a log group of its own, or to the one that was given, but never the data, in which the ResponseURL stands', () => {
    const own = waiting(scope => ({ stateMachineLogging: true, logEncryptionKey: new Key(scope, 'Key') }));
    expect(own.Properties.LoggingConfiguration).toEqual({
      Level: 'ALL',
      IncludeExecutionData: false,
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': [expect.stringMatching(/^DataSyncTaskExecutionWaiterLog/), 'Arn'] } } }],
    });
    expect(permissionsOf(own.stack, 'DataSyncTaskExecutionWaiterRole').join()).toContain('logs:CreateLogDelivery');
    const given = waiting(scope => ({ stateMachineLogging: true, logGroup: LogGroup.fromLogGroupName(scope, 'Audit', '/audit') }));
    expect(JSON.stringify(given.Properties.LoggingConfiguration)).toContain('log-group:/audit');
  });

  test('has a role that is given, with what it needs in a policy that is there before it', () => {
    const { stack, Properties, DependsOn } = waiting(scope => ({
      stateMachineRole: new Role(scope, 'Machine', { assumedBy: new ServicePrincipal('states.amazonaws.com') }),
    }));
    expect(Properties.RoleArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Machine/), 'Arn'] });
    expect(permissionsOf(stack, 'DataSyncTaskExecutionWaiterMachinePolicy').join()).toContain('lambda:InvokeFunction');
    expect(DependsOn).toContainEqual(expect.stringMatching(/^DataSyncTaskExecutionWaiterMachinePolicy/));
  });

  test('warns of a role that cannot be changed', () => {
    const { stack } = waiting(scope => ({ stateMachineRole: Role.fromRoleArn(scope, 'Fixed', 'arn:aws:iam::111122223333:role/fixed', { mutable: false }) }));
    expect(warningsOf(stack).filter(warning => warning.includes('role Stack/Fixed cannot be changed from here'))).toHaveLength(1);
  });
});

test('later calls add to what earlier ones have chosen, and replace it', () => {
  const stack = newStack();
  TaskExecutionProvider.of(stack).configure({ memorySize: 512, tracing: Tracing.ACTIVE });
  const [{ Properties }] = Object.values(functionsOf(starting(() => ({ memorySize: 1024 }), stack)));
  expect(Properties).toMatchObject({ MemorySize: 1024, TracingConfig: { Mode: 'Active' } });
});

test('every construct of a stack finds the same functions, and those of a nested stack others', () => {
  const stack = newStack();
  expect(TaskExecutionProvider.of(new Construct(stack, 'Below'))).toBe(TaskExecutionProvider.of(stack));
  expect(TaskExecutionProvider.of(new Stack(stack, 'Other'))).not.toBe(TaskExecutionProvider.of(stack));
});

test('a stack that starts nothing gets nothing', () => {
  const stack = newStack();
  TaskExecutionProvider.of(stack).configure({ memorySize: 512 });
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

describe('a configuration is refused', () => {
  test('after the first start, which is named', () => {
    const stack = starting(() => ({}));
    expect(messageOf(() => TaskExecutionProvider.of(stack).configure({ memorySize: 512 }))).toBe(
      'DataSyncValidationError: [Stack] TaskExecutionProvider.configure(): must come before the first start of the stack, which is "Stack/Seed"; '
      + 'call it where the stack begins, before anything that starts a task');
  });

  test.each<[string, (stack: Stack) => TaskExecutionProviderOptions, string]>([
    ['subnets without a network', () => ({ vpcSubnets: {} }), 'vpcSubnets: needs a vpc; give the vpc of which they are, or leave vpcSubnets out'],
    ['security groups without a network', () => ({ securityGroups: [] }), 'securityGroups: needs a vpc; give the vpc of which they are, or leave securityGroups out'],
    ['a network that has public subnets only', stack => ({ vpc: new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] }) }),
      'vpcSubnets left out: must not be public, as a function has no public address; select private or isolated subnets'],
    ['public subnets', stack => ({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnetType: SubnetType.PUBLIC } }),
      'vpcSubnets "Stack/Vpc/PublicSubnet1": must not be public, as a function has no public address; select private or isolated subnets'],
    ['no subnet', stack => ({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnets: [] } }), 'vpcSubnets {"subnets":[]}: select no subnet; select one that the VPC has'],
    ['subnets that the network does not have', stack => ({ vpc: new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] }), vpcSubnets: { subnetGroupName: 'Storage' } }),
      "vpcSubnets {\"subnetGroupName\":\"Storage\"}: There are no subnet groups with name 'Storage' in this VPC. Available names: Public; select some that the VPC has, by vpcSubnets"],
    ['too little memory', () => ({ memorySize: 64 }), 'memorySize 64: must be a whole number of MiB, between 128 and 10240; choose a number in that range'],
    ['room for none', () => ({ reservedConcurrentExecutions: 0 }),
      'reservedConcurrentExecutions 0: must be a whole number of executions, 1 or more; without room for one the functions start nothing'],
    ['a FIFO queue', stack => ({ deadLetterQueue: new Queue(stack, 'Q', { fifo: true }) }),
      'deadLetterQueue "Stack/Q": must be a standard queue: Lambda does not send to FIFO queues; use a queue that is not FIFO'],
    ['another language', () => ({ runtime: Runtime.PYTHON_3_12 }),
      'runtime "python3.12": must be one of Node.js, which is what the code of the functions is made for; use one of Node.js, or leave it out'],
    ['retention of a given log group', stack => ({ logGroup: new LogGroup(stack, 'L'), logRetention: RetentionDays.ONE_DAY }),
      'logRetention with logGroup "Stack/L": is a property of the log group itself; set it there, and leave logRetention out'],
  ])('%s', (_, options, message) => {
    const stack = newStack();
    expect(messageOf(() => TaskExecutionProvider.of(stack).configure(options(stack)))).toBe(`DataSyncValidationError: [Stack] ${message}`);
  });

  test('everything that is wrong at once, also together with what was chosen before', () => {
    const stack = newStack();
    TaskExecutionProvider.of(stack).configure({ logRetention: RetentionDays.ONE_DAY });
    const message = messageOf(() => TaskExecutionProvider.of(stack).configure({ logGroup: new LogGroup(stack, 'L'), memorySize: 1 }));
    expect(message.split('\n')).toHaveLength(2);
  });
});
