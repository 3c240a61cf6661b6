import type { AgentStatus, TaskStatus } from '@aws-sdk/client-datasync';
import type { EventBus } from './event-bus';
import type { Clock } from '../clock';
import type { Faults } from '../faults/faults';
import type { StateChangeEvent } from '../model/events';
import { stateChangeEvent } from '../model/events';
import type { Execution } from '../model/execution';
import type { Task } from '../model/task';
import { agentsOf } from '../model/task';

/** What state changes are made of, and who is told. */
export interface StateChangesOptions {
  readonly clock: Clock;
  readonly faults: Pick<Faults, 'losesEvent'>;
  readonly tasks: Iterable<Task>;
  readonly bus?: EventBus;
  statusOf(task: Task): TaskStatus;
  onEvent?(event: StateChangeEvent): void;
}

/** Tells the event bus and the subscriber of every new status, as EventBridge would. */
export class StateChanges {
  private readonly told = new WeakMap<Task, TaskStatus>();
  private onEnd?: (execution: Execution) => void;

  constructor(private readonly options: StateChangesOptions) {}

  /** Registers who is told of the end of every execution, after everybody else. */
  public onExecutionEnd(tell: (execution: Execution) => void): void {
    this.onEnd = tell;
  }

  public locationCreated(arn: string): void {
    ['ADDING', 'AVAILABLE'].forEach(status => this.publish('DataSync Location State Change', arn, status));
  }

  public agent(arn: string, status: AgentStatus): void {
    this.publish('DataSync Agent State Change', arn, status);
  }

  /** Looks at the status of a task, and tells of it if it is a new one. */
  public task(task: Task): void {
    const status = this.options.statusOf(task);
    if (this.told.get(task) === status || status === 'CREATING') return; // there is no event of the latter
    this.told.set(task, status);
    this.publish('DataSync Task State Change', task.arn, status);
  }

  /** Tells of the status of an execution, and of what it makes of its task and of those that share an agent with it. */
  public execution(execution: Execution): void {
    const { arn, status, task, agents } = execution;
    this.publish('DataSync Task Execution State Change', arn, status);
    this.task(task);
    for (const other of this.options.tasks) {
      if (other !== task && agentsOf(other).some(agent => agents.includes(agent))) this.task(other);
    }
    if (!execution.isPending) this.onEnd?.(execution);
  }

  private publish(detailType: StateChangeEvent['detail-type'], arn: string, status: string): void {
    const { clock, faults, bus, onEvent } = this.options;
    const event = stateChangeEvent(detailType, arn, status, clock.now());
    if (faults.losesEvent(event)) return;
    bus?.send(event);
    try {
      onEvent?.(event);
    } catch (error) {
      // What the subscriber fails at must not become the execution's failure.
      console.error(error);
    }
  }
}
