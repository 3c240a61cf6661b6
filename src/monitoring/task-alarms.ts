import { Duration } from 'aws-cdk-lib';
import type { AlarmProps, IAlarmAction, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IAgent } from '../agent/agent-base';
import type { ITask } from '../task-base';
import type { ScheduledTaskExecution } from '../task-execution/scheduled-task-execution';
import { checkDuration, requireKind, requireTask } from '../validation/checks';
import { Problems } from '../validation/problems';

/** Properties of `TaskAlarms`. */
export interface TaskAlarmsProps {
  /** The task to watch. */
  readonly task: ITask;

  /**
   * The longest time that may pass without an execution that succeeds: 10 minutes to 7 days, over one day in whole hours. Give it the interval of the
   * schedule and twice the time that an execution takes.
   *
   * This alarm is the net under all others: nothing else notices a schedule that the service itself has turned off, or an event that was lost.
   *
   * @default - no such alarm
   */
  readonly successWithin?: Duration;

  /**
   * The agents to watch.
   *
   * @default - none
   */
  readonly agents?: IAgent[];

  /**
   * The schedules to watch: starts that were missed, a function that was throttled, a dead-letter queue that is not empty. Schedules of one stack share
   * a function, so they share alarms: name each in one `TaskAlarms` only.
   *
   * @default - none
   */
  readonly schedules?: ScheduledTaskExecution[];

  /**
   * What to do when an alarm goes off, for example `new SnsAction(topic)`.
   *
   * @default - nothing: alarms only show
   */
  readonly alarmActions?: IAlarmAction[];

  /**
   * What to do when an alarm is over.
   *
   * @default - nothing
   */
  readonly okActions?: IAlarmAction[];
}

/** As often as rules are counted on the one hand, and as the service sends events of itself on the other. */
const PERIOD = Duration.minutes(5);
const SHORTEST = Duration.minutes(10);
/** CloudWatch looks no further back, and with periods shorter than an hour only one day. */
const LONGEST = Duration.days(7);

/**
 * Alarms of a task, its agents and its schedules.
 *
 * The service has no metric of success or failure: the alarms of executions, of the task and of agents count its events, which it sends at best effort.
 * None of them sees what was not copied by an execution that succeeded, nor an event that was lost; only `successWithin` notices what does not happen. A
 * deployment that waits with `Completion.succeeded()` knows how its execution ended without any of this.
 *
 * **What this creates**: an alarm for failed executions and one for the task being unavailable, more as asked for, and the rules that they count.
 *
 * @resource AWS::CloudWatch::Alarm
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html
 * @example
 * new datasync.TaskAlarms(this, 'Alarms', {
 *   task,
 *   successWithin: Duration.hours(26),
 *   alarmActions: [new SnsAction(topic)],
 * });
 */
export class TaskAlarms extends Construct {
  /** An execution has failed, has failed for some items, or was cancelled: the service does not tell which. */
  public readonly executionFailed: Alarm;

  /** No execution has succeeded for too long, with `successWithin`. */
  public readonly noSuccess?: Alarm;

  /** The task cannot be started. */
  public readonly taskUnavailable: Alarm;

  /** An agent is offline: one for each agent. It also goes off right after an agent was activated. */
  public readonly agentsOffline: Alarm[];

  /** A start on schedule did not happen: one for each function and schedule group. */
  public readonly missedStarts: Alarm[];

  /** A function that starts on schedule was throttled: one for each function. */
  public readonly throttles: Alarm[];

  /** A start lies in a dead-letter queue: one for each queue. */
  public readonly deadLetters: Alarm[];

  private readonly actions: Pick<TaskAlarmsProps, 'alarmActions' | 'okActions'>;

  /**
   * @throws when `successWithin` is none that CloudWatch can look back
   */
  constructor(scope: Construct, id: string, props: TaskAlarmsProps) {
    super(scope, id);
    const { task, successWithin, agents = [], schedules = [] } = props;
    requireTask(this, 'task', task);
    agents.forEach((agent, index) => requireKind(this, `agents[${index}]`, agent, 'agentId', 'give an agent; of an L1 one is made by Agent.fromAgentArn()'));
    const problems = new Problems(this.node.path);
    checkSuccessWithin(problems, successWithin);
    problems.throwIfAny();
    this.actions = props;

    const name = task.node.path;
    this.executionFailed = this.alarm('ExecutionFailed', task.metricExecutionsFailed({ period: PERIOD }),
      `An execution of ${name} has failed, has failed for some items, or was cancelled. The execution in the console of DataSync, and its log, say why.`);
    this.taskUnavailable = this.alarm('TaskUnavailable', task.metricTaskUnavailable({ period: PERIOD }),
      `${name} cannot be started. See whether its agents are online and its locations can be reached.`);
    if (successWithin) this.noSuccess = this.noSuccessAlarm(task, successWithin);
    this.agentsOffline = agents.map((agent, index) => this.alarm(`AgentOffline${index}`, agent.metricAgentOffline({ period: PERIOD }),
      `${agent.node.path} has been out of touch with the service for five minutes or more. See whether its machine runs and reaches the service.`));

    this.missedStarts = distinct(schedules, ({ lambdaFunction, schedule }) => `${lambdaFunction.node.addr} ${schedule.scheduleGroup?.scheduleGroupName}`)
      .map((schedule, index) => this.alarm(`MissedStarts${index}`, schedule.metricMissedStarts({ period: PERIOD }),
        `A start on schedule did not happen. The log of ${schedule.lambdaFunction.node.path} says why, unless the scheduler could not call it.`));
    this.throttles = distinct(schedules.map(({ lambdaFunction }) => lambdaFunction), ({ node }) => node.addr)
      .map((lambdaFunction, index) => this.alarm(`Throttles${index}`, lambdaFunction.metricThrottles({ period: PERIOD, statistic: Stats.SUM }),
        `${lambdaFunction.node.path} was throttled. Starts come late, or not at all: see the concurrency of the account and of the function.`));
    this.deadLetters = distinct(schedules.flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []), ({ node }) => node.addr)
      .map((queue, index) => this.alarm(`DeadLetters${index}`, queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
        `${queue.node.path} holds starts that came to nothing.`));
  }

  /** All alarms. */
  public get all(): Alarm[] {
    const { executionFailed, noSuccess, taskUnavailable, agentsOffline, missedStarts, throttles, deadLetters } = this;
    return [executionFailed, ...noSuccess ? [noSuccess] : [], taskUnavailable, ...agentsOffline, ...missedStarts, ...throttles, ...deadLetters];
  }

  /** Filled, as an alarm goes on believing an old success where newer periods have no data at all. */
  private noSuccessAlarm(task: ITask, successWithin: Duration): Alarm {
    const period = longestPeriod(successWithin);
    const succeeded = task.metricExecutionsSucceeded({ period });
    const metric = new MathExpression({ expression: 'FILL(succeeded, 0)', usingMetrics: { succeeded }, period, label: 'Executions that succeeded' });
    return this.alarm('NoSuccess', metric, `No execution of ${task.node.path} has succeeded within ${successWithin.toHumanString()}. `
      + 'See whether executions fail, and whether something still starts them: the service turns off a schedule of its own that fails again and again.', {
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: successWithin.toMinutes() / period.toMinutes(),
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private alarm(id: string, metric: IMetric, alarmDescription: string, props: Partial<AlarmProps> = {}): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    const { alarmActions = [], okActions = [] } = this.actions;
    alarm.addAlarmAction(...alarmActions);
    alarm.addOkAction(...okActions);
    return alarm;
  }
}

function distinct<T>(items: T[], key: (item: T) => string): T[] {
  return [...new Map(items.map(item => [key(item), item])).values()];
}

function checkSuccessWithin(problems: Problems, value: Duration | undefined): void {
  if (!value) return;
  const remedy = 'choose one such as Duration.hours(26)';
  if (value.isUnresolved()) {
    problems.add('successWithin', 'must be known at synthesis, as the number of periods follows from it', remedy);
  } else if (value.toMilliseconds() % 60_000 > 0 || (value.toMinutes() > 1440 && value.toMinutes() % 60 > 0)) {
    problems.add(`successWithin ${value.toHumanString()}`, 'must be whole minutes, and over one day whole hours: CloudWatch looks back no further with shorter periods', remedy);
  } else {
    checkDuration(problems, 'successWithin', value, SHORTEST, LONGEST);
  }
}

/** Over a day, CloudWatch takes periods of an hour or more. */
function longestPeriod(time: Duration): Duration {
  return Duration.minutes([60, 5].find(minutes => time.toMinutes() % minutes === 0) ?? 1);
}
