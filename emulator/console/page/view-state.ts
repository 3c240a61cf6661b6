import { Throughput } from './throughput';
import type { ExecutionSummary } from '../status';

/** What the page knows that the server does not tell. */
export class ViewState {
  /** What is open of an execution, by its ARN: the question whether to cancel it, or the form for its limit. */
  public readonly panels = new Map<string, 'cancel' | 'limit'>();
  private readonly throughputs = new Map<string, Throughput>();

  /** Takes note of what the server told; forgets what it does not tell of any more. */
  public note(executions: readonly ExecutionSummary[]): void {
    const arns = new Set(executions.map(({ arn }) => arn));
    for (const map of [this.panels, this.throughputs]) {
      for (const arn of map.keys()) if (!arns.has(arn)) map.delete(arn);
    }
    for (const { arn, endTime, durationMs, progress } of executions) {
      const isRunning = endTime === undefined;
      if (!isRunning) this.panels.delete(arn);
      const known = this.throughputs.get(arn) ?? (isRunning ? new Throughput() : undefined);
      if (!known) continue; // it had ended before this page was opened
      known.add(durationMs, progress.bytesWritten);
      this.throughputs.set(arn, known);
    }
  }

  public throughputOf(arn: string): Throughput | undefined {
    return this.throughputs.get(arn);
  }
}
