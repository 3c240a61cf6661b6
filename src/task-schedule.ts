import type { Duration } from 'aws-cdk-lib';
import type { CfnTask } from 'aws-cdk-lib/aws-datasync';
import type { CronOptions } from 'aws-cdk-lib/aws-events';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { isKnownLater } from './validation/checks';
import { checkCron } from './validation/cron-rules';
import type { Problems } from './validation/problems';

/** Options of a `TaskSchedule`. */
export interface TaskScheduleOptions {
  /**
   * Whether the schedule starts the task. The service itself turns it off when the task fails again and again with the same error; a deployment that
   * changes the schedule turns it on again.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/** When a `TaskSchedule.cron()` starts the task, and whether it does. */
export interface TaskCronOptions extends CronOptions, TaskScheduleOptions {}

/** Minutes of which there are several in an hour, or all. */
const SEVERAL = /[*,/-]/;

/**
 * When the service itself starts a task: no function is needed, and times are in UTC. `ScheduledTaskExecution` can do more: overrides, time zones,
 * intervals below an hour, what to do while the task runs, retries and a dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/task-scheduling.html
 */
export class TaskSchedule {
  /**
   * At points in time, in UTC, at most once an hour.
   *
   * @param options `minute` has to be given, as one number: by itself it is every minute
   */
  public static cron(options: TaskCronOptions): TaskSchedule {
    const { enabled, ...cron } = options;
    const { expressionString } = Schedule.cron({ ...cron, minute: cron.minute ?? '*' });
    return new TaskSchedule(expressionString, { enabled }, problems => {
      checkCron(problems, 'schedule', expressionString);
      if (cron.minute !== undefined && (isKnownLater(cron.minute) || !SEVERAL.test(cron.minute))) return;
      problems.add(`minute ${JSON.stringify(cron.minute ?? '*')} of schedule`, 'must be one number, the service starts a task once an hour at most',
        'give one, such as "0", or use a ScheduledTaskExecution');
    });
  }

  /**
   * Again and again.
   *
   * @param interval at least an hour, in whole minutes
   */
  public static rate(interval: Duration, options: TaskScheduleOptions = {}): TaskSchedule {
    const minutes = interval.isUnresolved() ? undefined : interval.toMinutes({ integral: false });
    const isTaken = minutes === undefined || minutes >= 60 && Number.isInteger(minutes);
    return new TaskSchedule(isTaken ? Schedule.rate(interval).expressionString : '', options, problems => {
      if (isTaken) return;
      const subject = `interval ${interval.toHumanString()} of schedule`;
      if (minutes >= 60) problems.add(subject, 'must be whole minutes', 'choose one such as Duration.hours(2)');
      else problems.add(subject, 'must be at least an hour', 'choose a longer one, or use a ScheduledTaskExecution');
    });
  }

  private constructor(
    private readonly expression: string,
    private readonly options: TaskScheduleOptions,
    private readonly check: (problems: Problems) => void,
  ) {}

  /** @internal */
  public _check(_scope: IConstruct, problems: Problems): void {
    this.check(problems);
  }

  /**
   * With its status, whatever it is: an update without one may leave off a schedule that was turned off before.
   *
   * @internal
   */
  public _render(): CfnTask.TaskScheduleProperty {
    return { scheduleExpression: this.expression, status: this.options.enabled === false ? 'DISABLED' : 'ENABLED' };
  }
}
