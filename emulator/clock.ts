/** Where every time comes from that the emulator tells, and that its rules about days and schedules go by. How long something takes is not its business. */
export interface Clock {
  now(): Date;
  /** Calls `wake` once at that time, or soon if it has passed. The result calls it off. */
  at(time: Date, wake: () => void): () => void;
}

/** Node fires timers that are set further ahead than this at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of the machine. What waits for it does not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  at: (time, wake) => {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = time.getTime() - Date.now();
      timer = setTimeout(left > LONGEST_TIMER_MS ? wait : wake, Math.min(Math.max(left, 0), LONGEST_TIMER_MS)).unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is moved, for tests of what happens at a certain time. */
export class ManualClock implements Clock {
  private readonly alarms = new Set<{ readonly time: number; readonly wake: () => void }>();
  private time: number;

  constructor(start: Date) {
    this.time = start.getTime();
  }

  public now(): Date {
    return new Date(this.time);
  }

  public at(time: Date, wake: () => void): () => void {
    const alarm = { time: time.getTime(), wake };
    this.alarms.add(alarm);
    return () => void this.alarms.delete(alarm);
  }

  /** Moves ahead, through everything that falls due on the way, in its order and each at its own time. */
  public advance(milliseconds: number): void {
    this.moveTo(new Date(this.time + milliseconds));
  }

  /**
   * As `advance`, to a time.
   *
   * @throws Error when the time has passed
   */
  public moveTo(time: Date): void {
    const end = time.getTime();
    if (!(end >= this.time)) throw new Error(`a clock cannot be moved back, from ${this.now().toISOString()} to ${String(time)}`);
    for (let next = this.nextAlarm(); next && next.time <= end; next = this.nextAlarm()) {
      this.time = Math.max(this.time, next.time);
      this.alarms.delete(next);
      next.wake();
    }
    this.time = end;
  }

  private nextAlarm() {
    return [...this.alarms].sort((one, other) => one.time - other.time).at(0);
  }
}
