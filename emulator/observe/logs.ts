import type { LogStream } from './log-sinks';
import { CloudWatchSink, FileSink } from './log-sinks';
import { TaskLog } from './task-log';
import type { Clock } from '../clock';
import { idOf, scopeOfArn } from '../model/arns';
import type { Execution } from '../model/execution';

/** Where the logs of executions go: to an endpoint that has CloudWatch Logs, else below a folder, else nowhere. */
export interface LogsOptions {
  readonly clock: Clock;
  readonly endpoint?: string;
  readonly folder?: string;
}

/** The group that the service makes for all tasks in Enhanced mode. */
export const ENHANCED_GROUP = '/aws/datasync';

/** The logs of all executions. */
export class Logs {
  private readonly closing = new Set<Promise<void>>();

  constructor(private readonly options: LogsOptions) {}

  /** The log of an execution, if it is to have one: Basic mode writes to the group of the task, Enhanced mode to one of its own. */
  public open({ arn, task, effectiveOptions: { LogLevel: level } }: Execution): TaskLog | undefined {
    const { clock, endpoint, folder } = this.options;
    const group = task.mode === 'ENHANCED' ? ENHANCED_GROUP : task.logGroupArn && groupOf(task.logGroupArn);
    if (level === 'OFF' || !group) return undefined;
    const stream: LogStream = {
      scope: task.logGroupArn ? scopeOfArn(task.logGroupArn) : scopeOfArn(task.arn),
      group,
      stream: `${idOf(task.arn)}-${idOf(arn)}`,
      createsGroup: task.mode === 'ENHANCED',
    };
    const sink = endpoint ? new CloudWatchSink(endpoint, stream) : folder ? new FileSink(folder, stream) : undefined;
    const locations = { source: idOf(task.source.arn), destination: idOf(task.destination.arn) };
    const log = sink && new TaskLog({ executionId: idOf(arn), mode: task.mode, level, locations }, clock, sink);
    log?.started();
    return log;
  }

  /** Writes the end of a log, without anybody having to wait for it. */
  public end(log: TaskLog, { errorDetail }: Execution, status: 'SUCCESS' | 'ERROR'): void {
    const closed = log.ended(status, errorDetail).then(() => { this.closing.delete(closed); });
    this.closing.add(closed);
  }

  /** Waits until what ended has arrived. */
  public async close(): Promise<void> {
    await Promise.all(this.closing);
  }
}

/** `arn:aws:logs:us-east-1:000000000000:log-group:NAME`, with or without `:*` behind it. */
export function groupOf(arn: string): string {
  return arn.split(':')[6];
}
