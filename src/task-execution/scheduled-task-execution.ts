import type { CfnResource } from 'aws-cdk-lib';
import { CfnOutput, Duration, Token } from 'aws-cdk-lib';
import type { MathExpressionOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISchedule, IScheduleGroup, IScheduleTarget, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { ContextAttribute, Schedule, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import type { WireScheduledStart } from './contract';
import { TASK_AVAILABILITY_TIMEOUT } from './contract';
import { hasDateMark } from './date-pattern';
import { bindOverrideConfigs } from './override-configs';
import type { TaskExecutionFunction } from './provider/task-execution-function';
import { TaskExecutionProvider } from './provider/task-execution-provider';
import type { StartPolicyOptions } from './start-policy-options';
import { startRequest } from './start-request';
import type { StartTaskExecutionOptions } from './start-task-execution-options';
import { applyConditionOf } from '../private/conditions';
import { KEY_SEND, PARAMETER_WRITE } from '../private/permissions';
import { checkDuration, checkInteger, checkText } from '../validation/checks';
import { checkExpression } from '../validation/cron-rules';
import { isTimeZone } from '../validation/date-rules';
import { Problems, show } from '../validation/problems';
import { checkSecrets, checkStart, warnOfSameFilters } from '../validation/start-rules';
import { warn } from '../validation/warnings';

/** Properties of a `ScheduledTaskExecution`. */
export interface ScheduledTaskExecutionProps extends StartTaskExecutionOptions, StartPolicyOptions {
  /** The task to start: one of this library, owned or imported, or a `CfnTask`. */
  readonly task: aws_datasync.ITaskRef;

  /**
   * When to start it: at a rate (one minute or more), by a cron expression, or once at a time; the latter two in a time zone.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule: ScheduleExpression;

  /**
   * Whether a start may be put off by up to the length of the window.
   *
   * @default TimeWindow.off()
   */
  readonly timeWindow?: TimeWindow;

  /**
   * Whether the schedule is on.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Name of the schedule, unique in its group: 1 to 64 letters, digits and `- _ .`.
   *
   * @default - a generated name
   */
  readonly scheduleName?: string;

  /**
   * What the schedule is for: at most 512 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The group of the schedule.
   *
   * @default - the account's default group
   */
  readonly scheduleGroup?: IScheduleGroup;

  /**
   * Starts nothing before this time, which in Python has a time zone (`tzinfo`). The scheduler ignores it for a schedule that starts once.
   *
   * @default - at once
   */
  readonly start?: Date;

  /**
   * Starts nothing after this time, which in Python has a time zone (`tzinfo`). The scheduler ignores it for a schedule that starts once.
   *
   * @default - never ends
   */
  readonly end?: Date;

  /**
   * The key that encrypts the schedule.
   *
   * @default - an AWS owned key
   */
  readonly key?: IKey;

  /**
   * How often the scheduler tries again when it cannot hand a start over to the function: 0 to 185.
   *
   * @default 3
   */
  readonly retryAttempts?: number;

  /**
   * How long the scheduler keeps trying to hand a start over: one minute to one day. It is also how late a start may be.
   *
   * @default - one hour, or the interval of a rate that is shorter
   */
  readonly maxEventAge?: Duration;

  /**
   * Where starts go that the scheduler could not hand over to the function, for example because the function was throttled.
   * A standard queue, not a FIFO queue.
   *
   * A start that the function got but that failed, for example because the task was unavailable, does **not** land here:
   * Lambda tries it once more within an hour, then sends it to the `deadLetterQueue` of `TaskExecutionProvider.configure()`. To have both in one
   * queue, give it there only. An execution that started and failed later lands nowhere: see `task.onExecutionStateChange()`.
   *
   * @default - the `deadLetterQueue` of `TaskExecutionProvider.configure()`; without that they are dropped
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * Whether to keep the ARN of the latest execution in an SSM parameter, whose name is an output of the stack.
   *
   * @default false
   */
  readonly storeTaskExecutionArn?: boolean;
}

/** The scheduler's own default, 185 attempts in a day, could start at noon what was scheduled for the night. */
const RETRY_ATTEMPTS = 3;
const MAX_EVENT_AGE = Duration.hours(1);

const NAME_RULE = {
  max: 64, pattern: /^[0-9a-zA-Z-_.]+$/, says: 'may only contain letters, digits and - _ .', remedy: 'use a name such as "nightly-copy", or leave it out',
};

/**
 * Starts a task on schedule.
 *
 * The scheduler may hand over one start more than once; the task is started once for each scheduled time all the same.
 *
 * **What this creates**: a schedule; once per stack a role for the scheduler with a policy, a function, its role with a policy, and
 * its log group and how often Lambda repeats it; with `storeTaskExecutionArn` a parameter and an output.
 *
 * **Limitations**: a start that comes while an execution with the same filters waits in the queue is refused by the service; whether also
 * while one runs is not known. Choose `IfRunning.ATTACH` for a schedule that is faster than its task.
 *
 * @resource AWS::Scheduler::Schedule
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
 * @example
 * new datasync.ScheduledTaskExecution(this, 'Hourly', {
 *   task,
 *   schedule: ScheduleExpression.rate(Duration.hours(1)),
 *   ifRunning: datasync.IfRunning.ATTACH,
 * });
 */
export class ScheduledTaskExecution extends Construct {
  /** The schedule. */
  public readonly schedule: ISchedule;

  /** The function that starts the task. All schedules of the stack share it: do not change it, but do watch its errors. */
  public readonly lambdaFunction: IFunction;

  /** Where starts go that came to nothing, if there is such a queue. */
  public readonly deadLetterQueue?: IQueue;

  /** The parameter that keeps the ARN of the latest execution, with `storeTaskExecutionArn`. It reads `none` until the first start. */
  public readonly taskExecutionArnParameter?: IStringParameter;

  /**
   * @throws when the overrides do not go together with each other or with the task, naming everything that does not
   */
  constructor(scope: Construct, id: string, props: ScheduledTaskExecutionProps) {
    super(scope, id);
    this.checkProps(props);
    checkSecrets(this, props);
    warnOfIgnoredTimes(this, props);
    if (props.enabled !== false) warnOfSameFilters(this, props.task, props, true);

    const provider = TaskExecutionProvider.of(this);
    const starter = provider._onSchedule(this);
    starter.allow(props.task);
    const configs = bindOverrideConfigs(this, starter, props);
    this.lambdaFunction = starter.lambdaFunction;
    if (props.storeTaskExecutionArn) this.taskExecutionArnParameter = this.createParameter(starter);

    this.deadLetterQueue = props.deadLetterQueue ?? provider._deadLetterQueue;
    const { retryAttempts = RETRY_ATTEMPTS, maxEventAge = maxEventAgeOf(props.schedule) } = props;
    this.schedule = new Schedule(this, 'Schedule', {
      schedule: props.schedule,
      timeWindow: props.timeWindow,
      enabled: props.enabled,
      scheduleName: props.scheduleName,
      description: props.description,
      scheduleGroup: props.scheduleGroup,
      start: props.start,
      end: props.end,
      key: props.key,
      target: withKeyOf(this.deadLetterQueue, new LambdaInvoke(starter.lambdaFunction, {
        input: ScheduleTargetInput.fromObject({
          ...startRequest(props.task, props, configs, TASK_AVAILABILITY_TIMEOUT.schedule),
          ScheduleArn: ContextAttribute.scheduleArn,
          ScheduledTime: ContextAttribute.scheduledTime,
          TimeZone: hasDates(props) ? props.schedule.timeZone?.timezoneName : undefined,
          ParameterName: this.taskExecutionArnParameter?.parameterName,
        } satisfies WireScheduledStart),
        retryAttempts: Token.isUnresolved(retryAttempts) ? undefined : retryAttempts,
        maxEventAge: maxEventAge.isUnresolved() ? undefined : maxEventAge,
        deadLetterQueue: this.deadLetterQueue,
      })),
    });
    if (configs.dependables.length > 0) this.schedule.node.addDependency(...configs.dependables);
    const resource = this.schedule.node.defaultChild as CfnResource;
    // CDK takes no number that only the deployment knows.
    if (Token.isUnresolved(retryAttempts)) resource.addPropertyOverride('Target.RetryPolicy.MaximumRetryAttempts', retryAttempts);
    if (maxEventAge.isUnresolved()) resource.addPropertyOverride('Target.RetryPolicy.MaximumEventAgeInSeconds', maxEventAge.toSeconds());
    applyConditionOf(resource, props.task);
  }

  /**
   * Starts that did not happen: those that the function could not do, that Lambda dropped, and that the scheduler could not hand over. One is missed
   * also if a later attempt comes through.
   *
   * It counts those of all schedules of the stack and of the schedule's group, because the services count them so. Make an alarm of it to hear of
   * them. Whether what was started has succeeded, it does not tell: see `task.onExecutionStateChange()`.
   *
   * @example
   * schedule.metricMissedStarts().createAlarm(this, 'Missed', { threshold: 1, evaluationPeriods: 1 });
   *
   * @param options period, label and colour; the statistic is a sum. By default of 5 minutes
   */
  public metricMissedStarts(options: MathExpressionOptions = {}): MathExpression {
    const dimensionsMap = { ScheduleGroup: this.schedule.scheduleGroup?.scheduleGroupName ?? 'default' };
    return new MathExpression({
      label: 'Missed starts',
      ...options,
      expression: 'FILL(failed, 0) + FILL(dropped, 0) + FILL(undelivered, 0)',
      usingMetrics: {
        failed: this.lambdaFunction.metricErrors({ statistic: Stats.SUM }),
        dropped: this.lambdaFunction.metric('AsyncEventsDropped', { statistic: Stats.SUM }),
        undelivered: new Metric({ namespace: 'AWS/Scheduler', metricName: 'InvocationDroppedCount', dimensionsMap, statistic: Stats.SUM }),
      },
    });
  }

  private checkProps(props: ScheduledTaskExecutionProps): void {
    const problems = new Problems(this.node.path);
    checkStart(problems, this, props.task, props, true);
    checkInteger(problems, 'retryAttempts', props.retryAttempts, 0, 185, 'attempts', 'choose a number in that range');
    checkDuration(problems, 'maxEventAge', props.maxEventAge, Duration.minutes(1), Duration.days(1));
    checkExpression(problems, 'schedule', props.schedule);
    const zone = props.schedule?.timeZone?.timezoneName;
    if (zone !== undefined && !Token.isUnresolved(zone) && !isTimeZone(zone)) {
      problems.add(`timeZone ${show(zone)} of schedule`, 'is no time zone of the IANA database', 'use one such as TimeZone.EUROPE_BERLIN');
    }
    for (const property of ['start', 'end'] as const) {
      const date = props[property];
      if (date !== undefined && Number.isNaN(date.getTime())) problems.add(`${property} ${String(date)}`, 'must be a date', 'write one such as new Date("2030-01-01T00:00:00Z")');
    }
    checkText(problems, 'scheduleName', props.scheduleName, NAME_RULE);
    checkText(problems, 'description', props.description, { min: 0, max: 512, remedy: 'shorten it' });
    if (props.deadLetterQueue?.fifo) {
      problems.add(`deadLetterQueue ${show(props.deadLetterQueue.node.path)}`, 'must be a standard queue: the scheduler does not send to FIFO queues', 'use a queue that is not FIFO');
    }
    problems.throwIfAny();
  }

  private createParameter(starter: TaskExecutionFunction): IStringParameter {
    const description = `ARN of the latest execution that ${this.node.path} started`;
    const parameter = new StringParameter(this, 'Parameter', { description, stringValue: 'none' });
    starter.grant(PARAMETER_WRITE, parameter.parameterArn);
    new CfnOutput(this, 'TaskExecutionArnParameterName', { value: parameter.parameterName, description });
    return parameter;
  }
}

/** CDK lets the role of the scheduler send to the queue, but not use its key: then what cannot be handed over is lost without a word. */
function withKeyOf(queue: IQueue | undefined, target: IScheduleTarget): IScheduleTarget {
  const key = queue?.encryptionMasterKey;
  if (!key) return target;
  return {
    bind: schedule => {
      const config = target.bind(schedule);
      config.role.addToPrincipalPolicy(new PolicyStatement({ actions: KEY_SEND, resources: [key.keyArn] }));
      return config;
    },
  };
}

function warnOfIgnoredTimes(scope: Construct, { schedule, start, end }: ScheduledTaskExecutionProps): void {
  if (Token.isUnresolved(schedule.expressionString) || !schedule.expressionString.startsWith('at(')) return;
  for (const [property, time] of [['start', start], ['end', end]] as const) {
    if (time === undefined) continue;
    warn(scope, 'timeFrameIgnored', `${property} ${show(time)} with schedule ${show(schedule.expressionString)}: the scheduler ignores it for a schedule that starts once; `
      + `leave ${property} out, or use ScheduleExpression.rate() or .cron()`);
  }
}

function hasDates({ includes, excludes, manifest, taskReport, tags = {} }: ScheduledTaskExecutionProps): boolean {
  const texts = [includes?.value, excludes?.value, manifest?._key, taskReport?._subdirectory, ...Object.values(tags)];
  return texts.some(text => text !== undefined && hasDateMark(text));
}

/** A start that is as late as the next one is superfluous. */
function maxEventAgeOf({ expressionString }: ScheduleExpression): Duration {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expressionString) ?? [];
  const minutes = Number(value) * ({ minute: 1, hour: 60, day: 1440 }[unit] ?? Number.NaN);
  return minutes < MAX_EVENT_AGE.toMinutes() ? Duration.minutes(minutes) : MAX_EVENT_AGE;
}
