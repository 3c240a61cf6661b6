import type { LocationIds } from './log-lines';
import { basicFailure, basicOutcome, enhancedFailure, enhancedOutcome } from './log-lines';
import type { LogSink } from './log-sinks';
import type { Clock } from '../clock';
import type { ItemFailure, ItemOutcome } from '../engine/outcome';
import type { TaskMode } from '../engine/request';
import { printable, printableJson } from '../text/printable';

/** What a log is about. */
export interface LogSubject {
  readonly executionId: string;
  readonly mode: TaskMode;
  /** BASIC: what goes wrong; TRANSFER: every item. */
  readonly level: 'BASIC' | 'TRANSFER';
  readonly locations: LocationIds;
}

/** The log of one execution. */
export class TaskLog {
  constructor(private readonly subject: LogSubject, private readonly clock: Clock, private readonly sink: LogSink) {}

  public started(): void {
    this.aboutRun(`[INFO] Execution ${this.subject.executionId} started.`);
  }

  public outcome(outcome: ItemOutcome): void {
    const { level, mode, locations } = this.subject;
    if (level === 'TRANSFER') this.write(mode === 'BASIC' ? basicOutcome(outcome) : enhancedOutcome(outcome, locations));
  }

  public failure(failure: ItemFailure): void {
    const { mode, locations } = this.subject;
    this.write(mode === 'BASIC' ? basicFailure(failure) : enhancedFailure(failure, locations));
  }

  /** Writes the last line and lets the log go. Resolves when everything has arrived; never rejects. */
  public async ended(status: 'SUCCESS' | 'ERROR', errorDetail?: string): Promise<void> {
    const { executionId } = this.subject;
    this.aboutRun(status === 'SUCCESS' ? `[INFO] Execution ${executionId} finished with status Success.` : `[ERROR] Execution ${executionId} failed: ${errorDetail}`);
    await this.sink.close();
  }

  /** Enhanced logs are about items alone. */
  private aboutRun(message: string): void {
    if (this.subject.mode === 'BASIC') this.write([message]);
  }

  private write(lines: readonly string[]): void {
    const safe = this.subject.mode === 'BASIC' ? oneLine : printableJson;
    for (const text of lines) this.sink.write(this.clock.now(), safe(text));
  }
}

/** A line break in a name must not make a line of its own, and nothing in it steer the terminal of who reads the log. */
function oneLine(text: string): string {
  return printable(text.replace(/[\r\n]/g, character => character === '\n' ? '\\n' : '\\r'));
}
