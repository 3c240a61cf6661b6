import { stillRunning } from './refusals';
import type { PendingExecution } from '../datasync/find';
import type { TaskExecutionInvocation } from '../invocation';
import { waitForEnds } from '../stop/cancel';

/** `IfRunning.WAIT`: waits for the ends of what others have started, in all no longer than it may take, with one call a look. */
export class OthersWait {
  private readonly until: number;
  private readonly seconds: number;
  private isTold = false;

  /** @param latest milliseconds since the epoch: where the waits before a start have to end */
  constructor(private readonly run: TaskExecutionInvocation, private readonly taskArn: string, seconds: number, latest: number) {
    const since = run.services.now();
    this.until = Math.min(since + seconds * 1000, latest);
    this.seconds = (this.until - since) / 1000;
  }

  /**
   * Waits until the last one in the queue has ended, so that most likely none is left. Whether that is so, the next look tells.
   *
   * @throws Failure that names what still runs when the time is up
   */
  public async wait(others: readonly PendingExecution[]): Promise<void> {
    const { run } = this;
    if (!this.isTold) run.log.info('waiting until others have ended', { task: this.taskArn, others: others.length, first: others[0].arn });
    this.isTold = true;
    const now = run.services.now();
    if (now >= this.until) throw stillRunning(this.taskArn, others, this.seconds);
    const last = others.reduce((a, b) => (b.startTime ?? 0) > (a.startTime ?? 0) ? b : a);
    await waitForEnds(run, [last], this.until - now);
  }
}
