import { setTimeout as sleep } from 'node:timers/promises';
import { TAG_OWNER } from '../../src/task-execution/contract';
import type { ExecutionSummary, Status } from '../console/status';
import { callAws } from '../local-services/aws-call';

const POLL_MS = 200;
const TIMEOUT_MS = 10_000;

/** Follows the executions that begin after it was made, of all accounts and Regions. */
export class ExecutionFollower {
  /**
   * @param endpoint of the emulator
   * @param onChange gets an execution whenever it has come further
   */
  public static async begin(endpoint: string, onChange: (execution: ExecutionSummary) => void): Promise<ExecutionFollower> {
    const follower = new ExecutionFollower(endpoint, onChange);
    (await follower.list()).forEach(execution => follower.before.set(execution.arn, execution));
    return follower;
  }

  private readonly seen = new Map<string, ExecutionSummary>();
  private readonly before = new Map<string, ExecutionSummary>();

  private constructor(private readonly endpoint: string, private readonly onChange: (execution: ExecutionSummary) => void) {}

  /** Looks again and again while something goes on. A server that does not answer is found out by what goes on. */
  public async during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => { isOver = true; };
    const end = work.then(over, over);
    while (!isOver) {
      await this.look().catch(() => undefined);
      await Promise.race([sleep(POLL_MS), end]);
    }
    return work;
  }

  /** Waits until all that have begun so far have ended, and returns them. */
  public async ended(signal?: AbortSignal): Promise<ExecutionSummary[]> {
    await this.look();
    const begun = [...this.seen.keys()];
    while (begun.some(arn => this.seen.get(arn)!.endTime === undefined)) {
      await sleep(POLL_MS, undefined, { signal });
      await this.look();
    }
    return begun.map(arn => this.seen.get(arn)!);
  }

  /**
   * Those that were there before, of tasks that are still there and that these stacks, or stacks nested in them, have started, as they are now; the oldest first.
   *
   * @param stacks names
   */
  public async earlier(stacks: readonly string[]): Promise<ExecutionSummary[]> {
    const status = await this.status();
    const tasks = new Set(status.tasks.map(({ arn }) => arn));
    const now = new Map(status.executions.map(execution => [execution.arn, execution]));
    const known = [...this.before.values()].filter(({ taskArn }) => tasks.has(taskArn)).map(execution => now.get(execution.arn) ?? execution);
    const owners = await Promise.all(known.map(({ arn }) => this.ownerOf(arn)));
    const isOwn = (owner: string | undefined) => stacks.some(stack => owner === stack || owner?.startsWith(`${stack}-`));
    const own = new Set(known.filter((_, index) => isOwn(owners[index])).map(({ taskArn }) => taskArn));
    return known.filter(({ taskArn }) => own.has(taskArn));
  }

  /** The name of the stack that has started it, if one has. */
  private async ownerOf(execution: string): Promise<string | undefined> {
    const [, , , region, account] = execution.split(':');
    try {
      const { Tags } = await callAws(this.endpoint, { service: 'datasync', target: 'FmrsService.ListTagsForResource' }, { account, region }, { ResourceArn: execution });
      const owner = (Tags as ReadonlyArray<{ Key: string; Value?: string }>).find(({ Key }) => Key === TAG_OWNER)?.Value;
      return /^arn:[^:]+:cloudformation:[^:]*:[^:]*:stack\/([^/]+)\//.exec(owner ?? '')?.[1];
    } catch {
      return undefined; // forgotten meanwhile
    }
  }

  private async look(): Promise<void> {
    for (const execution of (await this.list()).filter(({ arn }) => !this.before.has(arn))) {
      const last = this.seen.get(execution.arn);
      if (last && keyOf(last) === keyOf(execution)) continue;
      this.seen.set(execution.arn, execution);
      this.onChange(execution);
    }
  }

  /** The oldest first. */
  private async list(): Promise<ExecutionSummary[]> {
    return [...(await this.status()).executions].sort((a, b) => a.startTime - b.startTime);
  }

  private async status(): Promise<Status> {
    const answer = await fetch(new URL('/_emulator/status', this.endpoint), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return await answer.json() as Status;
  }
}

function keyOf({ status, progress, itemsFailed }: ExecutionSummary): string {
  return JSON.stringify([status, progress, itemsFailed]);
}
