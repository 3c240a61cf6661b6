/** What the packs of cdk-nag find in stacks with the strict settings of docs/executions.md and docs/agents.md. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import type { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { FlowLogDestination, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { AgentEndpoint, AgentVpcEndpoint, Completion, Ec2Agent, ScheduledTaskExecution, Task, TaskExecution, TaskExecutionProvider } from '../../src';
import { TASK_ARN } from '../support/stacks';

const LIST = 'ListTaskExecutions, network interfaces and traces: the services support nothing narrower';
const DELIVERY = 'delivery of logs, and traces: the services support nothing narrower';
const EXECUTIONS = 'the id of an execution is not known before it starts';
const OWN = 'a task may leave the template before its execution is cancelled; only what the stack or a schedule has started, which its tag tells, may be';
const WAITS = 'the executions of one state machine, whose names are those of requests';
const VERSIONS = 'CDK lets the scheduler invoke that one function in any version';
const INLINE = 'each policy is for one role and goes with it; to have it managed elsewhere, give a role of yours';

const AGENT_LIST = 'lists, the making of agents, network interfaces of functions and of endpoints: the services support nothing narrower';
const OWN_AGENTS = 'the service makes the id of an agent; only agents of the stack, which their tag tells, may be changed or deleted';
const OWN_INLINE = 'each policy is for one role, which no other resource has, and goes with it';
const SETTINGS = 'log and traces of the state machine are settings: its steps are those of the function, which has a log, and it carries no data';
const RUNTIME = 'Node.js 22 is in support in every Region, which the newest runtime need not be';
const LOG = 'CloudWatch Logs encrypts what no key is given for, and neither keys of agents nor data stand in the log';
const CONCURRENCY = 'one call per agent and deployment: a reservation would take its share from the account for good';
const NO_ANSWER = 'what cannot be handled is a deployment that fails, which CloudFormation tells; of the other function the answer is waited for';
const OUTSIDE = 'it must reach CloudFormation wherever the instance is; only the function that asks for the key is in the VPC';
const DISK = 'the image of the service has its disk, and CDK encrypts none that it does not define; EBS encryption by default is a setting of the account';
const AGAIN = 'an agent holds nothing that cannot be made again; a deletion of the stack would fail';

const ANY_EXECUTION = 'arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*/execution/*';
const PROVIDER = 'Strict/@DataSyncTaskExecution';
const SCHEDULER = 'Strict/SchedulerRoleForTarget-8a8350';

const STANDARDS = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'];

/** One rule as several packs name it. */
const found = (path: string, packs: string[], rule: string, reason: string): string[][] => packs.map(pack => [`${path} ${pack}-${rule}`, reason]);

interface Acknowledged { readonly [finding: string]: string }

/** All that is found, and why that is right. Anything else fails, and so does a reason without a finding. */
const OF_EXECUTIONS: Acknowledged = {
  ...Object.fromEntries(['OnDeploy', 'OnSchedule'].flatMap(id => [
    [`${PROVIDER}/${id}/Role AwsSolutions-IAM5[Resource::*]`, LIST],
    [`${PROVIDER}/${id}/Role AwsSolutions-IAM5[Resource::${ANY_EXECUTION}]`, OWN],
    [`${PROVIDER}/${id}/Role AwsSolutions-IAM5[Resource::${TASK_ARN}/execution/*]`, EXECUTIONS],
  ])),
  [`${PROVIDER}/Waiter/Role AwsSolutions-IAM5[Resource::*]`]: DELIVERY,
  [`${PROVIDER}/Waiter/Policy AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:`
    + '<DataSyncTaskExecutionWaiterStateMachine5B8DC572.Name>:*]']: WAITS,
  [`${SCHEDULER} AwsSolutions-IAM5[Resource::<DataSyncTaskExecutionOnScheduleFunction5CF73AA1.Arn>:*]`]: VERSIONS,
  ...Object.fromEntries([`${PROVIDER}/OnDeploy/Role`, `${PROVIDER}/OnSchedule/Role`, `${PROVIDER}/Waiter/Role`, `${PROVIDER}/Waiter/Policy`, SCHEDULER].flatMap(path =>
    found(path, STANDARDS, 'IAMNoInlinePolicy', INLINE))),
};

const ACTIVATION = 'Strict/@DataSyncAgentActivation';
const FETCHER = `${ACTIVATION}/Fetcher`;

/** The same for agents on instances. The hashes in the ids of fetchers and instances are left out. */
const OF_AGENTS: Acknowledged = {
  [`${ACTIVATION}/Role AwsSolutions-IAM5[Resource::*]`]: AGENT_LIST,
  [`${FETCHER}/Role AwsSolutions-IAM5[Resource::*]`]: AGENT_LIST,
  [`${ACTIVATION}/Role AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:agent/*]`]: OWN_AGENTS,
  [`${ACTIVATION}/Waiter/Policy AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:`
    + '<DataSyncAgentActivationWaiterStateMachineB55856B2.Name>:*]']: WAITS,
  [`${ACTIVATION}/Waiter/StateMachine AwsSolutions-SF1`]: SETTINGS,
  [`${ACTIVATION}/Waiter/StateMachine AwsSolutions-SF2`]: SETTINGS,
  ...Object.fromEntries([`${ACTIVATION}/Role`, `${FETCHER}/Role`, `${ACTIVATION}/Waiter/Role`, `${ACTIVATION}/Waiter/Policy`].flatMap(path =>
    found(path, STANDARDS, 'IAMNoInlinePolicy', OWN_INLINE))),
  ...Object.fromEntries([ACTIVATION, FETCHER].flatMap(path => [
    [`${path}/Function AwsSolutions-L1`, RUNTIME],
    ...found(`${path}/LogGroup`, STANDARDS, 'CloudWatchLogGroupEncrypted', LOG),
    ...found(`${path}/Function`, ['HIPAA.Security', 'NIST.800.53.R5'], 'LambdaConcurrency', CONCURRENCY),
    ...found(`${path}/Function`, ['HIPAA.Security', 'NIST.800.53.R5'], 'LambdaDLQ', NO_ANSWER),
  ])),
  ...Object.fromEntries(found(`${ACTIVATION}/Function`, STANDARDS, 'LambdaInsideVPC', OUTSIDE)),
  ...Object.fromEntries(['Agent/Instance', 'PrivateAgent/Instance'].flatMap(path => [
    [`Strict/${path} AwsSolutions-EC26`, DISK],
    [`Strict/${path} AwsSolutions-EC29`, AGAIN],
  ])),
};

function strictVpc(stack: Stack): Vpc {
  return new Vpc(stack, 'Vpc', { flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs() } } });
}

function executions(stack: Stack): void {
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  TaskExecutionProvider.of(stack).configure({
    vpc: strictVpc(stack),
    logRetention: RetentionDays.ONE_YEAR,
    logEncryptionKey: key,
    stateMachineLogging: true,
    reservedConcurrentExecutions: 10,
    tracing: Tracing.ACTIVE,
    deadLetterQueue: new Queue(stack, 'Lost', { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true }),
    architecture: Architecture.ARM_64,
    runtime: Runtime.NODEJS_24_X,
  });
  const task = Task.fromTaskArn(stack, 'Task', TASK_ARN);
  new TaskExecution(stack, 'Seed', { task, completion: Completion.succeeded({ timeout: Duration.hours(2) }) });
  new ScheduledTaskExecution(stack, 'Hourly', { task, schedule: ScheduleExpression.rate(Duration.hours(1)), storeTaskExecutionArn: true, key });
}

function agents(stack: Stack): void {
  const vpc = strictVpc(stack);
  const endpoint = new AgentVpcEndpoint(stack, 'Endpoint', { vpc });
  for (const agent of [
    new Ec2Agent(stack, 'Agent', { vpc }),
    new Ec2Agent(stack, 'PrivateAgent', { vpc, endpoint: AgentEndpoint.privateLink(endpoint, { subnet: vpc.privateSubnets[0] }) }),
  ]) {
    const instance = agent.instance.node.defaultChild as CfnInstance;
    instance.metadataOptions = { httpTokens: 'required' };
    instance.monitoring = true;
  }
}

/** Findings of what the library makes: the network, keys and queues of the user are the user's. */
function findingsOf(make: (stack: Stack) => void): string[] {
  const stack = new Stack(new App(), 'Strict');
  make(stack);
  const packs = [new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R4Checks(), new NIST80053R5Checks(), new PCIDSS321Checks()];
  const all = packs.flatMap(pack => pack.validateScope(stack).violations).flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${constructPath!.replace(/(\/DefaultPolicy)?\/Resource$/, '')} ${ruleName}`));
  return [...new Set(all)].filter(finding => !/^Strict\/(Vpc|Key|Lost)[/ ]/.test(finding))
    .map(finding => finding.replace(/(?<=Fetcher|Instance)[0-9a-f]{8}/, '')).sort();
}

test.each([
  { of: 'starts', make: executions, acknowledged: OF_EXECUTIONS },
  { of: 'agents on instances', make: agents, acknowledged: OF_AGENTS },
])('the packs find nothing in $of but what is acknowledged with a reason', ({ make, acknowledged }) => {
  expect(findingsOf(make)).toEqual(Object.keys(acknowledged).sort());
});
