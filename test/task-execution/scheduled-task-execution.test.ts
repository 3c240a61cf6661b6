import type { Stack } from 'aws-cdk-lib';
import { CfnParameter, Duration, Fn, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression, ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { ScheduledTaskExecutionProps } from '../../src';
import { Filter, IfRunning, ScheduledTaskExecution, Task, TaskExecutionProvider, TransferMode, VerifyMode } from '../../src';
import { flatten, messageOf, newStack, nfsToS3, permissionsOf, resourceOf, snapshotOf, TASK_ARN, warningsOf } from '../support/stacks';

const HOURLY = ScheduleExpression.rate(Duration.hours(1));
const imported = (stack: Stack) => Task.fromTaskArn(stack, 'Task', TASK_ARN);

/** What the function gets, intrinsics as text. */
function payloadOf(stack: Stack): object {
  return JSON.parse(flatten(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.Input));
}

test('a minimal start on schedule is rendered', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'Hourly', { task: nfsToS3(stack), schedule: HOURLY });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a start on schedule with all properties is rendered', () => {
  const stack = newStack();
  const scheduled = new ScheduledTaskExecution(stack, 'Nightly', {
    task: imported(stack),
    schedule: ScheduleExpression.cron({ hour: '2', minute: '30', timeZone: TimeZone.EUROPE_ZURICH }),
    timeWindow: TimeWindow.flexible(Duration.minutes(15)),
    enabled: false,
    scheduleName: 'nightly-copy',
    description: 'Copies what came in',
    scheduleGroup: new ScheduleGroup(stack, 'Group'),
    start: new Date('2026-12-01T00:00:00Z'),
    end: new Date('2027-12-01T00:00:00Z'),
    key: new Key(stack, 'Key'),
    retryAttempts: 3,
    maxEventAge: Duration.hours(2),
    deadLetterQueue: new Queue(stack, 'Dead'),
    storeTaskExecutionArn: true,
    overrideOptions: { verifyMode: VerifyMode.NONE, bytesPerSecond: 1_048_576 },
    includes: Filter.simplePattern('/in'),
    excludes: Filter.simplePattern('*.tmp'),
    tags: { team: 'storage' },
    ifRunning: IfRunning.ATTACH,
  });
  expect(scheduled.taskExecutionArnParameter).toBeDefined();
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('the function is told what to start, by which schedule and for which time', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'Hourly', {
    task: nfsToS3(stack),
    schedule: HOURLY,
    overrideOptions: { bytesPerSecond: 7 },
    includes: Filter.simplePattern('/with "quotes"', Fn.importValue('Folder')),
    tags: { team: 'storage' },
  });
  expect(payloadOf(stack)).toEqual({
    TaskArn: '<Task79114B6B>',
    OverrideOptions: { BytesPerSecond: '7' },
    Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/with "quotes"|<Fn::ImportValue:Folder>' }],
    Tags: [{ Key: 'team', Value: 'storage' }],
    IfRunning: 'QUEUE',
    TaskAvailabilityTimeout: '120',
    ScheduleArn: '<aws.scheduler.schedule-arn>',
    ScheduledTime: '<aws.scheduler.scheduled-time>',
  });
});

test('attempts and an age that only the deployment knows stand in the schedule as they are', () => {
  const stack = newStack();
  const [attempts, age] = ['Attempts', 'Age'].map(id => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber);
  const props = { task: imported(stack), schedule: HOURLY, retryAttempts: attempts, maxEventAge: Duration.seconds(age) };
  new ScheduledTaskExecution(stack, 'Hourly', props);
  expect(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.RetryPolicy)
    .toEqual({ MaximumRetryAttempts: { Ref: 'Attempts' }, MaximumEventAgeInSeconds: { Ref: 'Age' } });
});

test.each<[string, ScheduleExpression, string, string]>([
  ['a rate', ScheduleExpression.rate(Duration.minutes(1)), 'rate(1 minute)', 'Etc/UTC'],
  ['a cron expression', ScheduleExpression.cron({ minute: '0', hour: '8', timeZone: TimeZone.ASIA_TOKYO }), 'cron(0 8 * * ? *)', 'Asia/Tokyo'],
  ['once', ScheduleExpression.at(new Date('2027-01-01T03:00:00Z')), 'at(2027-01-01T03:00:00)', 'Etc/UTC'],
])('a schedule may be %s', (_, schedule, ScheduleExpressionText, zone) => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule });
  expect(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties).toMatchObject({
    ScheduleExpression: ScheduleExpressionText, ScheduleExpressionTimezone: zone, State: 'ENABLED', FlexibleTimeWindow: { Mode: 'OFF' },
  });
});

describe('the ARN of the latest execution', () => {
  test('is kept in a parameter whose name is an output', () => {
    const stack = newStack();
    const scheduled = new ScheduledTaskExecution(stack, 'Hourly', { task: imported(stack), schedule: HOURLY, storeTaskExecutionArn: true });
    const [[id]] = Object.entries(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
    expect(payloadOf(stack)).toMatchObject({ ParameterName: `<${id}>` });
    expect(Object.values(Template.fromStack(stack).findOutputs('*'))).toEqual([
      { Value: { Ref: id }, Description: 'ARN of the latest execution that Stack/Hourly started' },
    ]);
    expect(stack.resolve(scheduled.taskExecutionArnParameter!.parameterName)).toEqual({ Ref: id });
    expect(permissionsOf(stack, 'DataSyncTaskExecutionOnScheduleRole')).toContain(
      `ssm:GetParameter ssm:PutParameter on arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/<${id}>`);
  });

  test('is not kept unless asked for', () => {
    const stack = newStack();
    const scheduled = new ScheduledTaskExecution(stack, 'Hourly', { task: imported(stack), schedule: HOURLY });
    expect(scheduled.taskExecutionArnParameter).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::SSM::Parameter', 0);
    expect(permissionsOf(stack, 'DataSyncTaskExecutionOnScheduleRole').join()).not.toContain('ssm:');
  });
});

test('schedules of a stack share one function, which is not the one of deployments', () => {
  const stack = newStack();
  const task = imported(stack);
  const [first, second] = ['First', 'Second'].map(id => new ScheduledTaskExecution(stack, id, { task, schedule: HOURLY }));
  expect(first.lambdaFunction).toBe(second.lambdaFunction);
  expect(resourceOf(stack, 'AWS::Lambda::Function').Properties.Handler).toBe('index.onSchedule');
});

test.each<[string, Partial<ScheduledTaskExecutionProps>, ...string[]]>([
  ['attempts below zero', { retryAttempts: -1 }, 'retryAttempts -1: must be a whole number of attempts, between 0 and 185; choose a number in that range'],
  ['too many attempts', { retryAttempts: 186 }, 'retryAttempts 186: must be a whole number of attempts, between 0 and 185; choose a number in that range'],
  ['an age too low', { maxEventAge: Duration.seconds(59) },
    'maxEventAge 59 seconds: must be between 1 minute and 1 day; choose a duration in that range'],
  ['an age too high', { maxEventAge: Duration.hours(25) },
    'maxEventAge 1 day 1 hour: must be between 1 minute and 1 day; choose a duration in that range'],
  ['a name with a space', { scheduleName: 'nightly copy' },
    'scheduleName "nightly copy": may only contain letters, digits and - _ .; use a name such as "nightly-copy", or leave it out'],
  ['a name that is too long', { scheduleName: 'x'.repeat(65) }, `scheduleName "${'x'.repeat(65)}": must have at most 64 characters, has 65; shorten it`],
  ['an empty name', { scheduleName: '' }, 'scheduleName "": must not be empty; use a name such as "nightly-copy", or leave it out'],
  ['a description that is too long', { description: 'x'.repeat(513) },
    `description "${'x'.repeat(119)}... (513 characters): must have at most 512 characters, has 513; shorten it`],
  ['a wait that is too long', { taskAvailabilityTimeout: Duration.minutes(11) },
    'taskAvailabilityTimeout 11 minutes: must be between 0 seconds and 10 minutes; choose a duration in that range'],
  ['all that is wrong at once', { retryAttempts: 0.5, excludes: Filter.simplePattern('') },
    'excludes "": must not be empty; leave excludes out to filter nothing',
    'retryAttempts 0.5: must be a whole number of attempts, between 0 and 185; choose a number in that range'],
])('a start on schedule refuses %s', (_, wrong, ...problems) => {
  const stack = newStack();
  expect(messageOf(() => new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY, ...wrong })))
    .toBe(`DataSyncValidationError: ${problems.map(problem => `[Stack/It] ${problem}`).join('\n')}`);
});

test('a start on schedule checks overrides together with the task', () => {
  const stack = newStack();
  const task = nfsToS3(stack, { options: { transferMode: TransferMode.ALL } });
  expect(messageOf(() => new ScheduledTaskExecution(stack, 'It', {
    task, schedule: HOURLY, overrideOptions: { preserveDeletedFiles: 'REMOVE' as any },
  }))).toBe('DataSyncValidationError: [Stack/It] options.transferMode "ALL" with overrideOptions.preserveDeletedFiles "REMOVE": '
    + 'a transfer that does not compare cannot delete; use TransferMode.CHANGED, or PreserveDeletedFiles.PRESERVE');
});

test('a start on schedule refuses a FIFO queue for starts that could not be handed over', () => {
  const stack = newStack();
  const deadLetterQueue = new Queue(stack, 'Dead', { fifo: true });
  expect(messageOf(() => new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY, deadLetterQueue })))
    .toBe('DataSyncValidationError: [Stack/It] deadLetterQueue "Stack/Dead": must be a standard queue: the scheduler does not send to FIFO queues; use a queue that is not FIFO');
});

describe('a dead-letter queue', () => {
  const queueOf = (stack: Stack) => resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.DeadLetterConfig;

  test('of the functions gets what the scheduler could not hand over as well', () => {
    const stack = newStack();
    TaskExecutionProvider.of(stack).configure({ deadLetterQueue: new Queue(stack, 'Lost') });
    new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY });
    const queue = { 'Fn::GetAtt': [expect.stringMatching(/^Lost/), 'Arn'] };
    expect(queueOf(stack)).toEqual({ Arn: queue });
    expect(resourceOf(stack, 'AWS::Lambda::Function').Properties.DeadLetterConfig).toEqual({ TargetArn: queue });
  });

  test('of the schedule itself comes first', () => {
    const stack = newStack();
    TaskExecutionProvider.of(stack).configure({ deadLetterQueue: new Queue(stack, 'Lost') });
    new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY, deadLetterQueue: new Queue(stack, 'Own') });
    expect(queueOf(stack)).toEqual({ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Own/), 'Arn'] } });
  });

  test.each<[string, (stack: Stack, queue: Queue) => Partial<ScheduledTaskExecutionProps>, string[]]>([
    ['of its own', (_, deadLetterQueue) => ({ deadLetterQueue }), ['SchedulerRole']],
    ['of the provider', (stack, deadLetterQueue) => {
      TaskExecutionProvider.of(stack).configure({ deadLetterQueue });
      return {};
    }, ['SchedulerRole', 'DataSyncTaskExecutionOnScheduleRole']],
  ])('%s with a key takes what is sent: whoever sends may use the key', (_, propsOf, roles) => {
    const stack = newStack();
    const queue = new Queue(stack, 'Lost', { encryptionMasterKey: new Key(stack, 'Key') });
    new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY, ...propsOf(stack, queue) });
    const policies = Object.entries<any>(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const mayUse = policies.filter(([, { Properties }]) => Properties.PolicyDocument.Statement.some((statement: any) =>
      JSON.stringify(statement.Action) === '["kms:Decrypt","kms:GenerateDataKey"]' && /^Key/.test(statement.Resource['Fn::GetAtt'][0])));
    expect(mayUse.map(([id]) => roles.find(role => id.startsWith(role))).sort()).toEqual([...roles].sort());
  });
});

test('a start on schedule accepts a name and a description as long as the scheduler takes', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY, scheduleName: `a-_.Z${'0'.repeat(59)}`, description: 'x'.repeat(512) });
  expect(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Name).toHaveLength(64);
});

test.each<[string, ScheduleExpression, Partial<ScheduledTaskExecutionProps>, number]>([
  ['a start', ScheduleExpression.at(new Date('2027-01-01T03:00:00Z')), { start: new Date('2026-12-01T00:00:00Z') }, 1],
  ['both', ScheduleExpression.at(new Date('2027-01-01T03:00:00Z')), { start: new Date('2026-12-01T00:00:00Z'), end: new Date('2028-12-01T00:00:00Z') }, 2],
  ['neither', ScheduleExpression.at(new Date('2027-01-01T03:00:00Z')), {}, 0],
  ['a rate', HOURLY, { start: new Date('2026-12-01T00:00:00Z') }, 0],
])('a start on schedule warns that the scheduler ignores times of a schedule that starts once: %s', (_, schedule, times, count) => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule, ...times });
  expect(warningsOf(stack).filter(warning => warning.includes('cdk-datasync:timeFrameIgnored'))).toHaveLength(count);
});

test('what fails every minute does not pile up', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: ScheduleExpression.rate(Duration.minutes(1)) });
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = resourceOf(stack, 'AWS::Lambda::EventInvokeConfig').Properties;
  const seconds = Number((payloadOf(stack) as { TaskAvailabilityTimeout: string }).TaskAvailabilityTimeout);
  // So many wait at once for a task that is unavailable for hours; a new account may run ten functions at a time.
  expect((1 + MaximumRetryAttempts) * seconds / 60).toBeLessThanOrEqual(5);
  expect(MaximumEventAgeInSeconds).toBeLessThanOrEqual(3600);
});

test('a start on schedule refuses a reference to a secret, which others could read in the schedule', () => {
  const stack = newStack();
  new ScheduledTaskExecution(stack, 'It', { task: imported(stack), schedule: HOURLY, excludes: Filter.simplePattern('/{{resolve:secretsmanager:folder}}') });
  expect(messageOf(() => Template.fromStack(stack))).toContain('[Stack/It] excludes (a reference to a secret): ');
});

describe('a start that could not be handed over', () => {
  test.each<[string, ScheduleExpression, object]>([
    ['is tried three times within an hour', ScheduleExpression.cron({ hour: '2', minute: '30' }), { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 }],
    ['of a slow rate as well', ScheduleExpression.rate(Duration.days(1)), { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 }],
    ['of a fast rate is given up when the next one is due', ScheduleExpression.rate(Duration.minutes(15)), { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 900 }],
    ['of each minute too', ScheduleExpression.rate(Duration.minutes(1)), { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 60 }],
  ])('%s', (_, schedule, expected) => {
    const stack = newStack();
    new ScheduledTaskExecution(stack, 'Start', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), schedule });
    expect(resourceOf(stack, 'AWS::Scheduler::Schedule').Properties.Target.RetryPolicy).toEqual(expected);
  });

  test('counts as missed, like one that the function or Lambda could not do', () => {
    const stack = newStack();
    const start = new ScheduledTaskExecution(stack, 'Start', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), schedule: ScheduleExpression.rate(Duration.hours(1)) });
    start.metricMissedStarts({ period: Duration.hours(1) }).createAlarm(stack, 'Missed', { threshold: 1, evaluationPeriods: 1 });
    const { Metrics } = resourceOf(stack, 'AWS::CloudWatch::Alarm').Properties;
    expect(Metrics.find(({ Expression }: any) => Expression)).toMatchObject({ Expression: 'FILL(failed, 0) + FILL(dropped, 0) + FILL(undelivered, 0)' });
    const used = Metrics.flatMap(({ MetricStat }: any) => MetricStat ? [`${MetricStat.Metric.Namespace} ${MetricStat.Metric.MetricName} ${MetricStat.Stat} ${MetricStat.Period}`] : []);
    expect(used.sort()).toEqual(['AWS/Lambda AsyncEventsDropped Sum 3600', 'AWS/Lambda Errors Sum 3600', 'AWS/Scheduler InvocationDroppedCount Sum 3600']);
  });
});
