import { join } from 'node:path';
import type { BrokenFunction } from './broken-function';
import { brokenFunction, failuresToLoad } from './broken-function';
import { LocalStackError } from './error';
import type { LocalStack } from './local-stack';
import { LogTail } from './log-tail';

/** Between two looks. */
const WATCH_MS = 500;

/**
 * Looks after the servers while the CDK CLI works with them, and ends it when that can come to nothing any more: it would try again for minutes, or
 * wait for an hour.
 */
export class StackWatch {
  /** Why the work was ended, if it was. */
  public problem?: LocalStackError;

  private readonly abort = new AbortController();
  private readonly log: LogTail;
  /** Of any app: which of them count, the assembly tells, which may be synthesized later. */
  private readonly failures: BrokenFunction[] = [];
  private readonly timer: NodeJS.Timeout;

  /** @param assembly what is being deployed */
  constructor(private readonly stack: LocalStack, private readonly assembly: string) {
    this.log = new LogTail(join(stack.logFolder, 'ministack.log'));
    this.timer = setInterval(() => {
      if (this.look()) this.abort.abort();
    }, WATCH_MS);
  }

  /** Looks now: what fails may be the first to notice. */
  public look(): LocalStackError | undefined {
    return this.problem ??= this.find();
  }

  /** Ends the work; also when the other signal does. */
  public signal(other?: AbortSignal): AbortSignal {
    return other ? AbortSignal.any([other, this.abort.signal]) : this.abort.signal;
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private find(): LocalStackError | undefined {
    const ended = this.stack.problem();
    if (ended) return ended;
    this.failures.push(...failuresToLoad(this.log.read()));
    const broken = brokenFunction(this.failures, this.assembly);
    return broken && new LocalStackError(`the deployment failed: the function ${broken.name}, which answers for a custom resource, does not run here: `
      + `${broken.reason}; leave the resource out of the local deployment, for example with a context value that the app looks at`);
  }
}
