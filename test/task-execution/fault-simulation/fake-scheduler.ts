import type { History, Invocation } from './history';
import { short } from './history';
import type { Scenario } from './scenario';
import type { Lambda } from './simulate';
import type { KeptParameter } from '../../../src/task-execution/handler/datasync/services';
import type { handleSchedule } from '../../../src/task-execution/handler/schedule';
import type { VirtualClock } from '../../custom-resource/fault-simulation/clock';

const SCHEDULE_ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Hourly';
export const PARAMETER = '/latest';

/** EventBridge Scheduler, which delivers at least once, and the SSM parameter that keeps the latest execution. */
export class FakeScheduler {
  private readonly versions = ['none'];

  constructor(
    private readonly clock: VirtualClock, private readonly history: History, private readonly scenario: Scenario,
    private readonly lambda: Lambda, private readonly code: typeof handleSchedule,
  ) {}

  /** Fires so often as the scenario says, at a task that exists as long as the schedule does. */
  public start(taskArn: () => string | undefined): void {
    const { schedule } = this.scenario;
    for (let n = 1; schedule && n <= schedule.times; n++) {
      this.clock.after(n * schedule.everySeconds * 1000, () => this.fire(taskArn(), n));
    }
  }

  public get parameter(): string { return this.versions.at(-1)!; }

  /** `<name>` is the last version, `<name>:<n>` the n-th. */
  public getParameter(name: string): KeptParameter | undefined {
    const version = Number(name.split(':')[1] ?? this.versions.length);
    return version <= this.versions.length ? { value: this.versions[version - 1], version } : undefined;
  }

  public putParameter(value: string, by: Invocation): void {
    this.versions.push(value);
    this.history.parameterWrites.push({ at: this.clock.now, value, by });
    this.history.say(`SSM: invocation ${by.n} writes ${short(value)}`);
  }

  private fire(taskArn: string | undefined, n: number): void {
    if (!taskArn) return;
    const schedule = this.scenario.schedule!;
    const scheduledTime = new Date(Math.floor(this.clock.now / 1000) * 1000).toISOString().replace('.000', '');
    const payload = {
      TaskArn: taskArn,
      Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: schedule.distinct ? `/scheduled/${n}` : '/scheduled' }],
      IfRunning: this.scenario.ifRunning,
      ScheduleArn: SCHEDULE_ARN,
      ScheduledTime: scheduledTime,
      ...(schedule.parameter ? { ParameterName: PARAMETER } : {}),
    };
    this.history.say(`Scheduler: ${scheduledTime}`);
    const code: Parameters<Lambda['invoke']>[0] = (services, context) => this.code(payload, context, services);
    this.lambda.invoke(code, { scheduledTime, late: schedule.late[n - 1], dies: schedule.dies[n - 1] });
  }
}
