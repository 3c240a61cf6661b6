/** What the packs of cdk-nag find in a stack with the strict settings of docs/executions.md. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { FlowLogDestination, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { Completion, ScheduledTaskExecution, Task, TaskExecution, TaskExecutionProvider } from '../../src';
import { TASK_ARN } from '../support/stacks';

const LIST = 'ListTaskExecutions, network interfaces and traces: the services support nothing narrower';
const DELIVERY = 'delivery of logs, and traces: the services support nothing narrower';
const EXECUTIONS = 'the id of an execution is not known before it starts';
const OWN = 'a task may leave the template before its execution is cancelled; only what the stack or a schedule has started, which its tag tells, may be';
const WAITS = 'the executions of one state machine, whose names are those of requests';
const VERSIONS = 'CDK lets the scheduler invoke that one function in any version';
const INLINE = 'each policy is for one role and goes with it; to have it managed elsewhere, give a role of yours';

const ANY_EXECUTION = 'arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*/execution/*';
const PROVIDER = 'Strict/@DataSyncTaskExecution';
const SCHEDULER = 'Strict/SchedulerRoleForTarget-8a8350';

/** All that is found, and why that is right. Anything else fails, and so does a reason without a finding. */
const ACKNOWLEDGED: { [finding: string]: string } = {
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
    ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map(pack => [`${path} ${pack}-IAMNoInlinePolicy`, INLINE]))),
};

/** Findings of what the library makes: the network, keys and queues of the user are the user's. */
function findingsOf(packs: Array<{ validateScope(scope: Stack): { violations: readonly any[] } }>): string[] {
  const stack = new Stack(new App(), 'Strict');
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  TaskExecutionProvider.of(stack).configure({
    vpc: new Vpc(stack, 'Vpc', { flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs() } } }),
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
  const found = packs.flatMap(pack => pack.validateScope(stack).violations).flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }: { constructPath: string }) => `${constructPath.replace(/(\/DefaultPolicy)?\/Resource$/, '')} ${ruleName}`));
  return [...new Set(found)].filter(finding => !/^Strict\/(Vpc|Key|Lost)\//.test(finding) && !/^Strict\/(Vpc|Key|Lost) /.test(finding)).sort();
}

test('the packs find nothing but what is acknowledged with a reason', () => {
  const packs = [new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R4Checks(), new NIST80053R5Checks(), new PCIDSS321Checks()];
  expect(findingsOf(packs)).toEqual(Object.keys(ACKNOWLEDGED).sort());
});
