import { Duration, Lazy, RemovalPolicy, SecretValue, TimeZone } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { OURS } from './rule';
import type { Section } from './rule';
import {
  Completion, Manifest, OnDelete, ScheduledDate, ScheduledTaskExecution, Task, TaskExecution, TaskExecutionProvider, TaskQueueing, TaskReport,
} from '../../../src';
import type { ITask, ScheduledTaskExecutionProps, TaskExecutionProps, TaskExecutionProviderOptions } from '../../../src';
import { locationOf, TASK_ARN } from '../../support/stacks';

const imported = (stack: Stack) => Task.fromTaskArn(stack, 'Task', TASK_ARN);
const start = (props: Partial<TaskExecutionProps>) => (stack: Stack) => new TaskExecution(stack, 'Start', { task: imported(stack), ...props });
const scheduled = (props: (stack: Stack) => Partial<ScheduledTaskExecutionProps>) => (stack: Stack) => new ScheduledTaskExecution(stack, 'Hourly', {
  task: imported(stack), schedule: ScheduleExpression.rate(Duration.hours(1)), ...props(stack),
});
const configured = (options: (stack: Stack) => TaskExecutionProviderOptions) => (stack: Stack) =>
  TaskExecutionProvider.of(stack).configure(options(stack));
const SCHEDULER = 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html';
const SCHEDULE_TYPES = 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html';
const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html';

export const EXECUTION_SECTIONS: Section[] = [
  {
    title: 'Start',
    source: 'run-task',
    errors: [
      ['something else in the place of a task', start({ task: 'task-0123456789abcdef0' as unknown as ITask }), OURS],
      ['a token in the place of all triggers', start({ triggers: Lazy.any({ produce: () => ({}) }) as any }), OURS],
      ['a text in the place of triggers', start({ triggers: 'landing' as any }), OURS],
      ['a construct as a trigger', stack => start({ triggers: { bucket: stack } })(stack), OURS],
      ['a secret', start({ triggers: { password: SecretValue.secretsManager('password').unsafeUnwrap() } }), OURS],
      ['a longer wait for the task than the function has', start({ taskAvailabilityTimeout: Duration.hours(1) }), OURS],
      ['a number in the place of a duration', start({ taskAvailabilityTimeout: 60 as unknown as Duration }), OURS],
      ['a text in the place of a completion', start({ completion: 'succeeded' as unknown as Completion }), OURS],
      ['a text in the place of what happens on delete', start({ onDelete: 'run' as unknown as OnDelete }), OURS],
      ['a longer wait for the end than there are links', start({ completion: Completion.succeeded({ timeout: Duration.hours(13) }) }), OURS],
      ['a longer wait for a run before a deletion than a request has', start({ onDelete: OnDelete.run({ timeout: Duration.hours(1) }) }), OURS],
      ['a run before a deletion that CloudFormation does not ask for', stack => start({ onDelete: OnDelete.run() })(stack).applyRemovalPolicy(RemovalPolicy.RETAIN), OURS],
      ['an attribute of an end that is not waited for', stack => start({})(stack).bytesTransferred, OURS],
    ],
    warnings: [
      ['a start that may not wait in the queue', start({ overrideOptions: { taskQueueing: TaskQueueing.DISABLED } })],
      ['two starts of the same items', stack => {
        const task = imported(stack);
        new TaskExecution(stack, 'First', { task });
        new TaskExecution(stack, 'Second', { task });
      }],
      ['a start that reads what an earlier one writes', stack => {
        const middle = locationOf(stack, 'Middle');
        const task = (id: string, [source, destination]: [string | undefined, string | undefined]) => new Task(stack, id, {
          source: source ? locationOf(stack, source) : middle, destination: destination ? locationOf(stack, destination) : middle,
        });
        const first = new TaskExecution(stack, 'First', { task: task('In', ['From', undefined]) });
        new TaskExecution(stack, 'Second', { task: task('Out', [undefined, 'To']) }).executeAfter(first);
      }, OURS],
    ],
  },
  {
    title: 'Schedule',
    source: SCHEDULER,
    errors: [
      ['a minute that there is not', scheduled(() => ({ schedule: ScheduleExpression.cron({ minute: '60' }) })),
        SCHEDULE_TYPES],
      ['days and weekdays', scheduled(() => ({ schedule: ScheduleExpression.expression('cron(0 2 * * * *)') })), SCHEDULE_TYPES],
      ['a cron expression of another scheduler', scheduled(() => ({ schedule: ScheduleExpression.expression('cron(0 2 * * ?)') })), SCHEDULE_TYPES],
      ['an expression of another form', scheduled(() => ({ schedule: ScheduleExpression.expression('0 2 * * *') })), SCHEDULE_TYPES],
      ['a text in the place of an expression', scheduled(() => ({ schedule: 'rate(1 hour)' as unknown as ScheduleExpression })), OURS],
      ['a time zone that there is not', scheduled(() => ({ schedule: ScheduleExpression.cron({ minute: '0', timeZone: TimeZone.of('Europe/Berln') }) })), SCHEDULER],
      ['a date whose text a key cannot have', scheduled(stack => ({ manifest: Manifest.fromBucket(new Bucket(stack, 'Lists'), `${ScheduledDate.format("'year='yyyy")}/today.csv`) })),
        'https://docs.aws.amazon.com/datasync/latest/userguide/API_S3ManifestConfig.html'],
      ['a date whose text a prefix cannot have', scheduled(stack => ({ taskReport: TaskReport.summary(new Bucket(stack, 'Reports'), { subdirectory: `${ScheduledDate.format('HH:mm')}/` }) })),
        'https://docs.aws.amazon.com/datasync/latest/userguide/API_ReportDestinationS3.html'],
      ['a date that is none', scheduled(() => ({ start: new Date('tomorrow') })), OURS],
      ['more attempts than the scheduler makes', scheduled(() => ({ retryAttempts: 186 }))],
      ['a shorter time for attempts than the scheduler takes', scheduled(() => ({ maxEventAge: Duration.seconds(30) }))],
      ['a name with other characters', scheduled(() => ({ scheduleName: 'every/hour' }))],
      ['a long description', scheduled(() => ({ description: 'x'.repeat(513) }))],
      ['a FIFO queue', scheduled(stack => ({ deadLetterQueue: new Queue(stack, 'Queue', { fifo: true }) }))],
    ],
    warnings: [
      ['a time frame of a schedule that starts once', scheduled(() => ({ schedule: ScheduleExpression.at(new Date('2030-01-01T00:00:00Z')), end: new Date('2031-01-01T00:00:00Z') }))],
    ],
  },
  {
    title: 'Functions of the starts',
    source: LAMBDA,
    errors: [
      ['after the first start', stack => {
        start({})(stack);
        TaskExecutionProvider.of(stack).configure({});
      }, OURS],
      ['a part of a VPC without it', configured(() => ({ vpcSubnets: {} }))],
      ['a group of another VPC', configured(stack => ({ vpc: new Vpc(stack, 'Vpc'), securityGroups: [new SecurityGroup(stack, 'Group', { vpc: new Vpc(stack, 'Other') })] }))],
      ['a public subnet', configured(stack => ({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnetType: SubnetType.PUBLIC } }))],
      ['no subnet', configured(stack => ({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnets: [] } })), OURS],
      ['a role of another account', configured(stack => ({ role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/starter') }))],
      ['what is a property of the log group', configured(stack => ({ logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_DAY })), OURS],
      ['too little memory', configured(() => ({ memorySize: 64 }))],
      ['room for no execution', configured(() => ({ reservedConcurrentExecutions: 0 }))],
      ['a FIFO queue', configured(stack => ({ deadLetterQueue: new Queue(stack, 'Queue', { fifo: true }) }))],
      ['another language', configured(() => ({ runtime: Runtime.PYTHON_3_13 })), OURS],
    ],
  },
];
