import type { MutableExecution } from './execution';
import { InvalidRequestError } from '../errors';
import { scopeOfArn } from '../model/arns';
import type { Execution } from '../model/execution';
import type { Task } from '../model/task';
import { agentsOf } from '../model/task';

const MAX_QUEUED_PER_TASK = 50;
const MAX_ENHANCED_RUNNING = 120;

/** An execution that waits for its turn. */
export interface QueuedExecution {
  readonly execution: Execution;
  /** Those right before it that have its task or an agent of it; none when it waits for one of the executions that Enhanced mode can run at once. */
  readonly behind: readonly Execution[];
}

/**
 * Decides when an execution runs: a task runs one at a time, and so does an agent; who came first goes first.
 */
export class ExecutionQueue {
  private readonly waiting = new Set<MutableExecution>();
  private readonly running = new Map<MutableExecution, Promise<void>>();

  /** @param run runs an execution to its end, and never rejects */
  constructor(private readonly run: (execution: MutableExecution) => Promise<void>) {}

  /**
   * Launches the execution or, if it has to wait, queues it.
   *
   * @throws InvalidRequestError when the service would not queue it
   */
  public submit(execution: MutableExecution): void {
    this.checkAdmission(execution);
    execution.task.executions.push(execution);
    this.waiting.add(execution);
    this.launchReady();
    if (this.waiting.has(execution)) execution.queue();
  }

  /**
   * Cancels a queued or running execution; what waited for a queued one moves up.
   *
   * @throws InvalidRequestError when it is at its end
   */
  public cancel(execution: MutableExecution): void {
    execution.cancel();
    this.launchReady();
  }

  /** Cancels everything and waits until the last has stopped. */
  public async close(): Promise<void> {
    for (const execution of this.waiting) execution.cancel();
    for (const execution of this.running.keys()) execution.cancel();
    await Promise.all(this.running.values());
  }

  /** Has to be told when an agent was switched off or on: what keeps it busy has to cope. */
  public agentChanged(arn: string): void {
    for (const execution of this.running.keys()) {
      if (execution.isRunning && execution.agents.includes(arn)) execution.agentsChanged();
    }
  }

  /** Whether an agent of the task is busy with another task. */
  public isAgentBusy(task: Task): boolean {
    const agents = new Set(agentsOf(task));
    return [...this.running.keys()].some(other => other.isRunning && other.task !== task && other.agents.some(arn => agents.has(arn)));
  }

  /** All that wait, in their order. */
  public get queued(): readonly QueuedExecution[] {
    const holders = new Map<string, Execution>();
    const hold = (execution: Execution) => keysOf(execution).forEach(key => holders.set(key, execution));
    [...this.running.keys()].forEach(hold);
    return [...this.waiting].map(execution => {
      const behind = new Set(keysOf(execution).flatMap(key => holders.get(key) ?? []));
      hold(execution);
      return { execution, behind: [...behind] };
    });
  }

  private checkAdmission(execution: MutableExecution): void {
    const { task } = execution;
    const pending = task.executions.filter(({ isPending }) => isPending);
    const duplicate = pending.find(other => sameSelection(other, execution));
    if (duplicate) {
      throw new InvalidRequestError(
        `Sync task ${task.arn} already has an execution with the same filters and manifest: ${duplicate.arn} is ${duplicate.status}. ` +
        'Executions of one task are queued only if their filters or manifests differ.',
      );
    }
    if (execution.effectiveOptions.TaskQueueing === 'DISABLED' && !this.ready([...this.waiting, execution]).includes(execution)) {
      throw new InvalidRequestError(
        `Sync task ${task.arn} or an agent of it is busy, or ${MAX_ENHANCED_RUNNING} executions are running in Enhanced mode, and TaskQueueing is DISABLED.`,
      );
    }
    if (pending.filter(({ isRunning }) => !isRunning).length >= MAX_QUEUED_PER_TASK) {
      throw new InvalidRequestError(`Sync task ${task.arn} already has ${MAX_QUEUED_PER_TASK} queued executions.`);
    }
  }

  /** Those that can be launched now, of those that wait. One that cannot keeps its place: nothing behind it may take what it waits for. */
  private ready(waiting: Iterable<MutableExecution>): MutableExecution[] {
    const running = [...this.running.keys()];
    const taken = new Set(running.flatMap(keysOf));
    const enhanced = running.map(enhancedScope);
    return [...waiting].filter(execution => {
      const [keys, scope] = [keysOf(execution), enhancedScope(execution)];
      const isFull = scope !== undefined && enhanced.filter(other => other === scope).length >= MAX_ENHANCED_RUNNING;
      const isReady = !isFull && !keys.some(key => taken.has(key));
      keys.forEach(key => taken.add(key));
      if (isReady) enhanced.push(scope);
      return isReady;
    });
  }

  private launchReady(): void {
    for (const execution of this.waiting) {
      if (!execution.isPending) this.waiting.delete(execution);
    }
    for (const execution of this.ready(this.waiting)) {
      if (this.waiting.delete(execution)) this.launch(execution);
    }
  }

  private launch(execution: MutableExecution): void {
    this.running.set(execution, Promise.resolve()); // it is asked who is running when it tells that it is
    this.running.set(execution, this.run(execution).then(() => {
      this.running.delete(execution);
      this.launchReady();
    }));
  }
}

/** What no other execution may have at the same time. */
function keysOf({ task, agents }: Execution): string[] {
  return [task.arn, ...agents];
}

/** Account and Region, within which executions in Enhanced mode are counted. */
function enhancedScope({ task }: Execution): string | undefined {
  const { account, region } = scopeOfArn(task.arn);
  return task.mode === 'ENHANCED' ? `${account} ${region}` : undefined;
}

function sameSelection(one: Execution, other: Execution): boolean {
  return JSON.stringify([one.filters, one.configs.manifest]) === JSON.stringify([other.filters, other.configs.manifest]);
}
