import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenFunction } from './broken-function';
import { LocalStackError } from './error';
import type { LocalStack } from './local-stack';

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
  private readonly logFile: string;
  private readonly before: number;
  private readonly timer: NodeJS.Timeout;

  /** @param assembly what is being deployed */
  constructor(private readonly stack: LocalStack, private readonly assembly: string) {
    this.logFile = join(stack.logFolder, 'ministack.log');
    this.before = this.log().length;
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
    const broken = brokenFunction(this.log().slice(this.before), this.assembly);
    return broken && new LocalStackError(`the deployment failed: the function ${broken.name}, which answers for a custom resource, does not run here: `
      + `${broken.reason}; leave the resource out of the local deployment, for example with a context value that the app looks at`);
  }

  private log(): string {
    try {
      return readFileSync(this.logFile, 'utf8');
    } catch {
      return ''; // it has ended, and been cleared away
    }
  }
}
