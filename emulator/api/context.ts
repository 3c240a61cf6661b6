import type { AgentStatus, TaskStatus } from '@aws-sdk/client-datasync';
import { ExecutionHost, MutableExecution } from '../lifecycle/execution';
import { LaunchHost } from '../lifecycle/launch';
import { ContentAccess } from '../lifecycle/open-location';
import { ExecutionQueue } from '../lifecycle/queue';
import { Agent } from '../model/agent';
import { Location } from '../model/location';
import { Scope } from '../model/scope';
import { Resource, Store } from '../model/store';
import { Task } from '../model/task';
import { TaskImpediment } from '../model/task-availability';
import { Scheduler } from '../schedule/scheduler';

/** Everything that the emulator knows and does, shared by all requests. */
export interface State extends ContentAccess, ExecutionHost, LaunchHost {
  /** Where secrets of the callers' own are read. */
  readonly secretsEndpoint?: string;
  readonly agents: Store<Agent>;
  /** Agents that are offline. An agent that locations name but nobody created can be one of them. */
  readonly offlineAgents: Set<string>;
  readonly locations: Store<Location>;
  readonly tasks: Store<Task>;
  readonly executions: Store<MutableExecution>;
  readonly queue: ExecutionQueue;
  readonly scheduler: Scheduler;
  /** Has to be told of everything that was made, changed or deleted, so that it can outlive the emulator. */
  keep(arn: string): void;
  /** Runs what changes something, if the change can be kept; fails when it could not be. Throws `InternalException` then. */
  keeping<T>(change: () => T | Promise<T>): Promise<T>;
  /** What keeps a task from being started, if anything does. */
  impedimentOf(task: Task): TaskImpediment | undefined;
  /** The task's status, impediments included. */
  statusOf(task: Task): TaskStatus;
  /** Tells the subscriber about a new location. */
  publishLocationCreated(arn: string): void;
  /** Tells the subscriber about a new status of an agent. */
  publishAgentStatus(arn: string, status: AgentStatus): void;
  /** Tells the subscriber about a new status of the task, if it is one. */
  publishTaskStatus(task: Task): void;
}

/** What an operation's handler gets besides its input. */
export interface Context extends State {
  readonly caller: Scope;
}

/**
 * An operation: takes the checked input and returns the output, times as `Date`.
 * The SDK's types of both go into each handler's signature.
 */
export type Handler = (context: Context, input: any) => object | Promise<object>;

/** Operations by their name. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The members that every new resource starts with. */
export function newResource({ clock }: Pick<State, 'clock'>, arn: string, tags: ReadonlyArray<{ Key?: string; Value?: string }> = []): Resource {
  return { arn, creationTime: clock.now(), tags: new Map(tags.map(({ Key, Value }) => [Key!, Value])) };
}
