import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FlowLogDestination, Vpc } from 'aws-cdk-lib/aws-ec2';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Environment } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { s3Location } from './stacks';
import * as library from '../../src';
import {
  Agent, AgentEndpoint, AgentStatus, AgentVpcEndpoint, Completion, Ec2Agent, LogLevel, Manifest, ObjectTags, ReportLevel, RunOn, ScheduledDate,
  ScheduledTaskExecution, Task, TaskAlarms, TaskDashboard, TaskExecution, TaskExecutionProvider, TaskExecutionStatus, TaskGrants, TaskLogQueries,
  TaskMode, TaskReport, TaskSchedule,
} from '../../src';
import { KINDS } from '../location/kinds';

/** Classes of the library that are constructs, by their names. */
export const CONSTRUCTS: ReadonlyMap<string, Function> = new Map(Object.entries(library)
  .filter((entry): entry is [string, any] => typeof entry[1] === 'function' && entry[1].prototype instanceof Construct));

/** Whether the library makes it, and not the user of the library. */
export function isOfLibrary(construct: IConstruct): boolean {
  return construct.node.scopes.some(scope => [...CONSTRUCTS.values()].includes(scope.constructor) || scope.node.id.startsWith('@DataSync'));
}

/**
 * An app with all that the library makes: one stack for each kind of location, on both sides of tasks, and others for agents and executions. What
 * holds for every template is held against these; test/everything.test.ts fails when a construct is missing.
 */
export function everything(env?: Partial<Environment>): Stack[] {
  // Where CDK has rules of its own for templates, what breaks one is an error.
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  if (/^(cn|us-gov|me)-/.test(env?.region ?? '')) {
    const reason = 'what a Region does not have today is no fault of a template';
    Validations.of(app).acknowledge({ id: 'CloudFormation-Validate::F3006', reason }, { id: 'CloudFormation-Validate::E3628', reason });
  }
  const stackOf = (id: string, fill: (stack: Stack) => void): Stack => {
    const stack = new Stack(app, id, { env });
    fill(stack);
    return stack;
  };
  return [
    ...KINDS.map(({ construct, minimal, complete }) => stackOf(construct, stack => {
      [minimal, ...complete].forEach((make, index) => {
        const location = make(stack, `It${index}`);
        const { mode, noTags } = location._describe();
        const [taskMode, options] = [mode?.only as TaskMode, noTags ? { objectTags: ObjectTags.NONE } : {}];
        const other = s3Location(stack, `Other${index}`);
        new Task(stack, `From${index}`, { source: location, destination: other, taskMode, options });
        new Task(stack, `To${index}`, { source: other, destination: location, taskMode, options });
      });
    })),
    stackOf('Agents', agents),
    stackOf('Listed', listed),
    stackOf('Executions', executions),
    stackOf('StrictExecutions', strictExecutions),
    stackOf('Monitored', monitored),
  ];
}

function agents(stack: Stack): void {
  const vpc = new Vpc(stack, 'Vpc', { flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs() } } });
  const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { vpc, subnet: vpc.privateSubnets[0] });
  new Agent(stack, 'Agent', { activationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', agentName: 'name', endpoint });
  new Ec2Agent(stack, 'PublicAgent', { vpc });
  new Ec2Agent(stack, 'PrivateAgent', { vpc, endpoint, taskMode: TaskMode.ENHANCED, agentName: 'name' });
}

const copy = (stack: Stack): Task => new Task(stack, 'Copy', {
  source: s3Location(stack, 'From'),
  destination: s3Location(stack, 'To', 'copies/'),
  options: { logLevel: LogLevel.BASIC },
  logGroup: new LogGroup(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY }),
});

function listed(stack: Stack): void {
  const bucket = new Bucket(stack, 'ListBucket', { encryptionKey: new Key(stack, 'Key') });
  new Task(stack, 'Listed', {
    source: s3Location(stack, 'ListedFrom'),
    destination: s3Location(stack, 'ListedTo', 'copies/'),
    manifest: Manifest.fromBucket(bucket, 'today.csv', { objectVersionId: 'version' }),
    taskReport: TaskReport.standard(bucket, { subdirectory: 'reports/', reportLevel: ReportLevel.SUCCESSES_AND_ERRORS, skipped: ReportLevel.ERRORS_ONLY }),
    schedule: TaskSchedule.cron({ hour: '2', minute: '30' }),
  });
  new ScheduledTaskExecution(stack, 'ListedStart', {
    task: copy(stack),
    schedule: ScheduleExpression.rate(Duration.days(1)),
    manifest: Manifest.fromBucket(bucket, `lists/${ScheduledDate.format('yyyy-MM-dd')}.csv`),
    taskReport: TaskReport.summary(bucket, { subdirectory: `reports/${ScheduledDate.format('yyyy/MM')}/` }),
  });
}

function monitored(stack: Stack): void {
  const [topic, key] = [new Topic(stack, 'Topic', { enforceSSL: true }), new Key(stack, 'Key', { enableKeyRotation: true })];
  TaskExecutionProvider.of(stack).configure({ deadLetterQueue: new Queue(stack, 'Lost', { encryptionMasterKey: key, enforceSSL: true }) });
  const basic = copy(stack);
  const enhanced = new Task(stack, 'Enhanced', {
    source: s3Location(stack, 'EnhancedFrom'), destination: s3Location(stack, 'EnhancedTo'), taskMode: TaskMode.ENHANCED,
  });
  const [agentArn, taskArn] = ['agent', 'task'].map(resource =>
    stack.formatArn({ service: 'datasync', resource, resourceName: `${resource}-0123456789abcdef0` }));
  const agent = Agent.fromAgentArn(stack, 'Agent', agentArn);
  const alarms = new TaskAlarms(stack, 'Alarms', {
    task: basic,
    successWithin: Duration.hours(26),
    agents: [agent],
    schedules: [new ScheduledTaskExecution(stack, 'Daily', { task: basic, schedule: ScheduleExpression.rate(Duration.days(1)) })],
    alarmActions: [new SnsAction(topic)],
    okActions: [new SnsAction(topic)],
  });
  new TaskDashboard(stack, 'Dashboard', { tasks: [basic, enhanced, Task.fromTaskArn(stack, 'Imported', taskArn)], alarms: [alarms] });
  for (const task of [basic, enhanced]) new TaskLogQueries(task, 'Queries', { task });
  basic.onExecutionStateChange('Changed', { states: [TaskExecutionStatus.LAUNCHING], target: new SnsTopic(topic) });
  basic.onTaskStateChange('TaskChanged', { target: new SnsTopic(topic) });
  agent.onAgentStateChange('AgentChanged', { states: [AgentStatus.ONLINE], target: new SnsTopic(topic) });
}

function executions(stack: Stack): void {
  const task = copy(stack);
  const grants = TaskGrants.fromTask(task);
  const operator = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  grants.start(operator);
  grants.read(operator);
  grants.cancel(operator);
  grants.updateExecution(operator);
  new TaskExecution(stack, 'Started', { task });
  new ScheduledTaskExecution(stack, 'Hourly', { task, schedule: ScheduleExpression.rate(Duration.hours(1)), storeTaskExecutionArn: true });
}

function strictExecutions(stack: Stack): void {
  configureStrictly(stack);
  const task = copy(stack);
  for (const runOn of Object.values(RunOn)) {
    new TaskExecution(stack, `On${runOn}`, { task, runOn, completion: runOn === RunOn.CREATE ? Completion.succeeded({ timeout: Duration.hours(2) }) : undefined });
  }
}

/** The strict settings of docs/executions.md. */
export function configureStrictly(stack: Stack): Key {
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  TaskExecutionProvider.of(stack).configure({
    vpc: new Vpc(stack, 'Vpc', { flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs() } } }),
    logEncryptionKey: key,
    deadLetterQueue: new Queue(stack, 'Lost', { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true }),
  });
  return key;
}
